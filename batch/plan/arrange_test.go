package plan

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// A plan that goes on asking for what the server was asked for is a conflict: else the rows
// would be planned again for ever.
func TestARowThatAsksAgainIsAConflict(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	if _, err := simulator.AddDirectoryUser(map[string]string{"alias": "person", "firstName": "Per", "lastName": "Son"}); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(simulator)
	defer web.Close()
	client, err := cupi.New(cupi.Config{Server: web.URL, User: "admin", Password: "secret", Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	path := filepath.Join(t.TempDir(), record.InputFile)
	if err := os.WriteFile(path, []byte("Operation,Alias,DtmfAccessId\nimport-ldap,person,5921\ndelete,nobody,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := record.OpenInput("users.csv", path)
	if err != nil {
		t.Fatal(err)
	}
	checked, err := Check(in, record.Options{Template: "voicemailusertemplate", Patience: record.Patience{MaxOutage: time.Minute}}, func(p validate.Problem) { t.Log(p) })
	if err != nil {
		t.Fatal(err)
	}
	for _, asked := range []bool{false, true} {
		p, err := Prepare(t.Context(), send.Server{Client: client, URL: web.URL, Account: "admin", Workers: 2}, checked)
		if err != nil {
			t.Fatal(err)
		}
		if asked {
			p.LookedUp[Lookup{LookupPerson, model.UserKey{Column: "Alias", Value: "person"}}] = true // and nothing is known of it
		}
		got, want := "", ""
		if asked {
			want = "2 Alias not-settled"
		}
		if err := p.Arrange(t.Context(), nil, func(p validate.Problem) { got += fmt.Sprint(p.Line, " ", p.Column, " ", p.Code) }); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("asked before %t: problems %q, want %q", asked, got, want)
		}
	}
}

// The rows are not planned once more to tell of cells that are not sent, where there are none.
func TestNoPassForCellsThatAreAllSent(t *testing.T) {
	t.Parallel()
	unreadable := &Prepared{Checked: &Checked{Header: &validate.Header{}}, Snapshot: NewSnapshot(model.UserObject)}
	if err := unreadable.warnOfCells(nil); err != nil {
		t.Errorf("the rows were read: %v", err)
	}
}
