package cupitest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWhatWasReadCanBeSentBack: scripts read an object and send all of it, read-only fields too, with something
// changed in it. A read-only field that differs is refused.
func TestWhatWasReadCanBeSentBack(t *testing.T) {
	t.Parallel()
	s := &Server{}
	user, err := s.AddUser(map[string]string{"Alias": "ann", "DtmfAccessId": "7001", "City": "Bonn"})
	if err != nil {
		t.Fatal(err)
	}
	clients := map[string]*client{}
	for _, wire := range wires {
		clients[wire] = serve(t, s, wire)
	}
	userPath := "/vmrest/users/" + user
	handler := "/vmrest/handlers/callhandlers/" + s.User(user)["CallHandlerObjectId"]
	for _, path := range []string{userPath, userPath + "/credential/pin", userPath + "/mailboxattributes", handler, handler + "/transferoptions/Standard", handler + "/greetings/Busy"} {
		for _, wire := range wires {
			c := clients[wire]
			before := s.Snapshot()
			read := c.expect(http.StatusOK, "GET", path, "").body
			c.expect(http.StatusNoContent, "PUT", path, read)
			if path == userPath {
				if diff := cmp.Diff(before, s.Snapshot()); diff != "" {
					t.Errorf("PUT of what GET %s answered changed the server:\n%s", path, diff)
				}
			}
			c.expect(http.StatusBadRequest, "PUT", path, strings.ReplaceAll(read, "/vmrest/", "/elsewhere/"))
		}
	}
	c := clients[jsonType]
	read := c.expect(http.StatusOK, "GET", userPath, "").body
	c.expect(http.StatusNoContent, "PUT", userPath, strings.Replace(read, "Bonn", "Rome", 1))
	if got := s.User(user)["City"]; got != "Rome" {
		t.Errorf("City = %q after the whole user was sent with another", got)
	}
}

// TestAJSONNullIsNoBody: clients that encode whatever they have send null where they have nothing.
func TestAJSONNullIsNoBody(t *testing.T) {
	t.Parallel()
	s := &Server{}
	user, err := s.AddUser(map[string]string{"Alias": "ann", "DtmfAccessId": "7001"})
	if err != nil {
		t.Fatal(err)
	}
	c := serve(t, s, jsonType)
	c.expect(http.StatusNoContent, "POST", "/vmrest/users/"+user+"?method=resetmwi", "null")
	c.expect(http.StatusBadRequest, "POST", "/vmrest/users?templateAlias=voicemailusertemplate", "null")
	c.expect(http.StatusBadRequest, "POST", "/vmrest/users/"+user+"?method=resetmwi", "null null")
}

// TestACredentialNamesItsPolicy: scripts that tell when PINs expire look its days up by this id.
func TestACredentialNamesItsPolicy(t *testing.T) {
	t.Parallel()
	s := &Server{}
	user, err := s.AddUser(map[string]string{"Alias": "ann", "DtmfAccessId": "7001"})
	if err != nil {
		t.Fatal(err)
	}
	c := serve(t, s, jsonType)
	for part, policy := range map[string]string{"pin": policyVoiceID, "password": policyWebID} {
		body := c.expect(http.StatusOK, "GET", "/vmrest/users/"+user+"/credential/"+part, "").body
		if !strings.Contains(body, `"CredentialPolicyObjectId":"`+policy+`"`) {
			t.Errorf("the %s's policy is not %s: %s", part, policy, body)
		}
	}
}
