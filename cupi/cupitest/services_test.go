package cupitest

import (
	"strings"
	"testing"
)

// TestUnifiedMessagingServices goes the examples of G:m-unified-messaging: one of each type is made, shown and changed; its password
// is never shown, and it stays as long as an account is of it.
func TestUnifiedMessagingServices(t *testing.T) {
	withAnn(t, func(t *testing.T, s *Server, c *client, ann string) {
		const path = "/vmrest/externalservices"
		exchange := c.post(path, "DisplayName", "UMS", "ServiceAlias", `team\administrator`, "ServicePassword", "s3cret", "ServerType", "4", "Server", "192.0.2.7", "AuthenticationMode", "1",
			"ExchServerType", "1", "SecurityTransportType", "1")
		shown := c.expect(200, "GET", exchange, "").body
		if got := c.read(exchange, "ExternalService"); strings.Contains(shown, "s3cret") || got["SupportsMailboxSynchCapability"] != "true" || got["MailboxSynchEmailAction"] != "2" || got["IsEnabled"] != "true" {
			t.Errorf("it shows %v", got)
		}
		c.put(204, exchange, "ServiceAlias", "other", "ServicePassword", "s3cret2", "ServerType", "4", "Server", "192.0.2.8", "AuthenticationMode", "1", "SecurityTransportType", "0")
		c.put(204, exchange, "ServiceAlias", "other", "ServicePassword", "", "ServerType", "4", "AuthenticationMode", "4", "ClientId", "c", "ClientSecret", "s", "DirectoryID", "d")
		c.post(path, "DisplayName", "Meetings", "ServiceAlias", "admin", "ServicePassword", "s3cret", "ServerType", "1", "Server", "192.0.2.9", "TransferExtensionDialString", "111111")
		cloud := []string{"DisplayName", "Cloud", "ExchDoAutodiscover", "true", "ExchOrgDomain", "example.com", "AuthenticationMode", "4", "ServerType", "5", "ClientId", "c", "DirectoryID", "d"}
		if got := c.read(c.post(path, cloud...), "ExternalService"); got["ResourceURI"] != "https://outlook.office365.com" || got["ClientSecret"] != "" {
			t.Errorf("it shows %v", got)
		}
		for problem, pairs := range map[string][]string{
			"DisplayName is in use":     cloud,
			"ServiceAlias is mandatory": {"DisplayName", "A", "ServerType", "4"},
			"ServerType is not one of":  {"DisplayName", "A", "ServerType", "2"},
			"DirectoryID is mandatory":  {"DisplayName", "A", "ServerType", "5", "ExchOrgDomain", "x", "ExchDoAutodiscover", "true", "AuthenticationMode", "4"},
			"must be true":              {"DisplayName", "A", "ServerType", "5", "ExchOrgDomain", "x", "ExchDoAutodiscover", "false", "ServiceAlias", "a", "ServicePassword", "b"},
			"is not 1, 3 or 4":          {"DisplayName", "A", "ServerType", "5", "ExchOrgDomain", "x", "ExchDoAutodiscover", "true", "ServiceAlias", "a", "ServicePassword", "b", "AuthenticationMode", "2"},
		} {
			if refused := c.expect(400, "POST", path, c.write("ExternalService", pairs...)); !strings.Contains(refused.body, problem) {
				t.Errorf("%v: %s, want %q", pairs, refused.body, problem)
			}
		}
		account := c.post("/vmrest/users/"+ann+"/externalserviceaccounts", "ExternalServiceObjectId", strings.TrimPrefix(exchange, path+"/"), "EmailAddress", "ann@example.com")
		c.put(204, exchange+"/reset")
		c.put(404, path+"/nobody/reset")
		c.expect(400, "DELETE", exchange, "")
		c.expect(204, "DELETE", account, "")
		c.expect(204, "DELETE", exchange, "")
		if got := c.expect(200, "GET", path+"?query=(DisplayName is UMS)", "").total(t); got != "0" {
			t.Errorf("%s are left", got)
		}
	})
}

// TestMailboxStores: G:m-message-aging-policy-apis.
func TestMailboxStores(t *testing.T) {
	withAnn(t, func(t *testing.T, s *Server, c *client, ann string) {
		const path = "/vmrest/mailboxstores"
		store := c.post(path, "DisplayName", "Third", "MaxSizeMB", "5000", "Server", "elsewhere")
		if got := c.read(store, "MailboxStore"); got["Server"] != "cuc1.example.com" || got["MailDatabase"] != "UnityMbxDb3" || got["Mounted"] != "true" || got["Status"] != "0" || got["TotalSizeOfMailbox"] != "0.0 Kilobytes" {
			t.Errorf("it shows %v", got)
		}
		c.put(204, store, "Mounted", "false")
		c.put(400, store, "Status", "1")
		first := c.all(path, "MailboxStore")[0]
		if got := c.expect(200, "GET", first["MailboxURI"], "").total(t); got != "3" {
			t.Errorf("it has %s mailboxes", got)
		}
		id := strings.TrimPrefix(store, path+"/")
		user := c.expect(201, "POST", "/vmrest/users?templateAlias=voicemailusertemplate&MailboxStoreObjectId="+id, c.write("User", "Alias", "bob", "DtmfAccessId", "7002")).body
		c.expect(400, "DELETE", store, "")
		c.expect(204, "DELETE", user, "")
		c.expect(204, "DELETE", store, "")
		c.expect(400, "DELETE", path+"/"+first["ObjectId"], "")
		c.expect(404, "GET", store+"/mailboxes", "")
		for _, name := range []string{"Third", "Fourth", "Fifth"} {
			c.post(path, "DisplayName", name)
		}
		c.expect(400, "POST", path, c.write("MailboxStore", "DisplayName", "Sixth"))
	})
}

// TestRoutingRulesNameTheirTarget: G:m-call-routing.
func TestRoutingRulesNameTheirTarget(t *testing.T) {
	withAnn(t, func(t *testing.T, s *Server, c *client, ann string) {
		rule := c.all("/vmrest/routingrules", "RoutingRule")[2]
		if got := rule["RouteTargetHandlerDisplayName"]; got != "Opening Greeting" {
			t.Errorf("the target is called %q", got)
		}
		c.put(204, "/vmrest/handlers/callhandlers/"+rule["RouteTargetHandlerObjectId"], "DisplayName", "Welcome")
		if got := c.read(rule["URI"], "RoutingRule")["RouteTargetHandlerDisplayName"]; got != "Welcome" {
			t.Errorf("the target is called %q", got)
		}
		c.put(204, rule["URI"], "DisplayName", "First", "RouteTargetHandlerDisplayName", "Welcome")
		c.put(400, rule["URI"], "RouteTargetHandlerDisplayName", "Other")
	})
}
