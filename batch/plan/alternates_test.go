package plan

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// What the pre-flight read stands for a pre-image only while it is fresh, and until
// the run changes it.
func TestAlternateExtensionsGrowOld(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := Alternates{Taken: time.Now(), Members: map[string][]cupi.Object{"one": {{"IdIndex": "1"}}, "other": nil}}
		known := func(id string, want bool) {
			t.Helper()
			if members, got := a.Fresh(id); got != want || len(members) != len(a.Members[id]) {
				t.Errorf("%s: %t, want %t", id, got, want)
			}
		}
		known("one", true)
		known("other", true)
		known("third", false)
		a.Change("one")
		known("one", false)
		time.Sleep(send.FreshFor - time.Second)
		known("other", true)
		time.Sleep(2 * time.Second)
		known("other", false)
	})
}

// Of more users than are read for it nobody is asked which extensions the rows free, and that is told once.
func TestTooManyFreersAreNotRead(t *testing.T) {
	t.Parallel()
	d, freers := NewSnapshot(model.UserObject), map[string]int{}
	for row := range mostRead + 1 {
		freers[fmt.Sprint("user ", row)] = row + 2
	}
	for range 2 { // there is no session to ask with
		if learned, err := d.learnFreed(t.Context(), nil, freers); learned || err != nil {
			t.Errorf("learned %t, error %v", learned, err)
		}
	}
	if len(d.NotChecked) != 1 || !strings.Contains(d.NotChecked[0], "more than 1,000 users") {
		t.Errorf("told %q", d.NotChecked)
	}
}
