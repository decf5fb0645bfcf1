package cupitest

import (
	"bytes"
	"strings"
	"testing"
)

// TestTemplatesAreWritten: a template is made like another, and users stay as they are when theirs changes or goes.
func TestTemplatesAreWritten(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		c.expect(400, "POST", "/vmrest/usertemplates?templateAlias=none", c.write("UserTemplate", "Alias", "sales"))
		for _, pairs := range [][]string{{"DisplayName", "x"}, {"Alias", "EXECUTIVETEMPLATE"}, {"Alias", "x", "CosObjectId", "none"}, {"Alias", "x", "DtmfAccessId", "1"}, {"Alias", "x", "City", strings.Repeat("x", 65)}} {
			c.expect(400, "POST", "/vmrest/usertemplates?templateAlias=voicemailusertemplate", c.write("UserTemplate", pairs...))
		}
		template := c.expect(201, "POST", "/vmrest/usertemplates?templateAlias=executivetemplate", c.write("UserTemplate", "Alias", "sales", "City", "Bonn")).body
		if got := c.read(template, "UserTemplate"); got["Alias"] != "sales" || got["DisplayName"] != "sales" || got["City"] != "Bonn" || got["CosObjectId"] != executiveCosID || got["IsTemplate"] != "true" {
			t.Errorf("the template is %v", got)
		}
		if got := c.expect(200, "GET", "/vmrest/usertemplates?query=(alias is SALES)", "").total(t); got != "1" {
			t.Errorf("%s templates are found by the alias, want 1", got)
		}
		first := c.expect(201, "POST", "/vmrest/users?templateAlias=sales", c.write("User", "Alias", "ann", "DtmfAccessId", "7001")).body
		c.expect(204, "PUT", template, c.expect(200, "GET", template, "").body)
		c.expect(204, "PUT", template, c.write("UserTemplate", "City", "Rome", "Country", "IT", "CosObjectId", voiceMailCosID, "Alias", "sales2"))
		c.expect(400, "POST", "/vmrest/users?templateAlias=sales", c.write("User", "Alias", "x", "DtmfAccessId", "7009"))
		c.expect(400, "PUT", template, c.write("UserTemplate", "Alias", "executivetemplate"))
		c.expect(400, "PUT", template+"x", c.write("UserTemplate", "City", "Oslo"))
		second := c.expect(201, "POST", "/vmrest/users?templateAlias=sales2", c.write("User", "Alias", "bob", "DtmfAccessId", "7002")).body

		var file bytes.Buffer
		if err := s.Save(&file); err != nil {
			t.Fatal(err)
		}
		if err := s.Load(&file); err != nil {
			t.Fatal(err)
		}
		c.expect(400, "DELETE", "/vmrest/usertemplates/3c2a7f4e-815d-4fac-b9eb-40618cad2e35", "")
		c.expect(204, "DELETE", template, "")
		c.expect(404, "GET", template, "")
		for user, want := range map[string][3]string{first: {"Bonn", "", executiveCosID}, second: {"Rome", "IT", voiceMailCosID}} {
			if got := c.read(user, "User"); got["City"] != want[0] || got["Country"] != want[1] || got["CosObjectId"] != want[2] || got["ListInDirectory"] != "false" {
				t.Errorf("got City %q, Country %q, COS %s; want %v", got["City"], got["Country"], got["CosObjectId"], want)
			}
		}
	})
}
