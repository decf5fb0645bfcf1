package cupitest

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

func TestImportFromTheDirectory(t *testing.T) {
	t.Parallel()
	directory := func() *Server {
		s := fresh()
		for _, person := range []map[string]string{
			{"alias": "sdavis", "firstName": "Sonya", "lastName": "Davis", "emailAddress": "sdavis@example.com"},
			{"alias": "tlee", "lastName": "Lee"}, {"alias": "operator", "lastName": "Of the directory"},
		} {
			if _, err := s.AddDirectoryUser(person); err != nil {
				t.Error(err)
			}
		}
		return s
	}
	inBoth(t, directory, func(t *testing.T, s *Server, c *client) {
		const path = "/vmrest/import/users/ldap"
		total := func(query string) string {
			t.Helper()
			return c.expect(200, "GET", path+query, "").total(t)
		}
		for query, want := range map[string]string{"": "3", "?query=(alias is SDAVIS)": "1", "?query=(alias startswith s)": "1", "?query=(alias startswith x)": "0", "?limit=1": "3"} {
			if got := total(query); got != want {
				t.Errorf("%s: %s people, want %s", query, got, want)
			}
		}
		for query, want := range map[string]string{"?limit=1": "sdavis", "?limit=1&offset=1": "tlee", "?offset=2": "operator", "?offset=1": "tlee operator", "?offset=3&limit=9": "", "?limit=2": "sdavis tlee"} {
			body := c.expect(200, "GET", path+query, "").body
			for _, alias := range []string{"sdavis", "tlee", "operator"} {
				if shown := strings.Contains(body, ">"+alias+"<") || strings.Contains(body, `"alias":"`+alias+`"`); shown != slices.Contains(strings.Fields(want), alias) {
					t.Errorf("%s: %s is shown: %v in %s", query, alias, shown, body)
				}
			}
		}
		c.expect(400, "GET", path+"?limit=many", "")
		c.expect(400, "GET", path+"?query=(firstName contains o)", "")
		if page := c.expect(200, "GET", path+"?rowsPerPage=1&pageNumber=2", "").body; !strings.Contains(page, "tlee") || strings.Contains(page, "sdavis") {
			t.Errorf("page 2 of 1 is %s", page)
		}
		pkid := s.data.directory[0].own["pkid"]
		post := func(status int, template string, pairs ...string) reply {
			t.Helper()
			return c.expect(status, "POST", path+"?templateAlias="+template, c.write("ImportUser", pairs...))
		}
		post(400, "voicemailusertemplate", "alias", "sdavis", "dtmfAccessId", "12123")
		post(400, "voicemailusertemplate", "alias", "sdavis", "pkid", pkid)
		post(400, "none", "pkid", pkid, "dtmfAccessId", "12123")
		post(400, "voicemailusertemplate", "pkid", "none", "dtmfAccessId", "12123")
		post(400, "voicemailusertemplate", "pkid", pkid, "dtmfAccessId", "99999")
		post(400, "voicemailusertemplate", "pkid", s.data.directory[2].own["pkid"], "dtmfAccessId", "12124")
		made := post(201, "voicemailusertemplate", "alias", "sdavis", "firstName", "sonya", "lastName", "davis", "dtmfAccessId", "12123", "pkid", pkid)
		post(400, "voicemailusertemplate", "pkid", pkid, "dtmfAccessId", "12125")
		user := c.read(made.body, "User")
		if user["Alias"] != "sdavis" || user["LastName"] != "Davis" || user["LdapType"] != "3" || user["DtmfAccessId"] != "12123" || user["pkid"] != "" {
			t.Errorf("got %v", user)
		}
		var saved bytes.Buffer
		if err := s.Save(&saved); err != nil {
			t.Fatal(err)
		}
		if err := s.Load(&saved); err != nil {
			t.Fatal(err)
		}
		if got := total(""); got != "2" {
			t.Errorf("%s people left after one was imported, want 2", got)
		}
		c.expect(204, "DELETE", made.body, "")
		if got := total(""); got != "3" {
			t.Errorf("%s people after the user was deleted, want 3", got)
		}
	})
}

// Without a limit a list of more than 2000 people is an error.
func TestTooManyPeopleForOneList(t *testing.T) {
	t.Parallel()
	crowd := func() *Server { s := fresh(); s.AddDirectoryUsers(2001); return s }
	inBoth(t, crowd, func(t *testing.T, _ *Server, c *client) {
		const path = "/vmrest/import/users/ldap"
		c.expect(400, "GET", path, "")
		for _, query := range []string{"?offset=1", "?limit=2001", "?limit=0", "?query=(alias startswith ldap01)", "?rowsPerPage=100&pageNumber=2"} {
			c.expect(200, "GET", path+query, "")
		}
	})
}
