package batch_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
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

// An answer is lost, and a user of that alias is there who shows all that was sent. One
// thing says that it is somebody else's: it was made before this run and got the alias
// since, or it belongs to another location. It is not adopted, and a rollback leaves it.
func TestAUserThatShowsAllIsNotAdopted(t *testing.T) {
	t.Parallel()
	for name, another := range map[string]struct{ alias, location string }{
		"made before this run": {alias: "before", location: simulatorLocation},
		"of another location":  {alias: "person00000", location: "7d7c1d3e-0f43-4c8c-8f59-0d2b3b1c9a11"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder, undoFolder := t.TempDir(), t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				simulator := &cupitest.Server{}
				theirs := map[string]string{"Alias": another.alias, "DtmfAccessId": "39999", "FirstName": "Per", "LastName": "Son 0", "DisplayName": "Person 0"}
				id := ""
				makeTheirs := func() {
					var err error
					if id, err = simulator.AddUser(theirs); err != nil {
						t.Error(err)
					}
				}
				if another.alias == "before" {
					makeTheirs()
				}
				time.Sleep(time.Hour)
				lost := false
				front := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.Method != http.MethodPost || lost {
						located := rewriting(simulator, func(r *http.Request, body []byte) []byte {
							if id == "" || !strings.HasSuffix(r.URL.Path, "/"+id) {
								return body
							}
							return bytes.ReplaceAll(body, []byte(simulatorLocation), []byte(another.location))
						})
						located.ServeHTTP(w, r)
						return
					}
					lost = true
					if id == "" {
						makeTheirs()
					}
					rename := httptest.NewRequest(http.MethodPut, "/vmrest/users/"+id, strings.NewReader(`{"Alias":"person00000","DtmfAccessId":"30000"}`))
					rename.Header.Set("Content-Type", "application/json")
					rename.SetBasicAuth("another", "administrator")
					answer := httptest.NewRecorder()
					if simulator.ServeHTTP(answer, rename); answer.Code != http.StatusNoContent {
						t.Errorf("the rename was answered %d %s", answer.Code, answer.Body)
					}
					panic(http.ErrAbortHandler)
				})
				server, end := inBubbleBehind(t, front, newMemoryNet(), simulator, 1)
				defer end()
				options := options(validate.Create)
				options.DoubtWindow = 80 * time.Second
				p := preflightFile(t, server, folder, creates(1), options)
				if _, err := p.Run(t.Context(), batch.Recorder{Folder: folder, Tool: "test"}); err != nil {
					t.Fatal(err)
				}
				history, err := record.ReadHistory(folder)
				if err != nil {
					t.Fatal(err)
				}
				if got := statuses(t, history); got != "uncertain exists-unproven" {
					t.Errorf("%s, want uncertain exists-unproven: %s", got, messages(t, history))
				}
				undo, err := record.PlanUndo(history, record.UndoOptions{Patience: record.Patience{DoubtWindow: time.Minute, MaxOutage: time.Minute}})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := rollback.Run(t.Context(), undo, server, batch.Recorder{Folder: undoFolder, Tool: "test"}, nil); err != nil {
					t.Fatal(err)
				}
				if simulator.User(id) == nil {
					t.Error("the rollback deleted somebody else's user")
				}
			})
		})
	}
}

// What an earlier start did for a user that it made is not sent again, wherever it died.
func TestAResumeSendsNothingAgain(t *testing.T) {
	t.Parallel()
	const columns = "Operation,Alias,DtmfAccessId,PIN,Password,Extension_Alt1,ScheduleSetName,PhoneNumber_HomePhone,Active_HomePhone,PrivateList2\n"
	const row = ",fresh,4711,739164,Tr0ub4dor&3x,4799,Weekdays,5551,true,Friends\n"
	s := newSite(t, &cupitest.Server{})
	s.run(t.Context(), "whole", columns+"create"+row, options(""), 1)
	whole := sent(s.simulator)
	if whole < 7 {
		t.Fatalf("the row took %d changes, want several", whole)
	}
	for change := 0; change <= whole; change++ {
		text, change := columns+"create"+row, change
		if change == 0 { // an upsert that has made its user is a create still
			text, change = columns+"upsert"+row, 3
		}
		s := newSite(t, &cupitest.Server{})
		history := s.killedAt(change, "run", text, options(""), cupitest.Reset)
		before := sent(s.simulator)
		in, err := history.SourceInput()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := batch.Resume(t.Context(), s.server(1), history, in, options(""), s.recorderIn(history.Folder)); err != nil {
			t.Fatal(err)
		}
		if got := statuses(t, s.history(history.Folder)); got != "created" {
			t.Errorf("died at change %d: %s", change, messages(t, s.history(history.Folder)))
		}
		if got, want := sent(s.simulator)-before, whole-change+1; got != want {
			t.Errorf("died at change %d of %d: the resume sent %d changes, want %d", change, whole, got, want)
		}
	}
}

