package batch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/pool"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// runRow carries a plan out and says what became of it.
func runRow(ctx, starting context.Context, session *send.Session, plan *plan.Plan, snapshot *plan.Snapshot, place *send.Place,
	newcomer *newcomer) (o pool.Outcome) {
	defer func() { place.Ended(o) }()
	r := newRowRunner(starting, session, *plan, snapshot, place, newcomer)
	o = r.outcome(r.carryOut(ctx))
	if o.Again || len(newcomer.left) > 0 {
		*plan = r.sofar()
	}
	if !o.Open {
		o.Result = newcomer.tellLeft(o.Result)
	}
	return o
}

// outcome is what became of the row, whose steps ended so.
func (r *rowRunner) outcome(err error) pool.Outcome {
	var failed *send.Failure
	switch {
	case err == nil:
	case errors.Is(err, send.ErrNotBegun):
		return pool.Outcome{Result: r.cutOff(), Open: true, Again: true}
	case errors.As(err, &failed):
		r.fails(failed)
		if failed.Status == record.Failed || failed.Status == record.Uncertain {
			r.didNot(cmp.Or(r.at, r.About.Main.Name))
		}
	default:
		return pool.Outcome{Result: r.cutOff(), Open: true, TookFrom: r.TookFrom, Stop: record.AsStop(err)}
	}
	return pool.Outcome{Result: r.ended(), TookFrom: r.TookFrom}
}

// newRowRunner is a row before it is worked on, with what was done for it.
func newRowRunner(starting context.Context, session *send.Session, plan plan.Plan, snapshot *plan.Snapshot, place *send.Place,
	newcomer *newcomer) *rowRunner {
	past := plan.Before
	r := &rowRunner{newcomer: newcomer, Changer: send.Changer{
		Requester: send.Requester{Session: session, Row: plan.Row, Starting: starting, Place: place, Begun: place.Held ||
			past.Journaled.Begun()},
		Alias: plan.Alias, Journaled: past.Journaled}}
	r.rowSteps = newRowSteps(plan, snapshot, &r.Requester, fromServer{&r.Requester, snapshot}, session.PreImage)
	for _, c := range past.Made {
		r.did(c.Step)
	}
	if past.Doubted != nil {
		r.doubts(past.Doubted)
	}
	return r
}

// sofar is the plan for the row's next job.
func (r *rowRunner) sofar() plan.Plan {
	plan := r.plan
	plan.Before = r.past
	plan.Before.Journaled = r.Journaled
	return plan
}

// begin makes sure what became of an earlier start's change, and who the row's user is.
func (r *rowRunner) begin(ctx context.Context) error {
	if err := r.reconcileOpen(ctx); err != nil {
		return err
	}
	if r.plan.Late && r.past.First() == nil {
		return r.lookUpTarget(ctx)
	}
	if r.plan.Misnamed {
		_, err := r.findRightUser(ctx)
		return err
	}
	return nil
}

// carryOut does the steps in order. After a step that failed the rest goes on
// where it can; without a user nothing can.
func (r *rowRunner) carryOut(ctx context.Context) error {
	if r.plan.Unmoved != nil {
		r.at = r.About.Temporary.Name
		return r.plan.Unmoved
	}
	if err := r.begin(ctx); err != nil {
		return err
	}
	if r.plan.Unfit != nil && r.past.First() == nil {
		return r.plan.Unfit
	}
	r.leaveUnproven()
	if err := r.resolveExtensions(ctx, false); err != nil {
		return err
	}
	for _, step := range r.plan.Steps {
		kind := step.Kind
		if kind.Temporary && r.past.MovedFirst() || slices.Contains(r.stepsFailed, step.Name) {
			continue
		}
		r.at = step.Name
		if kind.Leaves && r.problem != nil { // who is named is not in yet
			r.fails(&send.Failure{Status: r.problem.Status, Message: "so nobody leaves the " + r.About.One() +
				" whom the file does not name"})
			continue
		}
		err := r.do(ctx, step)
		var failed *send.Failure
		if err == nil && kind.Main {
			err = r.learn(ctx)
		}
		if err == nil {
			err = r.readBack(ctx, step)
		}
		if err == nil && kind.Main {
			err = r.seeTenant(ctx)
		}
		if err == nil && kind.Main {
			err = r.seeSenders(ctx)
		}
		switch {
		case err == nil:
		// Who is still referred to is not deleted.
		case !errors.As(err, &failed) || kind.Main || kind.Temporary || r.ObjectID == "" || r.plan.Operation == validate.Delete:
			return err
		default:
			r.didNot(step.Name)
			r.fails(failed)
		}
	}
	return nil
}

