package batch

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// What only BAT is known to have is sent, and read back: a server may take a field that it does not have,
// and pass over it without a word.

// isUnsure reports whether the row wrote something of a kind of which that is so.
func (s *rowSteps) isUnsure(kind *model.StepKind) bool {
	return slices.ContainsFunc(s.past.Made, func(c record.AppliedChange) bool {
		return model.KindOf(c.Step) == kind && c.Method != "DELETE" && len(kind.Unsure(c.Intent.Fields)) > 0
	})
}

// readBack notes what the server did not keep of a step. The steps after it go on.
func (r *rowRunner) readBack(ctx context.Context, step model.Step) error {
	kind := step.Kind
	if !r.isUnsure(kind) {
		return nil
	}
	lost, err := r.notKept(ctx, kind, step)
	var failed *send.Failure
	switch {
	case errors.As(err, &failed):
	case err != nil:
		return err
	case len(lost) > 0:
		failed = &send.Failure{Status: record.Failed, Code: codes.NotKept, Message: "the server passed over " + strings.Join(lost, ", ") +
			": it took what was sent, and does not show it"}
	}
	if failed != nil {
		r.fails(failed)
	}
	return nil
}

// seeTenant notes where the first that the run made of a template is not of the tenant to which the run is
// narrowed: no request says whose a user is, but the template and its partition.
func (r *rowRunner) seeTenant(ctx context.Context) error {
	if !r.fresh || !r.Tenant.First(r.plan.Template) {
		return nil
	}
	r.present = nil
	present, err := r.user(ctx)
	var failed *send.Failure
	switch {
	case errors.As(err, &failed):
	case err != nil:
		return err
	case !r.Tenant.Has(r.About.Collection, present):
		failed = &send.Failure{Status: record.Failed, Code: codes.OtherTenant,
			Message: fmt.Sprintf("the server made the %s, and not for the tenant %q: "+
				"its template, or its partition, is not the tenant's", r.About.One(), r.Tenant.Alias)}
	}
	if failed != nil {
		r.fails(failed)
	}
	return nil
}

// notKept names what a step wants and the server does not show. What it was never seen to have, the row goes without.
func (r *rowRunner) notKept(ctx context.Context, kind *model.StepKind, step model.Step) (lost []string, err error) {
	wanted := kind.Unsure(step.Wanted)
	if kind.Shape == model.WholeUser {
		for _, name := range r.leftOut {
			delete(wanted, name)
		}
		r.present = nil
		present, err := r.user(ctx)
		if err != nil {
			return nil, err
		}
		differs := model.Differences(present, wanted)
		r.Lacks.Learn(r.About, true, slices.Collect(maps.Keys(model.Differences(differs, wanted)))...)
		for _, name := range r.Lacks.Perhaps(r.About, differs) {
			if _, shown := present[name]; !shown {
				r.Lacks.Learn(r.About, false, name)
				r.goesWithout(name, name)
				delete(differs, name)
			}
		}
		r.sentInVain(kind)
		return slices.Sorted(maps.Keys(differs)), nil
	}
	p := send.PartOf(kind, step.Name, r.ObjectID)
	delete(r.lists, p.Collection.Path)
	members, err := r.Subject.Members(ctx, p)
	for _, item := range p.Items(wanted) {
		if !slices.ContainsFunc(members, func(member cupi.Object) bool { return model.Agrees(member, item) }) {
			lost = append(lost, kind.Describe(item))
		}
	}
	if err == nil && len(members) > 0 {
		r.Lacks.Learn(r.About, true, kind.Name)
	}
	if len(members) == 0 && len(r.Lacks.Perhaps(r.About, cupi.Object{kind.Name: ""})) > 0 {
		r.Lacks.Learn(r.About, false, kind.Name)
		r.goesWithout(kind.Many, lost...)
		r.sentInVain(kind)
		return nil, err
	}
	return lost, err
}

// withoutLacking takes from a step what the server does not have, and notes it. It reports whether anything is left to
// send, if there was something.
func (r *rowRunner) withoutLacking(step model.Step, differs bool) (model.Step, bool) {
	kind := step.Kind
	unsure := kind.Unsure(step.Wanted)
	if r.plan.Operation == validate.Delete || len(unsure) == 0 {
		return step, differs
	}
	if kind.Shape != model.WholeUser {
		if len(r.Lacks.Lacking(r.About, cupi.Object{kind.Name: ""})) == 0 {
			return step, differs
		}
		r.goesWithout(kind.Many, described(kind, unsure)...)
		return step, false
	}
	lacking := r.Lacks.Lacking(r.About, unsure)
	for _, name := range lacking {
		r.goesWithout(name, name)
	}
	return without(step, lacking), differs
}

// without is a step that wants some fields less.
func without(step model.Step, names []string) model.Step {
	wanted := maps.Clone(step.Wanted)
	for _, name := range names {
		delete(wanted, name)
	}
	return model.Step{Name: step.Name, Kind: step.Kind, Wanted: wanted}
}

// described are the members of a part that a row wants.
func described(kind *model.StepKind, wanted cupi.Object) (members []string) {
	for _, item := range kind.Items(wanted) {
		members = append(members, kind.Describe(item))
	}
	return members
}

// goesWithout notes a field, or what is in a part, that the server does not have. told names it to people.
func (r *rowRunner) goesWithout(what string, told ...string) {
	if !slices.Contains(r.leftOut, what) {
		r.leftOut = append(r.leftOut, what)
		r.leftOutTold = append(r.leftOutTold, told...)
	}
}

// sentInVain takes it back that a step did something, where all that it sent was what the server does not have.
func (r *rowRunner) sentInVain(kind *model.StepKind) {
	for _, c := range r.past.Made {
		if model.KindOf(c.Step) != kind {
			continue
		}
		if c.Method != "PUT" && kind.Shape == model.WholeUser || c.Method == "DELETE" {
			return
		}
		for name := range c.Intent.Fields {
			if kind.Shape == model.WholeUser && !slices.Contains(r.leftOut, name) {
				return
			}
		}
	}
	r.stepsDone = slices.DeleteFunc(r.stepsDone, func(done string) bool { return done == kind.Name })
	r.changed = len(r.stepsDone) > 0
}

// mayLack gives what of a step that the server refused it may not have, and why it was refused.
func (r *rowRunner) mayLack(step model.Step, err error) (refused *send.Refusal, perhaps []string) {
	kind := step.Kind
	unsure := kind.Unsure(step.Wanted)
	if !errors.As(err, &refused) || len(unsure) == 0 || r.plan.Operation == validate.Delete {
		return nil, nil
	}
	if kind.Shape != model.WholeUser {
		unsure = cupi.Object{kind.Name: ""}
	}
	return refused, r.Lacks.Perhaps(r.About, unsure)
}

// because adds to what was refused what the server said.
func because(told []string, refused *send.Refusal) []string {
	told[len(told)-1] += " (" + refused.Message + ")"
	return told
}

// advised adds to a refusal that names fields of which it is not certain that a server has them what to do about that.
func advised(step model.Step, err error) error {
	var failed *send.Failure
	if !errors.As(err, &failed) || failed.Status != record.Failed {
		return err
	}
	var named []string
	for name := range step.Kind.Unsure(step.Wanted) {
		if strings.Contains(strings.ToLower(failed.Message), strings.ToLower(name)) {
			named = append(named, name)
		}
	}
	if len(named) == 0 {
		return err
	}
	slices.Sort(named)
	told := *failed
	told.Message += fmt.Sprintf("; no public source says that a server has %s: call such a column Junk, and run the row again",
		strings.Join(named, ", "))
	return &told
}
