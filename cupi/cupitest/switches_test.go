package cupitest

import (
	"fmt"
	"strings"
	"testing"
)

// TestDocumentedFieldsAndSwitches prints every field that the simulator knows and every switch, each with its source; -v
// shows it.
func TestDocumentedFieldsAndSwitches(t *testing.T) {
	t.Parallel()
	var list strings.Builder
	for _, table := range tables() {
		for _, f := range table.schema.fields {
			if f.source == "" {
				t.Errorf("%s: %s has no source", table.path, f.name)
			}
			fmt.Fprintf(&list, "%-60s %-36s %s\n", table.path, f.name, f.source)
		}
	}
	for _, one := range Switches() {
		if one.Source == "" || one.Meaning == "" {
			t.Errorf("the switch %s has no source or no meaning", one.Name)
		}
		fmt.Fprintf(&list, "--as %-22s %-22s default %-10s %s\n", one.Name, one.Values, one.Default, one.Source)
	}
	t.Log("\n" + list.String())
}

// TestEverySwitch turns each switch and sees the difference in an answer.
func TestEverySwitch(t *testing.T) {
	t.Parallel()
	option := func(c *client, ann string) string {
		return "/vmrest/handlers/callhandlers/" + c.read("/vmrest/users/"+ann, "User")["CallHandlerObjectId"] + "/transferoptions/Alternate"
	}
	sent := func(c *client, method, path string, pairs ...string) string {
		return fmt.Sprint(c.do(method, path, c.write("Any", pairs...)).status)
	}
	cases := map[string]struct {
		value      string
		is, turned string
		try        func(c *client, ann string) string
	}{
		"unknown-fields": {"pass-over", "400", "204", func(c *client, ann string) string {
			return sent(c, "PUT", "/vmrest/users/"+ann, "Titel", "x")
		}},
		"errors": {"json", "<", "{", func(c *client, ann string) string {
			return c.do("GET", "/vmrest/users/nobody", "", "Accept", "*/*").body[:1]
		}},
		"answers": {"json", "<", "{", func(c *client, ann string) string {
			return c.do("GET", "/vmrest/users/"+ann, "", "Accept", "*/*").body[:1]
		}},
		"wrapped-json": {"true", `{"@total"`, `{"Users":`, func(c *client, _ string) string { return c.do("GET", "/vmrest/users", "").body[:9] }},
		"doubled-brackets": {"true", "false", "true", func(c *client, ann string) string {
			return fmt.Sprint(strings.Contains(c.do("GET", "/vmrest/users/"+ann, "", "Accept", xmlType).body, ">>"))
		}},
		"office365-domain": {"optional", "400", "201", func(c *client, _ string) string {
			return sent(c, "POST", "/vmrest/externalservices", "DisplayName", "Mail", "ServiceAlias", "cuc", "ServicePassword", "s3cret", "ServerType", "5", "Server", "outlook.example.com")
		}},
		"voice-file-type": {"optional", "415", "204", func(c *client, _ string) string {
			return fmt.Sprint(c.do("PUT", "/vmrest/voicefiles/"+c.do("POST", "/vmrest/voicefiles", "").body, aSound, "Content-Type", "").status)
		}},
		"alternate-partition": {"optional", "400", "201", func(c *client, ann string) string {
			return sent(c, "POST", "/vmrest/users/"+ann+"/alternateextensions", "IdIndex", "1", "DtmfAccessId", "7002")
		}},
		"extension-alone": {"keeps", "400", "204", func(c *client, ann string) string { return sent(c, "PUT", option(c, ann), "Extension", "4711") }},
		"null-time":       {"refuse", "204", "400", func(c *client, ann string) string { return sent(c, "PUT", option(c, ann), "TimeExpires", "") }},
		"most-rings":      {"100", "400", "204", func(c *client, ann string) string { return sent(c, "PUT", option(c, ann), "TransferRings", "100") }},
		"ports": {"read-only", "204", "400", func(c *client, _ string) string {
			return sent(c, "PUT", "/vmrest/portgroups/"+portGroupID, "EnableMWI", "false")
		}},
		"referenced-user": {"delete", "400", "204", func(c *client, ann string) string {
			c.put(204, "/vmrest/handlers/callhandlers/"+operatorHandlerID, "RecipientSubscriberObjectId", ann)
			return fmt.Sprint(c.do("DELETE", "/vmrest/users/"+ann, "").status)
		}},
		"recipient-gone": {"refuses", "204", "400", func(c *client, _ string) string {
			list := c.post("/vmrest/distributionlists", "Alias", "sales")
			c.put(204, "/vmrest/handlers/callhandlers/"+operatorHandlerID, "RecipientDistributionListObjectId", list[strings.LastIndexByte(list, '/')+1:])
			return fmt.Sprint(c.do("DELETE", list, "").status)
		}},
		"dependency-ids": {"own", "true", "false", func(c *client, ann string) string {
			c.put(204, "/vmrest/handlers/callhandlers/"+operatorHandlerID+"/menuentries/2", "Action", "2", "TargetConversation", "PHTransfer", "TargetHandlerObjectId", c.read("/vmrest/users/"+ann, "User")["CallHandlerObjectId"])
			return fmt.Sprint(strings.Contains(c.do("GET", "/vmrest/subscriberdependencies/"+ann, "").body, operatorHandlerID))
		}},
		"list-partition": {"read-only", "204", "400", func(c *client, _ string) string {
			return sent(c, "PUT", c.post("/vmrest/distributionlists", "Alias", "sales"), "PartitionObjectId", branchID)
		}},
		"contact-fields": {"kept", "400", "201", func(c *client, _ string) string {
			return sent(c, "POST", "/vmrest/contacts?templateAlias=systemcontacttemplate", "Alias", "vendor", "DtmfAccessId", "7002", "City", "Oslo")
		}},
		"longest-message": {"1200", "204", "400", func(c *client, ann string) string {
			return sent(c, "PUT", "/vmrest/handlers/callhandlers/"+c.read("/vmrest/users/"+ann, "User")["CallHandlerObjectId"], "MaxMsgLen", "1201")
		}},
		"voice-name": {"any", "400", "204", func(c *client, ann string) string { return sent(c, "PUT", "/vmrest/users/"+ann, "VoiceName", "x") }},
		"old-alias": {"proxy-address", "0", "1", func(c *client, ann string) string {
			c.put(204, "/vmrest/users/"+ann, "Alias", "anna")
			return c.do("GET", "/vmrest/smtpproxyaddresses?query=(ObjectGlobalUserObjectId is "+ann+")", "").total(c.t)
		}},
		"cluster": {"vmsservers", "false", "true", func(c *client, _ string) string {
			return fmt.Sprint(strings.Contains(c.do("GET", "/vmrest/cluster", "").body, "VmsServer"))
		}},
		"node-state": {"split-brain", "3", "7", func(c *client, _ string) string {
			_, state, _ := strings.Cut(c.expect(200, "GET", "/vmrest/vmsservers", "").body, `"ServerDisplayState":"`)
			return state[:1]
		}},
		"licence": {"out-of-compliance", "Evaluation", "OutOfCompliance", func(c *client, _ string) string {
			_, status, _ := strings.Cut(c.expect(200, "GET", "/vmrest/smartlicense/licensedetails", "").body, `"Authorization":{"Status":"`)
			return status[:strings.IndexByte(status, '"')]
		}},
		"elsewhere": {"2", "0 1", "1 2", func(c *client, _ string) string {
			return c.do("GET", "/vmrest/globalusers?query=(DtmfAccessId is 700002)", "").total(c.t) + " " + c.do("GET", "/vmrest/locations/connectionlocations", "").total(c.t)
		}},
		"release": {"10.0.0.189", "14.0.1.11900.122", "10.0.0.189", func(c *client, _ string) string {
			return c.read("/vmrest/version", "VersionInformation")["version"]
		}},
		"extension-optional": {"true", "400", "201", func(c *client, _ string) string {
			return sent(c, "POST", "/vmrest/users?templateAlias=voicemailusertemplate", "Alias", "bob")
		}},
		"any-credentials": {"true", "400", "204", func(c *client, ann string) string {
			return sent(c, "PUT", "/vmrest/users/"+ann+"/credential/pin", "Credentials", "1")
		}},
		"one-clause-queries": {"true", "1", "0", func(c *client, _ string) string {
			return c.do("GET", "/vmrest/users?query=(alias is ann %26 DtmfAccessId is 7001)", "").total(c.t)
		}},
		"queries": {"pass-over", "1", "3", func(c *client, _ string) string {
			return c.do("GET", "/vmrest/users?query=(alias is ann)", "").total(c.t)
		}},
		"parentheses-in-values": {"true", "400", "200", func(c *client, _ string) string {
			return fmt.Sprint(c.do("GET", "/vmrest/users?query=(alias is a(n)n)", "").status)
		}},
		"all-errors": {"true", "1", "2", func(c *client, ann string) string {
			return fmt.Sprint(strings.Count(c.do("PUT", "/vmrest/users/"+ann, c.write("User", "Titel", "x", "Nam", "x")).body, "DATA_EXCEPTION"))
		}},
		"most-rows": {"1", "3", "1", func(c *client, _ string) string {
			return fmt.Sprint(strings.Count(c.do("GET", "/vmrest/users", "", "Accept", xmlType).body, "<User>"))
		}},
	}
	for _, one := range Switches() {
		test, there := cases[one.Name]
		if !there {
			t.Errorf("there is no case for the switch %s", one.Name)
			continue
		}
		for value, want := range map[string]string{one.Default: test.is, test.value: test.turned} {
			t.Run(one.Name+" "+value, func(t *testing.T) {
				t.Parallel()
				s := fresh()
				if err := s.Set(one.Name, value); err != nil {
					t.Fatal(err)
				}
				c := serve(t, s, jsonType)
				if got := test.try(c, c.create("Alias", "ann", "DtmfAccessId", "7001")); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			})
		}
		if err := fresh().Set(one.Name, "neither"); err == nil {
			t.Errorf("%s takes anything", one.Name)
		}
	}
	if err := fresh().Set("unknown", "true"); err == nil || !strings.Contains(err.Error(), "extension-alone") {
		t.Errorf("got %v", err)
	}
}
