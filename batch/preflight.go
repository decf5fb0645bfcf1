package batch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Prepared is a checked input whose every row was planned against a server.
type Prepared struct {
	*Checked
	Server   send.Server
	Identity record.Identity
	Planned  map[validate.Operation]int // rows that will be sent, by what they do
	Requests int                        // what the pre-flight sent
	work     Work                       // of the rows that will be sent

	session   *send.Session
	directory *directory
	order     record.Order
	recorded  *record.Order // that an earlier start of the run found out, as far as its rows are left; nil: none did
	idle      map[int]bool  // rows of it that have nothing to do any more
	earlier   *earlierRun   // that this one continues; nil: it continues none

	asked        map[ask]bool    // what the plans must know besides
	answered     map[ask]bool    // what they had to, and was asked for
	leavesOut    bool            // some plan leaves out what the directory owns
	changesOwned bool            // some row changes a field that a directory may own
	refersTo     map[string]bool // collections of which rows newly name a member by its id

	absent  absences // rows that find nobody
	besides []clash  // warnings of what is nearly as on the server, see near.go

	warnings  []Warning // of [Prepared.CheckSurroundings]
	unchecked []string  // what it could not find out
}

// withoutServer is of a server that was not asked.
func withoutServer(checked *Checked) *Prepared {
	return &Prepared{Checked: checked, directory: &directory{}}
}

// PlannedRows is how many rows will be sent, of which limits may be a share.
func (p *Prepared) PlannedRows() int {
	rows := 0
	for _, n := range p.Planned {
		rows += n
	}
	return rows
}

// arrange plans every row that history has no result of, and puts them in order.
// A row that turns out to be in conflict changes what the others find, so it goes
// on until no new conflict shows. It ends, because each pass rejects a row that was not
// rejected, or learns what was not known.
func (p *Prepared) arrange(ctx context.Context, history *record.History, report func(validate.Problem)) error {
	var found []clash
	report = p.Input.Placed(p.header, report)
	if p.recorded = history.OrderLeft(); p.recorded != nil {
		for _, c := range p.recorded.Conflicts {
			p.reject(c.Row, c.Code, c.Message)
		}
	}
	for {
		clashes, contended, err := p.planAll(history)
		if err == nil && history == nil && len(clashes) == 0 && p.absent.most() && !p.Options.AllowMissing {
			clashes = p.absent.deletes
		}
		if err != nil {
			return err
		}
		if len(clashes) == 0 {
			learned, err := p.learnMore(ctx, contended)
			if err != nil {
				return couldNotStart(err)
			}
			if learned {
				continue
			}
		}
		var doubts []clash
		if len(clashes) == 0 {
			if clashes, err = p.findOrder(history, contended); err != nil {
				return err
			}
			doubts = slices.DeleteFunc(slices.Clone(clashes), func(c clash) bool { return !c.warning })
			clashes = slices.DeleteFunc(clashes, func(c clash) bool { return c.warning })
		}
		clashes = slices.DeleteFunc(clashes, func(c clash) bool { _, known := p.verdicts[c.row]; return known }) // this run began it, so it goes on
		if len(clashes) == 0 {
			if history == nil {
				doubts = append(doubts, p.besides...)
			}
			found = append(found, doubts...)
			p.Warnings += len(doubts)
			if history == nil && p.absent.most() {
				problem := p.absent.problem(p.Input, p.Options.AllowMissing)
				report(problem)
				p.count(problem)
			}
			p.Requests = p.directory.requests
			for row := range p.order.Parks {
				p.work = p.work.set(row, p.work.Of(row)+2) // the move, and the user is read after it
			}
			slices.SortStableFunc(found, func(a, b clash) int { return a.line - b.line })
			for _, c := range found {
				report(p.header.WithHeading(validate.Problem{File: p.Input.Name, Line: c.line, Row: c.row, Column: c.column, Message: c.message, Code: c.code, Warning: c.warning}))
			}
			return errors.Join(p.warnOfOwned(history, report), p.warnOfCredentials(history, report))
		}
		for _, c := range clashes {
			message := told(p.header.Heading(c.column), c.message)
			if before, also := p.verdicts[c.row]; also { // another of this pass
				message = before.message + "; " + message
			}
			p.reject(c.row, c.code, message)
		}
		found = append(found, clashes...)
	}
}

