package record

import (
	"testing"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// What a row found, wrote over, and found changed by somebody else when it wrote again: only the
// last of that is what it found.
func TestWhatARowFoundAtFirstIsNotItsOwnForEver(t *testing.T) {
	t.Parallel()
	wrote := func(before, after string) AppliedChange {
		return AppliedChange{SentChange: SentChange{Step: validate.StepUser, Method: "PUT", Made: true},
			Intent: Intent{Step: validate.StepUser, Method: "PUT", Path: "users/1", Before: cupi.Object{"Title": before}, Fields: cupi.Object{"Title": after}}}
	}
	twice := Past{Made: []AppliedChange{wrote("first", "mine"), wrote("another's", "mine")}}
	for _, test := range []struct {
		past   Past
		values map[string]bool
	}{
		{Past{Made: []AppliedChange{wrote("first", "mine")}}, map[string]bool{"first": true, "mine": true, "another's": false}},
		{twice, map[string]bool{"first": false, "mine": true, "another's": true}},
	} {
		for value, want := range test.values {
			if got := test.past.Knows(test.past.Made[0].Intent, "Title", value, WholeRow); got != want {
				t.Errorf("after %d changes %q is its own: %v", len(test.past.Made), value, got)
			}
		}
	}
}
