package main

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"cucbulk/internal/cli"
)

// syncedFile names the variable for the file in which the program, when a script
// runs it, writes how much of its journal is durable.
const syncedFile = "CUCBULK_TEST_SYNCED"

func TestMain(m *testing.M) {
	testscript.Main(leakChecked{m}, map[string]func(){
		"cucbulk": func() {
			environment := cli.System()
			if os.Getenv(syncedFile) != "" {
				environment.JournalSynced = tellSynced
			}
			os.Exit(run(environment))
		},
	})
}

// leakChecked runs the tests, and fails when they leave goroutines behind.
type leakChecked struct{ *testing.M }

func (m leakChecked) Run() int {
	exit := m.M.Run()
	if err := goleak.Find(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		exit = max(exit, 1)
	}
	return exit
}

// tellSynced appends one line, before the request that waits for the sync can leave.
func tellSynced(path string, bytes int64) {
	notes, err := os.OpenFile(os.Getenv(syncedFile), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		panic(err)
	}
	defer notes.Close()
	if path, err = filepath.Abs(path); err == nil {
		_, err = fmt.Fprintf(notes, "%d %s\n", bytes, path)
	}
	if err != nil {
		panic(err)
	}
}

// TestScripts runs the real program against a simulator in this process. The
// simulator refuses a change whose intent is not durable, and then the test fails.
// internal/cli/testdata/script/README.md tells what the scripts can say.
func TestScripts(t *testing.T) {
	t.Parallel()
	samples, err := filepath.Abs("samples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("internal", "cli", "testdata", "script"), RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(environment *testscript.Env) error {
			w := &world{t: t, work: environment.WorkDir}
			environment.Values[worldKey{}] = w
			environment.Setenv("NO_COLOR", "1")
			environment.Setenv("GORACE", "atexit_sleep_ms=0") // else each program that is run under the race detector waits a second at its end
			environment.Setenv("SAMPLES", samples)
			environment.Defer(w.end)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"simulator": startSimulator, "server": askServer, "exits": runProgram, "meanwhile": runMeanwhile, "nowhere": findNowhere, "workbook": makeWorkbook,
			"interrupt": interruptProgram(os.Interrupt, false), "interrupt-twice": interruptProgram(os.Interrupt, true), "hang-up": interruptProgram(syscall.SIGHUP, false),
		},
	})
}
