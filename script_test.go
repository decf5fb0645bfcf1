package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"cucbulk/batch/batchtest"
	"cucbulk/cupi/cupitest"
)

// world is what the commands of one script share.
type world struct {
	t         *testing.T
	work      string
	simulator *cupitest.Server
	web       *httptest.Server
	before    string // what "server remember" saw
	probe     string // the file of a probe, without which nothing may change; "": the journal is asked
	requests  int    // the total at "server remember"

	mutex sync.Mutex // guards what OnChange uses
	guard batchtest.IntentGuard
	read  int           // bytes of the program's notes
	wake  chan struct{} // closed at the change that an interruption waits for
	leave chan struct{} // closed when that change may go on
	after int           // how many changes that is from now
}

type worldKey struct{}

func worldOf(script *testscript.TestScript) *world { return script.Value(worldKey{}).(*world) }

// end reports what the simulator found wrong.
func (w *world) end() {
	if w.simulator == nil {
		return
	}
	w.web.Close()
	w.simulator.Wait()
	if err := w.guard.HalfMade(); err != nil {
		w.t.Errorf("%s: %v", w.work, err)
	}
	for _, err := range w.simulator.ChangeErrors() {
		w.t.Errorf("%s: %v", w.work, err)
	}
	for _, request := range w.simulator.Unknown() {
		audio := strings.HasPrefix(request, "DELETE ") && (strings.HasSuffix(request, "/voicename") || strings.HasSuffix(request, "/audio"))
		if w.probe != "" && (audio || request == "GET /vmrest/cucbulkprobe") {
			continue // what is answered then is among what it asks
		}
		w.t.Errorf("%s: the simulator does not know %s", w.work, request)
	}
}

// check is the simulator's OnChange.
func (w *world) check(change cupitest.Change) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.probe != "" {
		return w.checkProbe(change)
	}
	notes, err := os.ReadFile(filepath.Join(w.work, "synced.txt"))
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(notes[w.read:])) {
		if !strings.HasSuffix(line, "\n") {
			break
		}
		w.read += len(line)
		size, path, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		end, err := strconv.ParseInt(size, 10, 64)
		if err != nil {
			return err
		}
		w.guard.Synced(path, end)
	}
	if w.wake != nil {
		if w.after--; w.after == 0 {
			close(w.wake)
			<-w.leave
		}
	}
	return w.guard.CheckChange(change.Method, change.Path, change.Fields)
}

// checkProbe refuses what a probe changes before its file names its user.
func (w *world) checkProbe(change cupitest.Change) error {
	known, err := os.ReadFile(filepath.Join(w.work, w.probe))
	if err == nil && !strings.Contains(string(known), change.Alias) {
		err = fmt.Errorf("%s %s is about %s, whom the probe's file does not name", change.Method, change.Path, change.Alias)
	}
	if w.wake != nil {
		if w.after--; w.after == 0 {
			close(w.wake)
			<-w.leave
		}
	}
	return err
}

// startSimulator is: simulator [users=N] [directory=N] [latency=T] [probe=FILE] [as:SWITCH=VALUE]... [FAULT=RATE]...
func startSimulator(script *testscript.TestScript, _ bool, arguments []string) {
	w := worldOf(script)
	w.end() // of the one that the script started before
	w.simulator = &cupitest.Server{Location: cupitest.LocationOf(w.work), Username: "admin", Password: "correct-horse-battery", LateBy: 50 * time.Millisecond, OnChange: w.check}
	users, directory := 0, 0
	for _, argument := range arguments {
		name, value, _ := strings.Cut(argument, "=")
		var err error
		if setting, is := strings.CutPrefix(name, "as:"); is {
			script.Check(w.simulator.Set(setting, value))
			continue
		}
		switch name {
		case "probe":
			w.probe = value
		case "users":
			users, err = strconv.Atoi(value)
		case "directory":
			directory, err = strconv.Atoi(value)
		case "latency":
			w.simulator.Latency, err = time.ParseDuration(value)
		default:
			var rate float64
			if rate, err = strconv.ParseFloat(value, 64); err == nil {
				err = w.simulator.SetFault(name, rate)
			}
		}
		script.Check(err)
	}
	w.simulator.AddUsers(users)
	w.simulator.AddDirectoryUsers(directory)
	w.web = httptest.NewServer(w.simulator)
	script.Setenv("CUCBULK_SERVER", w.web.URL)
	script.Setenv("CUCBULK_USER", "admin")
	script.Setenv("CUCBULK_PASSWORD", "correct-horse-battery")
	script.Setenv(syncedFile, filepath.Join(w.work, "synced.txt"))
}

