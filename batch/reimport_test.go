package batch_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// leaver is a server with one imported user, who has all that a rollback brings back,
// and the history of a run that deletes this user.
func leaver(t *testing.T, wire cupi.Wire) (s *site, o *other, before map[string]map[string]string, history *record.History) {
	t.Helper()
	s, _ = withDirectory(t, wire)
	o = s.other()
	s.run(t.Context(), "import", "Alias,DtmfAccessId,City,BillingId,PartitionName,ListInDirectory\nsdavis,5001,Oslo,7,Branch Partition,false\n", options(validate.ImportLDAP), 1)
	o.giveExtension("sdavis", "2", "777001")
	o.giveAddress("sdavis", "sonya@example.com")
	o.join("sdavis", contacts)
	before = byAlias(s.simulator.Snapshot())
	_, history = s.run(t.Context(), "run", "Alias\nsdavis\n", options(validate.Delete), 1)
	if s.simulator.UserByAlias("sdavis") != nil || !strings.Contains(s.importable(), "sdavis") {
		t.Fatal("the user did not leave")
	}
	return s, o, before, history
}

// A deleted user that came from the directory is imported again, with all that the
// import does not bring; a second rollback changes nothing.
func TestDirectoryUsersComeBackByImport(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		s, _, before, history := leaver(t, wire)
		undo, err := record.PlanUndo(history, record.UndoOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for line, err := range undo.Lines() {
			if err != nil || line.Operation != validate.ImportLDAP || line.Reversible != record.PartlyReversible || !strings.Contains(line.Note, "imported from the LDAP directory again") || line.Fields["City"] != "Oslo" || line.Fields["LastName"] != "" {
				t.Errorf("%v: %+v", err, line)
			}
		}
		summary, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		if got := statuses(t, of); got != "recreated" || summary.Exit != record.ExitDone {
			t.Fatalf("exit %d: %s: %s", summary.Exit, got, messages(t, of))
		}
		if posts := s.simulator.Requests()["POST /vmrest/users"]; posts != 0 {
			t.Errorf("%d users were created, and none imported", posts)
		}
		compareSnapshots(t, before, byAlias(s.simulator.Snapshot()))
		changes := sent(s.simulator)
		_, again := s.rollback(t.Context(), "again", history, record.UndoOptions{})
		if got := statuses(t, again); got != "recreated nothing-to-undo" || sent(s.simulator) != changes {
			t.Errorf("again: %d changes: %s: %s", sent(s.simulator)-changes, got, messages(t, again))
		}
	})
}

// Whom the directory does not list any more nobody makes a user of.
func TestDirectoryUsersWhomTheDirectoryForgotStayAway(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		s, _ := withDirectory(t, wire)
		file := "Operation,Alias\n"
		for i, ldapType := range []string{"1", "3", "4"} {
			if _, err := s.simulator.AddUser(map[string]string{"Alias": "ldap" + ldapType, "DtmfAccessId": fmt.Sprint(4711 + i), "LdapType": ldapType}); err != nil {
				t.Fatal(err)
			}
			file += "delete,ldap" + ldapType + "\n"
		}
		_, history := s.run(t.Context(), "run", file, options(""), 2)
		changes := sent(s.simulator)
		summary, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		if got := statuses(t, of); got != "failed not-in-directory, failed not-in-directory, failed not-in-directory" || summary.Exit != record.ExitIncomplete || sent(s.simulator) != changes {
			t.Errorf("exit %d: %s: %s", summary.Exit, got, messages(t, of))
		}
		if text := messages(t, of); !strings.Contains(text, `does not list "ldap3" any more`) {
			t.Error(text)
		}
	})
}

