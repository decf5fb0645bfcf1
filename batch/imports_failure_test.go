package batch_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// A lost answer of an import is settled as that of a create: whatever struck, one
// user is there, and it is this run's.
func TestImportsWhoseAnswersAreLost(t *testing.T) {
	for _, fault := range []cupitest.Fault{cupitest.Busy, cupitest.Unauthorized, cupitest.Reset, cupitest.Error, cupitest.CutAfterCommit,
		cupitest.ErrorAfterCommit, cupitest.Gateway, cupitest.Truncated, cupitest.LateCommit, cupitest.HTML} {
		t.Run(string(fault), func(t *testing.T) {
			inBothWires(t, func(t *testing.T, wire cupi.Wire) {
				s, _ := withDirectory(t, wire)
				before := s.simulator.Snapshot()
				s.simulator.Fault = once(fault, "POST", importPath)
				options := options(validate.ImportLDAP)
				options.DoubtWindow = 200 * time.Millisecond
				_, history := s.run(t.Context(), "run", "Alias,DtmfAccessId,City\nsdavis,5001,Oslo\n", options, 1)
				if got := statuses(t, history); got != "created imported" {
					t.Fatalf("%s: %s", got, messages(t, history))
				}
				if user := s.simulator.UserByAlias("sdavis"); user["City"] != "Oslo" || user["LdapType"] != "3" {
					t.Errorf("the server has %v", user)
				}
				s.unlost(history)
				if _, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{}); statuses(t, of) != "deleted" {
					t.Errorf("rollback: %s: %s", statuses(t, of), messages(t, of))
				}
				compareSnapshots(t, before, s.simulator.Snapshot())
			})
		})
	}
}

// A user with the same alias and fields whom somebody made in the meantime is not
// taken for an import of this run's, if it did not come from the directory.
func TestAStrangerIsNoImport(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		s, _ := withDirectory(t, wire)
		s.simulator.Fault = func(r *http.Request) cupitest.Fault {
			if r.Method != "POST" || r.URL.Path != importPath {
				return cupitest.NoFault
			}
			if s.simulator.UserByAlias("sdavis") == nil {
				if _, err := s.simulator.AddUser(map[string]string{"Alias": "sdavis", "FirstName": "Sonya", "LastName": "Davis", "DtmfAccessId": "5001"}); err != nil {
					t.Error(err)
				}
			}
			return cupitest.Reset
		}
		_, history := s.run(t.Context(), "run", "Alias,DtmfAccessId\nsdavis,5001\n", options(validate.ImportLDAP), 1)
		if got := statuses(t, history); got != "uncertain exists-unproven" || !strings.Contains(messages(t, history), "did not come from the LDAP directory") {
			t.Errorf("%s: %s", got, messages(t, history))
		}
		s.simulator.Fault = nil
		s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		if s.simulator.UserByAlias("sdavis") == nil {
			t.Error("a rollback deleted somebody else's user")
		}
	})
}

// A run that is killed at any of its changes goes on with an import, whether the
// change was made or not, by alias and by pkid.
func TestImportsAreResumed(t *testing.T) {
	for _, fault := range []cupitest.Fault{cupitest.CutAfterCommit, cupitest.Reset} {
		for change := 1; change <= 3; change++ {
			t.Run(fmt.Sprint(fault, change), func(t *testing.T) {
				inBothWires(t, func(t *testing.T, wire cupi.Wire) {
					for _, key := range []string{"Alias", "pkid"} {
						s, pkids := withDirectory(t, wire)
						before := s.simulator.Snapshot()
						value := map[string]string{"Alias": "sdavis", "pkid": pkids["sdavis"]}[key]
						file := key + ",DtmfAccessId,City,PIN\n" + value + ",5001,Oslo,947251\n"
						history := s.killedAt(change, "run", file, options(validate.ImportLDAP), fault)
						in, err := history.SourceInput()
						if err != nil {
							t.Fatal(err)
						}
						if _, err := batch.Resume(t.Context(), s.server(1), history, in, options(validate.ImportLDAP), s.recorderIn(history.Folder)); err != nil {
							t.Fatal(err)
						}
						resumed := s.history(history.Folder)
						if got := only(t, resumed); got.Status != record.Created || got.Code != "imported" || got.Alias != "sdavis" || got.Operation != validate.ImportLDAP {
							t.Errorf("by %s: %+v", key, got)
						}
						user := s.simulator.UserByAlias("sdavis")
						if user["City"] != "Oslo" || s.simulator.Credentials(user["ObjectId"], "pin") != "947251" {
							t.Errorf("by %s: the server has %v", key, user)
						}
						s.unlost(resumed)
						if _, of := s.rollback(t.Context(), "undo", resumed, record.UndoOptions{}); statuses(t, of) != "deleted" {
							t.Errorf("rollback: %s: %s", statuses(t, of), messages(t, of))
						}
						compareSnapshots(t, before, s.simulator.Snapshot())
					}
				})
			})
		}
	}
}

