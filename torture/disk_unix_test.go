//go:build unix

package torture

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
)

// TestDiskFills gives the real program room for ever more of its journal: half a
// kilobyte, then one, until it is enough. A write may then be done in part, which
// leaves a torn record. The program exits with 1, and the resume, with room, is whole.
func TestDiskFills(t *testing.T) {
	t.Parallel()
	program, err := theProgram()
	must(t, err)
	rows := wishes(rand.New(rand.NewPCG(6, 6)), 12)
	began := time.Now()
	blocks := 1
	for ; !t.Failed(); blocks++ {
		if fillDisk(t, program, blocks, rows) {
			break
		}
	}
	fmt.Printf("full disk: the program ran out of room %d times, %.0f s\n", blocks-1, time.Since(began).Seconds())
}

// fillDisk lets files grow to so many blocks of 512 bytes. It reports whether that
// was enough.
func fillDisk(t *testing.T, program string, blocks int, rows []wish) (enough bool) {
	t.Helper()
	s := newSite(t, &cupitest.Server{})
	defer s.end()
	s.simulator.AddUsers(12)
	s.simulator.AddDirectoryUsers(12)
	before := people(s.simulator)
	folder := t.TempDir()
	must(t, os.WriteFile(filepath.Join(folder, "users.csv"), []byte(fileOf(rows)), 0o600))
	out := filepath.Join(folder, "run")
	journal := filepath.Join(out, record.JournalFile)
	s.watch(journal)
	run := append([]string{"run", "users.csv", "--template", "voicemailusertemplate", "--max-deletes", "100%", "--out", out}, limits...)
	e := s.start("/bin/sh", folder, 0, append([]string{"-c", `ulimit -f "$0" && exec "$@"`, fmt.Sprint(blocks), program}, run...)...)
	switch {
	case e.exit == record.ExitDone:
		return true
	case e.exit != record.ExitFailed:
		t.Errorf("with room for %d blocks: exit %d\n%s", blocks, e.exit, e.output)
	}
	if whole, err := wholeLines(journal); err != nil || whole == 0 {
		must(t, err)
		if after := people(s.simulator); len(after) != len(before) {
			t.Errorf("with room for %d blocks: there is no journal, and %d users, not %d", blocks, len(after), len(before))
		}
		return false
	}
	if e = s.start(program, folder, 0, append([]string{"resume", out}, limits...)...); e.exit != record.ExitDone {
		t.Errorf("with room for %d blocks: the resume exits with %d\n%s", blocks, e.exit, e.output)
	}
	checkRun(t, out, rows, before, people(s.simulator))
	s.checkPosts(out)
	return false
}
