package cli

import (
	"slices"
	"testing"

	"cucbulk/cupi/cupitest"
)

// pictured is a server with one user, made with these fields.
func pictured(t *testing.T, seed uint64, fields map[string]string) picture {
	t.Helper()
	simulator := &cupitest.Server{Seed: seed}
	if _, err := simulator.AddUser(fields); err != nil {
		t.Fatal(err)
	}
	return pictureOf(simulator)
}

func TestPictureCompares(t *testing.T) {
	t.Parallel()
	user := func(title string) map[string]string {
		return map[string]string{"Alias": "jdoe", "DtmfAccessId": "4001", "Title": title}
	}
	before := pictured(t, 1, user("Analyst"))
	if got := before.compare(pictured(t, 2, user("Analyst"))); len(got) != 0 {
		t.Errorf("a user that was made again differs: %q", got)
	}
	if got, want := before.renewed(pictured(t, 2, user("Analyst"))), 1; got != want {
		t.Errorf("renewed = %d, want %d", got, want)
	}
	if got, want := before.compare(pictured(t, 1, user("Developer"))), []string{`user jdoe: Title was "Analyst" and is "Developer"`}; !slices.Equal(got, want) {
		t.Errorf("compare = %q, want %q", got, want)
	}
	other := pictured(t, 1, map[string]string{"Alias": "mroe", "DtmfAccessId": "4001"})
	if got, want := before.compare(other), []string{"user jdoe is gone", "user mroe is new"}; !slices.Equal(got, want) {
		t.Errorf("compare = %q, want %q", got, want)
	}
}
