package torture

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
)

// TestDiskFailsAtEverySync lets each sync and each write of a run's journal fail in
// its turn, and then takes from the journal what was not synced, as a disk may that
// failed. Nothing is sent whose intent is not durable, the run ends with the error,
// and a resume on a disk that works completes it.
func TestDiskFailsAtEverySync(t *testing.T) {
	t.Parallel()
	points := 0
	for _, failure := range []error{syscall.EIO, syscall.ENOSPC, os.ErrClosed} { // the last one: a write
		for at := 1; ; at++ {
			survived := false
			synctest.Test(t, func(t *testing.T) { survived = failDisk(t, failure, at) })
			if survived || t.Failed() {
				points += at - 1
				break
			}
		}
	}
	fmt.Printf("disk: it failed at %d syncs and writes of the journal\n", points)
}

// failDisk fails the disk once, at that sync or at the first write behind it. It
// reports whether the run ended before.
func failDisk(t *testing.T, failure error, at int) (survived bool) {
	b := newBubble(t, &cupitest.Server{})
	defer b.end()
	b.simulator.AddUsers(20)
	b.simulator.AddDirectoryUsers(20)
	before := people(b.simulator)
	rows := wishes(rand.New(rand.NewPCG(5, 5)), 20)
	where := fmt.Sprintf("%v at sync %d", failure, at)
	syncs := 0
	b.sync = func(file *os.File) error {
		if syncs++; syncs != at {
			return nil
		}
		if failure == os.ErrClosed {
			return file.Close() // this one is done, and the next write fails
		}
		return failure
	}
	folder, _, _, err := b.run("run", fileOf(rows))
	journal := filepath.Join(folder, record.JournalFile)
	if syncs < at || err == nil && failure == os.ErrClosed {
		return true
	}
	if !errors.Is(err, failure) || !strings.Contains(err.Error(), "mend the disk") {
		t.Errorf("%s: the run ended with %v, want this error and what to do", where, err)
	}
	if failure != os.ErrClosed && syncs != at {
		t.Errorf("%s: %d syncs, want none after the one that failed", where, syncs)
	}
	must(t, os.Truncate(journal, b.durable))
	if b.durable == 0 { // the header itself, so nothing was sent
		must(t, os.RemoveAll(folder))
		folder, _, _, err = b.run("again", fileOf(rows))
	} else {
		_, err = b.resume(folder)
	}
	must(t, err)
	// checkRun reads the reports, which the engine does not write.
	for i, r := range b.results(folder) {
		if !r.Status.Done() {
			t.Errorf("%s: row %d: %+v", where, i+1, r)
		}
	}
	checkJournal(t, folder, len(rows))
	checkUsers(t, rows, before, people(b.simulator))
	return false
}

// checkUsers makes sure that a server is as a file wants it, all of whose rows are done.
func checkUsers(t *testing.T, rows []wish, before, after map[string]map[string]string) {
	t.Helper()
	users := len(before)
	for i, w := range rows {
		user := after[w.alias]
		switch {
		case w.operation == "delete":
			users--
			if user != nil {
				t.Errorf("row %d: %s is still there", i+1, w.alias)
			}
			continue
		case before[w.alias] == nil:
			users++
		}
		for name, value := range w.fields() {
			if user[name] != value {
				t.Errorf("row %d: %s of %s is %q, want %q", i+1, name, w.alias, user[name], value)
			}
		}
	}
	if len(after) != users {
		t.Errorf("there are %d users, want %d", len(after), users)
	}
}
