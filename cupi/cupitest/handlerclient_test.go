package cupitest

import (
	"strings"
	"testing"
)

// TestHandlersAsAPublicClientMakesThem: a public client in Python that builds menus makes call handlers of the template of a
// user template, sets their rule without saying whose extension it is, and looks for a word in the refusal of a number twice.
func TestHandlersAsAPublicClientMakesThem(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		template := c.all("/vmrest/callhandlerprimarytemplates", "CallhandlerPrimaryTemplate")[0]["ObjectId"]
		one := c.post("/vmrest/handlers/callhandlers?templateObjectId="+template, "DisplayName", "Main menu")
		other := c.post("/vmrest/handlers/callhandlers?templateObjectId="+template, "DisplayName", "Sales")
		c.expect(400, "POST", "/vmrest/handlers/callhandlers?templateObjectId="+operatorID, c.write("Any", "DisplayName", "None"))
		c.put(204, one+"/transferoptions/Standard", "Action", "1", "Extension", "7777", "TransferType", "0", "Enabled", "true")
		if got := c.read(one+"/transferoptions/Standard", "TransferOption"); got["Extension"] != "7777" {
			t.Errorf("the rule is %v", got)
		}
		c.put(204, one+"/menuentries/1", "Action", "7", "TransferNumber", "9011")
		c.put(204, one+"/menuentries/2", "Action", "2", "TargetConversation", "PHTransfer", "TargetHandlerObjectId", strings.TrimPrefix(other, "/vmrest/handlers/callhandlers/"))
		c.put(204, one, "DtmfAccessId", "4711")
		if refused := c.expect(400, "PUT", other, c.write("Any", "DtmfAccessId", "4711")); !strings.Contains(refused.body, "Duplicate") {
			t.Errorf("a number twice: %s", refused.body)
		}
		c.put(204, one, "DtmfAccessId", "4711")
		user := c.create("Alias", "ann", "DtmfAccessId", "7001")
		for _, taken := range []string{"4711", "7001"} {
			for path, pairs := range map[string][]string{"/vmrest/handlers/callhandlers?templateObjectId=" + template: {"DisplayName", "Third"}, "/vmrest/distributionlists": {"Alias", "third"},
				"/vmrest/users?templateAlias=voicemailusertemplate": {"Alias", "bob"}, "/vmrest/handlers/directoryhandlers": {"DisplayName", "Third"}} {
				if refused := c.expect(400, "POST", path, c.write("Any", append(pairs, "DtmfAccessId", taken)...)); !strings.Contains(refused.body, "DtmfAccessId") {
					t.Errorf("%s with %s: %s", path, taken, refused.body)
				}
			}
		}
		c.put(400, "/vmrest/users/"+user, "DtmfAccessId", "4711")
	})
}