// leaveUnproven gives up the steps of which an earlier start could not tell what became of
// them: the rest goes on, as it did then.
func (r *rowRunner) leaveUnproven() {
	for _, c := range r.past.Unproven {
		r.didNot(c.Step)
		r.problem = &send.Failure{Status: record.Uncertain, Code: codes.ExistsUnproven,
			Message: fmt.Sprintf("an earlier start of this run sent the %s of %s, and what became of it could not be proven, "+
				"so it is left alone", c.Method, c.Step)}
	}
}

// do brings one step to its end.
func (r *rowRunner) do(ctx context.Context, step model.Step) error {
	if ctx.Err() != nil {
		return record.AsStop(ctx.Err())
	}
	return r.withRightUser(ctx, func() error { return r.send(ctx, step) })
}

// send sends what a step needs.
func (r *rowRunner) send(ctx context.Context, step model.Step) error {
	if step.ToBeDrawn() && r.sendsCredentials(step.Name) {
		return &send.Failure{Status: record.Failed, Code: codes.PINNotSet, Message: "the PIN that was sealed for this row was " +
			"not set, and only the owner of the key can read it: run rejects.csv with --continues and --pin random, and it gets another"}
	}
	step, differs := r.notGiven(step)
	if step, differs = r.withoutLacking(step, differs); !differs {
		return nil
	}
	err := r.sendChanges(ctx, step)
	if refused, perhaps := r.mayLack(step, err); len(perhaps) > 0 {
		return r.sendWithout(ctx, step, perhaps, refused)
	}
	if r.About.MayLack && r.Lacks != nil { // it has what the row wants, and refuses the value
		return err
	}
	return advised(step, err)
}

// sendChanges sends what takes the row's user to what a step wants.
func (r *rowRunner) sendChanges(ctx context.Context, step model.Step) error {
	changes, err := r.changes(ctx, step)
	if err != nil {
		return err
	}
	for i, c := range changes {
		c.More = i < len(changes)-1
		if r.fresh && r.past.Has(c.Intent(r.Row, r.Alias)) {
			continue // by an earlier start of this run
		}
		if r.disowned() {
			return &send.Failure{Status: record.Uncertain, Code: codes.ExistsUnproven,
				Message: fmt.Sprintf("the server said that it made the %s with the ObjectId %s for this row, and that is "+
					"another row's; nobody is found who is this row's", r.About.One(), r.ObjectID)}
		}
		if model.KindOf(c.Step).Extensions == model.Alternate {
			r.snapshot.Alternates.Change(r.ObjectID)
		}
		r.snapshot.PartLists.Change(c, r.ObjectID)
		if c.Request.Method == "POST" {
			c.Among, c.Read = r.lists[c.Request.Path]
			c.Fresh = r.fresh && model.KindOf(c.Step).Shape != model.WholeUser
		}
		id, err := r.Change(ctx, c)
		if isThereAlready(step, err) || r.goneWithItsOwn(step, err) {
			continue
		}
		if err != nil {
			return err
		}
		if model.Creates(c.Step, c.Request.Method) {
			r.made(id, r.Clock.Add(time.Second))
			r.within, r.newcomer.before = r.OfAttempt(), r.SentAt
		}
		intent := c.Intent(r.Row, r.Alias)
		r.past.Made = append(r.past.Made,
			record.AppliedChange{SentChange: record.SentChange{Step: c.Step, Method: intent.Method, Made: true}, ObjectID: id,
				Intent: intent})
		r.has(c.Step, intent.Method, slotMember{id, true})
		if model.KindOf(c.Step).Shape == model.Memberships {
			r.snapshot.Memberships.Join(c.Request.Path, r.ObjectID)
		}
		if c.Place != "" {
			r.handedOver = append(r.handedOver, c.Place)
		}
		r.did(c.Step)
		r.snapshot.Entries.NoteChange(r.ObjectID)
	}
	return nil
}

