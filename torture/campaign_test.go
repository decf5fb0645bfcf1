package torture

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"

	"cucbulk/batch/record"
	"cucbulk/validate"
)

// TestPINCampaign gives everybody on a server another PIN by an export, a dry run, a run and what comes after:
// no two are alike, none is easy to guess, and none is in any byte of any output but the sealed file.
func TestPINCampaign(t *testing.T) {
	t.Parallel()
	program, err := theProgram()
	must(t, err)
	n := newNosy(t, program)
	defer n.end()
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	n.simulator.AddUsers(*letters - 10)
	for _, folder := range []string{"letters", "letters-rollback"} {
		n.watch(filepath.Join(n.folder, folder, record.JournalFile))
	}
	campaign := []string{"run", "people.csv", "--operation", "update", "--reset-credentials", "--pin", "random",
		"--pin-length", "12", "--seal-to", identity.Recipient().String()}
	n.do(0, "export", "--query", "(alias startswith user)", "--columns", "Alias", "--out", "people.csv")
	n.do(0, append(campaign, "--dry-run", "--show", "all", "--out", "plan")...)
	n.do(0, append(campaign, "--out", "letters", "--progress", "json", "--json", "--trace", "trace.jsonl")...)
	n.do(0, "report", "letters")
	n.do(0, "verify", "letters")
	n.do(4, "rollback", "letters", "--yes", "--progress", "plain")

	file, err := os.Open(filepath.Join(n.folder, "letters", record.PINsFile))
	must(t, err)
	defer file.Close()
	clear, err := age.Decrypt(file, identity)
	must(t, err)
	lines, err := csv.NewReader(clear).ReadAll()
	must(t, err)
	n.secrets = nil
	seen := map[string]bool{}
	for _, line := range lines[1:] {
		alias, extension, pin := line[2], line[3], line[4]
		user := n.simulator.UserByAlias(alias)
		if why := validate.TrivialPIN(pin, alias, extension, user["FirstName"], user["LastName"]); why != "" || len(pin) != 12 {
			t.Errorf("%s got %s: %s", alias, pin, why)
		}
		if got := n.simulator.Credentials(user["ObjectId"], "pin"); got != pin || extension != user["DtmfAccessId"] {
			t.Errorf("%s, %s: %s was sealed, and the server has %s", alias, extension, pin, got)
		}
		seen[pin] = true
		n.secrets = append(n.secrets, pin)
	}
	if len(seen) != *letters || len(lines) != *letters+1 {
		t.Errorf("%d PINs in %d lines, want %d", len(seen), len(lines), *letters)
	}
	f, files := newFinder(n.secrets), 0
	must(t, filepath.WalkDir(n.folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if found, hits := f.in(append([]byte(path+"\n"), text...)); hits > 0 {
			t.Errorf("%s holds %d PINs, at %d places", path, len(found), hits)
		}
		return err
	}))
	if files < 25 {
		t.Errorf("only %d files were searched", files)
	}
	fmt.Printf("campaign: %d PINs, searched in %d files of %d commands\n", len(seen), files, n.commands)
}
