package cupitest

import (
	"cmp"
	"net/http"
	"strings"
	"testing"
)

// TestRules writes one thing to a user that exists.
func TestRules(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		pairs []string
		want  int // status; after 204 the fields read back as kept, or else as they were written
		kept  string
	}{
		{"the longest alias", []string{"Alias", strings.Repeat("ü", 64)}, 204, ""},
		{"too long an alias", []string{"Alias", strings.Repeat("ü", 65)}, 400, ""},
		{"an empty alias", []string{"Alias", ""}, 400, ""},
		{"another user's alias", []string{"Alias", "OPERATOR"}, 400, ""},
		{"its own alias in another case", []string{"Alias", "TEXOMA"}, 204, ""},
		{"another user's extension", []string{"DtmfAccessId", "99990"}, 400, ""},
		{"the same extension in another partition", []string{"DtmfAccessId", "99990", "PartitionObjectId", branchID}, 204, ""},
		{"an empty extension", []string{"DtmfAccessId", ""}, 400, ""},
		{"40 characters", []string{"DtmfAccessId", strings.Repeat("1", 40)}, 204, ""},
		{"41 characters", []string{"DtmfAccessId", strings.Repeat("1", 41)}, 400, ""},
		{"a boolean as a word", []string{"ListInDirectory", "FALSE"}, 204, "false"},
		{"a boolean as a digit", []string{"ListInDirectory", "0"}, 204, "false"},
		{"no boolean", []string{"ListInDirectory", "no"}, 400, ""},
		{"an empty boolean", []string{"ListInDirectory", ""}, 400, ""},
		{"no number", []string{"Speed", "fast"}, 400, ""},
		{"a number", []string{"Speed", "150"}, 204, ""},
		{"a country", []string{"Country", "de"}, 204, ""},
		{"no country", []string{"Country", "United States"}, 400, ""},
		{"no country of letters", []string{"Country", "4x"}, 400, ""},
		{"clearing a country", []string{"Country", ""}, 204, ""},
		{"an unknown field", []string{"Titel", "x"}, 400, ""},
		{"a field in the wrong case", []string{"title", "x"}, 400, ""},
		{"a read-only field", []string{"LocationObjectId", branchID}, 400, ""},
		{"a URI", []string{"CosURI", "/vmrest/coses/x"}, 400, ""},
		{"the tenant", []string{"TenantObjectId", tenantID}, 400, ""},
		{"the schedule set", []string{"ScheduleSetObjectId", allHoursSetID}, 400, ""},
		{"an unknown COS", []string{"CosObjectId", branchID}, 400, ""},
		{"an unknown partition", []string{"PartitionObjectId", "x"}, 400, ""},
		{"an unknown search space", []string{"SearchByNameSearchSpaceObjectId", "x"}, 400, ""},
		{"no search space", []string{"SearchByNameSearchSpaceObjectId", ""}, 204, ""},
		{"an unknown phone system", []string{"MediaSwitchObjectId", "x"}, 400, ""},
		{"another COS", []string{"CosObjectId", executiveCosID}, 204, ""},
		{"inactive", []string{"Inactive", "true"}, 400, ""},
		{"still active", []string{"Inactive", "false"}, 204, ""},
		{"an LDAP type", []string{"LdapType", "3"}, 204, ""},
		{"an unknown LDAP type", []string{"LdapType", "5"}, 400, ""},
		{"a control character", []string{"City", "a\u0007"}, 400, ""},
		{"marks", []string{"City", `<A&B>"'\` + "\t" + "ß"}, 204, ""},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
				id := c.create("Alias", "texoma", "DtmfAccessId", "1")
				before := s.User(id)
				c.expect(test.want, "PUT", "/vmrest/users/"+id, c.write("User", test.pairs...))
				got := c.read("/vmrest/users/"+id, "User")
				for name, value := range pairsToMap(test.pairs) {
					want := before[name]
					if test.want == http.StatusNoContent {
						want = cmp.Or(test.kept, value)
					}
					if got[name] != want {
						t.Errorf("%s: got %q, want %q", name, got[name], want)
					}
				}
			})
		})
	}
}

func TestCreationIsRefused(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, params string
		pairs        []string
	}{
		{"no template", "", []string{"Alias", "a", "DtmfAccessId", "1"}},
		{"an unknown template", "?templateAlias=nobody", []string{"Alias", "a", "DtmfAccessId", "1"}},
		{"an unknown mailbox store", "?templateAlias=voicemailusertemplate&MailboxStoreObjectId=x", []string{"Alias", "a", "DtmfAccessId", "1"}},
		{"no alias", "?templateAlias=voicemailusertemplate", []string{"DtmfAccessId", "1"}},
		{"no extension", "?templateAlias=voicemailusertemplate", []string{"Alias", "a"}},
		{"nothing", "?templateAlias=voicemailusertemplate", nil},
		{"an alias that is in use", "?templateAlias=voicemailusertemplate", []string{"Alias", "Operator", "DtmfAccessId", "1"}},
		{"an extension that is in use", "?templateAlias=voicemailusertemplate", []string{"Alias", "a", "DtmfAccessId", "99999"}},
		{"inactive", "?templateAlias=voicemailusertemplate", []string{"Alias", "a", "DtmfAccessId", "1", "Inactive", "true"}},
		{"its own time zone without one", "?templateAlias=voicemailusertemplate", []string{"Alias", "a", "DtmfAccessId", "1", "UseDefaultTimeZone", "false"}},
		{"a call handler", "?templateAlias=voicemailusertemplate", []string{"Alias", "a", "DtmfAccessId", "1", "CallHandlerObjectId", goodbyeID}},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
				before := len(s.Aliases())
				answer := c.expect(http.StatusBadRequest, "POST", "/vmrest/users"+test.params, c.write("User", test.pairs...))
				if !strings.Contains(answer.body, "DATA_EXCEPTION") {
					t.Errorf("got %s", answer.body)
				}
				if got := len(s.Aliases()); got != before {
					t.Errorf("got %d users, want %d", got, before)
				}
			})
		})
	}
}

func TestInactiveMayBecomeActive(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		id, err := s.AddUser(map[string]string{"Alias": "asleep", "DtmfAccessId": "1", "Inactive": "true"})
		if err != nil {
			t.Fatal(err)
		}
		c.expect(204, "PUT", "/vmrest/users/"+id, c.write("User", "Inactive", "true"))
		c.expect(204, "PUT", "/vmrest/users/"+id, c.write("User", "Inactive", "false"))
		c.expect(400, "PUT", "/vmrest/users/"+id, c.write("User", "Inactive", "true"))
	})
}

func TestTemplatesDecide(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		c.expect(201, "POST", "/vmrest/users?templateAlias=executivetemplate", c.write("User", "Alias", "chief", "DtmfAccessId", "1"))
		if got := s.UserByAlias("chief"); got["CosObjectId"] != executiveCosID || got["ListInDirectory"] != "false" {
			t.Errorf("got COS %s and ListInDirectory %s", got["CosObjectId"], got["ListInDirectory"])
		}
		made := c.expect(201, "POST", "/vmrest/users?templateAlias=administratortemplate", c.write("User", "Alias", "boss", "DtmfAccessId", "2"))
		if got := c.expect(200, "GET", "/vmrest/users?query=(alias is boss)", "").total(t); got != "0" {
			t.Errorf("the list shows %s users without a mailbox", got)
		}
		c.expect(404, "GET", made.body+"/mailboxattributes", "")
		c.expect(400, "POST", "/vmrest/users?templateAlias=voicemailusertemplate", c.write("User", "Alias", "boss", "DtmfAccessId", "3"))
		c.expect(204, "DELETE", made.body, "")
	})
}

func TestCallHandler(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		id := c.create("Alias", "texoma", "DtmfAccessId", "1", "DisplayName", "Tex Oma")
		path := "/vmrest/handlers/callhandlers/" + s.User(id)["CallHandlerObjectId"]
		handler := c.read(path, "Callhandler")
		if handler["DisplayName"] != "Tex Oma" || handler["RecipientSubscriberObjectId"] != id || handler["ScheduleSetObjectId"] != allHoursSetID {
			t.Errorf("got %v", handler)
		}
		c.expect(204, "PUT", path, c.write("Callhandler", "ScheduleSetObjectId", weekdaysSetID, "MaxMsgLen", "600"))
		if got := c.read(path, "Callhandler"); got["ScheduleSetObjectId"] != weekdaysSetID || got["ScheduleSetURI"] != "/vmrest/schedulesets/"+weekdaysSetID {
			t.Errorf("got %v", got)
		}
		c.expect(400, "PUT", path, c.write("Callhandler", "ScheduleSetObjectId", "x"))
		c.expect(400, "PUT", path, c.write("Callhandler", "TimeZone", "7777"))
		c.expect(400, "PUT", path, c.write("Callhandler", "Language", "1041"))
		c.expect(400, "PUT", path+"x", c.write("Callhandler", "MaxMsgLen", "600"))
		if got := c.expect(200, "GET", "/vmrest/handlers/callhandlers?query=(IsPrimary is 0)", "").total(t); got != "3" {
			t.Errorf("got %s system call handlers, want 3", got)
		}
	})
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		id := c.create("Alias", "texoma", "DtmfAccessId", "1")
		secrets := map[string]string{"pin": "635241", "password": "0xFt3i4#%p$V"}
		for part, number := range map[string]string{"pin": "4", "password": "3"} {
			path := "/vmrest/users/" + id + "/credential/" + part
			before := c.read(path, "Credential")
			if before["CredentialType"] != number || before["CredMustChange"] != "true" || before["Alias"] != "texoma" || before["URI"] != path {
				t.Errorf("got %v", before)
			}
			c.expect(204, "PUT", path, c.write("Credential", "Credentials", secrets[part], "CredMustChange", "false", "HackCount", "0", "TimeHacked", ""))
			if got := s.Credentials(id, part); got != secrets[part] {
				t.Errorf("got %q", got)
			}
			after := c.read(path, "Credential")
			if _, shown := after["Credentials"]; shown || after["CredMustChange"] != "false" || after["ObjectId"] != before["ObjectId"] {
				t.Errorf("got %v", after)
			}
			refused := c.expect(400, "PUT", path, c.write("Credential", "Credentials", strings.Repeat("s3cret", 50)))
			if strings.Contains(refused.body, "s3cret") {
				t.Errorf("the answer tells the credentials: %s", refused.body)
			}
			c.expect(404, "GET", "/vmrest/users/x/credential/"+part, "")
			c.expect(404, "PUT", "/vmrest/users/x/credential/"+part, c.write("Credential", "Credentials", "1"))
		}
	})
}

func TestCredentialPolicy(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		id := c.create("Alias", "texoma", "FirstName", "Texoma", "LastName", "Lake", "DtmfAccessId", "704291")
		for secret, want := range map[string]int{
			"pin 947251": 204, "pin 94725": 400, "pin 94725a": 400, "pin 444444": 400, "pin 454545": 400, "pin 345678": 400, "pin 876543": 400,
			"pin 482482": 400, "pin 147258": 400, "pin 704291": 400, "pin 192407": 400, "pin 839662": 400, "pin 83966252": 204, "pin 8396625253": 400,
			"password Tr0ub4dor": 204, "password Sh0rt?x": 400,
		} {
			part, text, _ := strings.Cut(secret, " ")
			got := c.do("PUT", "/vmrest/users/"+id+"/credential/"+part, c.write("Credential", "Credentials", text))
			if got.status != want {
				t.Errorf("%s: status %d, want %d", secret, got.status, want)
			}
			if strings.Contains(got.body, text) {
				t.Errorf("%s: the answer tells it: %s", secret, got.body)
			}
		}
		s.AnyCredentials = true
		c.expect(204, "PUT", "/vmrest/users/"+id+"/credential/pin", c.write("Credential", "Credentials", "1"))
	})
}

func TestMailboxQuota(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		path := "/vmrest/users/" + c.create("Alias", "texoma", "DtmfAccessId", "1") + "/mailboxattributes"
		if got := c.read(path, "MailboxAttributes"); got["SendQuota"] != "-2" || got["Mounted"] != "true" {
			t.Errorf("got %v", got)
		}
		c.expect(204, "PUT", path, c.write("UserTemplate", "ReceiveQuota", "2147483648", "SendQuota", "1024", "WarningQuota", "-1"))
		if got := c.read(path, "MailboxAttributes"); got["ReceiveQuota"] != "2147483648" || got["SendQuota"] != "1024" {
			t.Errorf("got %v", got)
		}
		c.expect(400, "PUT", path, c.write("UserTemplate", "SendQuota", "1000"))
		c.expect(400, "PUT", path, c.write("UserTemplate", "SendQuota", "2147484672"))
		c.expect(400, "PUT", path, c.write("UserTemplate", "ByteSize", "1"))
		c.expect(404, "PUT", "/vmrest/users/x/mailboxattributes", c.write("UserTemplate", "SendQuota", "1024"))
	})
}
