package windows

import (
	"strings"
	"testing"

	"cucbulk/internal/interrupt"
)

func run(out string) []string {
	return []string{"run", "users.csv", "--operation", "create", "--template", "voicemailusertemplate", "--out", out, "--canary", "0", "--progress", "plain"}
}

// The demo does the main job, and proves at its end that the server is as before.
func TestDemo(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it takes most of a minute under Wine")
	}
	s := newSite(t)
	s.shows(s.exits(0, "demo", "--progress", "none"), "357 created, 95 updated, 23 deleted, 20 unchanged, 6 invalid.", "All 205 users and their call handlers are as before, field by field.")
}

// Of two runs that start at once on one server, one works and the other says which.
func TestTwoStartsAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.write("users.csv", creates(5))
	_, letGo := s.holdAt(1)
	one, other := s.start(run("one")...), s.start(run("other")...)
	select {
	case <-one.ended:
		one, other = other, one
	case <-other.ended:
	}
	s.shows(other.exits(1), "another run is at work on this server", "signed in as admin")
	letGo()
	one.exits(0)
	s.made(5)
	s.write("users.csv", "Alias,DtmfAccessId\nlater,4900\n")
	s.exits(0, run("later")...) // the lock went with its process
}

// A run that is killed, with a change in flight, is gone on with, and taken back; so is a
// rollback that is killed.
func TestKilledResumedRolledBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	before := s.state()
	s.write("users.csv", creates(30))
	there, letGo := s.holdAt(17)
	killed := s.start(run("killed")...)
	killed.until(there, "a change in flight")
	killed.kill()
	letGo() // the server carries it out all the same
	resumed := s.exits(0, "resume", "killed", "--doubt-window", "300ms", "--progress", "plain")
	s.shows(resumed, "30 rows: 30 created")
	for _, notice := range []string{"cucbulk: waiting: ", "cucbulk: going on: "} {
		if n := strings.Count(resumed, notice); n > 1 {
			t.Errorf("it says %d times %q", n, notice)
		}
	}
	s.made(30)
	s.exits(0, "verify", "killed")
	s.exits(0, "report", "killed")

	there, letGo = s.holdAt(9)
	undo := s.start("rollback", "killed", "--yes", "--progress", "plain")
	undo.until(there, "a change in flight")
	undo.kill()
	letGo()
	s.shows(s.exits(0, "resume", "killed-rollback", "--doubt-window", "300ms"), "30 rows: 30 deleted")
	s.same(before)
}

// Ctrl-C at the console finishes what is in flight, a second one leaves at once, and either
// way resume goes on.
func TestCtrlC(t *testing.T) {
	t.Parallel()
	for _, twice := range []bool{false, true} {
		s := newSite(t)
		s.write("users.csv", creates(12))
		there, letGo := s.holdAt(5)
		p := s.start(run("run")...)
		p.until(there, "a change in flight")
		s.must(interrupt.Send(p.Process, nil))
		p.says("cucbulk: ending")
		if twice {
			s.must(interrupt.Send(p.Process, nil))
			p.until(p.ended, "its end")
		}
		letGo()
		printed := p.exits(6)
		if !twice {
			s.shows(printed, "cucbulk resume run")
		}
		s.shows(s.exits(0, "resume", "run", "--doubt-window", "300ms"), "12 rows: 12 created")
		s.made(12)
	}
}

// The simulator is a program for Windows too, and Ctrl-C ends it.
func TestSimulate(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	simulator := s.start("simulate", "--addr", "127.0.0.1:0", "--users", "5")
	const answers = "The simulator answers at "
	simulator.says(answers)
	_, address, _ := strings.Cut(simulator.printed.String(), answers)
	s.url, _, _ = strings.Cut(address, "\n")
	s.shows(s.exits(0, "export", "--columns", "Alias"), "user00001")
	s.must(interrupt.Send(simulator.Process, nil))
	simulator.exits(0)
}