// What stands in the way of an import is said, and does no harm.
func TestDirectoryUsersThatCantComeBackWhole(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		meantime func(*other)
		fault    func(*http.Request) cupitest.Fault
		want     string
		says     string
	}{
		{"another has the alias", func(o *other) {
			o.do(cupi.CreateUser("voicemailusertemplate", "", cupi.Object{"Alias": "sdavis", "DtmfAccessId": "6001"}))
		}, nil, "kept alias-taken", "can't be made again"},
		{"another has the extension", func(o *other) {
			o.do(cupi.CreateUser("voicemailusertemplate", "", cupi.Object{"Alias": "quick", "DtmfAccessId": "5001"}))
		}, nil, "failed DATA_EXCEPTION", "DtmfAccessId is in use"},
		{"the fields are refused", func(*other) {}, func(r *http.Request) cupitest.Fault {
			if r.Method == "PUT" {
				return cupitest.Forbidden
			}
			return cupitest.NoFault
		}, "recreated partly-recreated", "the fields BillingId, City, ListInDirectory, PartitionObjectId"},
		{"the directory is not shown", func(*other) {}, forbid(importPath), "failed directory-not-shown", "can't be imported again"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, o, _, history := leaver(t, cupi.JSON)
			test.meantime(o)
			s.simulator.Fault = test.fault
			_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
			if got := statuses(t, of); got != test.want || !strings.Contains(messages(t, of), test.says) {
				t.Errorf("%s, want %s: %s", got, test.want, messages(t, of))
			}
		})
	}
}

// A rollback whose answers are lost imports once.
func TestReimportsWhoseAnswersAreLost(t *testing.T) {
	for _, fault := range []cupitest.Fault{cupitest.Reset, cupitest.CutAfterCommit, cupitest.ErrorAfterCommit, cupitest.LateCommit} {
		for _, struck := range []string{"POST " + importPath, "PUT /vmrest/users"} {
			t.Run(string(fault)+" "+struck, func(t *testing.T) {
				inBothWires(t, func(t *testing.T, wire cupi.Wire) {
					s, _, before, history := leaver(t, wire)
					method, path, _ := strings.Cut(struck, " ")
					s.simulator.Fault, s.doubt = once(fault, method, path), 200*time.Millisecond
					if _, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{}); statuses(t, of) != "recreated" {
						t.Errorf("%s: %s", statuses(t, of), messages(t, of))
					}
					compareSnapshots(t, before, byAlias(s.simulator.Snapshot()))
				})
			})
		}
	}
}

// A rollback that is killed at any of its changes goes on.
func TestReimportsAreResumed(t *testing.T) {
	for _, fault := range []cupitest.Fault{cupitest.CutAfterCommit, cupitest.Reset} {
		for change := 1; change <= 3; change++ {
			t.Run(fmt.Sprint(fault, change), func(t *testing.T) {
				inBothWires(t, func(t *testing.T, wire cupi.Wire) {
					s, _, before, history := leaver(t, wire)
					s.simulator.Fault = faultAt(change, fault)
					_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
					s.simulator.Fault = nil
					killed := s.recorder("killed")
					if err := os.WriteFile(filepath.Join(killed.Folder, record.JournalFile), journalUpTo(t, of, change), 0o600); err != nil {
						t.Fatal(err)
					}
					undo, err := record.PlanUndo(history, record.UndoOptions{Patience: record.Patience{DoubtWindow: 10 * time.Millisecond, MaxOutage: time.Minute}})
					if err != nil {
						t.Fatal(err)
					}
					if _, err := rollback.Run(t.Context(), undo, s.server(1), killed, s.history(killed.Folder)); err != nil {
						t.Fatal(err)
					}
					if of := s.history(killed.Folder); statuses(t, of) != "recreated" {
						t.Errorf("%s: %s", statuses(t, of), messages(t, of))
					}
					compareSnapshots(t, before, byAlias(s.simulator.Snapshot()))
				})
			})
		}
	}
}

// Of a user that a run imports and then deletes nothing is left to take back: the person
// is in the LDAP directory again.
func TestAnImportAndADeleteOfOneUserNeedNoUndoing(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		s, pkids := withDirectory(t, wire)
		before, people := s.simulator.Snapshot(), s.importable()
		_, history := s.run(t.Context(), "run", "Operation,Alias,pkid,DtmfAccessId,City\nimport-ldap,twin,"+pkids["twin"]+",5001,Oslo\ndelete,twin,,,\n", options(""), 1)
		if got := statuses(t, history); got != "created imported, deleted" {
			t.Fatalf("%s: %s", got, messages(t, history))
		}
		for i, template := range []string{"", "voicemailusertemplate"} {
			if _, of := s.rollback(t.Context(), fmt.Sprint("undo", i), history, record.UndoOptions{Template: template}); statuses(t, of) != "deleted nothing-to-undo, restored nothing-to-undo" {
				t.Errorf("%s: %s", statuses(t, of), messages(t, of))
			}
			compareSnapshots(t, before, s.simulator.Snapshot())
			if got := s.importable(); got != people {
				t.Errorf("the directory has %s, and had %s", got, people)
			}
		}
	})
}
