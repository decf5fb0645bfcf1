package send

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"cucbulk/batch/gate"
	"cucbulk/batch/lock"
	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
)

// Server is where a run goes, and as whom.
type Server struct {
	Client  *cupi.Client
	URL     string // as messages name it
	Account string
	Workers int  // requests in flight at most
	Auto    bool // as many of them as the server has room for; else always so many

	Schedule gate.Schedule // when it may send
	Lock     *lock.Lock    // of a command that changes the server, held by the address; nil: none

	// Notice is told why a run is slow or stands still, and how many lost answers it waits
	// for, from any goroutine; it may be nil.
	Notice func(gate.Notice)
}

// Identified takes the lock of the server that has told who it is, of which there may be
// many addresses.
func (s Server) Identified(ctx context.Context, e *Requester, identity record.Identity) error {
	if s.Lock == nil {
		return nil
	}
	if identity.Location != "" {
		return s.Lock.Also("location " + model.Fold(identity.Location))
	}
	ids, err := nodeIDs(ctx, e)
	if err != nil || ids == "" {
		return err
	}
	return s.Lock.Also("nodes " + ids)
}

// nodeIDs tells a server without users from others, by the nodes of its cluster; "" when
// it does not show them.
func nodeIDs(ctx context.Context, e *Requester) (string, error) {
	answer, problem, err := e.ReadOnce(ctx, cupi.List(cupi.ClusterMembers, cupi.Query{}, 1, ListingRows))
	if err != nil || problem != nil {
		return "", err
	}
	var ids []string
	for _, node := range answer.Page.Items {
		ids = append(ids, model.Fold(cmp.Or(node["ObjectId"], node["VmsServerObjectId"])))
	}
	slices.Sort(ids)
	return strings.Trim(strings.Join(ids, " "), " "), nil
}
