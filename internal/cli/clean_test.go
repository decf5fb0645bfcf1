package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"cucbulk/batch/record"
	"cucbulk/reports"
)

// earlier gives a folder with copies of run folders that earlier versions left, each under a name.
func earlier(t *testing.T, names map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, from := range names {
		if err := os.CopyFS(filepath.Join(folder, name), os.DirFS(filepath.Join("..", "..", "torture", "testdata", "earlier", from))); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// cleaned cleans a folder as of a day long after, and gives what was printed.
func cleaned(t *testing.T, folder string, o cleanOptions) string {
	t.Helper()
	var out bytes.Buffer
	o.screen = newScreen(Streams{Stdout: &out, Stderr: io.Discard}, true)
	o.folder, o.keep, o.now = folder, 90*day, time.Now().Add(365*day)
	if _, err := o.clean(context.Background()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func listedHere(t *testing.T, folder string) map[string]reports.Listed {
	t.Helper()
	list, err := listRuns(folder, false, 0)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]reports.Listed{}
	for _, l := range list {
		byName[filepath.Base(l.Folder)] = l
	}
	return byName
}

// TestEveryKindOfRunIsTold: runs of earlier versions, cut off, rolled back half-way, torn, damaged, of a later version.
func TestEveryKindOfRunIsTold(t *testing.T) {
	t.Parallel()
	folder := earlier(t, map[string]string{"run": "rolled-back-half-way/run", "back": "rolled-back-half-way/rollback", "cut": "killed/run",
		"stopped": "interrupted/run", "torn": "finished/run", "damaged": "finished/run", "emptied": "finished/run", "begun": "finished/run"})
	change := func(name string, change func([]byte) []byte) {
		path := filepath.Join(folder, name, record.JournalFile)
		text, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(path, change(text), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	change("torn", func(text []byte) []byte { return text[:len(text)-20] })
	change("damaged", func(text []byte) []byte { text[len(text)/2] ^= 1; return text })
	change("emptied", func([]byte) []byte { return nil })
	if err := os.Rename(filepath.Join(folder, "begun", record.JournalFile), filepath.Join(folder, "begun", record.InputFile)); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(folder, "notes"), 0o700); err != nil {
		t.Fatal(err)
	}
	list := listedHere(t, folder)
	for name, want := range map[string]string{
		"run": "finished partly", "back": "killed -", "cut": "killed no", "stopped": "unfinished no", "torn": "killed no", "damaged": "unreadable -",
		"emptied": "unreadable -", "begun": "not-begun -",
	} {
		l := list[name]
		if got := fmt.Sprint(l.State, " ", l.HowUndone()); got != want || (l.Problem != "") != (l.Summary == nil) || l.Written.IsZero() {
			t.Errorf("%s is %q, want %q; problem %q, written %s", name, got, want, l.Problem, l.Written)
		}
	}
	if len(list) != 8 || len(list["run"].Rollbacks) != 1 {
		t.Errorf("%d runs, rollbacks %v", len(list), list["run"].Rollbacks)
	}
	before := fileNames(t, folder)
	for _, o := range []cleanOptions{{}, {loseResume: true}, {loseRollback: true}} {
		if printed := cleaned(t, folder, o); !strings.Contains(printed, "0 run folders removed") {
			t.Error(printed)
		}
	}
	if after := fileNames(t, folder); after != before {
		t.Errorf("was\n%s\nis\n%s", before, after)
	}
	printed := cleaned(t, folder, cleanOptions{loseResume: true, loseRollback: true})
	if !strings.Contains(printed, "5 run folders removed") {
		t.Error(printed)
	}
	if left := listedHere(t, folder); len(left) != 3 || left["damaged"].State == "" || left["emptied"].State == "" || left["begun"].State == "" {
		t.Errorf("left is %v", left)
	}
}

// fileNames lists all that is in a folder.
func fileNames(t *testing.T, folder string) string {
	t.Helper()
	var names strings.Builder
	if err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if !strings.HasSuffix(path, ".lock") {
			fmt.Fprintln(&names, path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return names.String()
}

// TestARemovalThatIsCutOffIsEnded: whatever files are gone already, the folder is one of a run, and goes with the next.
func TestARemovalThatIsCutOffIsEnded(t *testing.T) {
	t.Parallel()
	whole := earlier(t, map[string]string{"run": "finished/run"})
	if _, _, err := (reports.Writer{}).Write(filepath.Join(whole, "run")); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(whole, "run", record.RecordingsFolder), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(whole, "run", record.RecordingsFolder, "0a.wav"), []byte("RIFF"), 0o600); err != nil {
		t.Fatal(err)
	}
	for gone := 0; ; gone++ {
		folder := t.TempDir()
		if err := os.CopyFS(folder, os.DirFS(whole)); err != nil {
			t.Fatal(err)
		}
		l := listedHere(t, folder)["run"]
		one := &oldRun{Listed: &l}
		if err := one.look(); err != nil {
			t.Fatal(err)
		}
		if gone > len(one.files) {
			if gone < 7 {
				t.Errorf("only %d files", gone)
			}
			return
		}
		for _, name := range one.files[:gone] {
			if err := os.Remove(filepath.Join(folder, "run", name)); err != nil {
				t.Fatal(err)
			}
		}
		printed := cleaned(t, folder, cleanOptions{loseRollback: true})
		if _, err := os.Lstat(filepath.Join(folder, "run")); err == nil || !strings.Contains(printed, "1 run folder removed") {
			t.Errorf("after %d files: %v\n%s", gone, err, printed)
		}
	}
}

// TestNoLinkIsFollowed: links in place of a run folder, of its recordings and of a file, also one that is put there between
// the look and the removal.
func TestNoLinkIsFollowed(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege there")
	}
	folder, outside := earlier(t, map[string]string{"run": "finished/run", "other": "finished/run"}), earlier(t, map[string]string{"run": "finished/run"})
	if err := os.WriteFile(filepath.Join(outside, "0a.wav"), []byte("RIFF"), 0o600); err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{"linked": filepath.Join(outside, "run"), "run/" + record.RecordingsFolder: outside, "other/results.csv": filepath.Join(outside, "0a.wav")} {
		_ = os.Remove(filepath.Join(folder, from))
		if err := os.Symlink(to, filepath.Join(folder, from)); err != nil {
			t.Fatal(err)
		}
	}
	before := fileNames(t, outside)
	printed := cleaned(t, folder, cleanOptions{loseRollback: true})
	for _, want := range []string{"linked: it is a link", "run: it holds recordings, which no run leaves there", "other: it holds results.csv", "0 run folders removed"} {
		if !strings.Contains(strings.Join(strings.Fields(printed), " "), want) {
			t.Errorf("%q is not in\n%s", want, printed)
		}
	}
	if err := os.Remove(filepath.Join(folder, "run", record.RecordingsFolder)); err != nil {
		t.Fatal(err)
	}
	l := listedHere(t, folder)["run"]
	one := &oldRun{Listed: &l}
	if err := one.look(); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(folder, "run", record.RecordingsFolder)); err != nil {
		t.Fatal(err)
	}
	one.files = append([]string{filepath.Join(record.RecordingsFolder, "0a.wav")}, one.files...)
	if err := one.remove(); err == nil {
		t.Error("what is outside was removed")
	}
	if after := fileNames(t, outside); after != before {
		t.Errorf("outside was\n%s\nis\n%s", before, after)
	}
}

// TestWhoGoesOnKeepsTheRun: a run that went on after it was listed is not removed.
func TestWhoGoesOnKeepsTheRun(t *testing.T) {
	t.Parallel()
	folder := earlier(t, map[string]string{"run": "killed/run"})
	l := listedHere(t, folder)["run"]
	one := &oldRun{Listed: &l}
	if err := one.look(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "run", record.JournalFile)
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(file, "more")
	file.Close()
	before := fileNames(t, folder)
	if err := one.remove(); err == nil || !strings.Contains(err.Error(), "somebody has gone on with it") {
		t.Errorf("got %v", err)
	}
	if after := fileNames(t, folder); after != before {
		t.Errorf("was\n%s\nis\n%s", before, after)
	}
}