// A request that never left costs its row no attempt, however often it is tried: the run
// waits until the server can be reached.
func TestARequestThatNeverLeftCostsNoAttempt(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		memory := newMemoryNet()
		server, end := inBubble(t, memory, &cupitest.Server{}, 1)
		defer end()
		p := preflightFile(t, server, folder, creates(1), options(validate.Create))
		memory.cut(true)
		time.AfterFunc(50*time.Second, func() { memory.cut(false) })
		if _, err := p.Run(t.Context(), batch.Recorder{Folder: folder, Tool: "test"}); err != nil {
			t.Fatal(err)
		}
		history, err := record.ReadHistory(folder)
		if err != nil {
			t.Fatal(err)
		}
		if r := results(t, history)[0]; r.Status != record.Created || r.Attempts != 1 {
			t.Errorf("%s %s after %d attempts, want created after 1: %s", r.Status, r.Code, r.Attempts, r.Message)
		}
	})
}

// The first Ctrl-C lets what is in flight end. When that ends with what stops any run, the
// run could not go on, and that is what its exit code says.
func TestAnErrorOutranksAnInterruption(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		ctx, interrupt := context.WithCancel(t.Context())
		defer interrupt()
		simulator := &cupitest.Server{Fault: func(r *http.Request) cupitest.Fault {
			if r.Method == http.MethodGet {
				return cupitest.NoFault
			}
			interrupt()
			time.Sleep(time.Second) // so that the interruption is seen first
			return cupitest.Redirect
		}}
		server, end := inBubble(t, newMemoryNet(), simulator, 1)
		defer end()
		p := preflightFile(t, server, folder, creates(3), options(validate.Create))
		summary, err := p.Run(ctx, batch.Recorder{Folder: folder, Tool: "test"})
		if err != nil {
			t.Fatal(err)
		}
		if summary.Exit != record.ExitFailed {
			t.Errorf("exit %d, want %d: %v", summary.Exit, record.ExitFailed, summary.Stop)
		}
	})
}

// Users who are not in the listing because it moved while it was read are asked for by
// name: they are there.
func TestAListingThatMovesIsNotWhole(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		simulator := &cupitest.Server{}
		simulator.AddUsers(250)
		s := newSite(t, simulator)
		s.wire = wire
		moved := ""
		front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet && r.URL.Path == "/vmrest/users" && r.URL.Query().Get("pageNumber") == "2" && moved == "" {
				// Somebody deletes one of the first page, and so the first of the second moves there.
				moved = simulator.UserByAlias("user00099")["Alias"]
				s.guard.Exempt(http.MethodDelete, "/vmrest/users/"+simulator.UserByAlias("user00001")["ObjectId"])
				gone := httptest.NewRequest(http.MethodDelete, "/vmrest/users/"+simulator.UserByAlias("user00001")["ObjectId"], nil)
				gone.SetBasicAuth("another", "administrator")
				simulator.ServeHTTP(httptest.NewRecorder(), gone)
			}
			simulator.ServeHTTP(w, r)
		}))
		defer front.Close()
		s.url = front.URL
		var text strings.Builder
		text.WriteString("Alias,DisplayName\n")
		for _, alias := range simulator.Aliases()[90:110] {
			text.WriteString(alias + ",Changed\n")
		}
		summary, history := s.run(t.Context(), "run", text.String(), options(validate.Update), 1)
		if moved == "" || summary.Counts[record.Updated] != 20 {
			t.Errorf("counts %v, want all 20 updated: %s", summary.Counts, messages(t, history))
		}
	})
}

// A listing that does not tell a partition: the extension that one row frees may be the
// one that another takes, and so the rows go in that order.
func TestAPartitionThatIsNotToldMayBeTheSame(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(2)
	s := newSite(t, simulator)
	extension := simulator.UserByAlias("user00001")["DtmfAccessId"]
	front := httptest.NewServer(rewriting(simulator, func(r *http.Request, body []byte) []byte {
		if r.URL.Path != "/vmrest/users" {
			return body
		}
		return bytes.ReplaceAll(body, []byte(`"PartitionObjectId"`), []byte(`"Untold"`))
	}))
	defer front.Close()
	s.url = front.URL
	_, history := s.run(t.Context(), "run", "Operation,Alias,DtmfAccessId\ncreate,fresh,"+extension+"\ndelete,user00001,\n", options(""), 1)
	if got := statuses(t, history); got != "created, deleted" {
		t.Errorf("%s, want created, deleted: %s", got, messages(t, history))
	}
}
