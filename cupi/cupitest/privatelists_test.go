package cupitest

import (
	"strings"
	"testing"
)

// TestPrivateListsAreAsThePagePrintsThem: G:m_cupi_api-for-user-account-settings, Private Lists and Private List Members.
func TestPrivateListsAreAsThePagePrintsThem(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		alias := "a" + strings.Repeat("b", 39)
		user := "/vmrest/users/" + c.create("Alias", alias, "DtmfAccessId", "7001", "DisplayName", "User A")
		first := c.post(user+"/privatelists", "DisplayName", "Ad", "NumericId", "1")
		id := first[strings.LastIndex(first, "/")+1:]
		c.expect(204, "PUT", first+"/voicename", aSound, "Content-Type", "audio/wav")
		got := c.read(first, "PrivateList")
		for name, want := range map[string]string{"Alias": alias[:28] + "_" + id, "DtmfName": "23", "NumericId": "1", "IsAddressable": "true", "VoiceFileURI": "/vmrest/voicefiles/" + got["VoiceName"]} {
			if got[name] != want {
				t.Errorf("%s is %q, want %q", name, got[name], want)
			}
		}
		for _, field := range []string{"Alias", "IsAddressable", "DtmfName", "UserObjectId"} { // only three can be set
			c.put(400, first, field, "false")
		}
		second := c.post(user+"/privatelists", "DisplayName", "2") // the only field that is mandatory
		if got := c.read(second, "PrivateList")["NumericId"]; got != "2" {
			t.Errorf("a list that was made by its name alone is number %q, want the first that is free", got)
		}
		list := c.post("/vmrest/distributionlists", "Alias", "ListA", "DisplayName", "List A", "DtmfAccessId", "5000")
		contact := c.post("/vmrest/contacts?templateAlias=systemcontacttemplate", "Alias", "ConA", "DisplayName", "Con A")
		s.OnChange = func(change Change) error { // a member is its user's, not the list's
			if strings.Contains(change.Path, "privatelistmembers") && change.Alias != alias {
				t.Errorf("%s is a change of %q", change.Path, change.Alias)
			}
			return nil
		}
		idOf := func(path string) string { return path[strings.LastIndex(path, "/")+1:] }
		for _, test := range []struct{ field, address, link, alias, name, extension string }{
			{"MemberSubscriberObjectId", user, "MemberUserURI", alias, "User A", "7001"},
			{"MemberDistributionListObjectId", list, "MemberDistributionListURI", "ListA", "List A", ""},
			{"MemberPersonalVoiceMailListObjectId", second, "MemberPrivateListURI", alias[:28] + "_" + idOf(second), "2", ""},
			{"MemberContactObjectId", contact, "MemberContactURI", "ConA", "Con A", ""},
		} {
			c.expect(400, "POST", first+"/privatelistmembers", c.write("PrivateListMember", test.field, "00000000-0000-0000-0000-000000000000"))
			made := c.post(first+"/privatelistmembers", test.field, idOf(test.address))
			got := c.read(made, "PrivateListMember")
			for name, want := range map[string]string{"PrivateListURI": first, test.link: test.address, "Alias": test.alias, "DisplayName": test.name, "Extension": test.extension} {
				if got[name] != want {
					t.Errorf("%s: %s is %q, want %q", test.field, name, got[name], want)
				}
			}
		}
		c.put(204, user, "DisplayName", "User B") // names are looked up, not kept
		if got := c.all(first+"/privatelistmembers", "PrivateListMember")[0]["DisplayName"]; got != "User B" {
			t.Errorf("the member is called %q", got)
		}
	})
}
