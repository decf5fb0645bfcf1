package batch_test

import (
	"fmt"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// An upsert leaves the PIN of a user that is there alone, unless it is told not to.
func TestResetCredentials(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(1)
	s := newSite(t, simulator)
	id := s.other().id("user00001")
	const file = "Alias,DtmfAccessId,TemplateAlias,Title,PIN\nuser00001,10000,voicemailusertemplate,%s,%s\n"
	for i, test := range []struct {
		title, pin string
		reset      bool
		want       record.Status
		reversible record.Reversible
		there      string
	}{
		{"Boss", "947251", false, record.Updated, record.FullyReversible, ""},
		{"Boss", "947251", true, record.Updated, record.NotReversible, "947251"},
		{"Clerk", "836142", true, record.Updated, record.PartlyReversible, "836142"},
		{"Clerk", "725139", false, record.Unchanged, record.FullyReversible, "836142"},
	} {
		options := options(validate.Upsert)
		options.ResetCredentials = test.reset
		_, history := s.run(t.Context(), fmt.Sprint("run", i), fmt.Sprintf(file, test.title, test.pin), options, 1)
		if got := only(t, history); got.Status != test.want || got.Reversible != test.reversible {
			t.Errorf("%+v: %+v", test, got)
		}
		if got := simulator.Credentials(id, "pin"); got != test.there {
			t.Errorf("%+v: the PIN is %q", test, got)
		}
	}
}
