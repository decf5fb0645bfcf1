package batch

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// dryRow is one row whose steps are computed as the run computes them, and not sent.
type dryRow struct {
	rowSteps
	asking          *send.Requester
	counting        *countingReader
	notMadeYet      bool // the user is not there yet: this row makes it, or one before
	counts          bool // what will be read, and reads nothing
	readsAlternates bool // at extensions of its user that the run does not read
	learns          bool // what its user's template gives, the run does not send

	steps []string // of what it will send
}

// dryRow is a row before its preview is made. Of a user that is not there yet nothing can be
// read, and what goes with one that is deleted is read with --deep only, and where no row
// before may change who it is: else it is counted what the run will read.
func (p *Preparation) dryRow(plan plan.Plan) *dryRow {
	shows := cupi.Object{"CallHandlerObjectId": unknownID, "PartitionObjectId": unknownID, "Language": unknownLanguage}
	maps.Copy(shows, plan.Target)
	r := &dryRow{asking: &send.Requester{Session: p.Session, Row: plan.Row},
		counting: &countingReader{shows: shows, returning: plan.Returning}}
	r.rowSteps = newRowSteps(plan, p.Snapshot, r.asking, fromServer{r.asking, p.Snapshot}, p.Session.PreImage)
	unmade := len(plan.About.Members()) == 0 && p.Snapshot.Unmade(r.ObjectID) // who is in lists is foreseen
	r.notMadeYet, r.readsAlternates = r.ObjectID == "" || unmade, p.MayReadAlternates(plan)
	if r.counts = r.notMadeYet || plan.Operation == validate.Delete && (plan.Late || !p.Options.Deep); r.counts {
		if plan.Successor != nil {
			r.counting.lists = r.knowledge.listsOf // which are read once, for all rows, and by the run no more
		}
		if !r.notMadeYet && plan.About.Senders != nil {
			r.counting.senders = r.knowledge.sendersTo // the same
		}
		r.Reader, r.knowledge, r.foretells = r.counting, r.counting, true
	}
	if r.counting.unmade = r.notMadeYet; r.notMadeYet {
		r.counting.given = func(kind *model.StepKind) []cupi.Object { return p.Snapshot.Given(plan, kind) }
	}
	if r.notMadeYet && !plan.Operation.MakesUsers() {
		r.ObjectID = unknownID
	}
	if len(plan.Earlier) > 0 && !plan.Operation.MakesUsers() {
		var counted cupi.Object
		if r.counts {
			counted = shows
		}
		r.Reader, r.knowledge = afterRows(p.Session, &r.rowSteps, counted)
	}
	return r
}

// reads is how many requests the run will send to read something.
func (r *dryRow) reads() int { return r.asking.Requests + r.counting.reads }

// preview goes through the steps as the run will. What the server gives a new user is not
// known: a row that wants just that is foretold as an update.
func (r *dryRow) preview(ctx context.Context, preview *Preview, names plan.Spelled) error {
	preview.Status = map[bool]record.Status{true: record.Created, false: record.Unchanged}[r.plan.Operation.MakesUsers()]
	steps := r.plan.Steps
	err := error(nil)
	if len(steps) > 0 && steps[0].Kind.Temporary { // a job of its own does it first
		err = r.foretell(ctx, steps[0], preview, names)
	}
	if err == nil {
		err = r.foretellExtensions(ctx, preview)
	}
	for _, step := range r.plan.Steps {
		if err == nil && !step.Kind.Temporary {
			err = r.foretell(ctx, step, preview, names)
		}
	}
	var refusal *send.Failure
	if errors.As(err, &refusal) {
		preview.refused(refusal)
		if r.plan.Operation == validate.Delete {
			preview.Requests["GET"] += r.reads()
		}
		return nil
	}
	if err != nil {
		return err
	}
	if renamed := r.plan.Record.NewAlias; slices.ContainsFunc(preview.Changes,
		func(c FieldChange) bool { return model.IsMain(c.Step) && c.Field == "Alias" }) && renamed != "" && r.plan.Target != nil {
		preview.Message = record.NoteNewAlias(r.About.Name(r.plan.Target))
	}
	if left := r.leftToDirectory(); left != "" {
		preview.Code, preview.Message = codes.LdapOwned, left
	}
	if r.plan.Operation == validate.ImportLDAP {
		preview.Code, preview.Message = codes.Imported, "is imported from the LDAP directory"
	}
	preview.Reversible, preview.Lost = r.plan.Reversibility(r.steps), lost(r.plan, r.steps, preview.Removed, r.preImage)
	return nil
}

