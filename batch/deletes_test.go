package batch_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/journal"
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
						s.answers(history, change, batch.Answer{})
						history = s.history(history.Folder)
					}
					_, history = s.resume(t.Context(), history, options(""))
					if simulator.UserByAlias(doubted) == nil {
						t.Errorf("somebody else's %s was deleted: %s: %s", doubted, statuses(t, history), messages(t, history))
					}
					if got := results(t, history)[change-1]; got.Status != batch.Deleted && got.Code != "already-absent" {
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
			if got := results(t, history)[1]; got.Status != batch.Invalid || got.Code != "made-since" {
				t.Errorf("row 2: %+v", got)
			}
		})
	}
}

// answers adds an answer to the last intent of a row to a journal.
func (s *site) answers(history *batch.History, row int, answer batch.Answer) {
	s.t.Helper()
	changes := history.Rows[row].Changes
	last := changes[len(changes)-1]
	answer.Number, answer.Row, answer.Step, answer.Attempt = last.Number, row, last.Step, last.Attempt
	writer, err := journal.Continue(filepath.Join(history.Folder, batch.JournalFile), journal.Options{Expect: &history.Tail, Synced: s.guard.Synced})
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
