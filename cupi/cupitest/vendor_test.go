package cupitest

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// What is here was seen in recorded answers and in the requests of public clients.

// TestACredentialThatNobodySetTellsWhenItWasMade in the form that credentials have; scripts take it apart by place.
func TestACredentialThatNobodySetTellsWhenItWasMade(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,6}$`)
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		for _, id := range []string{c.create("Alias", "ann", "DtmfAccessId", "7001"), undeliverable, operatorID} {
			for _, part := range []string{"pin", "password"} {
				if got := c.read("/vmrest/users/"+id+"/credential/"+part, "Credential")["TimeChanged"]; !shape.MatchString(got) {
					t.Errorf("TimeChanged is %q", got)
				}
			}
		}
	})
}

// TestANewObjectMayNameItsOwner: clients send what an object will show by itself, and nothing else that is read only.
func TestANewObjectMayNameItsOwner(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		user := c.create("Alias", "ann", "DtmfAccessId", "7001")
		path := "/vmrest/users/" + user
		account := []string{"ExternalServiceObjectId", "1a085d2c-6f3b-4d8a-b7c9-2e4f6a8b7c13", "EmailAddressUseCorp", "true", "UserURI", path}
		c.expect(400, "POST", path+"/externalserviceaccounts", c.write("ExternalServiceAccount", append(account, "SubscriberObjectId", operatorID)...))
		c.expect(201, "POST", path+"/externalserviceaccounts", c.write("ExternalServiceAccount", append(account, "SubscriberObjectId", user)...))
		c.expect(201, "POST", path+"/alternateextensions", c.write("AlternateExtension", "IdIndex", "1", "DtmfAccessId", "7002", "PartitionObjectId", partitionID, "UserURI", path))
	})
}

// TestAUnifiedMessagingAccountShowsTheCorporateAddress when it takes that one, and a password that is always empty.
func TestAUnifiedMessagingAccountShowsTheCorporateAddress(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		path := "/vmrest/users/" + c.create("Alias", "ann", "DtmfAccessId", "7001", "EmailAddress", "ann@example.com")
		account := c.expect(201, "POST", path+"/externalserviceaccounts",
			c.write("ExternalServiceAccount", "ExternalServiceObjectId", "1a085d2c-6f3b-4d8a-b7c9-2e4f6a8b7c13", "EmailAddressUseCorp", "true", "UserPassword", "secret")).body
		shown := c.read(account, "ExternalServiceAccount")
		if password, is := shown["UserPassword"]; shown["EmailAddress"] != "ann@example.com" || !is || password != "" {
			t.Errorf("got %v", shown)
		}
		c.expect(204, "PUT", account, c.write("ExternalServiceAccount", "EmailAddressUseCorp", "false", "EmailAddress", "other@example.com"))
		if got := c.read(account, "ExternalServiceAccount")["EmailAddress"]; got != "other@example.com" {
			t.Errorf("EmailAddress is %q", got)
		}
	})
}

func TestADeviceKnowsItsEvents(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		path := "/vmrest/users/" + c.create("Alias", "ann", "DtmfAccessId", "7001") + "/notificationdevices/smtpdevices"
		for events, want := range map[string]int{"None": 201, "NewVoiceMail,NewUrgentFax": 201, "AllMessage, CalendarMeeting": 201, "": 201, "NewVoicemails": 400, "NewFax;NewVoiceMail": 400} {
			c.expect(want, "POST", path, c.write("SmtpDevice", "DisplayName", "for "+events, "EventList", events))
		}
	})
}

func TestAListHasAlternateNamesToo(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		user := c.create("Alias", "ann", "DtmfAccessId", "7001")
		list := c.expect(201, "POST", "/vmrest/distributionlists", c.write("DistributionList", "Alias", "sales")).id()
		name := c.expect(201, "POST", "/vmrest/alternatenames", c.write("AlternateName", "FirstName", "Vendors", "DistributionListObjectId", list)).body
		if got := c.read(name, "AlternateName"); got["DistributionListObjectId"] != list || got["DistributionListURI"] != "/vmrest/distributionlists/"+list {
			t.Errorf("got %v", got)
		}
		if got := c.expect(200, "GET", "/vmrest/alternatenames?query=(DistributionListObjectId is "+list+")", "").total(t); got != "1" {
			t.Errorf("%s names are found by the list, want 1", got)
		}
		for _, owners := range [][]string{{}, {"GlobalUserObjectId", user, "DistributionListObjectId", list}, {"GlobalUserObjectId", list}, {"DistributionListObjectId", user}} {
			c.expect(400, "POST", "/vmrest/alternatenames", c.write("AlternateName", append(owners, "FirstName", "Al")...))
		}
		c.expect(204, "DELETE", "/vmrest/distributionlists/"+list, "")
		c.expect(404, "GET", name, "")
	})
}

func TestTheClassOfServiceLimitsPrivateLists(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		for cos, want := range map[string]int{voiceMailCosID: 400, executiveCosID: 201} { // 25 lists and 99
			path := "/vmrest/users/" + c.create("Alias", cos, "DtmfAccessId", strconv.Itoa(7000+want), "CosObjectId", cos) + "/privatelists"
			for n := 1; n <= 25; n++ {
				c.expect(201, "POST", path, c.write("PrivateList", "DisplayName", strconv.Itoa(n), "NumericId", strconv.Itoa(n)))
			}
			c.expect(want, "POST", path, c.write("PrivateList", "DisplayName", "26", "NumericId", "26"))
		}
	})
}

func TestAMailboxShowsItsAgingPolicy(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		path := "/vmrest/users/" + c.create("Alias", "ann", "DtmfAccessId", "7001") + "/mailboxattributes"
		before := s.Snapshot()
		policy := c.read(path, "MailboxAttributes")["MessageAgingPolicyObjectId"]
		c.expect(200, "GET", "/vmrest/messageagingpolicies/"+policy, "")
		c.expect(204, "PUT", path, c.write("UserTemplate", "MessageAgingPolicyObjectId", "09f74c1b-5e2a-4c79-a6b8-1d3e597a6b02"))
		if changed := s.Snapshot(); len(changed) != len(before)+1 {
			t.Errorf("the snapshot does not tell of another policy: %v", changed)
		}
		c.expect(204, "PUT", path, c.write("UserTemplate", "MessageAgingPolicyObjectId", policy))
		if again := s.Snapshot(); len(again) != len(before) {
			t.Errorf("a mailbox as new is in the snapshot: %v", again)
		}
	})
}

// TestEveryAddressThatIsShownLeadsSomewhere follows every URI of every answer, but for those that are there to be written to.
func TestEveryAddressThatIsShownLeadsSomewhere(t *testing.T) {
	t.Parallel()
	address := regexp.MustCompile(`<\w*URI>([^<]+)</`)
	c := serve(t, &Server{}, xmlType)
	c.create("Alias", "ann", "DtmfAccessId", "7001")
	followed := map[string]bool{}
	next := []string{"/vmrest/users", "/vmrest/cluster", "/vmrest/handlers/callhandlers"}
	for _, l := range seededLists {
		next = append(next, "/vmrest/"+l.path)
	}
	for len(next) > 0 {
		path := next[0]
		next = next[1:]
		if followed[path] || strings.HasSuffix(path, "/reset") {
			continue
		}
		followed[path] = true
		for _, found := range address.FindAllStringSubmatch(c.expect(200, "GET", path, "").body, -1) {
			next = append(next, strings.ReplaceAll(found[1], "&amp;", "&"))
		}
	}
	if len(followed) < 200 {
		t.Errorf("only %d addresses were followed", len(followed))
	}
}

func TestLicencesAreCounted(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		if got := c.expect(200, "GET", "/vmrest/licensestatuscounts", "").total(t); got != "6" {
			t.Errorf("%s kinds, want 6", got)
		}
		used := func() string {
			return c.read("/vmrest/licensestatuscounts/LicSubscribersMax", "LicenseStatusCount")["Count"]
		}
		before := used()
		c.create("Alias", "ann", "DtmfAccessId", "7001")
		c.expect(201, "POST", "/vmrest/users?templateAlias=administratortemplate", c.write("User", "Alias", "boss", "DtmfAccessId", "7002"))
		if after := used(); before != "0" || after != "1" { // who came with the installation takes none
			t.Errorf("the count went from %s to %s, want 0 and, with one more mailbox, 1", before, after)
		}
		if got := c.read("/vmrest/licensestatuscounts/LicContactsMax", "LicenseStatusCount"); got["Count"] != "0" || got["featureName"] != "CUC_SpeechConnectGuestUser" {
			t.Errorf("got %v", got)
		}
		if missing := c.expect(404, "GET", "/vmrest/licensestatuscounts/none", "").body; !strings.Contains(missing, "licensestatuscount - TagName=none") {
			t.Errorf("got %s", missing)
		}
	})
}

func TestGlobalUsersTellWhereAUserIs(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		user := c.create("Alias", "ann", "DtmfAccessId", "7001", "FirstName", "Ann")
		for query, want := range map[string]string{"": "3", "?query=(alias is ANN)": "1", "?query=(firstname startswith an)": "1", "?query=(objectid is " + user + ")": "1", "?query=(alias is bob)": "0"} {
			if got := c.expect(200, "GET", "/vmrest/globalusers"+query, "").total(t); got != want {
				t.Errorf("%s: %s users, want %s", query, got, want)
			}
		}
		if got := c.read("/vmrest/globalusers/"+user, "GlobalUser"); got["Alias"] != "ann" || got["LocationObjectId"] != locationID || got["IsTemplate"] != "false" {
			t.Errorf("got %v", got)
		}
		c.expect(404, "GET", "/vmrest/globalusers/none", "")
	})
}

func TestTenants(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		tenant := c.expect(201, "POST", "/vmrest/tenants", c.write("Tenant", "Alias", "acme", "SmtpDomain", "acme.example.com", "Description", "The customer")).body
		c.expect(400, "POST", "/vmrest/tenants", c.write("Tenant", "Alias", "ACME", "SmtpDomain", "other.example.com"))
		if got := c.read(tenant, "Tenant"); got["Name"] != "acme" || got["SmtpDomain"] != "acme.example.com" {
			t.Errorf("got %v", got)
		}
		if got := c.expect(200, "GET", "/vmrest/tenants?query=(Alias is acme)", "").total(t); got != "1" {
			t.Errorf("%s tenants are found by their alias, want 1", got)
		}
		for list, reference := range map[string]string{"coses": "CosObjectId", "phonesystems": "MediaSwitchObjectId", "schedulesets": "ScheduleSetObjectId"} {
			body := c.expect(200, "GET", tenant+"/"+list, "").body
			if !strings.Contains(body, reference) {
				t.Errorf("%s: got %s", list, body)
			}
		}
		c.expect(404, "GET", "/vmrest/tenants/none/coses", "")
		c.expect(204, "DELETE", tenant, "")
	})
}

func TestWhatFewScriptsRead(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		user := "/vmrest/users/" + c.create("Alias", "ann", "DtmfAccessId", "7001")
		rule := "/vmrest/routingrules/ecf904eb-26b0-416a-b35b-d99da0f1f388"
		for path, want := range map[string]string{user + "/videoserviceaccounts": "0", rule + "/routingruleconditions": "0", "/vmrest/handlers/interviewhandlers": "0", "/vmrest/contacts": "0"} {
			if got := c.expect(200, "GET", path, "").total(t); got != want {
				t.Errorf("%s: %s, want %s", path, got, want)
			}
		}
	})
}

// TestAClusterIsShownInTwoWays: as clients that were used against real servers read the one list, and as the vendor's page prints the other.
func TestAClusterIsShownInTwoWays(t *testing.T) {
	t.Parallel()
	pair := func() *Server { return &Server{Nodes: []string{"pub.example.com", "sub.example.com"}} }
	inBoth(t, pair, func(t *testing.T, s *Server, c *client) {
		for path, marks := range map[string][]string{"/vmrest/cluster": {"Server", "Key", "DatabaseReplication", "pub.example.com"}, "/vmrest/vmsservers": {"VmsServer", "ClusterMemberId", "sub.example.com"}} {
			answer := c.expect(200, "GET", path, "")
			if answer.total(t) != "2" {
				t.Errorf("%s: got %s", path, answer.body)
			}
			for _, mark := range marks {
				if !strings.Contains(answer.body, `"`+mark+`"`) && !strings.Contains(answer.body, "<"+mark+">") && !strings.Contains(answer.body, ">"+mark+"<") {
					t.Errorf("%s lacks %s: %s", path, mark, answer.body)
				}
			}
		}
		c.expect(404, "GET", "/vmrest/vmsservers/none", "")
	})
}

// TestAProxyOfTheCorporateAddress: a user that asks for it has the e-mail address as a proxy address, and only as long as it asks.
func TestAProxyOfTheCorporateAddress(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		user := c.create("Alias", "ann", "DtmfAccessId", "7001", "EmailAddress", "ann@example.com", "CreateSmtpProxyFromCorp", "true")
		taken := c.create("Alias", "bob", "DtmfAccessId", "7002")
		c.expect(201, "POST", "/vmrest/smtpproxyaddresses", c.write("SmtpProxyAddress", "SmtpAddress", "taken@example.com", "ObjectGlobalUserObjectId", taken))
		c.expect(201, "POST", "/vmrest/smtpproxyaddresses", c.write("SmtpProxyAddress", "SmtpAddress", "own@example.com", "ObjectGlobalUserObjectId", user))
		proxies := func() string {
			body := c.expect(200, "GET", "/vmrest/smtpproxyaddresses?query=(ObjectGlobalUserObjectId is "+user+")", "").body
			var shown []string
			for _, address := range []string{"ann@example.com", "own@example.com", "new@example.com", "taken@example.com"} {
				if strings.Contains(body, address) {
					shown = append(shown, address)
				}
			}
			return strings.Join(shown, " ")
		}
		for _, step := range []struct {
			pairs []string
			want  string
		}{
			{[]string{"City", "Bonn"}, "ann@example.com own@example.com"},
			{[]string{"EmailAddress", "new@example.com"}, "own@example.com new@example.com"},
			{[]string{"EmailAddress", "taken@example.com"}, "own@example.com"},
			{[]string{"EmailAddress", ""}, "own@example.com"},
			{[]string{"EmailAddress", "own@example.com"}, "own@example.com"},
			{[]string{"CreateSmtpProxyFromCorp", "false"}, "own@example.com"},
			{[]string{"EmailAddress", "new@example.com", "CreateSmtpProxyFromCorp", "true"}, "own@example.com new@example.com"},
			{[]string{"CreateSmtpProxyFromCorp", "false"}, "own@example.com"},
		} {
			c.expect(204, "PUT", "/vmrest/users/"+user, c.write("User", step.pairs...))
			if got := proxies(); got != step.want {
				t.Errorf("after %v: got %s, want %s", step.pairs, got, step.want)
			}
		}
	})
}

// TestAnImportedUserHasThePhoneNumberOfTheDirectory, which no request can write.
func TestAnImportedUserHasThePhoneNumberOfTheDirectory(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		for alias, number := range map[string]string{"ann": "+49 228 4711", "bob": ""} {
			person := map[string]string{"alias": alias, "lastName": "Lee"}
			if number != "" {
				person["telephoneNumber"] = number
			}
			pkid, err := s.AddDirectoryUser(person)
			if err != nil {
				t.Fatal(err)
			}
			user := c.expect(201, "POST", "/vmrest/import/users/ldap?templateAlias=voicemailusertemplate", c.write("ImportUser", "pkid", pkid, "dtmfAccessId", "70"+alias)).body
			if got, shown := c.read(user, "User")["PhoneNumber"]; got != number || shown != (number != "") {
				t.Errorf("%s: PhoneNumber is %q", alias, got)
			}
			c.expect(400, "PUT", user, c.write("User", "PhoneNumber", "1"))
		}
	})
}
