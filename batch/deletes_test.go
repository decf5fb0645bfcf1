package batch_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/journal"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

// A run is killed at any of its deletes, others delete who is left and make new people of
// the same aliases, and it is resumed, and killed again, and resumed: it deletes only whom
// it was about.
func TestADeleteInDoubtIsOfOnePerson(t *testing.T) {
	t.Parallel()
	for _, fault := range []cupitest.Fault{cupitest.CutAfterCommit, cupitest.Forbidden} {
		for change := 1; change <= 2; change++ {
			for _, twice := range []bool{false, true} {
				t.Run(fmt.Sprint(fault, " ", change, " ", twice), func(t *testing.T) {
					t.Parallel()
					simulator := &cupitest.Server{}
					simulator.AddUsers(3)
					s := newSite(t, simulator)
					o := s.other()
					const file = "Operation,Alias\ndelete,user00001\ndelete,user00002\n"
					history := s.killedAt(change, "run", file, options(""), fault)
					doubted := fmt.Sprintf("user%05d", change)
					if user := simulator.UserByAlias(doubted); user != nil {
						o.do(cupi.DeleteUser(user["ObjectId"]))
					}
					o.do(cupi.CreateUser("voicemailusertemplate", "", cupi.Object{"Alias": doubted, "DtmfAccessId": "4711"}))
					if twice { // the first resume learned that it was not done, and died
						s.answers(history, change, record.Answer{})
						history = s.history(history.Folder)
					}
					_, history = s.resume(t.Context(), history, options(""))
					if simulator.UserByAlias(doubted) == nil {
						t.Errorf("somebody else's %s was deleted: %s: %s", doubted, statuses(t, history), messages(t, history))
					}
					if got := results(t, history)[change-1]; got.Status != record.Deleted && got.Code != "already-absent" {
						t.Errorf("row %d: %+v", change, got)
					}
				})
			}
		}
	}
}

// TestAResumeTouchesNobodyWhoWasMadeSince lets somebody make new people, an hour after a run
// was killed, of the aliases of rows that it had not begun.
func TestAResumeTouchesNobodyWhoWasMadeSince(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"delete": "Operation,Alias,Title\ndelete,user00001,\ndelete,user00002,\ndelete,user00003,\n",
		"update": "Operation,Alias,Title\nupdate,user00001,Boss\nupdate,user00002,Boss\nupdate,user00003,Boss\n",
		"upsert": "Operation,Alias,Title\nupdate,user00001,Boss\nupsert,user00002,Boss\nupsert,user00003,Boss\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(3)
			s := newSite(t, simulator)
			o := s.other()
			history := s.killedAt(1, "run", file, options(""), cupitest.Forbidden)
			for _, alias := range []string{"user00002", "user00003"} {
				if user := simulator.UserByAlias(alias); user != nil {
					o.do(cupi.DeleteUser(user["ObjectId"]))
				}
			}
			simulator.SetClock(time.Hour)
			o.do(cupi.CreateUser("voicemailusertemplate", "", cupi.Object{"Alias": "user00002", "DtmfAccessId": "4711"}))
			_, history = s.resume(t.Context(), history, options(""))
			if user := simulator.UserByAlias("user00002"); user == nil || user["Title"] != "" {
				t.Errorf("somebody else's user00002 is %v: %s", user, messages(t, history))
			}
			if got := results(t, history)[1]; got.Status != record.Invalid || got.Code != "made-since" {
				t.Errorf("row 2: %+v", got)
			}
		})
	}
}

