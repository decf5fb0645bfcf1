package batch_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// Whose what is that a look finds: proven by the server's clock, or uncertain.

// stranger makes the user of a row of [creates], past every run.
func stranger(t *testing.T, simulator *cupitest.Server, i int) {
	t.Helper()
	_, err := simulator.AddUser(map[string]string{"Alias": fmt.Sprintf("person%05d", i), "DtmfAccessId": fmt.Sprint(30000 + i),
		"FirstName": "Per", "LastName": fmt.Sprint("Son ", i), "DisplayName": fmt.Sprint("Person ", i)})
	if err != nil {
		t.Error(err)
	}
}

// A run is killed while its requests are on their way, and the server got none of them, or
// all. Hours later somebody makes those users, and then the run is resumed: it adopts only
// what was made while its own requests were on their way.
func TestUsersThatAreMadeAfterAKill(t *testing.T) {
	t.Parallel()
	const rows = 16
	for _, test := range []struct {
		name      string
		arrived   bool                   // the server has made the users
		after     time.Duration          // the kill, somebody makes them
		meanwhile func(*cupitest.Server) // before that
		want      record.Status
	}{
		{"three hours", false, 3 * time.Hour, nil, record.Uncertain},
		{"a little more than the doubt window", false, 90 * time.Second, nil, record.Uncertain},
		{"within the doubt window", false, time.Minute, nil, record.Created}, // nobody can tell them apart
		{"they were made in time", true, 3 * time.Hour, nil, record.Created},
		{"the server's clock was set back meanwhile", false, 3 * time.Hour, func(s *cupitest.Server) { s.SetClock(-3 * time.Hour) }, record.Uncertain},
		{"the server's clock was set forth meanwhile", false, time.Second, func(s *cupitest.Server) { s.SetClock(3 * time.Hour) }, record.Uncertain},
		{"they were made in time, and the clock was set since", true, 0, func(s *cupitest.Server) { s.SetClock(time.Hour) }, record.Uncertain},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder, undoing := t.TempDir(), t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				options := options(validate.Create)
				options.DoubtWindow = 80 * time.Second
				server, simulator, history, in := killedBeforeAnswers(t, folder, creates(rows), rows, options)
				if test.arrived {
					for i := range rows {
						stranger(t, simulator, i)
					}
				}
				time.Sleep(test.after)
				if test.meanwhile != nil {
					test.meanwhile(simulator)
				}
				if !test.arrived {
					for i := range rows {
						stranger(t, simulator, i)
					}
				}
				users := len(byAlias(simulator.Snapshot()))
				summary, err := batch.Resume(t.Context(), server, history, in, options, batch.Recorder{Folder: folder, Tool: "test"})
				if err != nil || summary.Counts[test.want] != rows {
					t.Fatalf("counts %v, error %v; want %d %s", summary.Counts, err, rows, test.want)
				}
				if history, err = record.ReadHistory(folder); err != nil {
					t.Fatal(err)
				}
				if said := messages(t, history); strings.Contains(said, "answer was lost") {
					t.Errorf("an answer is said to be lost that was not waited for: %s", said)
				}
				undo, err := record.PlanUndo(history, record.UndoOptions{Patience: record.Patience{DoubtWindow: time.Second, MaxOutage: time.Second}})
				if err != nil {
					t.Fatal(err)
				}
				for line, err := range undo.Lines() {
					if err != nil || test.want == record.Uncertain && (line.Reversible != record.NotReversible || !strings.Contains(line.Note, "left alone")) {
						t.Errorf("rollback.csv says %+v, error %v", line, err)
					}
				}
				server.Workers = 1 // a lock that is held over a request stops the bubble's clock
				if _, err := rollback.Run(t.Context(), undo, server, batch.Recorder{Folder: undoing, Tool: "test"}, nil); err != nil {
					t.Fatal(err)
				}
				left := map[record.Status]int{record.Uncertain: users, record.Created: users - rows}[test.want]
				if got := len(byAlias(simulator.Snapshot())); got != left {
					t.Errorf("after the rollback the server has %d users, want %d", got, left)
				}
			})
		})
	}
}