// foretellExtensions finds the order of the steps.
func (r *dryRow) foretellExtensions(ctx context.Context, preview *Preview) error {
	before := r.reads()
	err := r.resolveExtensions(ctx, r.readsAlternates)
	if err == nil && r.plan.Steps.OnExtensions() > 1 { // else it is the forecast's own
		preview.Requests["GET"] += r.reads() - before
	}
	return err
}

// foretell adds what a step will send.
func (r *dryRow) foretell(ctx context.Context, step model.Step, preview *Preview, names plan.Spelled) error {
	before := r.reads()
	changes, err := r.changes(ctx, step)
	if err == nil && step.Kind.Temporary { // the user is read again then
		r.present = nil
		_, err = r.user(ctx)
		r.moved(step.Wanted)
	}
	if err != nil {
		return err
	}
	preview.Requests["GET"] += r.reads() - before
	if r.learns && step.Kind.ComesWithUser() {
		preview.spared += r.reads() - before + len(changes)
	}
	for _, c := range changes {
		r.notePreviewed(c)
		preview.Requests[c.Request.Method]++
		if c.Place != "" {
			preview.handsOver(c, r.plan)
		} else {
			preview.add(c.Step, r.old(c), fieldsShown(r.snapshot, c), names)
		}
		r.steps = append(r.steps, c.Step)
		if c.Gone != nil {
			preview.removes(c)
		}
		switch {
		case model.Deletes(c.Step, c.Request.Method):
			if kind := r.About.Senders; kind != nil {
				preview.Requests["GET"] += len(c.Dependents[kind.Name]) // each is read again after that
			}
			if preview.Status = record.Deleted; r.counts {
				c.Dependents = nil // what is known by chance is not foretold
			}
			preview.removesUser(r.About, r.plan.Target, c.Dependents)
		case r.onlyTookOut():
			preview.Status = record.Updated
		case !r.plan.Operation.MakesUsers():
			preview.Status = doneAs(r.plan, r.past.Made)
		}
	}
	if len(changes) > 0 && r.isUnsure(step.Kind) {
		preview.Requests["GET"]++ // it is read back
	}
	return nil
}

// notePreviewed notes what a change will make, as the run notes what it has made: what the
// pre-flight read is then read again.
func (r *dryRow) notePreviewed(c send.Change) {
	r.past.Made = append(slices.Clone(r.past.Made),
		record.AppliedChange{SentChange: record.SentChange{Step: c.Step, Method: c.Request.Method, Made: true},
			ObjectID: unknownID, Intent: c.Intent(r.plan.Row, r.plan.Alias)})
	r.has(c.Step, c.Request.Method, slotMember{unknownID, true})
	if model.Creates(c.Step, c.Request.Method) {
		r.made(unknownID, r.madeBefore)
	}
}

// old is what the fields of a change are before it.
func (r *dryRow) old(c send.Change) cupi.Object {
	if r.notMadeYet && model.IsMain(c.Step) { // what rows before set, as far as it is known
		return r.plan.Target
	}
	return c.Before
}

// fieldsShown are the fields of a change that say something to people: not whose the thing is,
// which for a user that is not there yet is not known, but in which list the user gets.
func fieldsShown(d *plan.Snapshot, c send.Change) cupi.Object {
	kind, shown := model.KindOf(c.Step), maps.Clone(c.Shown())
	delete(shown, kind.Of)
	maps.Copy(shown, model.Lost(c.Before, c.Request.Fields))
	if kind.Shape == model.Memberships {
		path := strings.Split(c.Request.Path, "/")
		id, err := url.PathUnescape(path[len(path)-2])
		if err != nil {
			id = path[len(path)-2]
		}
		shown["DistributionList"] = id
		if alias, known := d.Lists.ByID(cupi.DistributionLists.Name)[model.Fold(id)]; known {
			shown["DistributionList"] = alias
		}
	}
	return shown
}

// moved lets the user show its temporary extension to what is foretold of the other steps.
func (r *dryRow) moved(extension cupi.Object) {
	for _, user := range []*cupi.Object{&r.Target, &r.present} {
		if *user != nil {
			*user = maps.Clone(*user)
			maps.Copy(*user, extension)
		}
	}
}
