package model

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// Step is one part of a plan.
type Step struct {
	Name   string      // of its kind, or that, "/" and a slot
	Kind   *StepKind   // its entry of the table
	Wanted cupi.Object // the fields it shall set
}

// StepOf is the step of a name that sets some fields.
func StepOf(name string, wanted cupi.Object) Step { return Step{name, KindOf(name), wanted} }

// Step is the step of a kind without slots that sets some fields.
func (k *StepKind) Step(wanted cupi.Object) Step { return Step{k.Name, k, wanted} }

// Clears reports whether a step that sets these fields takes away what it is about: it empties one
// without which that can't be.
func (k *StepKind) Clears(wanted cupi.Object) bool {
	return slices.ContainsFunc(k.RequiredFields, func(name string) bool {
		value, given := wanted[name]
		return given && value == ""
	})
}

// ToBeDrawn reports whether the step sets a PIN that the run has yet to draw.
func (s Step) ToBeDrawn() bool {
	return s.Kind.Drawn && s.Wanted[s.Kind.WriteOnly] == toBeDrawn
}

// StepsOf lists the steps of a row, in the order of the table and of the slots'
// names. Every row has the main step, even when it sets nothing there: that step
// makes or finds the user.
func (o *Object) StepsOf(operation validate.Operation, wanted map[string]cupi.Object) []Step {
	main := o.Main
	steps := []Step{main.Step(wanted[main.Name])}
	if operation == validate.Delete {
		return steps
	}
	names := slices.Collect(maps.Keys(wanted))
	slices.SortFunc(names, CompareSteps)
	for _, name := range names {
		if step := StepOf(name, wanted[name]); len(step.Wanted) > 0 && step.Kind.Place > main.Place {
			steps = append(steps, step)
		}
	}
	return steps
}

// CompareSteps puts the names of steps in the order in which a row's steps run.
func CompareSteps(a, b string) int {
	return cmp.Or(KindOf(a).Place-KindOf(b).Place, strings.Compare(a, b))
}

// Steps are those of a row, in their order.
type Steps []Step

// Wanted gives the fields that a step sets; nil when it is none of them.
func (s Steps) Wanted(name string) cupi.Object {
	for _, step := range s {
		if step.Name == name {
			return step.Wanted
		}
	}
	return nil
}

// Several reports whether they may be more than one change.
func (s Steps) Several() bool {
	return len(s) > 1 || len(s) == 1 && s[0].Kind.Shape >= Set
}

// OnExtensions is how many of them may free or take an extension.
func (s Steps) OnExtensions() int {
	n := 0
	for _, step := range s {
		_, extension := step.Wanted["DtmfAccessId"]
		_, partition := step.Wanted["PartitionObjectId"]
		if step.Kind.Extensions != None && (extension || partition) {
			n++
		}
	}
	return n
}

// ComeWithUser reports whether they set something of what every new user has.
func (s Steps) ComeWithUser() bool {
	return slices.ContainsFunc(s, func(step Step) bool { return step.Kind.ComesWithUser() })
}
