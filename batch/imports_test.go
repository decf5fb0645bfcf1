package batch_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

const importPath = "/vmrest/import/users/ldap"

// withDirectory is a server with three users and some people in its LDAP directory,
// and gives their pkids by alias.
func withDirectory(t *testing.T, wire cupi.Wire) (s *site, pkids map[string]string) {
	t.Helper()
	simulator := &cupitest.Server{LateBy: 20 * time.Millisecond}
	simulator.AddUsers(3)
	pkids = map[string]string{}
	for _, person := range []map[string]string{
		{"alias": "sdavis", "firstName": "Sonya", "lastName": "Davis", "emailAddress": "sdavis@example.com", "telephoneNumber": "5551"},
		{"alias": "tlee", "lastName": "Lee"}, {"alias": "user00001", "lastName": "Taken"},
		{"alias": "twin", "lastName": "One"}, {"alias": "twin", "lastName": "Other"}, {"alias": "mholm", "firstName": "Märén", "lastName": "Holm & Co"},
	} {
		pkid, err := simulator.AddDirectoryUser(person)
		if err != nil {
			t.Fatal(err)
		}
		pkids[strings.TrimSuffix(person["alias"]+" "+person["lastName"], " "+person["lastName"])] = pkid
	}
	s = newSite(t, simulator)
	s.wire = wire
	return s, pkids
}

// importable gives the aliases of those whom the directory still has.
func (s *site) importable() string {
	s.t.Helper()
	answer, err := s.server(1).Client.Do(s.t.Context(), cupi.ListDirectoryUsers(cupi.Query{}, 0, 100))
	if err != nil {
		s.t.Fatal(err)
	}
	var aliases []string
	for _, person := range answer.Page.Items {
		aliases = append(aliases, person["alias"])
	}
	return strings.Join(aliases, " ")
}

// A row makes a user of a person, in one request; what the import does not set
// follows in steps, and a rollback gives the person back to the directory.
func TestImports(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		s, pkids := withDirectory(t, wire)
		before, people := s.simulator.Snapshot(), s.importable()
		file := "Alias,pkid,DtmfAccessId,FirstName,Title,City,PIN,Extension_Alt1,LdapType\n" +
			"SDavis,,5001,Sonya,Boss,Oslo,947251,777001,3\n" +
			"," + pkids["mholm"] + ",0042,,,,,,\n" +
			"tlee," + pkids["tlee"] + ",5003,,,,,,\n"
		_, history := s.run(t.Context(), "run", file, options(validate.ImportLDAP), 2)
		if got, want := statuses(t, history), "created imported, created imported, created imported"; got != want {
			t.Fatalf("%s, want %s: %s", got, want, messages(t, history))
		}
		all := results(t, history)
		if r := all[0]; r.Operation != validate.ImportLDAP || r.Requests != 4 || strings.Join(r.StepsDone, " ") != "user userfields pin alternateextensions/1" || r.Reversible != record.FullyReversible {
			t.Errorf("%+v", r)
		}
		if r := all[1]; r.Requests != 1 || r.Alias != "mholm" || strings.Join(r.StepsDone, " ") != "user" {
			t.Errorf("%+v", r)
		}
		for alias, want := range map[string]map[string]string{
			"sdavis": {"FirstName": "Sonya", "LastName": "Davis", "DtmfAccessId": "5001", "City": "Oslo", "Title": "", "LdapType": "3"},
			"mholm":  {"FirstName": "Märén", "LastName": "Holm & Co", "DtmfAccessId": "0042", "LdapType": "3"},
		} {
			user := s.simulator.UserByAlias(alias)
			for name, value := range want {
				if user[name] != value {
					t.Errorf("%s has %s %q, want %q", alias, name, user[name], value)
				}
			}
			if user["ObjectId"] == "" {
				t.Fatalf("%s is not there", alias)
			}
		}
		if pin := s.simulator.Credentials(s.simulator.UserByAlias("sdavis")["ObjectId"], "pin"); pin != "947251" {
			t.Errorf("the PIN is %q", pin)
		}
		s.unlost(history)

		// A user that came from the directory is not imported twice.
		changes := sent(s.simulator)
		_, again := s.run(t.Context(), "again", file, options(validate.ImportLDAP), 2)
		if got, want := statuses(t, again), "unchanged already-imported, invalid not-in-directory, unchanged already-imported"; got != want || sent(s.simulator) != changes {
			t.Errorf("again: %s and %d changes, want %s: %s", got, sent(s.simulator)-changes, want, messages(t, again))
		}

		_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		if got := statuses(t, of); got != "deleted, deleted, deleted" {
			t.Errorf("rollback: %s: %s", got, messages(t, of))
		}
		compareSnapshots(t, before, s.simulator.Snapshot())
		if got := s.importable(); got != people {
			t.Errorf("the directory has %s, and had %s", got, people)
		}
	})
}

