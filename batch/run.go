package batch

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"cucbulk/batch/journal"
	"cucbulk/batch/plan"
	"cucbulk/batch/pool"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Recorder says where a run leaves its record, and who is told what happens.
type Recorder struct {
	Folder  string              // the run folder; it is there, and has no journal yet
	Tool    string              // name and version of the program
	Typed   []string            // flags of this start that the next command needs again, as name=value; kept for whoever writes that
	Journal journal.Options     // for tests
	Planned func(plan.Workload) // told once what there is to do, before anything is sent; may be nil
	Result  func(record.Result) // told of every row as it ends, and of those that the run's end cuts off, from one goroutine; may be nil
}

// Summary is how a run ended.
type Summary struct {
	Counts record.Counts
	Exit   int
	Stop   *record.Stop // why it ended before the last row; nil if it did not
}

// Preparation is a checked input whose every row was planned against a server, and can be
// run.
type Preparation struct {
	*plan.Prepared
}

// Preflight signs in, learns what the run must know of the server, and plans
// every row. Conflicts go to report, and make their rows invalid. It changes
// nothing on the server.
func Preflight(ctx context.Context, server send.Server, checked *plan.Checked, report func(validate.Problem)) (*Preparation, error) {
	p, err := plan.Prepare(ctx, server, checked)
	if err != nil {
		return nil, err
	}
	return &Preparation{p}, p.Arrange(ctx, nil, report)
}

// Refuse records an input that is not sent because rows of it are invalid: exit
// code 3. It needs no server.
func Refuse(checked *plan.Checked, recorder Recorder) (Summary, error) {
	p := &Preparation{plan.WithoutServer(checked)}
	return p.Refuse(recorder)
}

// Refuse records an input that is not sent because the pre-flight found
// conflicts: exit code 3.
func (p *Preparation) Refuse(recorder Recorder) (Summary, error) {
	run, err := p.open(recorder)
	if err != nil {
		return Summary{}, err
	}
	if p.Session != nil { // a server was asked
		if err := run.Writer.Append(record.RecordBegin, p.beginning()); err != nil {
			run.Writer.Close()
			return Summary{}, err
		}
	}
	return run.refuse(p)
}

// Run carries the plans out, and journals whatever it does. Invalid rows are
// left out, each with its result. A row's failure is in its result; the error is
// not nil only when the record of the run could not be kept.
func (p *Preparation) Run(ctx context.Context, recorder Recorder) (Summary, error) {
	if err := p.Input.Verify(); err != nil {
		return Summary{}, err
	}
	run, err := p.open(recorder)
	if err != nil {
		return Summary{}, err
	}
	return run.carryOut(ctx, p, nil)
}

// beginning is the record of who works on which server.
func (p *Preparation) beginning() record.Begin {
	return record.Begin{Server: p.Identity, Account: p.Server.Account, Workers: p.Server.Workers, Foreseen: p.Requests + p.Workload.Total(), Spared: p.Spared}
}

// open starts the journal with its header.
func (p *Preparation) open(recorder Recorder) (*Running, error) {
	writer, err := journal.Create(filepath.Join(recorder.Folder, record.JournalFile), recorder.Journal)
	if err != nil {
		return nil, err
	}
	header := record.Header{Version: record.FormatVersion, Tool: recorder.Tool, Kind: record.KindRun, Started: time.Now().UTC(), Input: p.Input, Options: p.Options, Rows: p.Rows, Secrets: p.Header.Secret(), Typed: recorder.Typed}
	if err := writer.Append(record.RecordHeader, header); err != nil {
		writer.Close()
		return nil, err
	}
	return NewRunning(writer, recorder, p.Rows), nil
}

// Running is a run that has a journal. Only the coordinator's goroutine uses it.
type Running struct {
	Writer      *journal.Writer
	recorder    Recorder
	counts      record.Counts
	Short       bool // a row is done by its status, and yet lacks something: see [Result.short]
	rows        int
	begun       map[int]begunRow // rows that have cost something and have not ended
	Limits      Limits
	awaited     map[int]bool         // rows after which others come
	made        plan.Makers          // of the awaited rows
	IDs         *record.IdHolders    // whose the users are that the server says it made
	disputes    []dispute            // about some of them
	lessons     *lessons             // what templates give
	newcomers   map[int]*unconfirmed // rows at work that may leave something to them
	unconfirmed map[int]*unconfirmed // rows that ended, and left something to them
	pins        *plan.PINs           // that this start has drawn; nil: none
	began       time.Time
	problem     error // the first that the journal had
}

