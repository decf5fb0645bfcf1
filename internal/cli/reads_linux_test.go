package cli

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"unsafe"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
)

// readings tells how often a file was opened and read since. Whoever opens a file reads it
// at most once, from its beginning to its end.
type readings struct{ events int }

// watch begins to count the readings of a file. The file must be there.
func watch(t *testing.T, path string) readings {
	t.Helper()
	events, err := syscall.InotifyInit1(syscall.IN_NONBLOCK | syscall.IN_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(events) })
	// What is the same as the event before is told once, so that those between are watched too.
	if _, err := syscall.InotifyAddWatch(events, path, syscall.IN_OPEN|syscall.IN_ACCESS|syscall.IN_CLOSE_NOWRITE); err != nil {
		t.Fatal(err)
	}
	return readings{events}
}

func (r readings) count() int {
	count, room := 0, make([]byte, 1<<20)
	n, err := syscall.Read(r.events, room)
	for at := 0; err == nil && at < n; {
		event := (*syscall.InotifyEvent)(unsafe.Pointer(&room[at]))
		at += syscall.SizeofInotifyEvent + int(event.Len)
		if event.Mask&syscall.IN_OPEN != 0 {
			count++
		}
	}
	return count
}

// wantReadings checks how often a file was read.
func wantReadings(t *testing.T, what string, r readings, want int) {
	t.Helper()
	if got := r.count(); got != want {
		t.Errorf("%s was read %d times, want %d", what, got, want)
	}
}

// plannedAgain are rows of which the pre-flight must make the plans more than once: they
// delete, free extensions for others, and are in conflict.
func plannedAgain() string {
	var text strings.Builder
	text.WriteString("Operation,Alias,DtmfAccessId,Extension_Alt1,PIN\n")
	for i := range 20 {
		alias, extension := simulatedUser(i)
		switch {
		case i < 5:
			text.WriteString("delete," + alias + ",,,\n")
		case i < 10:
			_, freed := simulatedUser(i - 5)
			text.WriteString("update," + alias + "," + freed + ",,\n")
		case i == 10:
			_, taken := simulatedUser(19)
			text.WriteString("update," + alias + "," + taken + ",,\n")
		default:
			text.WriteString("create,new" + alias + ",7" + extension + ",8" + extension + ",739164\n")
		}
	}
	return text.String()
}

// A run reads its input once to find out all that must be known before, whatever that is, a
// second time before anything is sent, to see that it is the same file, and a third time to
// send it. Neither its files nor other commands need more.
func TestHowOftenAnInputIsRead(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{Username: "admin", Password: "correct-horse"}
	simulator.AddUsers(20)
	folder := t.TempDir()
	run := filepath.Join(folder, "run")
	var once sync.Once
	var copied readings
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if path := filepath.Join(run, record.InputFile); exists(path) {
			once.Do(func() { copied = watch(t, path) })
		}
		simulator.ServeHTTP(w, r)
	}))
	t.Cleanup(web.Close)
	simulator.Location = cupitest.LocationOf(web.URL)
	path := fileWith(t, plannedAgain())
	does := func(want int, arguments ...string) {
		t.Helper()
		if arguments[0] == "run" {
			arguments = append(arguments, "--template", "voicemailusertemplate", "--skip-invalid")
		}
		p := newProcess(append(arguments, "--server", web.URL, "--user", "admin")...)
		p.settings["CUCBULK_PASSWORD"] = "correct-horse"
		p.run(t, want)
	}
	original := watch(t, path)
	does(record.ExitDone, "run", path, "--dry-run")
	wantReadings(t, "by a dry run, the file", original, 1)
	does(record.ExitRail, "run", path, "--out", run, "--max-deletes", "2")
	wantReadings(t, "by a run that copies it, the file", original, 1)
	wantReadings(t, "from the pre-flight on to the rail that sends nothing, the copy", copied, 1)
	copied = watch(t, filepath.Join(run, record.InputFile))
	newProcess("report", run).run(t, record.ExitDone)
	wantReadings(t, "by report, the copy", copied, 1)
	does(record.ExitIncomplete, "resume", run, "--max-deletes", "5")
	wantReadings(t, "by resume, the copy", copied, 2)
	does(record.ExitIncomplete, "run", path, "--out", run+"2", "--no-spool")
	wantReadings(t, "by a run that copies nothing, the file", original, 3)
}

// simulatedUser is one of those that the simulator has.
func simulatedUser(i int) (alias, extension string) {
	return fmt.Sprintf("user%05d", i+1), strconv.Itoa(10_000 + i)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
