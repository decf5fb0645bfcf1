package batch

import (
	"context"
	"errors"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// learn reads those parts of a new user of which the run must learn what its template gives,
// before any of them is changed. What can't be read is not learned. The error is a *Stop.
func (r *rowRunner) learn(ctx context.Context) error {
	n := r.newcomer
	if n.alike == "" || !r.fresh {
		return nil
	}
	n.by = time.Now()
	var claimed []model.Step
	for _, step := range r.plan.Steps {
		if step.Kind.ComesWithUser() && n.lessons.claim(subject{n.alike, step.Name}) {
			claimed = append(claimed, step)
		}
	}
	for _, step := range claimed {
		part, err := r.partAsMade(ctx, step.Name)
		var failed *send.Failure
		switch of := (subject{n.alike, step.Name}); {
		case err == nil:
			n.lessons.teach(of, impersonal(part, r.present), n.by)
		case errors.As(err, &failed):
			n.lessons.giveUp(of)
		default:
			return err
		}
	}
	return nil
}

// partAsMade reads what a step is about, and notes it, so that only what differs is sent. The
// whole user is read too.
func (r *rowRunner) partAsMade(ctx context.Context, step string) (cupi.Object, error) {
	if _, err := r.user(ctx); err != nil {
		return nil, err
	}
	part, err := r.Part(ctx, step)
	if err == nil {
		r.asMade[step] = part
	}
	return part, err
}

// notGiven takes from a step what the user's template gives already, and notes it. It reports
// whether anything is left to send.
func (r *rowRunner) notGiven(step model.Step) (rest model.Step, differs bool) {
	n := r.newcomer
	if _, read := r.asMade[step.Name]; n.alike == "" || read || !step.Kind.ComesWithUser() {
		return step, true
	}
	gives := n.lessons.gives(subject{n.alike, step.Name}, n.before)
	if gives == nil {
		return step, true
	}
	wanted := model.Sendable(step.Wanted)
	missing, left := model.NotShown(gives, wanted), cupi.Object{}
	for name, value := range wanted {
		if _, is := missing[name]; !is {
			left[name] = value
		}
	}
	if len(left) > 0 {
		n.left[step.Name] = left
	}
	step.Wanted = missing
	return step, len(missing) > 0
}
