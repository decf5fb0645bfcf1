package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
)

const leavers = "Alias\nuser00001\nuser00002\n"

func TestRunAsksBeforeItDeletes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, typed string
		exit        int
		deleted     bool
	}{
		{"the count and the host", "2 127.0.0.1\n", record.ExitDone, true},
		{"yes is not enough", "yes\n", record.ExitRail, false},
		{"another count", "3 127.0.0.1\n", record.ExitRail, false},
		{"nothing", "", record.ExitRail, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			simulator, server := simulated(t)
			folder := filepath.Join(t.TempDir(), "run")
			arguments := append([]string{"run", fileWith(t, leavers), "--operation", "delete", "--out", folder}, server...)
			p := newProcess(arguments...).atTerminal(test.typed, "correct-horse").run(t, test.exit)
			shows(t, p.stderr, "This deletes 2 users on http://127.0.0.1")
			if deleted := simulator.UserByAlias("user00001") == nil; deleted != test.deleted {
				t.Errorf("deleted: %v, want %v", deleted, test.deleted)
			}
		})
	}
}

func TestRollbackAsksBeforeItStarts(t *testing.T) {
	t.Parallel()
	simulator, server := simulated(t)
	folder := filepath.Join(t.TempDir(), "run")
	create := append([]string{"run", fileWith(t, "Alias,DtmfAccessId\njdoe,4001\n"), "--operation", "create", "--template", "voicemailusertemplate", "--out", folder}, server...)
	newProcess(create...).atTerminal("", "correct-horse").run(t, record.ExitDone)

	declined := newProcess("rollback", folder).atTerminal("no\n", "correct-horse").run(t, record.ExitRail)
	shows(t, declined.stderr, "This takes back what 1 row")
	shows(t, declined.stderr, "nothing was undone")
	if simulator.UserByAlias("jdoe") == nil {
		t.Fatal("the rollback was declined, and undid all the same")
	}
	newProcess("rollback", folder).atTerminal("1 127.0.0.1\n", "correct-horse").run(t, record.ExitDone)
	if simulator.UserByAlias("jdoe") != nil {
		t.Error("the user is still there after the rollback")
	}
}

func TestPasswordIsAskedForOnATerminal(t *testing.T) {
	t.Parallel()
	_, server := simulated(t)
	file := fileWith(t, "Alias,DtmfAccessId\njdoe,4001\n")
	flags := append([]string{"validate", file, "--operation", "create", "--template", "voicemailusertemplate"}, server...)
	asked := newProcess(flags...).atTerminal("", "correct-horse").run(t, record.ExitDone)
	shows(t, asked.stderr, "Password of admin on http://127.0.0.1")
	shows(t, asked.stdout, "rows         1 created")

	empty := newProcess(flags...).atTerminal("", "").run(t, record.ExitUsage)
	shows(t, empty.stderr, "no password was typed")
	nobody := newProcess(flags...).run(t, record.ExitUsage)
	shows(t, nobody.stderr, "set CUCBULK_PASSWORD")
}

// A question that nobody answers ends with the command.
func TestWaitForEndsWithItsContext(t *testing.T) {
	t.Parallel()
	source, sink := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	abandoned := false
	_, err := waitFor(ctx, func() ([]byte, error) { return readLine(source) }, func() { abandoned = true })
	if !errors.Is(err, context.Canceled) || !abandoned {
		t.Errorf("waitFor = %v, abandoned %v; want %v, true", err, abandoned, context.Canceled)
	}
	if err := sink.Close(); err != nil { // lets the reader go
		t.Fatal(err)
	}
}

// An interruption before the first change leaves nothing to resume, and nothing
// behind.
func TestInterruptedBeforeTheFirstChange(t *testing.T) {
	t.Parallel()
	simulator, server := simulated(t)
	ctx, cancel := context.WithCancel(t.Context())
	simulator.Fault = func(*http.Request) cupitest.Fault {
		cancel()
		return cupitest.NoFault
	}
	folder := filepath.Join(t.TempDir(), "run")
	p := newProcess(append([]string{"run", fileWith(t, leavers), "--operation", "delete", "--max-deletes", "2", "--out", folder}, server...)...)
	p.settings["CUCBULK_PASSWORD"] = "correct-horse"
	if got, want := Main(ctx, p.environment), record.ExitInterrupted; got != want {
		t.Errorf("exit code %d, want %d", got, want)
	}
	shows(t, p.stderr, "before anything was changed")
	if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Stat of the run folder = %v, want %v", err, fs.ErrNotExist)
	}
	if simulator.UserByAlias("user00001") == nil {
		t.Error("a user was deleted")
	}
}

// A pipe that never ends can't keep the command from ending.
func TestInterruptedWhileTheInputIsRead(t *testing.T) {
	t.Parallel()
	source, sink := io.Pipe()
	defer sink.Close()
	ctx, cancel := context.WithCancel(t.Context())
	p := newProcess("validate", "-")
	p.environment.Stdin = source
	exit := make(chan int, 1)
	go func() { exit <- Main(ctx, p.environment) }()
	if _, err := sink.Write([]byte("Alias\n")); err != nil { // returns when the command reads
		t.Fatal(err)
	}
	cancel()
	if got, want := <-exit, record.ExitInterrupted; got != want {
		t.Errorf("exit code %d, want %d\n%s", got, want, p.stderr)
	}
	shows(t, p.stderr, "nothing was changed")
}
