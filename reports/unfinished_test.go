package reports

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// What a process that was killed left half-written is gone after the next writing, and so
// is the lock. What another one that lives is writing stays.
func TestHalfWrittenFilesOfDeadProcessesAreRemoved(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{})
	folder := s.run("Alias,DtmfAccessId\njdoe,4001\n", options(validate.Create), "")
	there := func(name string) bool {
		_, err := os.Lstat(filepath.Join(folder, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		return err == nil
	}
	left := []string{".rejects.csv.123", ".rejects.csv.age.4", ".report.html.77"}
	for _, name := range append(left, "rejects.csv.123", ".rejects.csv.mine") {
		must(t, os.WriteFile(filepath.Join(folder, name), []byte("jdoe,246824\n"), 0o600))
	}
	end := beginWriting(folder)
	living := ".rejects.csv.5"
	must(t, os.WriteFile(filepath.Join(folder, living), []byte("jdoe,246824\n"), 0o600))
	for _, name := range left {
		if there(name) {
			t.Errorf("%s is there still", name)
		}
	}
	write(t, folder)
	if !there(living) {
		t.Error("what a living process writes was removed")
	}
	end()
	if there(writingLock) {
		t.Error("the lock is there still")
	}
	write(t, folder)
	if there(living) || !there(RejectsFile) || !there("rejects.csv.123") || !there(".rejects.csv.mine") || there(writingLock) {
		entries, _ := os.ReadDir(folder)
		t.Errorf("got %v", entries)
	}
}