// What the pre-flight finds before anything is sent.
func TestImportsThatCantBeDone(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		s, pkids := withDirectory(t, wire)
		for i, test := range []struct{ row, want, says string }{
			{"nobody,,5001,", "not-in-directory", `no "nobody"`},
			{",00000000-0000-0000-0000-00000000ffff,5002,", "not-in-directory", "name the user by Alias"},
			{"user00001,,5003,", "not-from-directory", "user00001 (Bruno Almeida)"},
			{"," + pkids["user00001"] + ",5004,", "not-from-directory", "user00001 (Bruno Almeida)"},
			{"twin,,5005,", "several-people", "by its pkid"},
			{"sdavis," + pkids["tlee"] + ",5006,", "name-and-id-differ", ""},
			{"sdavis,,10002,", "extension-taken", "user00003"},
			{"sdavis,,10002,,Branch Partition", "extension-taken", "user00003"}, // it is imported into the template's partition
			{"tlee,,5008,none", "unknown-template", "voicemailusertemplate"},
		} {
			_, history := s.run(t.Context(), fmt.Sprint("run", i), "Alias,pkid,DtmfAccessId,TemplateAlias,PartitionName\n"+test.row+"\n", options(validate.ImportLDAP), 1)
			if got := only(t, history); got.Status != record.Invalid || string(got.Code) != test.want || !strings.Contains(got.Message, test.says) {
				t.Errorf("%s: %+v", test.row, got)
			}
		}
		if sent(s.simulator) != 0 {
			t.Errorf("%d changes were sent", sent(s.simulator))
		}
		_, history := s.run(t.Context(), "twin", "Alias,pkid,DtmfAccessId\ntwin,"+pkids["twin"]+",5009\n", options(validate.ImportLDAP), 1)
		if got := statuses(t, history); got != "created imported" {
			t.Errorf("a twin by its pkid: %s: %s", got, messages(t, history))
		}
	})
}

// A server that does not list its directory is believed, and the row says so.
func TestImportsFromAServerWithoutADirectory(t *testing.T) {
	t.Parallel()
	s, _ := withDirectory(t, cupi.JSON)
	s.simulator.Fault = forbid(importPath)
	_, history := s.run(t.Context(), "run", "Alias,DtmfAccessId\nsdavis,5001\n", options(validate.ImportLDAP), 1)
	if got := statuses(t, history); got != "invalid directory-not-shown" {
		t.Errorf("%s: %s", got, messages(t, history))
	}
}

// A user that leaves and comes back in one file: the directory has the person again
// once the user is deleted.
func TestImportsAfterOtherRowsOfTheFile(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		s, _ := withDirectory(t, wire)
		s.run(t.Context(), "before", "Alias,DtmfAccessId\nsdavis,5001\n", options(validate.ImportLDAP), 1)
		old := s.simulator.UserByAlias("sdavis")["ObjectId"]
		_, history := s.run(t.Context(), "run", "Operation,Alias,DtmfAccessId,City\ndelete,sdavis,,\nimport-ldap,sdavis,5002,\nimport-ldap,tlee,5001,\nupdate,tlee,,Oslo\n"+
			"create,fresh,5004,\nimport-ldap,fresh,5005,\ndelete,user00001,,\nimport-ldap,user00001,5006,\n", options(""), 4)
		if got, want := statuses(t, history), "deleted, created imported, created imported, updated, created, invalid alias-taken, deleted, created imported"; got != want {
			t.Errorf("got  %s\nwant %s\n%s", got, want, messages(t, history))
		}
		if user := s.simulator.UserByAlias("sdavis"); user["DtmfAccessId"] != "5002" || user["ObjectId"] == old || user["LdapType"] != "3" {
			t.Errorf("the server has %v", user)
		}
		if user := s.simulator.UserByAlias("tlee"); user["City"] != "Oslo" {
			t.Errorf("the server has City %q", user["City"])
		}
	})
}

// Fields that the directory owns are left out of an import with a warning, or make the
// row invalid. What it has anyway costs no word.
func TestImportsLeaveToTheDirectoryWhatItOwns(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ rule, status, problems string }{
		{record.OwnedSkip, "created imported", "2 FirstName ldap-owned, 2 Title ldap-owned"},
		{record.OwnedError, "invalid ldap-owned", "2  ldap-owned"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			t.Parallel()
			s, _ := withDirectory(t, cupi.JSON)
			options := options(validate.ImportLDAP)
			options.LdapOwned = test.rule
			recorder := s.recorder("run")
			p, problems := s.preflight(recorder, "Alias,DtmfAccessId,FirstName,LastName,Title,LdapType,City\nsdavis,5001,Sonja,Davis,Boss,3,Oslo\n", options)
			if problems != test.problems {
				t.Errorf("problems %q, want %q", problems, test.problems)
			}
			if _, err := p.Run(t.Context(), recorder); err != nil {
				t.Fatal(err)
			}
			if got := statuses(t, s.history(recorder.Folder)); got != test.status {
				t.Errorf("statuses %s, want %s", got, test.status)
			}
			if user := s.simulator.UserByAlias("sdavis"); user != nil && (user["FirstName"] != "Sonya" || user["Title"] != "" || user["City"] != "Oslo") {
				t.Errorf("the server has %v", user)
			}
		})
	}
}

