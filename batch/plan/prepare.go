package plan

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
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
	if left, err := checked.leaveAsLast(snapshot.Identity, server.Account, time.Now(), files); err != nil {
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

// preparedBefore are the files that run before, in their order.
type preparedBefore []*Prepared

// learnNames notes the names of rows before, which own rows may name too.
func (files preparedBefore) learnNames(n *RowIndex) error {
	for _, file := range files {
		if file.About != n.About {
			continue
		}
		for record, err := range file.DecodedRows() {
			if err != nil {
				return err
			}
			if _, settled := file.Verdicts[record.Row]; !settled && record.Asks == "" {
				n.countNames(record)
			}
		}
	}
	return nil
}

// touch adds whom the rows are about that may change something.
func (files preparedBefore) touch(touched record.Touched) error {
	for _, file := range files {
		for plan, err := range file.Plans(nil) {
			if err != nil {
				return err
			}
			if plan.End.Status == "" {
				touched.Add(plan.Target["ObjectId"], plan.Alias, plan.Record.NewAlias)
			}
		}
	}
	return nil
}

// find finds the rows that touch what own rows name. d learns of what templates they make users. everybody: see namesOf.
func (files preparedBefore) find(n *RowIndex, d *Snapshot, everybody bool) (f filesBefore, err error) {
	first := 0
	for _, file := range files {
		first -= file.Rows + 1
	}
	f.told = map[int]string{}
	for _, file := range files {
		start, names := len(f.rows), []nameChange(nil)
		for plan, err := range file.Plans(nil) {
			if err != nil {
				return f, err
			}
			if plan.End.Status != "" {
				continue
			}
			if change := nameChangeOf(plan); n.namesOf(file.About, change, everybody) {
				change.told = fmt.Sprintf("%s of %s", file.Input.Where(plan.Line), file.Input.Name)
				names = append(names, change)
			}
			d.foreseeParts(plan)
			row := rowBefore{plan, file.Snapshot.useOf(plan, &file.RowIndex)}
			row.use.ofAnotherFile(file.About, n.About)
			if !n.touchedBy(row) {
				continue
			}
			if template := model.Fold(plan.Template); d.Template[template] == nil && file.Snapshot.Template[template] != nil {
				d.Template[template] = file.Snapshot.Template[template]
			}
			row.use.told = fmt.Sprintf("row %d of %s (%s)", plan.Row, file.Input.Name, file.Input.Where(plan.Line))
			row.plan.Row += first
			row.use.row = row.plan.Row
			if row.plan.maker != 0 {
				row.plan.maker += first
			}
			if maker := row.plan.madeBy(); maker != 0 && plan.Target["ObjectId"] == "" {
				row.use.user = madeBefore(maker)
			}
			f.told[row.plan.Row] = row.use.told
			f.rows = append(f.rows, row)
		}
		after := func(row int) []int { return file.Order.After[row] }
		copy(f.rows[start:], asTheyGo(f.rows[start:], func(row rowBefore) int { return row.plan.Row - first }, after))
		for _, change := range asTheyGo(names, func(change nameChange) int { return change.row }, after) {
			d.rename(file.About, change)
		}
		first += file.Rows + 1
	}
	for id := range d.unmade {
		if list, is := d.members[id]; is {
			d.members[id] = d.foreseen.membersThen(d.About.Members(), list)
		}
	}
	return f, nil
}

// TellUnmade says of rows that find nobody by a name, that a row of a file before was to make that one and did not. unmade
// says so, by folded name. It gives what is said of which rows.
func (p *Prepared) TellUnmade(unmade map[string]string) (map[int]string, error) {
	said := map[int]string{}
	for entry, err := range p.DecodedRows() {
		if err != nil {
			return nil, err
		}
		code, message, rejected := p.Rejection(entry.Row)
		if !rejected || code != codes.NoSuchUser && code != codes.UnknownName && code != codes.UnknownSuccessor {
			continue
		}
		names := []string{entry.Alias, entry.KeyValue, entry.Member, entry.ReassignTo}
		for _, name := range entry.Names {
			names = append(names, name.Name)
		}
		for _, name := range names {
			if why := unmade[model.Fold(name)]; why != "" && name != "" {
				said[entry.Row] = "; " + why
				p.Reject(entry.Row, code, message+said[entry.Row])
				break
			}
		}
	}
	return said, nil
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
