package send

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/site"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// Identified takes the lock of the server that has told who it is, of which there may be
// many addresses.
func (s Server) Identified(ctx context.Context, e *Requester, identity record.Identity) error {
	if s.Lock == nil {
		return nil
	}
	if identity.Location != "" {
		return s.Lock.Also("location " + model.Fold(identity.Location))
	}
	members, err := clusterMembers(ctx, e)
	if ids := nodeIDs(members); err == nil && ids != "" {
		err = s.Lock.Also("nodes " + ids)
	}
	return err
}

// Ready asks, for a command that is about to change the server, how the servers are that share its
// users. The error says that one of them is not ready for changes.
func (s Server) Ready(ctx context.Context, e *Requester) error {
	if s.Lock == nil || s.AnyState {
		return nil
	}
	members, err := clusterMembers(ctx, e)
	if unready := site.ReadStates(members).Unready; err == nil && unready != "" {
		err = &record.Stop{Exit: record.ExitFailed, Code: codes.ServerState,
			Reason: fmt.Sprintf("the server says that %s: what is written now may be lost, so nothing is sent; %s, and "+
				"type the command again. --any-state goes on all the same", s.Client.Clean(unready), site.Wait)}
	}
	return err
}

// clusterMembers are the servers that share the users; none when the server does not show
// them.
func clusterMembers(ctx context.Context, e *Requester) ([]cupi.Object, error) {
	asking := &Requester{Session: e.Session, Optional: true}
	defer func() { e.Requests += asking.Requests }()
	answer, _, err := asking.Read(ctx, cupi.List(cupi.ClusterMembers, cupi.Query{}, 1, ListingRows))
	var refusal *Failure
	if errors.As(err, &refusal) {
		return nil, nil
	}
	return answer.Page.Items, err
}

// nodeIDs tells a server without users from others, by the nodes of its cluster; "" when
// it does not show them.
func nodeIDs(members []cupi.Object) string {
	var ids []string
	for _, node := range members {
		ids = append(ids, model.Fold(cmp.Or(node["ObjectId"], node["VmsServerObjectId"])))
	}
	slices.Sort(ids)
	return strings.Trim(strings.Join(ids, " "), " ")
}