// What the pre-flight says that an import costs is what the run sends.
func TestImportsCostWhatThePreflightSays(t *testing.T) {
	t.Parallel()
	s, _ := withDirectory(t, cupi.JSON)
	recorder := s.recorder("run")
	checked := s.prepare(recorder, "Operation,Alias,DtmfAccessId,City,PIN,PartitionName\nimport-ldap,sdavis,5001,Oslo,947251,Branch Partition\nimport-ldap,tlee,5002,,,\ndelete,user00001,,,,\nimport-ldap,user00001,5003,,,\n", options(""))
	p, err := batch.Preflight(t.Context(), s.server(1), checked, func(problem validate.Problem) { t.Error(problem) })
	if err != nil {
		t.Fatal(err)
	}
	foreseen := map[int]int{}
	for preview, err := range p.Previews(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range preview.Requests {
			foreseen[preview.Row] += n
		}
		if preview.Row == 1 && (preview.Status != record.Created || preview.Code != "imported" || preview.Requests["POST"] != 1 || preview.Requests["PUT"] != 2 || !strings.Contains(fmt.Sprint(preview.Changes), "LastName  Davis")) {
			t.Errorf("%+v", preview)
		}
	}
	if _, err := p.Run(t.Context(), recorder); err != nil {
		t.Fatal(err)
	}
	history := s.history(recorder.Folder)
	for _, r := range results(t, history) {
		if r.Operation == validate.ImportLDAP && (r.Status != record.Created || r.Requests != foreseen[r.Row]) {
			t.Errorf("foreseen %d requests: %+v", foreseen[r.Row], r)
		}
	}
	if user := s.simulator.UserByAlias("sdavis"); !strings.EqualFold(user["PartitionObjectId"], partitionOf(t, s, "Branch Partition")) {
		t.Errorf("the partition is %s", user["PartitionObjectId"])
	}
}

func partitionOf(t *testing.T, s *site, name string) string {
	t.Helper()
	for _, item := range s.other().do(cupi.List(cupi.Partitions, cupi.Query{}, 0, 0)).Page.Items {
		if item["Name"] == name {
			return item["ObjectId"]
		}
	}
	t.Fatalf("there is no partition %s", name)
	return ""
}

// An imported user that somebody changed since is kept; what a synchronization of the
// directory wrote is nobody's change.
func TestImportedUsersThatAreInUseAreKept(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		field, value string
		want         string
	}{
		{"City", "Rome", "kept changed-since"},
		{"BillingId", "7", "kept changed-since"},
		{"LdapType", "0", "kept changed-since"},
		{"Department", "Sales", "deleted"},
		{"FirstName", "Sonja", "deleted"},
		{"DisplayName", "The Boss", "deleted"},
	} {
		t.Run(test.field, func(t *testing.T) {
			t.Parallel()
			s, _ := withDirectory(t, cupi.JSON)
			_, history := s.run(t.Context(), "run", "Alias,DtmfAccessId,City\nsdavis,5001,Oslo\n", options(validate.ImportLDAP), 1)
			s.other().set("sdavis", test.field, test.value)
			_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
			if got := statuses(t, of); got != test.want {
				t.Errorf("%s, want %s: %s", got, test.want, messages(t, of))
			}
		})
	}
}

// A user that is imported gets a PIN of its own, like one that is created, which is
// not made of the names that the directory has.
func TestImportsGetRandomPINs(t *testing.T) {
	t.Parallel()
	s, pkids := withDirectory(t, cupi.JSON)
	v := newVault(t)
	_, history := s.run(t.Context(), "run", "Alias,pkid,DtmfAccessId\nsdavis,,5001\n,"+pkids["tlee"]+",5002\n", v.options(options(validate.ImportLDAP)), 2)
	pins := v.pins(t, history.Folder)
	for _, alias := range []string{"sdavis", "tlee"} {
		if pin := s.simulator.Credentials(s.simulator.UserByAlias(alias)["ObjectId"], "pin"); len(pin) != 6 || pin != pins[alias] {
			t.Errorf("%s has the PIN %q, and %q was sealed: %s", alias, pin, pins[alias], messages(t, history))
		}
	}
}