// askServer is: server has ALIAS [Field=Value]..., server remember, server same (as
// it was then), server untouched (no request since then), and server COUNT N with
// COUNT one of sign-ins, failed-sign-ins, requests, writes (requests that are no GET),
// changes (writes that the rules let through).
func askServer(script *testscript.TestScript, negated bool, arguments []string) {
	w := worldOf(script)
	counts := map[string]int{"sign-ins": w.simulator.SignIns(), "failed-sign-ins": w.simulator.FailedSignIns(), "changes": w.guard.Changes(),
		"requests": w.simulator.Total(), "writes": w.simulator.Total()}
	for what, n := range w.simulator.Requests() {
		if strings.HasPrefix(what, "GET ") {
			counts["writes"] -= n
		}
	}
	now := fmt.Sprint(w.simulator.Snapshot())
	holds := false
	switch arguments[0] {
	case "remember":
		w.before, w.requests = now, w.simulator.Total()
		return
	case "same":
		holds = now == w.before
	case "untouched":
		holds = w.simulator.Total() == w.requests
	case "has":
		user := w.simulator.UserByAlias(arguments[1])
		holds = user != nil
		for _, field := range arguments[2:] {
			name, value, _ := strings.Cut(field, "=")
			holds = holds && user[name] == value
		}
	default:
		got, known := counts[arguments[0]]
		want, err := strconv.Atoi(arguments[1])
		script.Check(err)
		if !known || got != want {
			script.Fatalf("the server counted %d %s, want %d", got, arguments[0], want)
		}
		return
	}
	if holds == negated {
		script.Fatalf("server %s: %v", strings.Join(arguments, " "), holds)
	}
}

// runProgram is: exits CODE[|CODE] ARGUMENT... It keeps all output for "nowhere".
func runProgram(script *testscript.TestScript, _ bool, arguments []string) {
	var want []int
	for _, code := range strings.Split(arguments[0], "|") {
		number, err := strconv.Atoi(code)
		script.Check(err)
		want = append(want, number)
	}
	checkExit(script, script.Exec("cucbulk", arguments[1:]...), want...)
	output := script.ReadFile("stdout") + script.ReadFile("stderr")
	script.Check(appendTo(filepath.Join(worldOf(script).work, "output.txt"), output))
}

func checkExit(script *testscript.TestScript, err error, want ...int) {
	got := 0
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		got = failed.ExitCode()
	} else {
		script.Check(err)
	}
	if !slices.Contains(want, got) {
		script.Fatalf("exit code %d, want %d", got, want)
	}
}

func appendTo(path, text string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Close())
}

// findNowhere is: nowhere TEXT. No file of the script, and nothing that the program
// printed, may hold the text.
func findNowhere(script *testscript.TestScript, _ bool, arguments []string) {
	files := 0
	err := filepath.WalkDir(worldOf(script).work, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if bytes.Contains(text, []byte(arguments[0])) {
			err = errors.Join(err, fmt.Errorf("%s holds %q", path, arguments[0]))
		}
		return err
	})
	script.Check(err)
	if files == 0 {
		script.Fatalf("there are no files to look into")
	}
}
