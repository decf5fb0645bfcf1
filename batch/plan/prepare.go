package plan

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"time"

	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Prepared is a checked input whose every row was planned against a server.
type Prepared struct {
	*Checked
	Tally        // of the last pass over the rows
	Server       send.Server
	Session      *send.Session
	Identity     record.Identity
	Snapshot     *Snapshot
	Surroundings Surroundings
	Requests     int             // what the pre-flight sent
	LookedUp     map[Lookup]bool // what plans had to know besides, and was asked for
	mayChange    bool            // some row is looked at
	earlier      *earlierRun     // that this one continues; nil: it continues none

	Order      record.Order
	Recorded   *record.Order // that an earlier start of the run found out, as far as its rows are left; nil: none did
	awaited    map[int]bool  // rows after which others come
	missing    missingNames  // what rows name and the server does not have
	departures departures    // of rows that delete users, as the last pass over the rows found them
}

// WithoutServer is of a server that was not asked.
func WithoutServer(checked *Checked) *Prepared {
	return &Prepared{Checked: checked, Snapshot: NewSnapshot(nil)}
}

// Prepare signs in and fills the snapshot. What the rows find is what the files leave that are run before.
func Prepare(ctx context.Context, server send.Server, checked *Checked, before ...*Prepared) (*Prepared, error) {
	checked.filesBefore = filesBefore{files: before}
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
	earlier, err := readEarlierRun(checked.Options.Continues, snapshot.Identity, checked.Options.Table())
	if err != nil {
		return nil, err
	}
	earlier.findLeft(&checked.RowIndex)
	if err := checked.filesBefore.find(&checked.RowIndex, snapshot); err != nil {
		return nil, err
	}
	return &Prepared{Checked: checked, Server: server, Session: session, Identity: snapshot.Identity, Snapshot: snapshot,
		Surroundings: Surroundings{Unchecked: []string{uncheckedNode, uncheckedRoles}}, Requests: snapshot.requests,
		LookedUp: map[Lookup]bool{}, mayChange: mayChange, earlier: earlier}, nil
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
