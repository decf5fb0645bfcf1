package plan

import (
	"testing"
	"testing/synctest"
	"time"

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
		time.Sleep(FreshFor - time.Second)
		known("other", true)
		time.Sleep(2 * time.Second)
		known("other", false)
	})
}