// findOrder finds the order of the rows, and those that can't take what they want; unless
// an earlier start of the run found it out, before it sent anything.
func (p *Prepared) findOrder(history *record.History, contended *contended) ([]clash, error) {
	if p.recorded != nil {
		p.order = p.recorded.Without(func(row int) bool { return p.idle[row] })
		return nil, nil
	}
	claims, err := p.claims(history, contended)
	if err != nil {
		return nil, err
	}
	conflicts := p.order.Conflicts
	order, clashes := p.directory.order(claims, &p.named)
	for _, c := range clashes {
		if !c.warning {
			conflicts = append(conflicts, record.Conflict{Row: c.row, Code: c.code, Message: told(p.header.Heading(c.column), c.message)})
		}
	}
	p.order = order
	p.order.Conflicts = conflicts
	return clashes, nil
}

// learnMore asks for what only some plans make needful. It reports whether it
// learned anything, so that the plans must be made again.
func (p *Prepared) learnMore(ctx context.Context, contended *contended) (bool, error) {
	d := p.directory
	if len(p.asked) > 0 {
		maps.Copy(p.answered, p.asked)
		return true, d.learnAsked(ctx, p.session, p.asked)
	}
	if p.Planned[validate.Delete] > 0 && d.undeletable == nil {
		return true, d.learnUndeletable(ctx, p.session)
	}
	if p.changesOwned && d.ldapTypes == nil {
		return true, d.learnDirectoryUsers(ctx, p.session)
	}
	if p.Planned[validate.Update] > 0 && len(p.extensions) > 0 && !d.shows["DtmfAccessId"] && len(d.seen) > 0 {
		d.doubt("which extensions are taken: the listing does not show them")
	}
	if contended.extensions && !d.othersAsked {
		return true, d.learnOthers(ctx, p.session, p.Options.Deep)
	}
	if learned, err := d.learnFreed(ctx, p.session, contended); learned {
		return true, err
	}
	maps.DeleteFunc(p.refersTo, func(name string, _ bool) bool { _, known := d.ids[name]; return known })
	return len(p.refersTo) > 0, d.readNames(ctx, p.session, slices.Collect(maps.Keys(p.refersTo)))
}

// planAll plans every row once and gives the conflicts, and which of the other rows
// may get into each other's way.
func (p *Prepared) planAll(history *record.History) ([]clash, *contended, error) {
	var clashes []clash
	contended := newContended()
	clear(p.Planned)
	p.work, p.order.After, p.order.Parks = nil, nil, nil
	p.leavesOut, p.changesOwned, p.refersTo, p.asked, p.idle = false, false, map[string]bool{}, map[ask]bool{}, map[int]bool{}
	var awaited map[int]bool
	if p.recorded != nil {
		awaited = p.recorded.Awaited()
	}
	p.absent, p.besides = absences{}, nil
	for plan, err := range p.plans(history) {
		if err != nil {
			return nil, nil, err
		}
		p.absent.add(plan)
		if plan.beside.row > 0 {
			p.besides = append(p.besides, plan.beside)
		}
		if plan.end.status == "" {
			for _, c := range plan.valuesBeside() {
				if c.warning {
					p.besides = append(p.besides, c)
				} else {
					clashes = append(clashes, c)
				}
			}
		}
		_, known := p.verdicts[plan.Row]
		if plan.end.status != "" && (awaited[plan.Row] || awaited[-plan.Row]) {
			p.idle[plan.Row] = true
		}
		switch end := plan.end; {
		case end.status == "":
			p.Planned[plan.Operation]++
			p.work = p.work.set(plan.Row, p.requests(plan))
			p.leavesOut, p.changesOwned = p.leavesOut || len(plan.left) > 0, p.changesOwned || plan.mayChangeOwned()
			for _, a := range plan.asks {
				if p.asked[a] = true; p.answered[a] {
					delete(p.asked, a)
					clashes = append(clashes, clash{row: plan.Row, line: plan.Line, code: codes.NotSettled, column: plan.Record.Key,
						message: fmt.Sprintf("the server was asked for the %s %s %q, and what it has could not be told: so it is not known what the row would do; look at the server", a.what, a.Column, a.Value)})
				}
			}
			for _, reference := range plan.references() {
				p.refersTo[reference.collection] = true
			}
			if p.recorded == nil {
				contended.add(p.directory, p.directory.claimOf(plan, &p.named))
				if plan.mayFree() && (plan.Operation != validate.Delete || p.Options.PreImage != send.PreImageUser) {
					contended.freers[plan.Target["ObjectId"]] = plan.Row
				}
			}
		case end.status == record.Invalid && !known:
			clashes = append(clashes, clash{row: plan.Row, line: plan.Line, code: end.code, message: end.message, column: end.column})
		}
	}
	return clashes, contended, nil
}

