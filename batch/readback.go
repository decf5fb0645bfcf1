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
	if r.problem == nil {
		r.problem = failed
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
		failed = &send.Failure{Status: record.Failed, Code: codes.OtherTenant, Message: fmt.Sprintf("the server made the %s, and not for the tenant %q: "+
			"its template, or its partition, is not the tenant's", r.About.One(), r.Tenant.Alias)}
	}
	if r.problem == nil {
		r.problem = failed
	}
	return nil
}

// notKept names what a step wants and the server does not show.
func (r *rowRunner) notKept(ctx context.Context, kind *model.StepKind, step model.Step) (lost []string, err error) {
	wanted := kind.Unsure(step.Wanted)
	if kind.Shape == model.WholeUser {
		r.present = nil
		present, err := r.user(ctx)
		return slices.Sorted(maps.Keys(model.Differences(present, wanted))), err
	}
	p := send.PartOf(kind, step.Name, r.ObjectID)
	delete(r.lists, p.Collection.Path)
	members, err := r.Subject.Members(ctx, p)
	for _, item := range p.Items(wanted) {
		if !slices.ContainsFunc(members, func(member cupi.Object) bool { return model.Agrees(member, item) }) {
			lost = append(lost, kind.Describe(item))
		}
	}
	return lost, err
}

// advised adds to a refusal that names fields of which it is not certain that a server has them what to do about that.
func advised(c send.Change, err error) error {
	var failed *send.Failure
	if !errors.As(err, &failed) || failed.Status != record.Failed {
		return err
	}
	var named []string
	for name := range model.KindOf(c.Step).Unsure(c.Request.Fields) {
		if strings.Contains(strings.ToLower(failed.Message), strings.ToLower(name)) {
			named = append(named, name)
		}
	}
	if len(named) == 0 {
		return err
	}
	slices.Sort(named)
	told := *failed
	told.Message += fmt.Sprintf("; no public source says that a server has %s: call such a column Junk, and run the row again", strings.Join(named, ", "))
	return &told
}
