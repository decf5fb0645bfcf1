package plan

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

// Entries older than 15 minutes are read again, a page at a time and once for all rows
// whose users it has; nobody waits for another page.
func TestOldEntriesAreReadAgain(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(150)
	server := httptest.NewServer(simulator)
	defer server.Close()
	client, err := cupi.New(cupi.Config{Server: server.URL, User: "admin", Password: "secret", Wire: cupi.JSON, Workers: 4, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	session := send.NewSession(send.Server{Client: client}, record.Options{Patience: record.Patience{MaxOutage: time.Minute}})
	d := NewSnapshot(model.UserObject)
	d.Entries.Shows = map[string]bool{"DisplayName": true, "Alias": true}
	entryOf := func(alias string) cupi.Object {
		return cupi.Object{"ObjectId": simulator.UserByAlias(alias)["ObjectId"], "Alias": alias, "DisplayName": "As it was"}
	}
	for i := range 150 {
		d.Entries.OnPage(1+i/100, entryOf(fmt.Sprintf("user%05d", i+1))["ObjectId"])
	}
	d.Entries.Taken = time.Now()
	look := func(alias string, fields cupi.Object) cupi.Object {
		found, err := d.Entries.EntryOf(t.Context(), session, entryOf(alias), fields)
		if err != nil {
			t.Error(err)
		}
		return found
	}
	wanted := cupi.Object{"DisplayName": "New"}
	if got := look("user00001", wanted)["DisplayName"]; got != "As it was" || simulator.Total() != 0 {
		t.Errorf("a fresh entry: DisplayName %q after %d requests", got, simulator.Total())
	}
	d.Entries.NoteChange(strings.ToUpper(entryOf("user00002")["ObjectId"]))
	d.Entries.Taken = time.Now().Add(-send.FreshFor - time.Second)
	var workers sync.WaitGroup
	for i := range 90 {
		workers.Go(func() {
			alias := fmt.Sprintf("user%05d", i+1)
			want := simulator.UserByAlias(alias)["DisplayName"]
			if alias == "user00002" {
				want = ""
			}
			if got := look(alias, wanted)["DisplayName"]; got != want {
				t.Errorf("%s, of an old entry: DisplayName %q, want %q", alias, got, want)
			}
		})
	}
	workers.Wait()
	if n := simulator.Total(); n != 1 {
		t.Errorf("%d requests for 90 users of one page, want one", n)
	}
	d.Entries.OnPage(1, entryOf("user00120")["ObjectId"]) // it is on another page now
	if got := look("user00120", wanted); got != nil || simulator.Total() != 1 {
		t.Errorf("got %v after %d requests for a user who left the page, want the user to be read", got, simulator.Total())
	}
	if got := look("user00001", cupi.Object{"Title": "x"}); got != nil {
		t.Errorf("a field that the listing does not show has a pre-image from it: %v", got)
	}
}