// NewRunning is a run of so many rows, of which none has ended yet.
func NewRunning(writer *journal.Writer, recorder Recorder, rows int) *Running {
	return &Running{Writer: writer, recorder: recorder, counts: record.Counts{}, begun: map[int]begunRow{}, rows: rows, began: time.Now(),
		lessons: &lessons{}, newcomers: map[int]*unconfirmed{}, unconfirmed: map[int]*unconfirmed{}}
}

// Finish takes the outcome of a row: counts it, records it, tells of it.
func (r *Running) Finish(o pool.Outcome) *record.Stop {
	result := o.Result
	if row := r.unconfirmed[result.Row]; row != nil {
		return r.confirmed(row, o)
	}
	before := r.begun[result.Row]
	if o.TookFrom != 0 {
		if err := r.noteDispute(dispute{result.Row, o.TookFrom}); err != nil {
			return r.unwritten(err)
		}
	}
	cost := before.cost.With(result.Requests, result.Attempts, result.Seconds)
	if o.Open {
		cost.Row = result.Row
		r.begun[result.Row] = begunRow{status: result.Status, code: result.Code, done: result.StepsDone, cost: cost, now: true}
		return nil
	}
	delete(r.begun, result.Row)
	result.Requests, result.Attempts, result.Seconds = cost.Requests, cost.Attempts, cost.Seconds
	for i, step := range before.done { // by a job of its own
		if !slices.Contains(result.StepsDone, step) && !slices.Contains(result.StepsFailed, step) {
			result.StepsDone = slices.Insert(slices.Clone(result.StepsDone), min(i, len(result.StepsDone)), step)
		}
	}
	result, err := r.afterDisputes(result)
	if err != nil {
		return r.unwritten(err)
	}
	r.counts[result.Status]++
	r.Short = r.Short || result.Short()
	if !result.Status.Done() {
		result.Cells = ""
	}
	result = r.await(result)
	if err := r.Writer.Post(record.RecordResult, result); err != nil {
		return r.unwritten(err)
	}
	if r.recorder.Result != nil {
		r.recorder.Result(result)
	}
	return r.Limits.after(result)
}

// amend records another result of a row that has ended.
func (r *Running) amend(before, after record.Result) error {
	if r.counts[before.Status]--; r.counts[before.Status] == 0 {
		delete(r.counts, before.Status)
	}
	r.counts[after.Status]++
	if row := r.unconfirmed[after.Row]; row != nil {
		if row.result = after; !after.Unconfirmed && !row.going {
			delete(r.unconfirmed, after.Row)
		}
	}
	return r.Writer.Post(record.RecordResult, after)
}

// unwritten ends a run whose journal can't be kept.
func (r *Running) unwritten(err error) *record.Stop {
	r.problem = err
	return &record.Stop{Exit: record.ExitFailed, Code: codes.Journal, Reason: "the journal can't be written", Err: err}
}

// refuse gives every settled row its result and ends with exit code 3.
func (r *Running) refuse(p *Preparation) (Summary, error) {
	for record, err := range p.DecodedRows() {
		if err != nil {
			r.Writer.Close()
			return Summary{}, err
		}
		if end, settled := p.Verdicts[record.Row]; settled {
			r.Finish(pool.Outcome{Result: resultOfEnded(plan.EndedPlan(record, p.Header, end))})
		}
	}
	return r.End(record.Footer{Exit: record.ExitInvalid, Reason: fmt.Sprintf("invalid rows: %d, so nothing was sent", p.Invalid)}, nil)
}