// prepare signs in and fills the directory.
func prepare(ctx context.Context, server send.Server, checked *Checked) (*Prepared, error) {
	if err := checked.learn(server.Client.Hide); err != nil {
		return nil, err
	}
	session := send.NewEngine(server, checked.Options)
	asking := &send.Requester{Session: session}
	directory, first, err := identify(ctx, asking, checked.about, server.URL)
	if err != nil {
		return nil, couldNotStart(err)
	}
	if err := server.Identified(ctx, asking, directory.identity); err != nil {
		return nil, couldNotStart(err)
	}
	directory.requests = asking.Requests
	session.Location, directory.account = directory.identity.Location, server.Account
	if err := directory.snapshot(ctx, session, checked, first); err != nil {
		return nil, couldNotStart(err)
	}
	if err := directory.learnNames(ctx, session, checked); err != nil {
		return nil, couldNotStart(err)
	}
	earlier, err := readEarlierRun(checked.Options.Continues, directory.identity)
	if err != nil {
		return nil, err
	}
	earlier.findLeft(&checked.named)
	return &Prepared{
		answered: map[ask]bool{}, earlier: earlier, Checked: checked, Server: server, Identity: directory.identity, Planned: map[validate.Operation]int{},
		Requests: directory.requests, session: session, directory: directory, unchecked: []string{uncheckedNode, uncheckedRoles, uncheckedLicences},
	}, nil
}

// couldNotStart makes the error of a command that got no further than the
// server's door.
func couldNotStart(err error) error {
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

// plans gives the plan of every row that no rule and no filter settled, in order.
// Rows that have a result in history are left out.
func (p *Prepared) plans(history *record.History) func(yield func(Plan, error) bool) {
	return func(yield func(Plan, error) bool) {
		world := newWorld(p.directory, p.Checked, p.Server.Account)
		world.began = history.Began()
		var own *record.Lookup
		if history != nil {
			var err error
			if own, err = history.Lookup(); err != nil {
				yield(Plan{}, err)
				return
			}
			defer own.Close()
		}
		for record, err := range p.records() {
			if err != nil {
				yield(Plan{}, err)
				return
			}
			if history != nil && history.HasResult(record.Row) {
				if err := world.endedBefore(own, record); err != nil {
					yield(Plan{}, err)
					return
				}
				continue
			}
			plan := Plan{Row: record.Row, Line: record.Line}
			before, err := p.before(own, record)
			if err == nil {
				plan, err = p.plan(world, record, before)
				if plan.end.status == "" {
					plan.end = p.earlier.mendedAlias(plan)
				}
				plan.before = before // also of a plan that the row had already
			}
			if !yield(plan, err) || err != nil {
				return
			}
		}
	}
}

// plan gives the plan of one row, or the verdict that it has already.
func (p *Prepared) plan(world *world, record validate.Record, before record.Past) (Plan, error) {
	settled, is := p.verdicts[record.Row]
	if !is || !before.OthersOnly() { // what this run began goes on
		plan, err := world.plan(record, before)
		if temporary := p.order.Parks[record.Row]; temporary != "" && plan.end.status == "" {
			plan.park(temporary)
		}
		return plan, err
	}
	return settledPlan(record, p.header, settled), nil
}

// settledPlan is the plan of a row that has its verdict.
func settledPlan(record validate.Record, header *validate.Header, end verdict) Plan {
	return Plan{Row: record.Row, Line: record.Line, Operation: record.Operation, Alias: record.Alias, DtmfAccessID: record.DtmfAccessId, header: header, end: end}
}