// A run is killed as it makes the user of an upsert, and learns that this was not done. Meanwhile
// somebody has given another user that alias: the row was to make a user, and that one is none of
// its own.
func TestARowThatWasToMakeAUserChangesNoOther(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(s *site, o *other){
		"renamed": func(s *site, o *other) {
			o.do(cupi.UpdateUser(s.simulator.UserByAlias("user00001")["ObjectId"], cupi.Object{"Alias": "jdoe"}))
		},
		"made": func(s *site, o *other) {
			o.do(cupi.CreateUser("voicemailusertemplate", "", cupi.Object{"Alias": "jdoe", "DtmfAccessId": "4711"}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(1)
			s := newSite(t, simulator)
			o := s.other()
			const file = "Operation,Alias,Extension,Title\nupsert,jdoe,4001,Boss\nupdate,jdoe,,Chief\n"
			history := s.killedAt(1, "run", file, options(""), cupitest.Forbidden)
			s.answers(history, 1, record.Answer{})
			meanwhile(s, o)
			_, history = s.resume(t.Context(), s.history(history.Folder), options(""))
			if user := simulator.UserByAlias("jdoe"); user["Title"] != "" {
				t.Errorf("somebody else's jdoe is %q: %s", user["Title"], messages(t, history))
			}
			for _, got := range results(t, history) {
				if got.Status != record.Invalid || got.Code != "other-user" {
					t.Errorf("row %d: %+v", got.Row, got)
				}
			}
		})
	}
}

// answers adds an answer to the last intent of a row to a journal.
func (s *site) answers(history *record.History, row int, answer record.Answer) {
	s.t.Helper()
	changes := history.Rows[row].Changes
	last := changes[len(changes)-1]
	answer.Number, answer.Row, answer.Step, answer.Attempt = int(last.Number), row, last.Step, int(last.Attempt)
	writer, err := journal.Continue(filepath.Join(history.Folder, record.JournalFile), journal.Options{Expect: &history.Tail, Synced: s.guard.Synced})
	if err == nil {
		err = writer.Append("answer", answer)
	}
	if err == nil {
		err = writer.Close()
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// A DELETE in doubt whose object is gone when the run is resumed: soon after, only the run
// can have done it; hours later somebody else can have, and a rollback brings nothing back
// unless it is told to.
func TestWhoDeletedIt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		file   string
		remove func(*other)
		done   string // of the row
		undone string // of the row of a rollback
	}{
		"a user":                 {"Operation,Alias\ndelete,user00001\n", func(o *other) { o.do(cupi.DeleteUser(o.id("user00001"))) }, "deleted", "recreated"},
		"an alternate extension": {"Operation,Alias,Extension_Alt1\nupdate,user00001,%null%\n", (*other).takeExtension, "updated", "restored"},
	} {
		for _, hours := range []time.Duration{0, 3} {
			t.Run(fmt.Sprint(name, " ", hours), func(t *testing.T) {
				t.Parallel()
				simulator := &cupitest.Server{}
				simulator.AddUsers(1)
				s := newSite(t, simulator)
				o := s.other()
				o.giveExtension("user00001", "1", "777001")
				before := withoutIDs(simulator.Snapshot())
				fault := cupitest.CutAfterCommit
				if hours > 0 {
					fault = cupitest.Forbidden // the request did not arrive
				}
				history := s.killedAt(1, "run", test.file, options(""), fault)
				if hours > 0 {
					simulator.SetClock(hours * time.Hour)
					test.remove(o)
				}
				gone := withoutIDs(simulator.Snapshot())
				summary, history := s.resume(t.Context(), history, options(""))
				if hours == 0 {
					if got := statuses(t, history); got != test.done {
						t.Errorf("soon: %s: %s", got, messages(t, history))
					}
				} else {
					if got := statuses(t, history); got != test.done+" gone-unproven" || summary.Exit != record.ExitDone {
						t.Errorf("late: exit %d, %s: %s", summary.Exit, got, messages(t, history))
					}
					if _, of := s.rollback(t.Context(), "careful", history, record.UndoOptions{}); statuses(t, of) != "kept gone-unproven" {
						t.Errorf("rollback: %s: %s", statuses(t, of), messages(t, of))
					}
					compareSnapshots(t, gone, withoutIDs(simulator.Snapshot()))
				}
				if _, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{Force: hours > 0}); statuses(t, of) != test.undone {
					t.Errorf("rollback: %s: %s", statuses(t, of), messages(t, of))
				}
				compareSnapshots(t, before, withoutIDs(simulator.Snapshot()))
			})
		}
	}
}

// A DELETE that may have been carried out is sent again, minutes later, and answered that the
// user is gone: somebody else can have deleted it meanwhile.
func TestWhoDeletedItBetweenTwoAttempts(t *testing.T) {
	t.Parallel()
	for want, passed := range map[string]time.Duration{"deleted": 0, "deleted gone-unproven": 10 * time.Minute} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				simulator := &cupitest.Server{}
				simulator.AddUsers(1)
				id := simulator.UserByAlias("user00001")["ObjectId"]
				var server send.Server
				var first time.Time // when the run's own request came
				removed := false
				simulator.Fault = func(r *http.Request) cupitest.Fault {
					switch {
					case first.IsZero() && r.Method == http.MethodDelete:
						first = time.Now()
						return cupitest.Busy
					case !first.IsZero() && time.Since(first) < passed:
						return cupitest.Busy
					case removed || r.Method != http.MethodDelete:
						return cupitest.NoFault
					}
					removed = true
					if _, err := server.Client.Do(t.Context(), cupi.DeleteUser(id)); err != nil {
						t.Error(err)
					}
					return cupitest.NoFault
				}
				var end func()
				server, end = inBubble(t, newMemoryNet(), simulator, 2)
				defer end()
				server.Workers = 1
				options := options("")
				options.DoubtWindow, options.MaxOutage = 80*time.Second, time.Hour
				p := preflightFile(t, server, folder, "Operation,Alias\ndelete,user00001\n", options)
				if _, err := p.Run(t.Context(), batch.Recorder{Folder: folder, Tool: "test"}); err != nil {
					t.Fatal(err)
				}
				history, err := record.ReadHistory(folder)
				if err != nil {
					t.Fatal(err)
				}
				if got := statuses(t, history); got != want {
					t.Errorf("%s, want %s: %s", got, want, messages(t, history))
				}
			})
		})
	}
}