// carryOut sends what the plans say, but for the rows that history has a result of.
func (r *Running) carryOut(ctx context.Context, p *Preparation, history *record.History) (Summary, error) {
	if err := r.Begin(p.Session, p.beginning(), history); err != nil {
		return Summary{}, err
	}
	if p.Recorded == nil {
		if err := r.Writer.Post(record.RecordOrder, p.Order); err != nil { // with the first intent it gets durable
			r.Writer.Close()
			return Summary{}, err
		}
	}
	if r.recorder.Planned != nil {
		r.recorder.Planned(p.Workload)
	}
	for id := range p.Snapshot.Seen {
		p.Session.IDs.Claim(id, 0)
	}
	r.IDs = &p.Session.IDs
	r.Limits, r.awaited = newLimits(p), p.Order.Awaited()
	var stop *record.Stop
	if err := r.learnHolders(history); err != nil {
		stop = r.unwritten(err)
	}
	if stop == nil {
		stop = r.Limits.before(p)
	}
	if stop == nil {
		stop = r.drawPINs(p, history)
	}
	if stop == nil {
		stop = pool.InOrder(ctx, pool.MaxInProgress(p.Server.Workers), p.Session.Gate.Slots, r.jobs(p, history), r.Finish)
	}
	if stop == nil {
		stop = r.confirmRest(ctx, p)
	}
	return r.End(p.Session.Footer(), stop)
}

// Begin records that an engine starts to send for the run, and lets it. Without a
// record nothing is sent, and the journal is closed. history is what the journal holds
// already; nil: nothing.
func (r *Running) Begin(e *send.Session, begin record.Begin, history *record.History) error {
	begin.Clock, begin.Typed = e.ServerClock(), r.recorder.Typed
	if err := r.Writer.Append(record.RecordBegin, begin); err != nil {
		r.Writer.Close()
		return err
	}
	if history != nil {
		e.Numbered.Store(int64(history.Numbered))
	}
	e.Journal, e.OpenUntil = r.Writer, time.Now().Add(e.Doubt)
	return nil
}

// drawPINs draws the PINs that the rows need.
func (r *Running) drawPINs(p *Preparation, history *record.History) (stop *record.Stop) {
	var err error
	if r.pins, err = p.DrawPINs(r.recorder.Folder, history); err != nil {
		stop = &record.Stop{Exit: record.ExitFailed, Code: codes.PINs, Reason: "no PINs could be drawn and sealed, so nothing was sent", Err: err}
	}
	return stop
}

// jobs makes a job of each plan. A row that is settled already gets its result
// here, in passing.
func (r *Running) jobs(p *Preparation, history *record.History) iter.Seq2[pool.Job, error] {
	return func(yield func(pool.Job, error) bool) {
		for plan, err := range p.begunFirst(history) {
			if err == nil && plan.End.Status != "" {
				if stop := r.Finish(pool.Outcome{Result: resultOfEnded(plan)}); stop != nil {
					err = stop
				} else {
					continue
				}
			}
			plan.TakePIN(r.pins)
			movesFirst := err == nil && p.Order.MovesFirst[plan.Row] != ""
			place := p.Session.NewPlace(plan.Several(), plan.Before.Journaled.Begun())
			own := r.job(p, &plan, place, movesFirst) // before the job that moves the user starts to change the plan
			if movesFirst && !yield(r.moveFirstJob(p, &plan, place), nil) {
				return
			}
			if !yield(own, err) || err != nil {
				return
			}
			for look := range r.confirmations(p, false) {
				if !yield(look, nil) {
					return
				}
			}
		}
	}
}

// begunFirst gives the plans of the rows that are left: those first that an earlier start
// began, then those that they wait for. The last pass over the rows reads the input's file
// again.
func (p *Preparation) begunFirst(history *record.History) iter.Seq2[plan.Plan, error] {
	if history == nil || history.CutOff() == 0 {
		p.Input = p.Input.Again()
		return p.Plans(history)
	}
	const begun, awaited, others = 0, 1, 2
	turns := map[int]int{}
	for number, row := range history.Rows {
		if row.Begun() {
			turns[number] = begun
		}
	}
	passes := []int{begun, others}
	for _, number := range p.Order.Before(slices.Collect(maps.Keys(turns))) {
		if _, is := turns[number]; !is && !history.HasResult(number) {
			turns[number], passes = awaited, []int{begun, awaited, others}
		}
	}
	return func(yield func(plan.Plan, error) bool) {
		for _, pass := range passes {
			if pass == others {
				p.Input = p.Input.Again()
			}
			for plan, err := range p.Plans(history) {
				turn, is := turns[plan.Row]
				if !is {
					turn = others
				}
				if (err != nil || turn == pass) && !yield(plan, err) {
					return
				}
			}
		}
	}
}

