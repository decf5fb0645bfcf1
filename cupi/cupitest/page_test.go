package cupitest

import (
	"net/http"
	"strings"
	"testing"
)

// The tests here are named after the sections of the vendor's page "CUPI User API".

func TestListingTheUsers(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		answer := c.expect(http.StatusOK, "GET", "/vmrest/users", "")
		if got := answer.total(t); got != "2" {
			t.Errorf("got total %s, want the 2 built-in users", got)
		}
		for _, want := range []string{
			"/vmrest/users/4d5df6e3-a036-4f16-8f1e-d48e7e9b73c1", "fe6541fb-b42c-44f2-8404-ded14cbf7438", "undeliverablemessagesmailbox",
			"2013-03-05T10:54:38Z", "/vmrest/coses/610c9c71-32be-4465-b61a-523f24a9d828", "operator", "2013-03-05 10:54:39.02", "99990",
			"/vmrest/users/671fd8d1-7240-4e60-9194-0ec9c4a626ce/notificationdevices",
			"/vmrest/alternatenames?query=(GlobalUserObjectId%20is%20671fd8d1-7240-4e60-9194-0ec9c4a626ce)",
		} {
			if !strings.Contains(answer.body, want) {
				t.Errorf("the list lacks %q", want)
			}
		}
		for _, absent := range []string{"SmtpAddress<", `"SmtpAddress"`, "UseDefaultTimeZone", "LdapType", "Undeletable"} {
			if strings.Contains(answer.body, absent) {
				t.Errorf("the list shows %s, which only a GET by id does", absent)
			}
		}
	})
}

func TestListingUsersBasedOnEmailAddress(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		c.create("Alias", "abc", "DtmfAccessId", "9899", "EmailAddress", "abc@cisco.com")
		for query, want := range map[string]string{
			"(emailaddress is abc@cisco.com)":        "1",
			"(emailaddress is ABC@Cisco.com)":        "1",
			"(emailaddress startswith abc@)":         "1",
			"(emailaddress is nobody@cisco.com)":     "0",
			"(emailaddress isnull)":                  "2",
			"(emailaddress isnotnull)":               "1",
			"(EmailAddress startswith b@cisco.com )": "0",
		} {
			if got := c.expect(http.StatusOK, "GET", "/vmrest/users?query="+query, "").total(t); got != want {
				t.Errorf("%s: got %s, want %s", query, got, want)
			}
		}
	})
}

func TestListingSpecificTenantRelatedUsers(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		if got := c.expect(http.StatusOK, "GET", "/vmrest/users?query=(TenantObjectId is "+tenantID+")", "").total(t); got != "1" {
			t.Errorf("got %s users of the tenant, want 1", got)
		}
		if got := c.expect(http.StatusOK, "GET", "/vmrest/tenants", "").total(t); got != "2" {
			t.Errorf("got %s tenants, want 2", got)
		}
	})
}

func TestViewingTheDetailsOfASpecificUser(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		id := c.create("Alias", "Texoma", "DtmfAccessId", "99934", "FirstName", "jsdghj", "LastName", "djghfjk")
		user := c.read("/vmrest/users/"+id, "User")
		for name, want := range map[string]string{
			"URI": "/vmrest/users/" + id, "ObjectId": id, "Alias": "Texoma", "IsTemplate": "false", "Undeletable": "false", "Speed": "100",
			"DtmfNameFirstLast": "5734453544355", "DtmfNameLastFirst": "3544355573445", "DtmfNameFirst": "573445", "DtmfNameLast": "3544355",
			"NewMessageStackOrder": "1234567", "ExitTargetConversation": "PHGreeting", "UserVoicePinURI": "/vmrest/users/" + id + "/credential/pin",
			"CosObjectId": voiceMailCosID, "DisplayName": "jsdghj djghfjk", "MailboxStoreName": "Unity Messaging Database -1",
		} {
			if user[name] != want {
				t.Errorf("%s: got %q, want %q", name, user[name], want)
			}
		}
		for _, name := range []string{"City", "State", "PostalCode", "Department", "Manager", "Building", "Address", "BillingId", "XferString"} {
			if text, present := user[name]; !present || text != "" {
				t.Errorf("an empty %s must be present", name)
			}
		}
		for _, name := range []string{"Country", "EmailAddress", "VoiceName", "TenantObjectId"} {
			if _, present := user[name]; present {
				t.Errorf("a NULL %s must be left out", name)
			}
		}
		if len(user) < 140 {
			t.Errorf("got %d fields, want about 150", len(user))
		}
	})
}

func TestCreatingAUser(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		body := c.write("User", "Alias", "texoma", "DtmfAccessId", "123422")
		if c.wire == xmlType {
			body = "<User>\n  <Alias>texoma</Alias>\n  <DtmfAccessId >123422</DtmfAccessId >\n</User>"
		}
		made := c.expect(http.StatusCreated, "POST", "/vmrest/users?templateAlias=voicemailusertemplate", body)
		id := s.UserByAlias("TEXOMA")["ObjectId"]
		if want := "/vmrest/users/" + id; made.body != want || id == "" {
			t.Errorf("got body %q, want %q", made.body, want)
		}
		if want := c.base + "/vmrest/users/vmrest/users/" + id; made.header.Get("Location") != want {
			t.Errorf("got Location %q, want %q", made.header.Get("Location"), want)
		}
		store := "7c2a5b1d-4e6f-4a7b-9c8d-1e0f2a3b4c52"
		c.expect(http.StatusCreated, "POST", "/vmrest/users?templateAlias=VoiceMailUserTemplate&MailboxStoreObjectId="+store,
			c.write("User", "Alias", "other", "DtmfAccessId", "123423"))
		if got := s.UserByAlias("other")["MailboxStoreName"]; got != "Unity Messaging Database -2" {
			t.Errorf("got the mailbox store %q", got)
		}
	})
}

