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
	Kind   string      // an entry of the table of step kinds
	Wanted cupi.Object // the fields it shall set
}

// Clears reports whether the step takes away what it is about: it empties a field without which
// that can't be.
func (s Step) Clears() bool {
	return slices.ContainsFunc(KindOf(s.Kind).RequiredFields, func(name string) bool {
		value, given := s.Wanted[name]
		return given && value == ""
	})
}

// ToBeDrawn reports whether the step sets a PIN that the run has yet to draw.
func (s Step) ToBeDrawn() bool {
	kind := KindOf(s.Kind)
	return kind.Drawn && s.Wanted[kind.WriteOnly] == toBeDrawn
}

// StepsOf lists the steps of a row, in the order of the table and of the slots'
// names. Every row has the main step, even when it sets nothing there: that step
// makes or finds the user.
func (o *Object) StepsOf(operation validate.Operation, wanted map[string]cupi.Object) []Step {
	main := o.Main
	steps := []Step{{main.Name, wanted[main.Name]}}
	if operation == validate.Delete {
		return steps
	}
	names := slices.Collect(maps.Keys(wanted))
	slices.SortFunc(names, CompareSteps)
	for _, name := range names {
		if fields := wanted[name]; len(fields) > 0 && KindOf(name).Place > main.Place {
			steps = append(steps, Step{name, fields})
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
func (s Steps) Wanted(kind string) cupi.Object {
	for _, step := range s {
		if step.Kind == kind {
			return step.Wanted
		}
	}
	return nil
}

// Several reports whether they may be more than one change.
func (s Steps) Several() bool {
	return len(s) > 1 || len(s) == 1 && KindOf(s[0].Kind).Shape >= Set
}

// OnExtensions is how many of them may free or take an extension.
func (s Steps) OnExtensions() int {
	n := 0
	for _, step := range s {
		_, extension := step.Wanted["DtmfAccessId"]
		_, partition := step.Wanted["PartitionObjectId"]
		if KindOf(step.Kind).Extensions != None && (extension || partition) {
			n++
		}
	}
	return n
}

// ComeWithUser reports whether they set something of what every new user has.
func (s Steps) ComeWithUser() bool {
	return slices.ContainsFunc(s, func(step Step) bool { return KindOf(step.Kind).ComesWithUser() })
}