// sendWithout sends a step that was refused without what the server may not have, and then that, each field by itself:
// what is refused again, and not shown either, the row goes without. Where the server takes the others, the value is
// the reason.
func (r *rowRunner) sendWithout(ctx context.Context, step model.Step, perhaps []string, refused *send.Refusal) error {
	kind := step.Kind
	if kind.Shape != model.WholeUser {
		r.Lacks.Refused(r.About, kind.Name)
		r.goesWithout(kind.Many, because(described(kind, step.Wanted), refused)...)
		return nil
	}
	if err := r.sendChanges(ctx, without(step, perhaps)); err != nil {
		return err
	}
	r.present = nil
	present, err := r.user(ctx)
	if err != nil {
		return err
	}
	var lacking []string
	refusals := map[string]*send.Refusal{}
	for _, name := range perhaps {
		err := r.sendChanges(ctx, model.Step{Name: step.Name, Kind: step.Kind, Wanted: model.Only(step.Wanted, name)})
		var again *send.Refusal
		_, shown := present[name]
		switch {
		case err == nil:
		case shown || !errors.As(err, &again):
			return err
		default:
			lacking, refusals[name] = append(lacking, name), again
		}
	}
	known := r.Lacks.Refused(r.About, lacking...)
	if len(lacking) == 1 && len(perhaps) > 1 && !known {
		return refusals[lacking[0]]
	}
	for i, name := range lacking {
		if i == 0 {
			r.goesWithout(name, because([]string{name}, refusals[name])...)
		} else {
			r.goesWithout(name, name)
		}
	}
	return nil
}

// isThereAlready reports whether a change of a part was refused because the server
// is as the row wants it: a template may have given it, or somebody else.
func isThereAlready(step model.Step, err error) bool {
	var failed *send.Failure
	return !step.Kind.Main && errors.As(err, &failed) && (failed.Code == codes.Exists || failed.Status == record.Unchanged)
}

// goneWithItsOwn reports whether what was to be handed over was deleted since it was read, with the user whose it
// was: another row may delete that one at the same time. It is nobody's any more.
func (r *rowRunner) goneWithItsOwn(step model.Step, err error) bool {
	var failed *send.Failure
	return step.Kind == r.About.References && errors.As(err, &failed) && failed.Code == codes.TargetGone
}

// reconcileOpen finds out what became of a change that was in flight when an earlier
// start of the run ended, before anything else touches the row.
func (r *rowRunner) reconcileOpen(ctx context.Context) error {
	if r.past.Open == nil {
		return nil
	}
	open := *r.past.Open
	r.past.Open = nil
	r.at = open.Step
	// A user that this run made goes with all it has.
	proof := send.Proof{Reach: open.Life.Reach(r.Doubt), Anybody: r.fresh && open.Method == "PUT"}
	done, err := r.ReconcileEarlier(ctx, &open, proof, "run")
	if err != nil {
		return err
	}
	if !done {
		r.doubts(&open)
		return r.NotBegun()
	}
	r.did(open.Step)
	r.past.Made = append(r.past.Made, open)
	r.has(open.Step, open.Method, slotMember{objectID: open.ObjectID})
	switch {
	case !model.KindOf(open.Step).Main:
	case open.Method == "POST":
		r.made(open.ObjectID, r.Clock)
		r.within = proof.Reach
	case open.Method == "DELETE":
		r.plan.Steps = nil
	}
	return nil
}

// doubts notes what was sent and is not there: it may yet arrive, however long it was waited
// for.
func (r *rowRunner) doubts(open *record.AppliedChange) {
	if open.Creates() {
		r.absentSince = open.Intent.AbsentSince
	}
	r.past.Doubted, r.Doubted = open, open
}
