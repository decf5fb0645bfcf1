package batch

import (
	"fmt"
	"testing"

	"cucbulk/validate"
)

// Ten thousand users, each with an extension and a name of its own.
func TestDrawnPINsAreUniqueAndNotTrivial(t *testing.T) {
	t.Parallel()
	const users = 10_000
	taken := map[uint64]bool{}
	for i := range users {
		about := []string{fmt.Sprintf("person%05d", i), fmt.Sprint(30000 + i), "Per", fmt.Sprintf("Son %d", i)}
		number, err := draw(6, taken, about)
		if err != nil {
			t.Fatal(err)
		}
		drawn := pins{length: 6, byRow: []uint64{0, number + 1}}
		pin := drawn.of(1)
		if why := validate.TrivialPIN(pin, about...); why != "" || len(pin) != 6 {
			t.Errorf("%s was drawn: %s", pin, why)
		}
	}
	if len(taken) != users {
		t.Errorf("%d different PINs for %d users", len(taken), users)
	}
}

func TestTooFewPINsAreSaid(t *testing.T) {
	t.Parallel()
	taken := map[uint64]bool{}
	for n := range uint64(10_000) {
		taken[n] = true
	}
	if number, err := draw(4, taken, nil); err == nil {
		t.Errorf("got %d where all PINs are taken", number)
	}
}
