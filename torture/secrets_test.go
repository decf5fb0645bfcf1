package torture

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
)

// TestSecretsAreNowhere takes a file of PINs and passwords through every command, on a
// server that refuses requests by repeating them and loses answers; the program is
// killed in the middle, once so that it prints what all its goroutines do. Then every
// byte that it left anywhere is searched for each secret in each spelling.
func TestSecretsAreNowhere(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("processes get no signals there")
	}
	program, err := theProgram()
	must(t, err)
	n := newNosy(t, program)
	defer n.end()
	create := []string{"--operation", "create", "--template", "voicemailusertemplate"}
	sending := []string{"--max-failures", "100%", "--doubt-window", "60ms", "--progress", "json", "--json"}
	with := func(lists ...[]string) (all []string) {
		for _, list := range lists {
			all = append(all, list...)
		}
		return all
	}

	n.do(3, with([]string{"validate", "users.csv"}, create)...)
	n.do(3, with([]string{"validate", "users.csv", "--format", "json"}, create)...)
	n.do(3, with([]string{"run", "users.csv", "--dry-run", "--show", "all"}, create)...)
	n.do(3, with([]string{"validate", "users.csv", "--server", n.web.URL, "--show", "all", "--format", "json"}, create)...)
	n.do(1, with([]string{"validate", "users.csv", "--password-file", "wrong.txt", "--server", n.web.URL}, create)...)
	n.do(-1, "doctor")
	n.do(0, "config", "show")
	n.do(2, with([]string{"run", "users.csv", "--config", "flags.yaml"}, create)...)

	n.faults(cupitest.Faults{Echo: 0.06, Busy: 0.02, Unauthorized: 0.02, Error: 0.01, CutAfterCommit: 0.01, ErrorAfterCommit: 0.01, Gateway: 0.01, Truncated: 0.01})
	for _, folder := range []string{"run", "again", "rest", "drawn", "again-rollback", "run-rollback"} {
		n.watch(filepath.Join(n.folder, folder, record.JournalFile))
	}
	dump := n.hurt(syscall.SIGQUIT, with([]string{"run", "users.csv", "--skip-invalid", "--canary", "0", "--out", "run"}, create, sending)...)
	if !strings.Contains(dump, "SIGQUIT: quit") || strings.Count(dump, "\ngoroutine ") < 5 {
		t.Errorf("the program did not tell what its goroutines do:\n%s", dump)
	}
	n.hurt(syscall.SIGKILL, with([]string{"resume", "run"}, sending)...)
	n.do(4, with([]string{"resume", "run", "--password-file", "right.txt"}, sending)...)
	if n.echoes() == 0 {
		t.Error("the server has repeated nothing")
	}
	n.do(4, "run", "users.csv", "--operation", "update", "--skip-invalid", "--rows", "1-100", "--wire", "xml", "--canary", "0", "--max-failures", "100%", "--out", "again", "--progress", "plain")
	n.faults(cupitest.Faults{})
	n.do(4, "run", filepath.Join("run", "rejects.csv"), "--continues", "run", "--skip-invalid", "--canary", "0", "--max-failures", "100%", "--out", "rest", "--progress", "plain")
	n.do(0, with([]string{"run", "drawn.csv", "--pin", "random", "--pin-length", "16", "--seal-to", "age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z", "--out", "drawn"}, create)...)
	n.do(0, "report", "run")
	n.do(0, "verify", "run")
	n.do(0, "export", "--out", "people.csv")
	n.do(0, "rollback", "again", "--dry-run")
	n.faults(cupitest.Faults{Echo: 0.1})
	n.do(-1, "rollback", "again", "--yes", "--max-outage", "10s", "--progress", "json")
	n.do(0, "rollback", "run", "--yes", "--force", "--progress", "json")
	n.search()
}

// echoes is how many refusals that repeated a request the program was told of.
func (n *nosy) echoes() int {
	n.t.Helper()
	journal, err := os.ReadFile(filepath.Join(n.folder, "run", record.JournalFile))
	must(n.t, err)
	return strings.Count(string(journal), "The request is refused: ")
}

// inputs are the files that may hold what the input holds: the input, its copy, the
// rejected rows, and what only the tests know of.
var inputs = map[string]bool{"users.csv": true, "right.txt": true, "wrong.txt": true, "flags.yaml": true, record.InputFile: true, "rejects.csv": true}

// search looks for every secret in every file, and in the names of files.
func (n *nosy) search() {
	n.t.Helper()
	given := len(n.secrets)
	for i := range 40 {
		pin := n.simulator.Credentials(n.simulator.UserByAlias(fmt.Sprintf("drawn%02d", i))["ObjectId"], "pin")
		if len(pin) != 16 {
			n.t.Fatalf("drawn%02d has the PIN %q", i, pin)
		}
		n.secrets = append(n.secrets, pin)
	}
	began := time.Now()
	f := newFinder(n.secrets)
	files, size, own := 0, 0, map[int]bool{}
	must(n.t, filepath.WalkDir(n.folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if inputs[entry.Name()] {
			found, _ := f.in(text)
			for secret := range found {
				own[secret] = true
			}
			return nil
		}
		files++
		size += len(text)
		found, hits := f.in(append([]byte(path+"\n"), text...))
		if hits > 0 {
			n.t.Errorf("%s holds %d secrets, at %d places", path, len(found), hits)
			for secret := range found {
				n.t.Logf("one of them is the secret %d, %s", secret, n.secrets[secret])
				break
			}
		}
		return nil
	}))
	if len(own) != given { // those that were drawn are in no file in clear
		n.t.Errorf("the files that may hold secrets hold %d, want %d", len(own), given)
	}
	if files < 40 {
		n.t.Errorf("only %d files were searched", files)
	}
	fmt.Printf("secrets: %d in %d spellings' windows, searched in %d files with %d bytes of %d commands, and of %d children: %.1f s\n",
		len(n.secrets), len(f.windows), files, size, n.commands, n.children, time.Since(began).Seconds())
}
