package plan

import (
	"fmt"
	"testing"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/validate"
)

// Ten thousand users, each with an extension and a name of its own. What is trivial has
// a proof of its own in package validate.
func TestDrawnPINsAreUniqueAndNotTrivial(t *testing.T) {
	t.Parallel()
	const users = 10_000
	taken, pinsSeen := map[uint64]bool{}, map[string]bool{}
	for i := range users {
		about := []string{fmt.Sprintf("person%05d", i), fmt.Sprint(30000 + i), "Per", fmt.Sprintf("Son %d", i)}
		number, err := Draw(6, taken, about)
		if err != nil {
			t.Fatal(err)
		}
		drawn := PINs{Length: 6, ByRow: []uint64{0, number + 1}}
		pin := drawn.Of(1)
		if why := validate.TrivialPIN(pin, about...); why != "" || len(pin) != 6 {
			t.Errorf("%s was drawn: %s", pin, why)
		}
		pinsSeen[pin] = true
	}
	if len(pinsSeen) != users {
		t.Errorf("%d different PINs for %d users", len(pinsSeen), users)
	}
}

// As long as there are PINs of 4 digits that are not trivial, they are drawn; then it is
// said that there are too few. So each trivial one had its chance.
func TestNearlyAllGoodPINsAreDrawnAndNoOthers(t *testing.T) {
	t.Parallel()
	about := []string{"5317", "Jo", "Neill"}
	good := map[string]bool{}
	for number := range 10_000 {
		if pin := fmt.Sprintf("%04d", number); validate.TrivialPIN(pin, about...) == "" {
			good[pin] = true
		}
	}
	taken, drawn := map[uint64]bool{}, 0
	for {
		number, err := Draw(4, taken, about)
		if err != nil {
			break
		}
		drawn++
		pin := fmt.Sprintf("%04d", number)
		if !good[pin] {
			t.Fatalf("%s was drawn, or drawn twice", pin)
		}
		delete(good, pin)
	}
	if drawn < 9000 || len(good) > 100 {
		t.Errorf("%d PINs were drawn, and %d good ones were not", drawn, len(good))
	}
}

func TestTooFewPINsAreSaid(t *testing.T) {
	t.Parallel()
	taken := map[uint64]bool{}
	for n := range uint64(10_000) {
		taken[n] = true
	}
	if number, err := Draw(4, taken, nil); err == nil {
		t.Errorf("got %d where all PINs are taken", number)
	}
}

// A run that draws no PINs goes through none of its rows for them: here it could not, because they can't be read.
func TestARunThatDrawsNoPINsLooksAtNoRow(t *testing.T) {
	t.Parallel()
	for length, looks := range map[int]bool{0: false, UsualPINLength: true} {
		checked := &Checked{Header: &validate.Header{}, Options: record.Options{DrawnPINs: record.DrawnPINs{PINLength: length}}}
		p := &Prepared{Checked: checked, Snapshot: NewSnapshot(model.UserObject)}
		if drawn, err := p.DrawPINs(t.TempDir()); drawn != nil || looks != (err != nil) {
			t.Errorf("PINs of %d digits: %v were drawn, error %v", length, drawn, err)
		}
	}
}

// What is drawn is told with the rule of the server that makes the PINs so long.
func TestPINsForecastForPeople(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]PINsForecast{
		"3 of 6 digits are drawn": {Count: 3, Digits: 6},
		`3 of 9 digits are drawn, because the authentication rule "Strict" asks for so many; --pin-length says otherwise`: {Count: 3, Digits: 9, Rule: "Strict"},
	} {
		if got := f.String(); got != want {
			t.Errorf("%+v: %s, want %s", f, got, want)
		}
	}
}