// Somebody makes a user between the pre-flight and the row's own request, which is lost: it
// was not there before the run, and is not the row's.
func TestAUserThatWasMadeBeforeTheRequest(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		simulator := &cupitest.Server{}
		simulator.Fault = func(r *http.Request) cupitest.Fault {
			if r.Method != http.MethodPost {
				return cupitest.NoFault
			}
			return cupitest.Reset
		}
		server, end := inBubble(t, newMemoryNet(), simulator, 1)
		defer end()
		options := options(validate.Create)
		p := preflightFile(t, server, folder, creates(1), options)
		stranger(t, simulator, 0)
		time.Sleep(time.Minute)
		answer, err := server.Client.Do(t.Context(), cupi.GetVersion())
		if err != nil || answer.Date.IsZero() {
			t.Fatal(answer, err)
		}
		summary, err := p.Run(t.Context(), batch.Recorder{Folder: folder, Tool: "test"})
		if err != nil || summary.Counts[record.Uncertain] != 1 {
			t.Errorf("counts %v, error %v", summary.Counts, err)
		}
	})
}

// The help desk adds, changes or sets what the killed run was about to send, hours later:
// it is nobody's but theirs.
func TestPartsThatOthersMadeAfterAKill(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, columns, cells string
		meanwhile            func(*other)
	}{
		{"an alternate extension", "Extension_Alt1", "777001", func(o *other) { o.giveExtension("user00001", "1", "777001") }},
		{"an address", "SmtpProxyAddresses", "a@x.org", func(o *other) { o.giveAddress("user00001", "a@x.org") }},
		{"a list", "DistributionLists", "undeliverablemessages", func(o *other) {
			for _, list := range o.do(cupi.List(cupi.DistributionLists, cupi.Query{}, 0, 0)).Page.Items {
				if list["Alias"] == "undeliverablemessages" {
					o.join("user00001", list["ObjectId"])
				}
			}
		}},
		{"a private list", "PrivateList2", "Friends", func(o *other) {
			o.do(cupi.Create(cupi.PrivateListsOf(o.id("user00001")), cupi.Object{"NumericId": "2", "DisplayName": "Friends"}))
		}},
		{"a field", "City", "Oslo", func(o *other) { o.set("user00001", "City", "Oslo") }},
		{"a PIN", "PIN", "947251", func(o *other) {
			o.do(cupi.Request{Method: "PUT", Path: cupi.Get(cupi.CredentialsOf(o.id("user00001")), "pin").Path, Root: "Credential", Fields: cupi.Object{"Credentials": "836142"}})
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, hours := range []time.Duration{3, 0} {
				simulator := &cupitest.Server{}
				simulator.AddUsers(3)
				s := newSite(t, simulator)
				history := s.killedAt(1, fmt.Sprint("run", hours), "Operation,Alias,"+test.columns+"\nupdate,user00001,"+test.cells+"\n", options(""), cupitest.Forbidden)
				simulator.SetClock(hours * time.Hour)
				test.meanwhile(s.other())
				there := simulator.Snapshot()
				in, err := history.SourceInput()
				if err != nil {
					t.Fatal(err)
				}
				if _, err := batch.Resume(t.Context(), s.server(1), history, in, options(""), s.recorderIn(history.Folder)); err != nil {
					t.Fatal(err)
				}
				resumed := s.history(history.Folder)
				if hours == 0 { // nobody can tell who did it
					if got := statuses(t, resumed); got != "updated" {
						t.Errorf("within the doubt window: %s: %s", got, messages(t, resumed))
					}
					continue
				}
				if got := statuses(t, resumed); got != "uncertain exists-unproven" {
					t.Errorf("%s: %s", got, messages(t, resumed))
				}
				compareSnapshots(t, there, simulator.Snapshot())
				if _, of := s.rollback(t.Context(), "undo", resumed, record.UndoOptions{}); statuses(t, of) != "uncertain exists-unproven" {
					t.Errorf("rollback: %s: %s", statuses(t, of), messages(t, of))
				}
				compareSnapshots(t, there, simulator.Snapshot())
			}
		})
	}
}
