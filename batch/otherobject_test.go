package batch_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// What is about users only is refused too where the headings tell what the rows are about.
func TestOptionsAboutUsersAndHeadingsOfOthers(t *testing.T) {
	t.Parallel()
	for name, give := range map[string]func(*record.Options){
		"--pin":          func(o *record.Options) { o.PINLength = 8 },
		"--keep-mailbox": func(o *record.Options) { o.KeptPINLength = 8 },
		"--reassign-to":  func(o *record.Options) { o.ReassignTo = "user00001" },
	} {
		o := options(validate.Create)
		give(&o)
		written := filepath.Join(t.TempDir(), "lists.csv")
		if err := os.WriteFile(written, []byte("Alias,AltNames\nsales,Vendas\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		in, err := record.OpenInput("lists.csv", written)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := plan.Check(in, o, func(validate.Problem) {}); err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "about distribution lists") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A run about other objects tells nothing of the rows of this one, though their cells are the same.
func TestARunAboutOtherObjectsIsNotTheLast(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(1)
	s := newSite(t, simulator)
	const file = "Alias\nuser00001\n"
	deleting := func(run string) record.Options {
		o := since(run, s.folder)
		o.Operation = validate.Delete
		return o
	}
	lists := deleting(record.SinceLast)
	lists.Object = validate.DistributionLists.Object
	_, first := s.run(t.Context(), "lists", file, lists, 1)
	if got := statuses(t, first); got != "unchanged already-absent" {
		t.Fatal(got)
	}
	refused := func(name string, o record.Options, want string) {
		_, err := batch.Preflight(t.Context(), s.server(1), s.prepare(s.recorder(name), file, o), func(validate.Problem) {})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	refused("since", deleting(first.Folder), "other values of --object")
	continuing := deleting("")
	continuing.Since, continuing.Continues = nil, first.Folder
	refused("continues", continuing, "about distribution lists, and these about users")
	if _, second := s.run(t.Context(), "users", file, deleting(record.SinceLast), 1); statuses(t, second) != "deleted" {
		t.Errorf("the user ended %s", statuses(t, second))
	}
}
