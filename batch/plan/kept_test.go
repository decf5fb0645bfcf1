package plan

import (
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/internal/codes"
)

// A list that is kept until the run ends counts: a server whose lists together are larger than any that CUPI sends is
// refused before they fill the memory.
func TestListsThatAreKeptCount(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	web := httptest.NewServer(simulator)
	defer web.Close()
	client, err := cupi.New(cupi.Config{Server: web.URL, User: "admin", Password: "secret", Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	made, err := client.Do(t.Context(), cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": "sales"}))
	if err != nil {
		t.Fatal(err)
	}
	asks := newMemberAsks()
	asks.lists[made.ObjectID] = true
	for _, alias := range simulator.Aliases() {
		member := cupi.Object{"MemberUserObjectId": simulator.UserByAlias(alias)["ObjectId"]}
		if _, err := client.Do(t.Context(), cupi.Create(cupi.MembersOf(made.ObjectID), member)); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		what string
		list cupi.Collection
		read func(*Snapshot, *send.Session) error
	}{
		{"names", cupi.DistributionLists, func(d *Snapshot, session *send.Session) error {
			return d.ReadNames(t.Context(), session, []string{cupi.DistributionLists.Name})
		}},
		{"members", cupi.MembersOf(made.ObjectID), func(d *Snapshot, session *send.Session) error {
			_, err := d.learnMembers(t.Context(), session, asks)
			return err
		}},
	} {
		session := send.NewSession(send.Server{Client: client, Workers: 1}, record.Options{})
		again := &send.Requester{Session: session}
		items, _, err := again.Pages(t.Context(), test.list, cupi.Query{})
		if err != nil || len(items) == 0 {
			t.Fatalf("%s: %d items, error %v", test.what, len(items), err)
		}
		session.Held.Store(64<<20 - send.MemoryOf(items)) // there is room for this list once
		if err := test.read(NewSnapshot(model.ListMemberObject), session); err != nil {
			t.Fatalf("%s: %v", test.what, err)
		}
		var refused *send.Failure
		if _, _, err := again.Pages(t.Context(), test.list, cupi.Query{}); !errors.As(err, &refused) || refused.Code != codes.Unreadable {
			t.Errorf("%s: where one list is kept there was room for it once more, error %v", test.what, err)
		}
	}
}