func TestCreatingAUserWithoutExtension(t *testing.T) {
	t.Parallel()
	example := []string{"Alias", "voicemailusertemplate1", "DisplayName", "Voice Mail User Template 1"}
	inBoth(t, func() *Server { return &Server{ExtensionOptional: true} }, func(t *testing.T, s *Server, c *client) {
		c.create(example...)
		c.create("Alias", "another")
	})
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		c.expect(http.StatusBadRequest, "POST", "/vmrest/users?templateAlias=voicemailusertemplate", c.write("User", example...))
	})
}

func TestUpdatingAUser(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		id := c.create("Alias", "Texoma", "DtmfAccessId", "123422")
		c.expect(http.StatusNoContent, "PUT", "/vmrest/users/"+id, c.write("User",
			"Alias", "Texoma", "UseShortPollForCache", " true", "ListInDirectory", "true ", "SkipPasswordForKnownDevice", "true ", "IsVmEnrolled", " true",
			"RouteNDRToSender", "true", "MediaSwitchObjectId", "ec1e2636-fc14-44fc-8cda-d6c1a3d61150 ", "DtmfAccessId", "99934",
			"PartitionObjectId", "da2114bf-cde7-43d8-9709-cd3895a9d41b", "Inactive", "false", "CosObjectId", "8ab2b94d-1531-4589-865f-27bd3eea8adc",
			"SearchByExtensionSearchSpaceObjectId", "877942bf-6600-4b7a-809d-159199cfc2ec"))
		user := s.User(id)
		for name, want := range map[string]string{"UseShortPollForCache": "true", "SkipPasswordForKnownDevice": "true", "DtmfAccessId": "99934"} {
			if user[name] != want {
				t.Errorf("%s: got %q, want %q", name, user[name], want)
			}
		}
		c.expect(http.StatusNoContent, "PUT", "/vmrest/users/"+id, c.write("User", "DtmfAccessId", "123?"))
		if got := c.expect(http.StatusOK, "GET", "/vmrest/users?query=(dtmfaccessid is 123%3f)", "").total(t); got != "1" {
			t.Errorf("the user is not found by its new extension")
		}
	})
}

func TestUpdateLanguageAndTimeZone(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		id := c.create("Alias", "texoma", "DtmfAccessId", "1")
		put := func(status int, pairs ...string) {
			t.Helper()
			c.expect(status, "PUT", "/vmrest/users/"+id, c.write("User", pairs...))
		}
		put(400, "UseDefaultTimeZone", "false")
		put(400, "UseDefaultLanguage", "false")
		put(400, "UseDefaultTimeZone", "false", "TimeZone", "7777")
		put(400, "UseDefaultLanguage", "false", "Language", "1041")
		put(204, "UseDefaultTimeZone", "false", "TimeZone", "175", "UseDefaultLanguage", "false", "Language", "1034")
		if user := s.User(id); user["TimeZone"] != "175" || user["Language"] != "1034" {
			t.Errorf("got time zone %s and language %s", user["TimeZone"], user["Language"])
		}
		put(400, "Language", "")
		put(204, "UseCallLanguage", "true")
		put(204, "UseCallLanguage", "true", "UseDefaultLanguage", "true", "Language", "")
		put(204, "UseCallLanguage", "false", "UseDefaultLanguage", "true", "Language", "1033")
		put(204, "UseDefaultTimeZone", "true")
	})
}

func TestDeleteAUser(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		id := c.create("Alias", "texoma", "DtmfAccessId", "1")
		handler := s.User(id)["CallHandlerObjectId"]
		c.expect(http.StatusOK, "GET", "/vmrest/handlers/callhandlers/"+handler, "")
		c.expect(http.StatusNoContent, "DELETE", "/vmrest/users/"+id, "")
		c.expect(http.StatusNotFound, "GET", "/vmrest/handlers/callhandlers/"+handler, "")
		c.expect(http.StatusNotFound, "GET", "/vmrest/users/"+id, "")
		missing := c.expect(http.StatusNotFound, "DELETE", "/vmrest/users/"+id, "")
		if !strings.Contains(missing.body, "NOT_FOUND") || !strings.Contains(missing.body, "user - ObjectId="+id) {
			t.Errorf("got %s", missing.body)
		}
		unknown := c.expect(http.StatusBadRequest, "PUT", "/vmrest/users/"+id, c.write("User", "City", "x"))
		if !strings.Contains(unknown.body, "DATA_EXCEPTION") || !strings.Contains(unknown.body, "User not found ") {
			t.Errorf("got %s", unknown.body)
		}
		c.expect(http.StatusBadRequest, "DELETE", "/vmrest/users/"+operatorID, "")
		c.create("Alias", "texoma", "DtmfAccessId", "1") // its alias and extension are free again
	})
}
