package rollback

import (
	"context"
	"iter"
	"path/filepath"
	"slices"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/journal"
	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/pool"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Run undoes the rows of a plan, newest first, and journals it in the recorder's folder.
// own is the history of that folder when an interrupted rollback goes on, else nil.
func Run(ctx context.Context, undo *record.Undo, server send.Server, recorder batch.Recorder, own *record.History) (batch.Summary, error) {
	if err := undo.LacksTemplate(); err != nil {
		return batch.Summary{}, err
	}
	session := send.NewSession(server, record.Options{Tenant: undo.History.Header.Options.Tenant, Patience: undo.Options.Patience})
	asking := &send.Requester{Session: session}
	snapshot, _, err := plan.Identify(ctx, asking, model.UserObject, server.URL)
	if err != nil {
		return batch.Summary{}, plan.CouldNotStart(err)
	}
	if err := server.Identified(ctx, asking, snapshot.Identity); err != nil {
		return batch.Summary{}, plan.CouldNotStart(err)
	}
	if err := undo.History.SameServer(snapshot.Identity); err != nil {
		return batch.Summary{}, err
	}
	if err := server.Ready(ctx, asking); err != nil {
		return batch.Summary{}, plan.CouldNotStart(err)
	}
	session.Location = snapshot.Identity.Location
	run, err := openRollback(undo, recorder, own)
	if err != nil {
		return batch.Summary{}, err
	}
	if err := run.Begin(session, record.Begin{Server: snapshot.Identity, Account: server.Account, Workers: server.Workers},
		own); err != nil {
		return batch.Summary{}, err
	}
	work := &rollbackRun{Session: session, Undo: undo, account: server.Account, own: own, madeAgain: newMadeAgain(),
		begun: map[int]record.Result{}, places: map[int]*send.Place{}}
	if err := work.recall(); err != nil {
		run.Writer.Close()
		return batch.Summary{}, err
	}
	if err := work.learnDeleted(); err != nil {
		run.Writer.Close()
		return batch.Summary{}, err
	}
	run.IDs = &session.IDs
	stop := pool.InOrder(ctx, pool.MaxInProgress(server.Workers), session.Gate.Slots, work.jobs(), run.Finish)
	return run.End(session.Footer(), stop)
}

// Lay begins the record of a rollback whose turn comes later. [Run] goes on with it.
func Lay(undo *record.Undo, recorder batch.Recorder) error {
	run, err := openRollback(undo, recorder, nil)
	if err != nil {
		return err
	}
	return run.Writer.Close()
}

// openRollback opens the journal of a rollback, or of one that goes on.
func openRollback(undo *record.Undo, recorder batch.Recorder, own *record.History) (*batch.Running, error) {
	path := filepath.Join(recorder.Folder, record.JournalFile)
	run := batch.NewRunning(nil, recorder, len(undo.Rows))
	run.Limits = batch.Limits{MaxFailures: len(undo.Rows), Wrote: map[validate.Operation]int{}}
	var err error
	if own != nil {
		records, err := own.Lookup()
		if err != nil {
			return nil, err
		}
		defer records.Close()
		run.GoOn(own)
		for number, row := range own.Rows {
			if row.Status == "" {
				continue
			}
			result, _, err := records.Result(number)
			if err != nil {
				return nil, err
			}
			run.Short = run.Short || result.Short()
		}
		recorder.Journal.Expect = &own.Tail
		run.Writer, err = journal.Continue(path, recorder.Journal)
		return run, err
	}
	if run.Writer, err = journal.Create(path, recorder.Journal); err != nil {
		return nil, err
	}
	folder, err := filepath.Abs(undo.History.Folder)
	if err != nil {
		folder = undo.History.Folder
	}
	record.NoteRollback(folder, recorder.Folder)
	header := record.Header{Version: record.FormatVersion, Tool: recorder.Tool, Kind: record.KindRollback,
		Started: time.Now().UTC(), Input: undo.History.Header.Input.AsUndone(),
		Options: record.Options{Selection: record.Selection{Only: undo.Options.Only}, Template: undo.Options.Template,
			Tenant: undo.History.Header.Options.Tenant}, Rows: len(undo.Rows), Of: folder,
		Force: undo.Options.Force, Typed: recorder.Typed}
	for number := range undo.Options.Rows {
		header.Undo = append(header.Undo, number)
	}
	slices.Sort(header.Undo)
	if err := run.Writer.Append(record.RecordHeader, header); err != nil {
		run.Writer.Close()
		return nil, err
	}
	return run, nil
}

// jobs makes a job of each row that is not undone yet.
func (u *rollbackRun) jobs() iter.Seq2[pool.Job, error] {
	return func(yield func(pool.Job, error) bool) {
		records, own, err := u.lookup()
		if err != nil {
			yield(pool.Job{}, err)
			return
		}
		defer records.Close()
		if own != nil {
			defer own.Close()
		}
		units, err := u.left(records)
		if err != nil {
			yield(pool.Job{}, err)
			return
		}
		for _, unit := range units {
			j, err := u.job(records, own, unit)
			if !yield(j, err) || err != nil {
				return
			}
		}
	}
}

// left gives what is not undone yet: first the rows that an earlier start began. Of one of
// two units the second waits for others to go back, and those come next.
func (u *rollbackRun) left(records *record.Lookup) ([]record.UndoUnit, error) {
	if u.own == nil {
		return u.Units, nil
	}
	left := slices.DeleteFunc(slices.Clone(u.Units), func(unit record.UndoUnit) bool { return u.own.Rows.HasResult(unit.Row) })
	begun := func(unit record.UndoUnit) bool {
		row := u.own.Rows[unit.Row]
		return row != nil && row.Begun()
	}
	waits := slices.ContainsFunc(left, func(unit record.UndoUnit) bool { return begun(unit) && unit.Part == record.OnlyMove })
	var first, awaited, rest []record.UndoUnit
	keys := map[string]bool{} // of those that are awaited, or wait
	for _, unit := range slices.Backward(left) {
		list := &rest
		switch {
		case begun(unit) && unit.Part != record.OnlyMove: // what shares a key with it and comes before has ended
			list = &first
		case waits:
			before, err := records.Past(unit.Row)
			if err != nil {
				return nil, err
			}
			own := before.Keys(unit.Row)
			if begun(unit) || slices.ContainsFunc(own, func(key string) bool { return keys[key] }) {
				list = &awaited
				for _, key := range own {
					keys[key] = true
				}
			}
		}
		*list = append(*list, unit)
	}
	all := slices.Concat(rest, awaited, first)
	slices.Reverse(all)
	return all, nil
}

// lookup opens the run's records, and the rollback's own if there are any.
func (u *rollbackRun) lookup() (run, own *record.Lookup, err error) {
	if run, err = u.History.Lookup(); err != nil || u.own == nil {
		return run, nil, err
	}
	if own, err = u.own.Lookup(); err != nil {
		run.Close()
	}
	return run, own, err
}

func (u *rollbackRun) job(records, ownRecords *record.Lookup, unit record.UndoUnit) (pool.Job, error) {
	number := unit.Row
	result, err := records.Told(number)
	if err != nil {
		return pool.Job{}, err
	}
	before, err := records.Past(number)
	if err != nil {
		return pool.Job{}, err
	}
	var own record.Past
	if ownRecords != nil {
		if own, err = ownRecords.Past(number); err != nil {
			return pool.Job{}, err
		}
	}
	debts, err := u.debtsOf(number, records)
	if err != nil {
		return pool.Job{}, err
	}
	result.Row = number
	place := u.places[number]
	if place == nil {
		place = u.NewPlace(unit.Part != record.WholeRow || before.SeveralToUndo(), own.Journaled.Begun())
		if unit.Part != record.WholeRow {
			u.places[number] = place
		}
	}
	movesFirst, movedBefore := unit.Part == record.AllButMove, unit.Part == record.OnlyMove
	rank := place.Rank
	if movesFirst {
		rank = place.RankMovingFirst
	}
	return pool.Job{Keys: append(before.Keys(number), u.keys[number]...), Begun: own.Journaled.Begun(), Rank: rank, Goes: place.GoOn,
		MovesFirst: movesFirst, MovedBefore: movedBefore, Work: func(ctx, starting context.Context) (o pool.Outcome) {
			defer func() { place.Ended(o) }()
			first := u.firstUnit(number)
			if first.Code == codes.ExistsUnproven || first.Code == codes.NoProof {
				return pool.Outcome{Result: first.Costless()}
			}
			o = u.undo(ctx, starting, result, before, &own, unit.Part, place, debts)
			if o.Stop == nil && !o.Again && u.users[number] != "" {
				u.ends(u.users[number])
			}
			switch {
			case o.Stop != nil || o.Again:
			case unit.Part == record.AllButMove:
				u.remember(o.Result)
				o.Result.Status, o.Result.Code, o.Open = record.Pending, codes.Interrupted, true
			case unit.Part == record.OnlyMove:
				o.Result = first.And(o.Result)
			}
			return o
		}}, nil
}

// recall learns from the rollback's own journal which users and parts an earlier start of
// it made again.
func (u *rollbackRun) recall() error {
	for _, earlier := range u.Earlier {
		of, err := record.ReadHistory(earlier.Header.Of)
		if err == nil {
			err = u.recallFrom(of, earlier)
		}
		if err != nil {
			return err
		}
	}
	if u.own == nil {
		return nil
	}
	return u.recallFrom(u.History, u.own)
}

// recallFrom learns that from the journal of a rollback, of a run.
func (u *rollbackRun) recallFrom(of, rollback *record.History) error {
	records, err := of.Lookup()
	if err != nil {
		return err
	}
	defer records.Close()
	ownRecords, err := rollback.Lookup()
	if err != nil {
		return err
	}
	defer ownRecords.Close()
	for number := range rollback.Rows {
		own, err := ownRecords.Past(number)
		if err != nil {
			return err
		}
		for _, c := range own.Made {
			if c.Method == "POST" {
				u.givesBack(c.ObjectID)
			}
		}
		if own.Created() == "" {
			continue
		}
		before, err := records.Past(number)
		if err != nil {
			return err
		}
		for _, c := range before.Changes() {
			if c.Deletes() {
				u.replaced(model.LastPart(c.Intent.Path), own.Created())
			}
		}
	}
	return nil
}

// remember keeps how the first of a row's two units ended.
func (u *rollbackRun) remember(first record.Result) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	u.begun[first.Row] = first
}

// firstUnit gives the result of a row's first unit, empty while there is none.
func (u *rollbackRun) firstUnit(number int) record.Result {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	return u.begun[number]
}

// learnDeleted notes the ObjectIds that are somebody's already, where users are made again, and
// what users who were deleted had to do with each other.
func (u *rollbackRun) learnDeleted() error {
	if !u.AnyDeleted() {
		return nil
	}
	for line, err := range u.Lines() {
		if err != nil {
			return err
		}
		u.IDs.Claim(line.ObjectID, 0)
		if line.Operation.MakesUsers() {
			u.goes(line.ObjectID)
		}
	}
	records, err := u.History.Lookup()
	if err != nil {
		return err
	}
	defer records.Close()
	u.deletions, err = learnDeletions(u.History, u.Rows, records)
	for row, user := range u.users {
		if u.own != nil && u.own.Rows.HasResult(row) { // in an earlier start
			u.ends(user)
		}
	}
	return err
}
