package plan

import (
	"cmp"
	"iter"
	"slices"

	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
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
	History      *record.History // of earlier starts of the run; nil: there were none
	mayChange    bool            // some row is looked at
	earlier      *earlierRun     // that this one continues; nil: it continues none
	filesBefore  filesBefore     // with which the input is one run

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

// Plans gives the plan of every row that no rule and no filter settled, in order.
// Rows that have a result from an earlier start are left out.
func (p *Prepared) Plans() iter.Seq2[Plan, error] {
	return func(yield func(Plan, error) bool) {
		state := newState(p.Snapshot, p.Checked, &p.departures, p.Server.Account)
		state.expectBefore(p.filesBefore)
		var own *record.Lookup
		if p.History != nil {
			state.began, state.known = p.History.Began(), p.History.Targets()
			var err error
			if own, err = p.History.Lookup(); err != nil {
				yield(Plan{}, err)
				return
			}
			defer own.Close()
		}
		for record, err := range p.DecodedRows() {
			if err != nil {
				yield(Plan{}, err)
				return
			}
			if p.History != nil && p.History.Rows.HasResult(record.Row) {
				if err := state.endedBefore(own, record); err != nil {
					yield(Plan{}, err)
					return
				}
				continue
			}
			plan := Plan{Asked: Asked{Row: record.Row, Line: record.Line}}
			before, err := p.before(own, record)
			if err == nil {
				plan, err = p.plan(state, record, before)
				if plan.End.Status == "" {
					plan.End = p.earlier.mendedAlias(plan)
				}
				plan.Before = before // also of a plan that the row had already
				plan.Cells = cellsOf(record, p.Options.ResetCredentials)
			}
			if !yield(plan, err) || err != nil {
				return
			}
		}
	}
}

// plan gives the plan of one row, or the verdict that it has already.
func (p *Prepared) plan(state *State, record validate.Record, before record.Past) (Plan, error) {
	settled, is := p.Verdicts[record.Row]
	if !is || !before.OthersOnly() { // what this run began goes on
		plan, err := state.plan(record, before)
		if temporary := p.Order.MovesFirst[record.Row]; temporary != "" && plan.End.Status == "" {
			plan.moveFirst(temporary)
		}
		return plan, err
	}
	end := EndedPlan(record, p.Header, settled)
	if last, is := p.asLast[record.Row]; is {
		end.Target, end.Looked = cupi.Object{"ObjectId": last.ObjectID}, last.Looked
		end.Alias, end.DtmfAccessID = cmp.Or(end.Alias, last.Alias), cmp.Or(end.DtmfAccessID, last.DtmfAccessID)
	}
	return end, nil
}

// before gives what was done for a row before this start: by earlier starts of the
// run, and by the run that it continues.
func (p *Prepared) before(own *record.Lookup, record validate.Record) (record.Past, error) {
	earlier := p.earlier.of(record)
	if own == nil {
		return earlier, nil
	}
	before, err := own.Past(record.Row)
	before.Made = slices.Concat(earlier.Made, before.Made)
	return before, err
}

// EndedPlan is the plan of a row that has its verdict.
func EndedPlan(record validate.Record, header *validate.Header, end verdict) Plan {
	return Plan{Asked: Asked{Row: record.Row, Line: record.Line, Header: header}, Operation: cmp.Or(record.Asks, record.Operation),
		Alias: record.Alias, DtmfAccessID: record.DtmfAccessId, End: end}
}

// MayReadAlternates reports whether a forecast looks at the alternate extensions of a row's user, which a
// run of the row does not read: the row takes another primary one.
func (p *Prepared) MayReadAlternates(row Plan) bool {
	return row.movesPrimary() && p.Movers <= MostLooked
}

// Learns gives whom the user of a plan is like, if the run makes so many of them that it learns
// what their template gives, and no other row goes on with this one; else "".
func (p *Prepared) Learns(plan Plan) string {
	if alike := plan.Alike(); p.alike.enough(alike) && !p.awaited[plan.Row] {
		return alike
	}
	return ""
}
