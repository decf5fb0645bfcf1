package batch

import (
	"hash/maphash"
	"net/http/httptest"
	"testing"
	"time"

	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

// Entries older than 15 minutes are read again, once for all rows that are left.
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
	engine := newEngine(Server{Client: client}, Options{MaxOutage: time.Minute})
	user := simulator.UserByAlias("user00001")
	entry := cupi.Object{"ObjectId": user["ObjectId"], "Alias": "user00001", "DisplayName": "As it was"}
	d := &directory{listed: true, shows: map[string]bool{"DisplayName": true, "Alias": true}, users: map[string][]cupi.Object{"Alias\x00user00001": {entry}},
		entries: entries{taken: time.Now(), changed: map[uint64]struct{}{}, seed: maphash.MakeSeed()}}
	wanted := cupi.Object{"DisplayName": "New"}
	look := func() cupi.Object {
		found, err := d.entryOf(t.Context(), engine, entry, wanted)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if got := look()["DisplayName"]; got != "As it was" || simulator.Total() != 0 {
		t.Errorf("a fresh entry: DisplayName %q after %d requests", got, simulator.Total())
	}
	d.change(user["ObjectId"])
	if got := look(); got != nil {
		t.Errorf("an entry that the run changed stands for a pre-image: %v", got)
	}
	d.entries.taken = time.Now().Add(-freshFor - time.Second)
	for range 3 {
		if got := look()["DisplayName"]; got != user["DisplayName"] {
			t.Errorf("an old entry: DisplayName %q, want %q", got, user["DisplayName"])
		}
	}
	if n := simulator.Total(); n != 2 {
		t.Errorf("%d requests, want the two pages of the listing once", n)
	}
	if got, _ := d.entryOf(t.Context(), engine, entry, cupi.Object{"Title": "x"}); got != nil {
		t.Errorf("a field that the listing does not show has a pre-image from it: %v", got)
	}
}
