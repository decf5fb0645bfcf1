package plan

import (
	"context"
	"time"

	"cucbulk/batch/send"
	"cucbulk/validate"
)

// Prepare signs in and fills the snapshot.
func Prepare(ctx context.Context, server send.Server, checked *Checked) (*Prepared, error) {
	if err := checked.learn(server.Client.Hide); err != nil {
		return nil, err
	}
	session := send.NewSession(server, checked.Options)
	asking := &send.Requester{Session: session}
	snapshot, first, err := Identify(ctx, asking, checked.About, server.URL)
	if err != nil {
		return nil, CouldNotStart(err)
	}
	if err := server.Identified(ctx, asking, snapshot.Identity); err != nil {
		return nil, CouldNotStart(err)
	}
	snapshot.requests = asking.Requests
	if left, err := checked.leaveAsLast(snapshot.Identity, server.Account, time.Now()); err != nil {
		return nil, err
	} else if left {
		if err := checked.learn(server.Client.Hide); err != nil {
			return nil, err
		}
	}
	mayChange := len(checked.Verdicts) < checked.Rows
	if mayChange {
		if err := server.Ready(ctx, asking); err != nil {
			return nil, CouldNotStart(err)
		}
		snapshot.requests = asking.Requests
	}
	session.Location, snapshot.account = snapshot.Identity.Location, server.Account
	if err := snapshot.readUsers(ctx, session, checked, first); err != nil {
		return nil, CouldNotStart(err)
	}
	if err := snapshot.learnNames(ctx, session, checked); err != nil {
		return nil, CouldNotStart(err)
	}
	earlier, err := readEarlierRun(checked.Options.Continues, snapshot.Identity)
	if err != nil {
		return nil, err
	}
	earlier.findLeft(&checked.RowIndex)
	return &Prepared{
		LookedUp: map[Lookup]bool{}, earlier: earlier, mayChange: mayChange, Checked: checked, Server: server, Identity: snapshot.Identity, Planned: map[validate.Operation]int{},
		Requests: snapshot.requests, Session: session, Snapshot: snapshot, Unchecked: []string{uncheckedNode, uncheckedRoles},
	}, nil
}
