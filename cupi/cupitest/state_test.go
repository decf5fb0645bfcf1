package cupitest

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSaveAndLoad(t *testing.T) {
	t.Parallel()
	s := &Server{Seed: 7}
	s.AddUsers(30)
	c := serve(t, s, jsonType)
	id := c.create("Alias", "texoma", "DtmfAccessId", "1", "City", "Zürich")
	c.expect(204, "PUT", "/vmrest/users/"+id+"/credential/pin", `{"Credentials":"258013"}`)
	c.expect(204, "PUT", "/vmrest/users/"+id+"/mailboxattributes", `{"SendQuota":"1024"}`)
	c.expect(204, "PUT", "/vmrest/handlers/callhandlers/"+s.User(id)["CallHandlerObjectId"], `{"MaxMsgLen":"600"}`)
	var saved bytes.Buffer
	if err := s.Save(&saved); err != nil {
		t.Fatal(err)
	}
	loaded := &Server{Seed: 8}
	if err := loaded.Load(bytes.NewReader(saved.Bytes())); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s.Snapshot(), loaded.Snapshot()); diff != "" {
		t.Errorf("before and after differ:\n%s", diff)
	}
	if diff := cmp.Diff(s.User(id), loaded.User(id)); diff != "" {
		t.Errorf("the user differs:\n%s", diff)
	}
	if got := loaded.Credentials(id, "pin"); got != "258013" {
		t.Errorf("got PIN %q", got)
	}
	again := serve(t, loaded, jsonType)
	again.expect(400, "POST", "/vmrest/users?templateAlias=voicemailusertemplate", `{"Alias":"TEXOMA","DtmfAccessId":"2"}`)
	again.expect(400, "POST", "/vmrest/users?templateAlias=voicemailusertemplate", `{"Alias":"other","DtmfAccessId":"1"}`)
	if other := again.create("Alias", "other", "DtmfAccessId", "2"); s.User(other) != nil {
		t.Error("a loaded server made an id again")
	}
	if got, want := again.expect(200, "GET", "/vmrest/users", "").total(t), "34"; got != want {
		t.Errorf("got %s users, want %s", got, want)
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	user := `{"template":"voicemailusertemplate","fields":{"ObjectId":"a","Alias":"a"},"parts":{"callhandler":{"ObjectId":"h"}}}`
	for name, text := range map[string]string{
		"nothing":             ``,
		"no JSON":             `Alias,DtmfAccessId`,
		"an unknown template": `{"users":[{"template":"x","fields":{"ObjectId":"a","Alias":"a"}}]}`,
		"a user twice":        `{"users":[` + user + `,` + user + `]}`,
		"no call handler":     `{"users":[{"template":"voicemailusertemplate","fields":{"ObjectId":"a","Alias":"a"}}]}`,
		"no alias":            `{"users":[{"template":"voicemailusertemplate","fields":{"ObjectId":"a"}}]}`,
		"an unknown part":     `{"users":[` + strings.Replace(user, `"callhandler"`, `"x":{},"callhandler"`, 1) + `]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &Server{}
			before := s.Snapshot()
			if err := s.Load(strings.NewReader(text)); err == nil {
				t.Fatal("it was taken")
			}
			if diff := cmp.Diff(before, s.Snapshot()); diff != "" {
				t.Errorf("the state changed:\n%s", diff)
			}
		})
	}
}

// TestSnapshot shows a change, and no trace of one that was taken back.
func TestSnapshot(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		id := c.create("Alias", "texoma", "DtmfAccessId", "1")
		before := s.Snapshot()
		put := func(pairs ...string) {
			t.Helper()
			c.expect(204, "PUT", "/vmrest/users/"+id, c.write("User", pairs...))
		}
		put("Title", "x", "ListInDirectory", "false", "Speed", "125")
		want := maps.Clone(before["users/"+id])
		want["Title"], want["ListInDirectory"], want["Speed"] = "x", "false", "125"
		if diff := cmp.Diff(want, s.Snapshot()["users/"+id]); diff != "" {
			t.Errorf("after the change:\n%s", diff)
		}
		put("Title", "", "ListInDirectory", "true", "Speed", "100")
		other := c.create("Alias", "other", "DtmfAccessId", "2")
		c.expect(204, "DELETE", "/vmrest/users/"+other, "")
		if diff := cmp.Diff(before, s.Snapshot()); diff != "" {
			t.Errorf("after it was taken back:\n%s", diff)
		}
	})
}

func TestOnChange(t *testing.T) {
	t.Parallel()
	var heard []string
	refusal := errors.New("no record of this change")
	s := &Server{OnChange: func(change Change) error {
		heard = append(heard, fmt.Sprintf("%s %s %s %v", change.Method, change.Path, change.Alias, change.Fields))
		if change.Alias == "refused" {
			return refusal
		}
		return nil
	}}
	c := serve(t, s, jsonType)
	id := c.create("Alias", "texoma", "DtmfAccessId", "1")
	handler := "/vmrest/handlers/callhandlers/" + s.User(id)["CallHandlerObjectId"]
	c.expect(204, "PUT", "/vmrest/users/"+id, `{"Alias":"other"}`)
	c.expect(204, "PUT", handler, `{"MaxMsgLen":"600"}`)
	c.expect(204, "PUT", "/vmrest/users/"+id+"/mailboxattributes", `{"SendQuota":"1024"}`)
	c.expect(400, "PUT", "/vmrest/users/"+id, `{"Alias":""}`)
	c.expect(200, "GET", "/vmrest/users/"+id, "")
	c.expect(500, "POST", "/vmrest/users?templateAlias=voicemailusertemplate", `{"Alias":"refused","DtmfAccessId":"2"}`)
	c.expect(204, "DELETE", "/vmrest/users/"+id, "")
	want := []string{
		"POST /vmrest/users texoma map[Alias:texoma DtmfAccessId:1]",
		"PUT /vmrest/users/" + id + " texoma map[Alias:other]",
		"PUT " + handler + " other map[MaxMsgLen:600]",
		"PUT /vmrest/users/" + id + "/mailboxattributes other map[SendQuota:1024]",
		"POST /vmrest/users refused map[Alias:refused DtmfAccessId:2]",
		"DELETE /vmrest/users/" + id + " other map[]",
	}
	if diff := cmp.Diff(want, heard); diff != "" {
		t.Errorf("heard:\n%s", diff)
	}
	if s.UserByAlias("refused") != nil {
		t.Error("a refused change was made")
	}
	if got := s.ChangeErrors(); len(got) != 1 || got[0] != refusal {
		t.Errorf("got %v, want the one refusal", got)
	}
}

func TestAddUsers(t *testing.T) {
	t.Parallel()
	s := &Server{}
	if _, err := s.AddUser(map[string]string{"Alias": "user00002", "DtmfAccessId": "10002"}); err != nil {
		t.Fatal(err)
	}
	s.AddUsers(2)
	s.AddUsers(1)
	// 2 is taken by alias, 3 by extension.
	want := []string{"operator", "undeliverablemessagesmailbox", "user00001", "user00002", "user00004", "user00005"}
	if diff := cmp.Diff(want, s.Aliases()); diff != "" {
		t.Errorf("got:\n%s", diff)
	}
	if got := s.UserByAlias("user00001")["DtmfAccessId"]; got != "10000" {
		t.Errorf("got extension %s, want 10000", got)
	}
}

func TestAddUser(t *testing.T) {
	t.Parallel()
	s := &Server{}
	id, err := s.AddUser(map[string]string{"Alias": "kept", "DtmfAccessId": "1", "TemplateAlias": "executivetemplate", "ObjectId": "8321097E-cca4-483f-b24c-0f2175e6e4c9",
		"Undeletable": "true", "TenantObjectId": tenantID, "CreationTime": "2015-06-01T05:03:15Z"})
	if err != nil {
		t.Fatal(err)
	}
	user := s.User(id)
	if id != "8321097e-cca4-483f-b24c-0f2175e6e4c9" || user["Undeletable"] != "true" || user["CosObjectId"] != executiveCosID || user["CreationTime"] != "2015-06-01T05:03:15Z" {
		t.Errorf("got %s: %v", id, user)
	}
	for name, fields := range map[string]map[string]string{
		"an alias in use":     {"Alias": "KEPT", "DtmfAccessId": "2"},
		"an id in use":        {"Alias": "new", "DtmfAccessId": "2", "ObjectId": id},
		"an unknown template": {"Alias": "new", "DtmfAccessId": "2", "TemplateAlias": "x"},
		"no extension":        {"Alias": "new"},
	} {
		if _, err := s.AddUser(fields); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if s.User("x") != nil || s.UserByAlias("x") != nil {
		t.Error("a user that does not exist is not nil")
	}
}

// BenchmarkList reads one page of a hundred users of a hundred thousand, and finds one of them.
func BenchmarkList(b *testing.B) {
	s := &Server{}
	s.AddUsers(100_000)
	for name, params := range map[string]string{
		"page": "?rowsPerPage=100&pageNumber=500", "alias": "?query=(alias%20is%20user50000)", "extension": "?query=(dtmfaccessid%20is%2050000)",
		"scan": "?query=(employeeid%20is%20550000)",
	} {
		b.Run(name, func(b *testing.B) {
			v := &visitor{s: s}
			for b.Loop() {
				if got := v.ask("GET", "/vmrest/users"+params, "a", "b").StatusCode; got != 200 {
					b.Fatalf("got status %d", got)
				}
			}
		})
	}
}
