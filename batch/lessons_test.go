package batch

import (
	"testing"
	"time"

	"cucbulk/cupi"
)

// What users taught tells nothing of one who may have been made before them: the template may
// have been changed in between, and whoever is looked at later has what it gives now.
func TestALessonIsOfUsersMadeSince(t *testing.T) {
	t.Parallel()
	var l lessons
	of, noon := subject{"alike", "transferoptions/Standard"}, time.Now()
	gives := func(seconds int) bool { return l.gives(of, noon.Add(time.Duration(seconds)*time.Second)) != nil }
	for _, by := range []int{20, 10} {
		if !l.claim(of) || gives(60) {
			t.Fatalf("there is a lesson before two have taught it")
		}
		l.teach(of, cupi.Object{"TransferRings": "4"}, noon.Add(time.Duration(by)*time.Second))
	}
	if l.claim(of) || gives(9) || !gives(10) || !gives(60) {
		t.Errorf("the lesson is of one made before its users: %v, and of those after: %v, %v", gives(9), gives(10), gives(60))
	}
	l.forget("alike")
	if gives(60) {
		t.Error("what was forgotten is known")
	}
}
