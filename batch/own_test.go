package batch_test

import (
	"fmt"
	"strings"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// A row that hands extensions round within its own user does so whatever else is in the file,
// and what can't be done is foretold: forecast and run agree, and a rollback brings all back.
func TestAUsersOwnExtensions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, headings, cells string
		want                  string // the end that is foretold
		has                   string
	}{
		{"an alternate one becomes the primary", "DtmfAccessId,Extension_Alt1", "777001,%null%", "updated", "0=777001 2=777002"},
		{"the last of them", "DtmfAccessId,Extension_Alt1,Extension_Alt2", "777002,,%null%", "updated", "0=777002 1=777001"},
		{"and another takes its place", "DtmfAccessId,Extension_Alt1", "777001,4711", "updated", "0=777001 1=4711 2=777002"},
		{"the primary becomes an alternate one", "DtmfAccessId,Extension_Alt1", "4711,10000", "updated", "0=4711 1=10000 2=777002"},
		{"an alternate one moves", "Extension_Alt1,Extension_Alt2", "%null%,777001", "updated", "0=10000 2=777001"},
		{"and the other way", "Extension_Alt2,Extension_Alt1", "%null%,777002", "updated", "0=10000 1=777002"},
		{"a chain", "DtmfAccessId,Extension_Alt1,Extension_Alt2", "777001,777002,4711", "updated", "0=777001 1=777002 2=4711"},
		{"an alternate one swaps with the primary", "DtmfAccessId,Extension_Alt1", "777001,10000", "failed extensions-in-a-circle", ""},
		{"two alternate ones swap", "Extension_Alt1,Extension_Alt2", "777002,777001", "failed extensions-in-a-circle", ""},
		{"it stays where it is, too", "DtmfAccessId", "777001", "failed extension-taken", ""},
		{"or in a slot that the row leaves", "DtmfAccessId,Extension_Alt1", "777002,4711", "failed extension-taken", ""},
		{"nothing is handed round", "DtmfAccessId,Extension_Alt1", "4711,4712", "updated", "0=4711 1=4712 2=777002"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(1)
			s := newSite(t, simulator)
			s.run(t.Context(), "own", "Operation,Alias,Extension_Alt1,Extension_Alt2\nupdate,user00001,777001,777002\n", options(""), 1)
			before := withoutIDs(simulator.Snapshot())
			text := "Operation,Alias," + test.headings + "\nupdate,user00001," + test.cells + "\n"
			recorder := s.recorder("run")
			p, err := batch.Preflight(t.Context(), s.server(2), s.prepare(recorder, text, options("")), func(validate.Problem) {})
			if err != nil {
				t.Fatal(err)
			}
			var said batch.Preview
			for preview, err := range p.Previews(t.Context()) {
				if said = preview; err != nil {
					t.Fatal(err)
				}
			}
			if got := strings.TrimSpace(fmt.Sprint(said.Status, " ", said.Code)); got != test.want {
				t.Errorf("foretold %s: %s, want %s", got, said.Message, test.want)
			}
			if _, err := p.Run(t.Context(), recorder); err != nil {
				t.Fatal(err)
			}
			history := s.history(recorder.Folder)
			done := only(t, history)
			if done.Status != said.Status || len(done.StepsDone) > 0 != (done.Status == record.Updated) {
				t.Errorf("done %s %s: %s", done.Status, done.Code, done.Message)
			}
			if got := extensionsOf(simulator, "user00001"); test.has != "" && got != test.has {
				t.Errorf("the user has %s, want %s", got, test.has)
			}
			if test.has != "" {
				s.rollback(t.Context(), "undo", history, record.UndoOptions{})
			}
			compareSnapshots(t, before, withoutIDs(simulator.Snapshot()))
		})
	}
}