// A partial import is completed by its line of rejects.csv, though the directory does
// not list the person any more.
func TestPartialImportsAreCompleted(t *testing.T) {
	for refused, failed := range map[string]string{"/credential/pin": "pin", "/users/": "userfields"} {
		test := func(t *testing.T, wire cupi.Wire) {
			for _, key := range []string{"Alias", "pkid"} {
				s, pkids := withDirectory(t, wire)
				value := map[string]string{"Alias": "sdavis", "pkid": pkids["sdavis"]}[key]
				s.simulator.Fault = func(r *http.Request) cupitest.Fault {
					if r.Method == "PUT" && strings.Contains(r.URL.Path, refused) && strings.Contains(r.URL.Path, "/credential/") == (failed == "pin") {
						return cupitest.Forbidden
					}
					return cupitest.NoFault
				}
				_, first := s.run(t.Context(), "first", key+",DtmfAccessId,City,PIN\n"+value+",5001,Oslo,947251\n", options(validate.ImportLDAP), 1)
				if got := only(t, first); got.Status != record.Partial || strings.Join(got.StepsFailed, " ") != failed {
					t.Fatalf("%+v", got)
				}
				s.simulator.Fault = nil
				rejects := s.rejects(first)
				again := options(validate.ImportLDAP)
				again.Continues = first.Folder
				_, second := s.run(t.Context(), "second", rejects, again, 1)
				user := s.simulator.UserByAlias("sdavis")
				if got := only(t, second); got.Status != record.Created || user["City"] != "Oslo" || s.simulator.Credentials(user["ObjectId"], "pin") != "947251" {
					t.Errorf("by %s: %+v; the server has City %q", key, got, user["City"])
				}
				if posts := s.simulator.Requests()["POST "+importPath]; posts != 1 {
					t.Errorf("%d imports, want 1", posts)
				}
			}
		}
		t.Run(failed, func(t *testing.T) { inBothWires(t, test) })
	}
}

// A user that an earlier row was to delete, and did not, is told from one to import
// when the row's turn comes.
func TestImportsAfterADeleteThatFailed(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		s, _ := withDirectory(t, wire)
		s.run(t.Context(), "before", "Alias,DtmfAccessId\nsdavis,5001\n", options(validate.ImportLDAP), 1)
		s.simulator.Fault = func(r *http.Request) cupitest.Fault {
			if r.Method == "DELETE" {
				return cupitest.Forbidden
			}
			return cupitest.NoFault
		}
		_, history := s.run(t.Context(), "run", "Operation,Alias,DtmfAccessId\ndelete,sdavis,\nimport-ldap,sdavis,5002\ndelete,user00001,\nimport-ldap,user00001,5006\n", options(""), 1)
		if got, want := statuses(t, history), "failed forbidden, unchanged already-imported, failed forbidden, failed not-from-directory"; got != want {
			t.Errorf("got  %s\nwant %s\n%s", got, want, messages(t, history))
		}
	})
}

// A person whom another administrator imports with another extension, while the answer
// of this run's import is lost, is not taken for this run's.
func TestAnImportOfAnotherIsNotAdopted(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		s, _ := withDirectory(t, wire)
		o := s.other()
		var once sync.Once
		s.simulator.Fault = func(r *http.Request) cupitest.Fault {
			if r.Method != "POST" || r.URL.Path != importPath || strings.Contains(r.URL.RawQuery, "executivetemplate") {
				return cupitest.NoFault
			}
			once.Do(func() {
				person := o.do(cupi.ListDirectoryUsers(cupi.Query{Column: "alias", Op: cupi.Is, Value: "sdavis"}, 0, 1)).Page.Items[0]
				o.do(cupi.ImportUser("executivetemplate", person, "6001"))
			})
			return cupitest.Reset
		}
		_, history := s.run(t.Context(), "run", "Alias,DtmfAccessId\nsdavis,5001\n", options(validate.ImportLDAP), 1)
		if got := statuses(t, history); got != "uncertain exists-unproven" {
			t.Errorf("%s: %s", got, messages(t, history))
		}
		s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		if user := s.simulator.UserByAlias("sdavis"); user["DtmfAccessId"] != "6001" {
			t.Errorf("the server has %v", user)
		}
	})
}