func (r *Running) job(p *Preparation, plan *plan.Plan, place *send.Place, parked bool) pool.Job {
	id := 0
	if r.awaited[plan.Row] { // only those are remembered when they have ended
		id = plan.Row
	}
	user := &newcomer{lessons: r.lessons, alike: p.Learns(*plan), left: map[string]cupi.Object{}}
	if user.alike != "" {
		r.newcomers[plan.Row] = &unconfirmed{newcomer: user, plan: plan}
	}
	return pool.Job{
		ID: id, After: p.Order.After[plan.Row], Begun: place.Begun, Rank: place.Rank, Goes: place.GoOn, MovedBefore: parked,
		Admit: func() pool.Admission { return r.Limits.admit(plan.Operation) },
		Work: func(ctx, starting context.Context) pool.Outcome {
			plan.BindTo(&r.made)
			o := runRow(ctx, starting, p.Session, plan, p.Snapshot, place, user)
			if id != 0 && !o.Again {
				r.made.Note(o.Result)
			}
			return o
		},
	}
}

// moveFirstJob moves a row's user to a temporary extension, so that another row can
// take the one it has.
func (r *Running) moveFirstJob(p *Preparation, plan *plan.Plan, place *send.Place) pool.Job {
	return pool.Job{
		ID: -plan.Row, After: p.Order.After[-plan.Row], Begun: place.Begun, Rank: place.RankMovingFirst, Goes: place.GoOn, MovesFirst: true,
		Admit: func() pool.Admission { return r.Limits.admit(plan.Operation) },
		Work: func(ctx, starting context.Context) pool.Outcome {
			plan.BindTo(&r.made)
			return moveFirst(ctx, starting, p.Session, plan, p.Snapshot, place)
		},
	}
}

// begunRow is a row that has cost something and has not ended.
type begunRow struct {
	status record.Status // if the run ended now
	code   codes.Code
	done   []string
	cost   record.Cost
	now    bool // in this start
}

// GoOn takes from a history the rows that have ended, and what others have cost.
func (r *Running) GoOn(history *record.History) {
	for number, row := range history.Rows {
		if history.HasResult(number) {
			r.counts[row.Status]++
			continue
		}
		before := begunRow{status: row.CutOff(history.Header.Kind), done: row.Done(), cost: row.Spent()}
		switch {
		case row.Unconfirmed():
			before.code = codes.TemplateUnconfirmed
		case row.Begun():
			before.code = codes.Interrupted
		}
		before.cost.Row = number
		r.begun[number] = before
	}
}

// tellCutOff counts the rows that were cut off, records what they cost, and tells of them.
func (r *Running) tellCutOff() {
	for _, number := range slices.Sorted(maps.Keys(r.begun)) {
		row := r.begun[number]
		if row.now && row.cost.Requests > 0 {
			_ = r.Writer.Post(record.RecordCost, row.cost) // a journal that failed shows at the footer
		}
		if row.status == record.Pending {
			continue
		}
		r.counts[row.status]++
		if r.recorder.Result != nil {
			r.recorder.Result(record.Result{Row: number, Status: row.status, Code: row.code, StepsDone: row.done, Requests: row.cost.Requests})
		}
	}
}

// End writes the footer and closes the journal.
func (r *Running) End(footer record.Footer, stop *record.Stop) (Summary, error) {
	left := r.rows - r.counts.Total()
	if left > 0 {
		r.tellCutOff()
		if pending := r.rows - r.counts.Total(); pending > 0 {
			r.counts[record.Pending] = pending
		}
	} else if stop != nil && stop.Exit == record.ExitInterrupted && len(r.unconfirmed) == 0 { // it came too late to leave anything
		stop = nil
	}
	footer.Counts = r.counts
	footer.Finished, footer.Seconds = time.Now().UTC(), time.Since(r.began).Seconds()
	switch {
	case stop != nil:
		footer.Exit, footer.Code, footer.Reason = stop.Exit, stop.Code, stop.Error()
	case footer.Exit == 0:
		footer.Exit = r.counts.Exit()
		if footer.Exit == record.ExitDone && r.Short {
			footer.Exit = record.ExitIncomplete
		}
	}
	err := r.Writer.Append(record.RecordFooter, footer)
	if closing := r.Writer.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = r.problem
	}
	return Summary{Counts: r.counts, Exit: footer.Exit, Stop: stop}, err
}
