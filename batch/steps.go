package batch

import (
	"context"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// stepKind is one entry of the table of step kinds: all that the engine knows of
// one part of a user. To add a part, add its columns in package validate and an
// entry here.
type stepKind struct {
	name    string
	element string // of the resource it changes, in an answer
	// changes reads what it must and gives the changes that take the row's user from
	// where it is to what the step wants; none when it is there already.
	changes func(ctx context.Context, r *rowWork, wanted cupi.Object) ([]change, error)
	// undo takes back a change that a run made, if it is not undone already. It fails
	// with the status kept where that is not safe.
	undo func(ctx context.Context, w *undoWork, done doneChange) error
}

// stepKinds is the table, in the order in which a row's steps run.
func stepKinds() []stepKind {
	return []stepKind{
		{name: stepPark, element: cupi.Users.Element, undo: undoUser},
		{name: validate.StepUser, element: cupi.Users.Element, changes: userChanges, undo: undoUser},
		{name: validate.StepCallHandler, element: cupi.CallHandlers.Element, changes: callHandlerChanges, undo: undoCallHandler},
	}
}

// stepsOf lists the steps of a row, in the order of the table. Every row has the
// user step, even when it sets nothing there: that step makes or finds the user.
func stepsOf(operation validate.Operation, wanted map[string]cupi.Object) []Step {
	steps := []Step{{validate.StepUser, wanted[validate.StepUser]}}
	if operation == validate.Delete {
		return steps[:1]
	}
	for _, kind := range stepKinds() {
		if fields := wanted[kind.name]; len(fields) > 0 && kind.name != validate.StepUser {
			steps = append(steps, Step{kind.name, fields})
		}
	}
	return steps
}

// kindOf finds a step's entry.
func kindOf(name string) stepKind {
	for _, kind := range stepKinds() {
		if kind.name == name {
			return kind
		}
	}
	return stepKind{name: name}
}
