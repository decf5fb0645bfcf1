package plan_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/validate"
)

// A file that is taken for users, lacks what they need, and fits something else as it is, says so; one of which is said what
// it is about, or that fits nothing else, does not.
func TestAFileThatFitsSomethingElse(t *testing.T) {
	t.Parallel()
	const contacts, lists, admins = "--object contacts", "--object distribution-lists", "--object users-without-mailbox"
	for _, test := range []struct {
		file      string
		operation validate.Operation
		object    string
		want      []string
	}{
		{"Alias,FirstName,LastName\nvendor,V,One\n", validate.Create, "", []string{contacts}},
		{"Alias,DisplayName,Extension\nsales,Sales,5000\nhelp,Help,\n", validate.Create, "", []string{contacts, lists}},
		{"Operation,Alias,FirstName\ncreate,vendor,V\n", "", "", []string{contacts}},
		{"Alias,FirstName,TemplateAlias\njadmin,J,administratortemplate\n", validate.Create, "", []string{admins, contacts}},
		{"Alias,FirstName\nvendor,V\n", validate.Create, "users", nil},
		{"Alias,Title,TransferRings\nvendor,V,4\n", validate.Create, "", nil},
		{"Alias,FirstName\nvendor,V\n", validate.Update, "", nil},
	} {
		path := filepath.Join(t.TempDir(), "input.csv")
		if err := os.WriteFile(path, []byte(test.file), 0o600); err != nil {
			t.Fatal(err)
		}
		in, err := record.OpenInput("input.csv", path)
		if err != nil {
			t.Fatal(err)
		}
		var said strings.Builder
		_, err = plan.Check(in, record.Options{Operation: test.operation, Object: test.object}, func(p validate.Problem) { said.WriteString(p.String() + "\n") })
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range []string{contacts, lists, admins} {
			want := false
			for _, wanted := range test.want {
				want = want || wanted == one
			}
			if got := strings.Contains(said.String(), one); got != want {
				t.Errorf("%q: %s is told: %t, want %t:\n%s", test.file, one, got, want, said.String())
			}
		}
	}
}
