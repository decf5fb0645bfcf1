package plan

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"

	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Prepare signs in and fills the snapshot. What the rows find is what the files leave that are run before.
func Prepare(ctx context.Context, server send.Server, checked *Checked, before ...*Prepared) (*Prepared, error) {
	files := preparedBefore(before)
	if err := checked.learn(server.Client.Hide, files.learnNames); err != nil {
		return nil, err
	}
	session := send.NewSession(server, checked.Options)
	asking := &send.Requester{Session: session}
	snapshot, first, err := checked.identify(ctx, asking, server.URL)
	if err != nil {
		return nil, CouldNotStart(err)
	}
	if err := server.Identified(ctx, asking, snapshot.Identity); err != nil {
		return nil, CouldNotStart(err)
	}
	snapshot.requests = asking.Requests
	if left, err := files.leaveAsLast(checked, snapshot.Identity, server.Account); err != nil {
		return nil, err
	} else if left {
		if err := checked.learn(server.Client.Hide, files.learnNames); err != nil {
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
	earlier, err := readEarlierRun(checked.Options.Continues, snapshot.Identity, checked.Options.Table())
	if err != nil {
		return nil, err
	}
	earlier.findLeft(&checked.RowIndex)
	rowsBefore, err := files.find(&checked.RowIndex, snapshot, checked.Options.Exact)
	if err != nil {
		return nil, err
	}
	return &Prepared{Checked: checked, Server: server, Session: session, Identity: snapshot.Identity, Snapshot: snapshot,
		Surroundings: Surroundings{Unchecked: []string{uncheckedNode, uncheckedRoles}}, Requests: snapshot.requests,
		LookedUp: map[Lookup]bool{}, mayChange: mayChange, earlier: earlier, filesBefore: rowsBefore}, nil
}

// identify signs in, unless what that tells was seen before.
func (c *Checked) identify(ctx context.Context, e *send.Requester, server string) (*Snapshot, cupi.Answer, error) {
	first, kept := c.Seen.page(1)
	if !kept {
		c.Seen = nil
		return Identify(ctx, e, c.About, server)
	}
	before := c.Seen.snapshot
	d := NewSnapshot(c.About)
	e.Tenant, d.tenant = before.tenant, before.tenant
	d.Identity, d.Taken, d.total, d.Entries.Taken = before.Identity, before.Taken, before.total, before.Entries.Taken
	d.undeletable = before.undeletable
	for _, what := range before.NotChecked {
		d.noteUnchecked(what)
	}
	return d, first, nil
}

// CouldNotStart makes the error of a command that got no further than the
// server's door.
func CouldNotStart(err error) error {
	var refusal *send.Failure
	if !errors.As(err, &refusal) {
		return err
	}
	code := refusal.Code
	if code == codes.GaveUp {
		code = codes.Unreachable
		if record := (tls.RecordHeaderError{}); errors.As(err, &record) || errors.Is(err, http.ErrSchemeMismatch) {
			code = codes.NotTLS
		}
	}
	return &record.Stop{Exit: record.ExitFailed, Code: code, Reason: "nothing was changed", Err: err}
}

// Share is what the rows that are to be sent count toward limits. A sync finds out by itself who leaves.
func (p *Prepared) Share() record.Share {
	share := record.Share{Rows: p.PlannedRows(), Deletes: p.Deletes()}
	share.Surely = p.Told[validate.Delete] + p.Told[validate.Create] + p.Told[validate.ImportLDAP]
	if p.Options.Sync != nil {
		share.Deletes = p.Leaving()
	}
	return share
}
