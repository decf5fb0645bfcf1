package cupitest

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// What is here is what public clients and their recordings show of a server; where they say so stands in the tables.

const aSound = "RIFF\x24\x00\x00\x00WAVEfmt "

// put sends one object and expects the status.
func (c *client) put(want int, path string, pairs ...string) {
	c.t.Helper()
	c.expect(want, "PUT", path, c.write("Any", pairs...))
}

// post makes one thing at the path and returns its address.
func (c *client) post(path string, pairs ...string) string {
	c.t.Helper()
	return c.expect(201, "POST", path, c.write("Any", pairs...)).body
}

func withAnn(t *testing.T, test func(t *testing.T, s *Server, c *client, ann string)) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		test(t, s, c, c.create("Alias", "ann", "DtmfAccessId", "7001"))
	})
}

func TestARecordedFieldIsKeptAndShown(t *testing.T) {
	withAnn(t, func(t *testing.T, s *Server, c *client, ann string) {
		for _, name := range []string{"EnableMessageBookmark", "EnableSaveDraft", "RetainUrgentMessageFlag", "SayTotalDraftMsg", "AutoAdvanceMsgs", "SayMessageLength",
			"SayMessageLengthAfter", "SayAniAfter", "SaySenderAfter", "SaySenderExtensionAfter", "SayMsgNumberAfter"} {
			if got := c.read("/vmrest/users/"+ann, "User")[name]; got != "false" {
				t.Errorf("%s of a new user is %q", name, got)
			}
			c.put(204, "/vmrest/users/"+ann, name, "true")
			if got := c.read("/vmrest/users/"+ann, "User")[name]; got != "true" {
				t.Errorf("%s was taken and is %q", name, got)
			}
		}
		c.put(204, "/vmrest/users/"+ann, "PcaHomePage", "inbox", "DelayAfterGreeting", "500")
		c.put(400, "/vmrest/users/"+ann, "LdapCcmPkid", "x")
		c.put(400, "/vmrest/users/"+ann, "EnableMessageBookmarks", "true")
	})
}

func TestWhoWasImportedHasThePkid(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		pkid, err := s.AddDirectoryUser(map[string]string{"alias": "sdavis", "lastName": "Davis"})
		if err != nil {
			t.Fatal(err)
		}
		user := c.post("/vmrest/import/users/ldap?templateAlias=voicemailusertemplate", "pkid", pkid, "dtmfAccessId", "12123")
		if got := c.read(user, "User"); got["LdapType"] != "3" || got["LdapCcmPkid"] != pkid {
			t.Errorf("LdapType %q, LdapCcmPkid %q", got["LdapType"], got["LdapCcmPkid"])
		}
	})
}

func TestPhoneMenuHasRanges(t *testing.T) {
	withAnn(t, func(t *testing.T, s *Server, c *client, ann string) {
		for name, values := range map[string][2]string{"PromptVolume": {"100", "101"}, "PromptSpeed": {"150", "120"}, "RepeatMenu": {"250", "251"}, "FirstDigitTimeout": {"500", "499"},
			"InterdigitDelay": {"10000", "999"}, "CommandDigitTimeout": {"250", "5001"}, "MessageLocatorSortOrder": {"2", "3"}, "ConversationTui": {"SubMenuOpt1", "SubMenu_Nine"},
			"AddressMode": {"2", "3"}, "SendMessageOnHangup": {"2", "3"}, "ExitAction": {"1", "99"}} {
			c.put(204, "/vmrest/users/"+ann, name, values[0])
			c.put(400, "/vmrest/users/"+ann, name, values[1])
		}
	})
}

func TestATargetMustBeThere(t *testing.T) {
	withAnn(t, func(t *testing.T, s *Server, c *client, ann string) {
		user := "/vmrest/users/" + ann
		handler := c.read(user, "User")["CallHandlerObjectId"]
		own := "/vmrest/handlers/callhandlers/" + handler
		interview := strings.TrimPrefix(c.post("/vmrest/handlers/interviewhandlers", "DisplayName", "Survey", "RecipientSubscriberObjectId", operatorID), "/vmrest/handlers/interviewhandlers/")
		for _, test := range []struct {
			path, prefix string
		}{{user, "Exit"}, {own, "AfterMessage"}, {own + "/menuentries/1", ""}, {own + "/greetings/Busy", "AfterGreeting"}} {
			action, conversation, target := test.prefix+"Action", test.prefix+"TargetConversation", test.prefix+"TargetHandlerObjectId"
			c.put(400, test.path, action, "99")
			c.put(204, test.path, action, "1")
			c.put(400, test.path, action, "2", conversation, "Nowhere", target, operatorHandlerID)
			c.put(400, test.path, action, "2", conversation, "PHInterview", target, operatorHandlerID)
			c.put(400, test.path, action, "2", conversation, "PHTransfer", target, "00000000-0000-0000-0000-000000000000")
			c.put(204, test.path, action, "2", conversation, "PHInterview", target, interview)
			c.put(204, test.path, action, "2", conversation, "AD", target, systemDirectoryID)
			c.put(204, test.path, action, "2", conversation, "PHTransfer", target, operatorHandlerID)
			c.put(204, test.path, action, "2", conversation, "SubSysTransfer")
		}
	})
}

func TestACallHandlersMessages(t *testing.T) {
	withAnn(t, func(t *testing.T, s *Server, c *client, ann string) {
		handler := c.post("/vmrest/handlers/callhandlers?templateObjectId=3c2a7f4e-815d-4fac-b9eb-4061908d2e46", "DisplayName", "Sales")
		for _, name := range []string{"SendUrgentMsg", "SendPrivateMsg"} {
			c.put(204, handler, name, "2")
			if got := c.read(handler, "Callhandler")[name]; got != "2" {
				t.Errorf("%s is %q", name, got)
			}
			c.put(400, handler, name, "3")
		}
		c.put(204, handler, "MaxMsgLen", "3600")
		c.put(400, handler, "MaxMsgLen", "3601")
		c.put(400, handler, "DtmfAccessId", "____")
		c.put(400, handler, "DtmfAccessId", "12345678123412341234123456789012")
		c.put(204, handler, "DtmfAccessId", "4711")
		list := strings.TrimPrefix(c.post("/vmrest/distributionlists", "Alias", "sales"), "/vmrest/distributionlists/")
		contact := strings.TrimPrefix(c.post("/vmrest/contacts?templateAlias=systemcontacttemplate", "Alias", "vendor"), "/vmrest/contacts/")
		for name, id := range map[string]string{"RecipientSubscriberObjectId": ann, "RecipientDistributionListObjectId": list, "RecipientContactObjectId": contact} {
			c.put(204, handler, name, id)
			shown := c.read(handler, "Callhandler")
			for _, other := range recipients {
				if want := map[bool]string{true: id}[other == name]; shown[other] != want {
					t.Errorf("after %s was set, %s is %q", name, other, shown[other])
				}
			}
			c.put(400, handler, name, "00000000-0000-0000-0000-000000000000")
		}
		c.expect(400, "POST", handler+"/callhandlerowners", c.write("Any", "UserObjectId", "00000000-0000-0000-0000-000000000000"))
		c.expect(400, "POST", "/vmrest/distributionlists", c.write("Any", "Alias", "odd", "DtmfAccessId", "____"))
	})
}

func TestRootsAreNotCompared(t *testing.T) {
	t.Parallel()
	c := serve(t, fresh(), xmlType)
	ann := c.create("Alias", "ann", "DtmfAccessId", "7001")
	c.expect(204, "PUT", "/vmrest/users/"+ann+"/mailboxattributes", "<Anything><SendQuota>1024</SendQuota></Anything>")
	c.expect(201, "POST", "/vmrest/users/"+ann+"/notificationdevices/phonedevices", "<Phone><DisplayName>Other</DisplayName><PhoneNumber>95551</PhoneNumber><MediaSwitchObjectId>"+phoneSystemID+"</MediaSwitchObjectId></Phone>")
}

func TestDevicesOfUsersAndTemplates(t *testing.T) {
	withAnn(t, func(t *testing.T, s *Server, c *client, ann string) {
		template := s.data.template("voicemailusertemplate").own["ObjectId"]
		for _, path := range []string{"/vmrest/users/" + ann, "/vmrest/users/" + template} {
			for _, kind := range []string{"phonedevices", "pagerdevices"} {
				first := s.data.lists["phonesystems"].documents[0].own["ObjectId"]
				listed := c.expect(200, "GET", path+"/notificationdevices/"+kind, "").body
				if !strings.Contains(listed, "MediaSwitchObjectId") || !strings.Contains(listed, first) {
					t.Errorf("%s of %s have no phone system: %s", kind, path, listed)
				}
			}
			all := c.expect(200, "GET", path+"/notificationdevices", "").body
			_, after, _ := strings.Cut(all, "notificationdevices/phonedevices/")
			id := after[:36]
			if got := c.read(path+"/notificationdevices/"+id, "NotificationDevice"); got["ObjectId"] != id || got["Type"] != "1" {
				t.Errorf("the device by its id is %v", got)
			}
			c.expect(404, "GET", path+"/notificationdevices/00000000-0000-0000-0000-000000000000", "")
		}
		own := "/vmrest/usertemplates/" + template
		c.expect(200, "GET", own+"/usertemplatenotificationdevices", "")
		made := c.post(own+"/usertemplatenotificationdevices/usertemplatephonedevices", "DisplayName", "Other", "PhoneNumber", "95551", "MediaSwitchObjectId", phoneSystemID)
		if !strings.HasPrefix(made, own) {
			t.Errorf("made %s", made)
		}
		c.put(204, made, "PhoneNumber", "4711")
		c.read(made, "UserTemplatePhoneDevice")
		c.put(204, own+"/credential/pin", "Credentials", "735291")
		c.put(204, own+"/credential/password", "Credentials", "Zx8!kqW735291")
	})
}

func TestPartsOfWhoIsNotThere(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		const bad = "00000000-0000-0000-0000-000000000000"
		for _, path := range []string{"users/" + bad + "/notificationdevices", "routingrules/" + bad + "/routingruleconditions", "handlers/callhandlers/" + bad + "/menuentries", "distributionlists/" + bad + "/distributionlistmembers"} {
			if got := c.expect(200, "GET", "/vmrest/"+path, "").total(t); got != "0" {
				t.Errorf("%s: total %s", path, got)
			}
		}
		for _, path := range []string{"handlers/callhandlers/" + bad + "/greetings", "handlers/callhandlers/" + bad + "/transferoptions", "users/" + bad + "/mwis"} {
			c.expect(404, "GET", "/vmrest/"+path, "")
		}
	})
}

func TestAFreshServersParts(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		for path, want := range map[string]string{
			"schedulesets/" + weekdaysSetID + "/schedulesetmembers": "2", "schedules/" + holidaysID + "/scheduledetails": "1", "schedules/" + weekdaysID + "/scheduledetails": "1",
			"installedlanguages": "15", "installedlanguages?query=(LanguageType is TTS)": "5", "roles": "11", "systemroles": "11", "customroles": "0", "authenticationrules": "2", "credentialpolicies": "2", "schedulesets": "3",
			"messageagingpolicies/" + defaultAgingID + "/messageagingrules": "4", "messageexpirations": "1", "adminusers": "3", "adminusers?query=(Alias is Replication)": "1", "phonesystems/" + phoneSystemID + "/phonesystemassociations": "2", "searchspaces/" + searchSpaceID + "/searchspacemembers": "1",
			"restrictiontables": "5", "handlers/callhandlers/" + openingID + "/greetings/Standard/greetingstreamfiles": "5",
		} {
			if got := c.expect(200, "GET", "/vmrest/"+path, "").total(t); got != want {
				t.Errorf("%s: %s, want %s", path, got, want)
			}
		}
		for _, list := range s.data.lists["distributionlists"].documents {
			if got := c.read("/vmrest/distributionlists/"+list.own["ObjectId"], "DistributionList"); got["DtmfName"] == "" {
				t.Errorf("%s has no DtmfName", got["Alias"])
			}
		}
		if got := c.read("/vmrest/handlers/callhandlers/"+openingID+"/greetings/Standard", "Greeting"); got["PlayWhat"] != "1" || got["Enabled"] != "true" {
			t.Errorf("the opening greeting is %v", got)
		}
		if got := c.expect(200, "GET", "/vmrest/handlers/callhandlers/"+openingID+"/greetings/Standard/greetingstreamfiles/1033/audio", "", "Accept", "audio/wav").body; !strings.HasPrefix(got, "RIFF") {
			t.Error("the opening greeting is silent")
		}
		if got := c.expect(200, "GET", "/vmrest/callhandlertemplates?query=(PartitionObjectId is "+partitionID+")", "").total(t); got != "1" {
			t.Errorf("%s templates are found by the partition", got)
		}
	})
}

// TestABareServer has what a new installation has, by the vendor's pages and recordings, and can be worked with.
func TestABareServer(t *testing.T) {
	t.Parallel()
	c := serve(t, &Server{Bare: true}, jsonType)
	for path, want := range map[string]int{
		"users": 2, "adminusers": 3, "usertemplates": 2, "userdefaulttemplates": 2, "callhandlertemplates": 1, "coses": 2, "partitions": 1, "searchspaces": 1, "mailboxstores": 1, "phonesystems": 1,
		"portgroups": 0, "ports": 0, "schedulesets": 3, "schedules": 4, "distributionlists": 3, "handlers/callhandlers?query=(IsPrimary is 0)": 3, "handlers/directoryhandlers": 1,
		"handlers/interviewhandlers": 0, "contacts": 0, "routingrules": 3, "restrictiontables": 5, "authenticationrules": 2, "messageagingpolicies": 2, "roles": 11, "installedlanguages": 3,
		"installedlanguages?query=(LanguageType is TTS)": 1, "externalservices": 0, "tenants": 0, "postgreetingrecordings": 0, "locations/connectionlocations": 1, "languagemap": len(languages()), "timezones": len(timeZones()),
	} {
		if got := c.expect(200, "GET", "/vmrest/"+path, "").total(t); got != strconv.Itoa(want) {
			t.Errorf("%s: %s, want %d", path, got, want)
		}
	}
	ann := c.create("Alias", "ann", "DtmfAccessId", "7001")
	if got := c.expect(200, "GET", "/vmrest/users/"+ann+"/notificationdevices", "").total(t); got != "8" {
		t.Errorf("%s devices of a new user", got)
	}
	c.expect(400, "POST", "/vmrest/users?templateAlias=executivetemplate", c.write("User", "Alias", "bob", "DtmfAccessId", "7002"))
}

func TestRecordedNames(t *testing.T) {
	withAnn(t, func(t *testing.T, s *Server, c *client, ann string) {
		list := c.post("/vmrest/users/"+ann+"/privatelists", "DisplayName", "Team", "NumericId", "1")
		for _, path := range []string{"/vmrest/users/" + ann, c.post("/vmrest/distributionlists", "Alias", "sales"), c.post("/vmrest/contacts?templateAlias=systemcontacttemplate", "Alias", "vendor"),
			"/vmrest/handlers/callhandlers/" + openingID, "/vmrest/handlers/directoryhandlers/" + systemDirectoryID, c.post("/vmrest/handlers/interviewhandlers", "DisplayName", "Survey", "RecipientSubscriberObjectId", operatorID), list} {
			c.expect(404, "GET", path+"/voicename", "")
			c.expect(400, "PUT", path+"/voicename", "no sound", "Content-Type", "audio/wav")
			c.expect(415, "PUT", path+"/voicename", aSound)
			c.expect(204, "PUT", path+"/voicename", aSound, "Content-Type", "audio/wav")
			if got := c.expect(200, "GET", path+"/voicename", ""); got.body != aSound || got.header.Get("Content-Type") != "audio/wav" {
				t.Errorf("%s: got %q", path, got.body)
			}
			c.put(400, path, "VoiceName", "nothing.wav")
			file := c.expect(201, "POST", "/vmrest/voicefiles", "").body
			c.put(400, path, "VoiceName", file)
			c.expect(204, "PUT", "/vmrest/voicefiles/"+file, "RIFF2", "Content-Type", "audio/wav")
			c.put(204, path, "VoiceName", file)
			if got := c.expect(200, "GET", path+"/voicename", "").body; got != "RIFF2" {
				t.Errorf("%s: got %q after the voice file", path, got)
			}
			if got := c.expect(200, "GET", "/vmrest/voicefiles/"+file, "").body; got != "RIFF2" {
				t.Errorf("%s: the voice file is %q", path, got)
			}
			if got := c.read(path, "Any"); got["VoiceNameURI"] != path+"/voicename" && !strings.HasPrefix(path, "/vmrest/contacts/") && path != list {
				t.Errorf("%s: it shows %v", path, got)
			}
		}
	})
}

func TestTransferToAnExtension(t *testing.T) {
	withAnn(t, func(t *testing.T, s *Server, c *client, ann string) {
		option := "/vmrest/handlers/callhandlers/" + c.read("/vmrest/users/"+ann, "User")["CallHandlerObjectId"] + "/transferoptions/Standard"
		if got := c.read(option, "TransferOption"); got["UsePrimaryExtension"] != "true" || got["Extension"] != "7001" {
			t.Errorf("a new one has %v", got)
		}
		c.put(400, option, "Action", "1", "UsePrimaryExtension", "true", "Extension", "4711")
		c.put(400, option, "UsePrimaryExtension", "false")
		c.put(204, option, "Action", "1", "UsePrimaryExtension", "false", "Extension", "4711")
		c.put(204, option, "UsePrimaryExtension", "true")
		if got := c.read(option, "TransferOption")["Extension"]; got != "7001" {
			t.Errorf("with the primary extension it shows %q", got)
		}
		c.put(400, option, "Action", "1", "Extension", "4712")
		c.put(204, option, "UsePrimaryExtension", "false", "Extension", "4711")
		c.put(204, option, "Action", "1", "Extension", "4712")
		if got := c.read(option, "TransferOption"); got["UsePrimaryExtension"] != "false" || got["Extension"] != "4712" {
			t.Errorf("after Extension alone: %v", got)
		}
		system := "/vmrest/handlers/callhandlers/" + operatorHandlerID + "/transferoptions/Standard"
		c.put(204, system, "Action", "1", "Extension", "4711", "PlayTransferPrompt", "false")
		if got := c.read(system, "TransferOption")["Extension"]; got != "4711" {
			t.Errorf("the system's handler calls %q", got)
		}
		c.put(400, option, "TransferRings", "21")
		c.put(400, option, "TransferHoldingMode", "3")
	})
}

func TestAKeyKeepsItsNumber(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		key := "/vmrest/handlers/callhandlers/" + openingID + "/menuentries/%23"
		c.put(204, key, "Action", "7", "TransferNumber", "9011", "DisplayName", "Mobile", "TransferType", "1", "TransferRings", "4")
		c.put(204, key, "Action", "0")
		c.put(204, key, "TransferNumber", "9012")
		c.put(400, key, "TransferNumber", "")
		c.put(400, key, "TransferRings", "21")
		c.put(400, key, "DisplayName", strings.Repeat("x", 25))
	})
}

func TestWhoIsReferencedStays(t *testing.T) {
	withAnn(t, func(t *testing.T, s *Server, c *client, ann string) {
		user := "/vmrest/users/" + ann
		handler := c.read(user, "User")["CallHandlerObjectId"]
		c.put(204, "/vmrest/handlers/callhandlers/"+operatorHandlerID+"/menuentries/2", "Action", "2", "TargetConversation", "PHTransfer", "TargetHandlerObjectId", handler)
		c.put(204, "/vmrest/handlers/callhandlers/"+operatorHandlerID, "RecipientSubscriberObjectId", ann)
		got := c.expect(200, "GET", "/vmrest/subscriberdependencies/"+ann, "")
		if got.total(t) != "2" || !strings.Contains(got.body, "TT2") || !strings.Contains(got.body, "Recipient") {
			t.Errorf("got %s", got.body)
		}
		c.expect(200, "GET", "/vmrest/subscriberdependencies", "")
		c.expect(400, "DELETE", user, "")
		c.put(204, "/vmrest/handlers/callhandlers/"+operatorHandlerID+"/menuentries/2", "Action", "0", "TargetConversation", "", "TargetHandlerObjectId", "")
		c.put(204, "/vmrest/handlers/callhandlers/"+operatorHandlerID, "RecipientSubscriberObjectId", operatorID)
		c.expect(204, "DELETE", user, "")
	})
}

func TestContacts(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		c.expect(400, "POST", "/vmrest/contacts", c.write("Contact", "Alias", "vendor"))
		c.expect(400, "POST", "/vmrest/contacts?templateAlias=systemcontacttemplate", c.write("Contact", "DisplayName", "Vendor"))
		contact := c.post("/vmrest/contacts?templateAlias=systemcontacttemplate", "Alias", "vendor", "DisplayName", "Vendor One", "TransferEnabled", "1", "TransferExtension", "95551234")
		c.put(204, contact, "FirstName", "V", "AltFirstName", "W", "ListInDirectory", "true", "TransferType", "1", "TransferRings", "4", "TransferExtension", "")
		c.put(400, contact, "PartitionObjectId", "bogus")
		c.put(400, contact, "Alias", "seller")
		c.put(204, contact, "Alias", "vendor")
		if got := c.expect(200, "GET", "/vmrest/contacts?query=(alias is vendor)", "").total(t); got != "1" {
			t.Errorf("%s are found", got)
		}
		id := strings.TrimPrefix(contact, "/vmrest/contacts/")
		list := c.post("/vmrest/distributionlists", "Alias", "sales")
		c.put(400, list, "Alias", "marketing")
		c.post(list+"/distributionlistmembers", "MemberContactObjectId", id)
		c.put(400, list, "AllowForeignMessage", "true")
		closed := c.post("/vmrest/distributionlists", "Alias", "closed", "AllowContacts", "false")
		c.expect(400, "POST", closed+"/distributionlistmembers", c.write("Any", "MemberContactObjectId", id))
		c.post("/vmrest/alternatenames", "FirstName", "A", "LastName", "B", "ContactObjectId", id)
		c.expect(204, "DELETE", contact, "")
		if got := c.expect(200, "GET", list+"/distributionlistmembers", "").total(t); got != "0" {
			t.Errorf("the list has %s members after the contact went", got)
		}
	})
}

func TestATemplateHasMoreThanAUser(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		template := c.post("/vmrest/usertemplates?templateAlias=voicemailusertemplate", "Alias", "newtemplate", "DisplayName", "New")
		c.put(204, template, "DisplayNameRule", "2", "SendQuota", "-1", "EnableSaveDraft", "true")
		c.put(400, template, "DisplayNameRule", "3")
		c.put(400, template, "ExitAction", "99")
		shown := c.read(template, "UserTemplate")
		if shown["DisplayNameRule"] != "2" || shown["SendQuota"] != "-1" || shown["EnableSaveDraft"] != "true" {
			t.Errorf("got %v", shown)
		}
		handler := "/vmrest/callhandlerprimarytemplates/" + shown["CallHandlerObjectId"]
		c.put(204, handler, "MaxMsgLen", "60")
		c.put(204, handler+"/transferoptions/Standard", "TransferRings", "5")
		c.put(204, handler+"/menuentries/1", "Action", "1")
		c.put(204, handler+"/usertemplategreetings/Busy", "Enabled", "true", "TimeExpires", "")
		if got := c.expect(200, "GET", "/vmrest/languagemap", "").total(t); got != "149" {
			t.Errorf("%s languages are mapped", got)
		}
		c.expect(204, "DELETE", template, "")
		c.expect(404, "GET", handler, "")
	})
}

func TestUsersWithoutMailbox(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		made := c.post("/vmrest/adminusers?templateAlias=administratortemplate", "Alias", "jadmin", "FirstName", "J", "DisplayName", "J Admin")
		if !strings.HasPrefix(made, "/vmrest/users/") {
			t.Errorf("made %s", made)
		}
		admin := strings.Replace(made, "users", "adminusers", 1)
		c.put(204, admin, "Title", "Boss")
		c.put(400, admin, "DtmfAccessId", "4711")
		if got := c.read(admin, "User"); got["Title"] != "Boss" || got["Alias"] != "jadmin" {
			t.Errorf("got %v", got)
		}
		c.put(204, made+"/credential/password", "Credentials", "Zx8!kqW735291")
		c.expect(400, "POST", "/vmrest/adminusers?templateAlias=voicemailusertemplate", c.write("User", "Alias", "x"))
		c.expect(204, "DELETE", admin, "")
		c.expect(400, "DELETE", "/vmrest/adminusers/"+adminUserID, "")
	})
}

// TestWhatPublicToolsWrite: each collection that a public tool writes is made, changed, shown and deleted.
func TestWhatPublicToolsWrite(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		for _, test := range []struct {
			path         string
			make, change []string
			bad          []string
		}{
			{"coses", []string{"DisplayName", "Sales COS", "Undeletable", "false", "AccessVmi", "true", "MaxMsgLength", "300", "EnableSTTSecureMessage", "0"}, []string{"MaxGreetingLength", "120"}, []string{"RequireSecureMessages", "9"}},
			{"partitions", []string{"Name", "Sales"}, []string{"Description", "Sales"}, []string{"Name", ""}},
			{"searchspaces", []string{"Name", "Sales"}, []string{"Description", "Sales"}, []string{"Name", ""}},
			{"searchspaces/" + searchSpaceID + "/searchspacemembers", []string{"PartitionObjectId", branchID, "SortOrder", "2"}, []string{"SortOrder", "3"}, []string{"PartitionObjectId", "bogus"}},
			{"callhandlertemplates", []string{"DisplayName", "Sales", "RecipientSubscriberObjectId", operatorID}, []string{"MaxMsgLen", "60"}, []string{"AfterMessageAction", "99"}},
			{"handlers/directoryhandlers", []string{"DisplayName", "Sales"}, []string{"SearchScope", "6", "SearchScopeObjectId", searchSpaceID}, []string{"ExitAction", "99"}},
			{"handlers/interviewhandlers", []string{"DisplayName", "Sales", "RecipientSubscriberObjectId", operatorID}, []string{"SendUrgentMsg", "2"}, []string{"RecipientSubscriberObjectId", "bogus"}},
			{"routingrules", []string{"DisplayName", "Sales", "Type", "1"}, []string{"RouteAction", "2", "RouteTargetConversation", "PHGreeting", "RouteTargetHandlerObjectId", openingID}, []string{"Type", "4"}},
			{"routingrules/fd0a15fc-37c1-427b-846c-eaaeb102a499/routingruleconditions", []string{"Parameter", "1", "Operator", "2", "OperandValue", "1234"}, []string{"OperandValue", "5551212"}, []string{"Operator", "8"}},
			{"phonesystems/" + phoneSystemID + "/axlservers", []string{"HostOrIPAddress", "192.0.2.7", "CcmAXLUser", "abcd", "IsPinSyncEnabled", "false"}, []string{"Port", "8443"}, []string{"IsPinSyncEnabled", "perhaps"}},
			{"authenticationrules", []string{"DisplayName", "Sales", "MaxHacks", "7"}, []string{"MaxDays", "90"}, []string{"TrivialCredChecking", "perhaps"}},
			{"messageagingpolicies", []string{"DisplayName", "Sales", "Enabled", "false"}, []string{"Enabled", "true"}, []string{"DisplayName", ""}},
			{"schedulesets/" + allHoursSetID + "/schedulesetmembers", []string{"ScheduleObjectId", holidaysID, "Exclude", "true"}, []string{"Exclude", "true"}, []string{"Exclude", "false"}},
			{"phonesystems", []string{"DisplayName", "Sales"}, []string{"MwiAlwaysUpdate", "true"}, []string{"CallLoopDTMF", "Z"}},
			{"restrictiontables", []string{"DisplayName", "Sales"}, []string{"MaxDigits", "20"}, []string{"MinDigits", "0"}},
			{"restrictiontables/" + faxTableID + "/restrictionpatterns", []string{"NumberPattern", "9011*"}, []string{"Blocked", "false"}, []string{"NumberPattern", "nine"}},
			{"postgreetingrecordings", []string{"DisplayName", "Sales"}, []string{"DisplayName", "Sales 2"}, []string{"DisplayName", ""}},
			{"schedules", []string{"DisplayName", "Sales", "OwnerLocationObjectId", locationID}, []string{"IsHoliday", "true"}, []string{"IsHoliday", "perhaps"}},
			{"schedulesets", []string{"DisplayName", "Sales", "OwnerSubscriberObjectId", operatorID}, []string{"DisplayName", "Sales 2"}, []string{"DisplayName", ""}},
			{"distributionlists", []string{"Alias", "sales", "DtmfAccessId", "5000"}, []string{"DisplayName", "Sales"}, []string{"DtmfAccessId", "____"}},
			{"usertemplates/3c2a7f4e-815d-4fac-b9eb-40618cad2e35/usertemplatevideoserviceaccounts", []string{"ConnectorFactoryObjectId", operatorID, "IsConnectorMapped", "true"}, []string{"IsConnectorMapped", "false"}, []string{"IsConnectorMapped", "perhaps"}},
			{"usertemplates/3c2a7f4e-815d-4fac-b9eb-40618cad2e35/usertemplateroles", []string{"RoleObjectId", systemAdministratorID}, nil, []string{}},
		} {
			made := c.post("/vmrest/"+test.path, test.make...)
			if !strings.HasPrefix(made, "/vmrest/"+test.path+"/") {
				t.Errorf("%s: made %s", test.path, made)
			}
			if test.change != nil {
				c.put(204, made, test.change...)
				c.put(400, made, test.bad...)
				c.put(400, made, "Misspelt", "x")
			}
			shown := c.read(made, "Any")
			for _, pairs := range [][]string{test.make, test.change} {
				for name, value := range pairsToMap(pairs) {
					if shown[name] != value && (test.change == nil || pairsToMap(test.change)[name] == "") {
						t.Errorf("%s: %s is %q, want %q", test.path, name, shown[name], value)
					}
				}
			}
			c.expect(204, "DELETE", made, "")
			c.expect(404, "GET", made, "")
			if test.change != nil {
				c.put(400, made, test.make...)
			}
		}
		c.expect(400, "DELETE", "/vmrest/partitions/"+partitionID, "")
		c.expect(400, "DELETE", "/vmrest/authenticationrules/"+policyVoiceID, "")
		c.put(200, "/vmrest/smtpserver/serverconfigs", "Port", "587", "maxNumberConnections", "50")
		c.put(400, "/vmrest/smtpserver/serverconfigs", "Port", "26")
		if got := c.read("/vmrest/smtpserver/serverconfigs", "SmtpServerConfiguration"); got["Port"] != "587" || got["maxNumberRecipients"] != "15000" || got["ObjectId"] != "" {
			t.Errorf("the SMTP server is %v", got)
		}
		c.put(204, "/vmrest/smtpclient/clientconfigs", "smtpSmartHost", "smart.example.com", "smtpPassword", "secret")
		if got := c.read("/vmrest/smtpclient/clientconfigs", "SmtpClientConfiguration"); got["smtpSmartHost"] != "smart.example.com" || got["smtpPassword"] != "" {
			t.Errorf("the SMTP client is %v", got)
		}
	})
}

// TestADirectoryHandlerLooksSomewhere: the directory handlers page.
func TestADirectoryHandlerLooksSomewhere(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		handler := c.post("/vmrest/handlers/directoryhandlers", "DisplayName", "Sales")
		shows := func(want map[string]string) {
			t.Helper()
			got := c.read(handler, "DirectoryHandler")
			for name, value := range want {
				if got[name] != value {
					t.Errorf("%s is %q, want %q", name, got[name], value)
				}
			}
		}
		shows(map[string]string{"SearchScope": "0", "SearchScopeObjectId": locationID, "ScopeObjectLocationObjectId": locationID, "EndDialDelay": "4", "StartDialDelay": "5"})
		c.put(400, handler, "SearchScope", "5")
		c.put(400, handler, "SearchScope", "5", "SearchScopeObjectId", partitionID)
		c.put(204, handler, "SearchScope", "5", "SearchScopeObjectId", voiceMailCosID)
		shows(map[string]string{"ScopeObjectCosObjectId": voiceMailCosID, "ScopeObjectLocationObjectId": ""})
		c.put(204, handler, "VoiceEnabled", "true")
		shows(map[string]string{"SearchScope": "0", "SearchScopeObjectId": locationID, "ScopeObjectCosObjectId": ""})
		c.put(204, handler, "SearchScope", "7")
		shows(map[string]string{"SearchScopeObjectId": ""})
		c.put(204, handler, "MenuStyle", "false")
		c.put(400, "/vmrest/handlers/directoryhandlers/"+systemDirectoryID, "MenuStyle", "false")
	})
}

func TestRoutingRulesHaveAnOrder(t *testing.T) {
	t.Parallel()
	c := serve(t, fresh(), jsonType)
	rule := c.post("/vmrest/routingrules", "DisplayName", "Sales")
	if got := c.read(rule, "RoutingRule"); got["RuleIndex"] != "0" || got["RouteTargetConversation"] != "AD" || got["RouteTargetHandlerObjectId"] != systemDirectoryID {
		t.Errorf("a new rule is %v", got)
	}
	id := strings.TrimPrefix(rule, "/vmrest/routingrules/")
	body := fmt.Sprintf(`{"RoutingRule":[{"ObjectId":"ecf904eb-26b0-416a-b35b-d99da0f1f388"},{"ObjectId":"fd0a15fc-37c1-427b-846c-eaaeb102a499"},{"ObjectId":"%s"},{"ObjectId":"0e1b260d-48d2-438c-957d-fbbfc213b5aa"}]}`, id)
	c.expect(204, "PUT", "/vmrest/routingrules", body)
	if got := c.read(rule, "RoutingRule")["RuleIndex"]; got != "2" {
		t.Errorf("the rule stands at %s", got)
	}
	c.expect(400, "PUT", "/vmrest/routingrules", `{"RoutingRule":[{"ObjectId":"`+id+`"}]}`)
}

func TestRecordingsOfOtherHandlers(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		interview := c.post("/vmrest/handlers/interviewhandlers", "DisplayName", "Survey", "RecipientSubscriberObjectId", operatorID)
		question := interview + "/interviewquestions/1"
		c.put(204, question, "IsActive", "true", "MaxMsgLength", "11", "StreamText", "testing")
		c.put(400, question, "MaxMsgLength", "2222")
		for _, audio := range []string{question + "/audio", c.post("/vmrest/postgreetingrecordings", "DisplayName", "Hello") + "/postgreetingrecordingstreamfiles/1033/audio",
			"/vmrest/handlers/directoryhandlers/" + systemDirectoryID + "/directoryhandlerstreamfiles/1033/audio", "/vmrest/handlers/callhandlers/" + openingID + "/greetings/Closed/greetingstreamfiles/1033/audio"} {
			c.expect(404, "GET", audio, "")
			c.expect(204, "PUT", audio, aSound, "Content-Type", "audio/wav")
			if got := c.expect(200, "GET", audio, "").body; got != aSound {
				t.Errorf("%s: got %q", audio, got)
			}
		}
		file := c.expect(201, "POST", "/vmrest/voicefiles", "").body
		c.expect(204, "PUT", "/vmrest/voicefiles/"+file, "RIFF2", "Content-Type", "audio/wav")
		stream := "/vmrest/handlers/directoryhandlers/" + systemDirectoryID + "/directoryhandlerstreamfiles/1033"
		if made := c.post(stream, "StreamFile", file); made != stream {
			t.Errorf("made %s, want %s", made, stream)
		}
		c.expect(400, "POST", stream, c.write("DirectoryHandlerStreamFile", "StreamFile", "none.wav"))
		if got := c.expect(200, "GET", stream+"/audio", "").body; got != "RIFF2" {
			t.Errorf("the directory handler says %q", got)
		}
	})
}

func TestInventory(t *testing.T) {
	withAnn(t, func(t *testing.T, s *Server, c *client, ann string) {
		if err := s.PutMessages(ann, 3, 4096); err != nil {
			t.Fatal(err)
		}
		if got := c.expect(200, "GET", "/vmrest/userlicenses?query=(messaging is Basic)", "").total(t); got != "3" {
			t.Errorf("%s licences are in use", got)
		}
		if got := c.read("/vmrest/mailbox?userobjectid="+ann, "Mailbox")["CurrentSizeInBytes"]; got != "4096" {
			t.Errorf("the mailbox has %s bytes", got)
		}
		if got := c.read("/vmrest/mailbox/folders/inbox?userobjectid="+ann, "Folder")["MessageCount"]; got != "3" {
			t.Errorf("the inbox has %s messages", got)
		}
		if got := c.read("/vmrest/licensestatuscounts/LicSubscribersMax", "LicenseStatusCount")["Count"]; got != "1" { // ann; who came with the installation takes none
			t.Errorf("%s licences are taken", got)
		}
		for _, path := range []string{"smartlicense/licensedetails", "licensestatuscounts", "licensestatuscounts/LicSubscribersMax", "schema", "schema/users", "vmsservers", "cluster", "version",
			"configurationvalues/System.API.CumiAccessSecureMessageAttachments", "configurationvalues?query=(fullname startswith System)", "searchspacemembers?query=(PartitionObjectId is " + partitionID + ")", "searchspacesmembers", "tenants/" + tenantID + "/userlicenses", "userdefaulttemplates", "adminusers", "smppproviders"} {
			c.expect(200, "GET", "/vmrest/"+path, "")
		}
		c.put(204, "/vmrest/configurationvalues/System.API.CumiAccessSecureMessageAttachments", "Value", "1")
	})
}

// TestTheStateHasEverythingThatIsWritten saves a server, and another that loads the file shows the same.
func TestTheStateHasEverythingThatIsWritten(t *testing.T) {
	t.Parallel()
	s := fresh()
	c := serve(t, s, jsonType)
	ann := "/vmrest/users/" + c.create("Alias", "ann", "DtmfAccessId", "7001")
	c.expect(204, "PUT", ann+"/voicename", aSound, "Content-Type", "audio/wav")
	contact := c.post("/vmrest/contacts?templateAlias=systemcontacttemplate", "Alias", "vendor")
	table := c.post("/vmrest/restrictiontables", "DisplayName", "Sales")
	pattern := c.post(table+"/restrictionpatterns", "NumberPattern", "9*")
	c.expect(204, "DELETE", "/vmrest/searchspaces/"+searchSpaceID+"/searchspacemembers/"+s.data.belongings["searchspacemembers"].all[0].own["ObjectId"], "")
	var file strings.Builder
	if err := s.Save(&file); err != nil {
		t.Fatal(err)
	}
	other := fresh()
	if err := other.Load(strings.NewReader(file.String())); err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(other.Snapshot()), fmt.Sprint(s.Snapshot()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	loaded := serve(t, other, jsonType)
	for _, path := range []string{contact, pattern, ann + "/voicename", "/vmrest/adminusers/" + adminUserID} {
		loaded.expect(200, "GET", path, "")
	}
}

// TestADeviceAsThePageHasIt: G user notification devices page.
func TestADeviceAsThePageHasIt(t *testing.T) {
	withAnn(t, func(t *testing.T, s *Server, c *client, ann string) {
		devices := "/vmrest/users/" + ann + "/notificationdevices/"
		pager := c.all(devices+"pagerdevices", "PagerDevice")[0]
		c.put(204, pager["URI"], "RetriesOnBusy", "4", "RetriesOnRna", "5", "RetriesToWait", "10", "BusyRetryInterval", "5", "RnaRetryInterval", "16")
		c.put(204, pager["URI"], "FailDeviceObjectId", c.all(devices+"phonedevices", "PhoneDevice")[0]["ObjectId"], "RepeatInterval", "1", "RepeatNotify", "true", "InitialDelay", "12", "UrgentOnly", "true")
		got := c.read(pager["URI"], "PagerDevice")
		for name, want := range map[string]string{"RetriesOnRna": "5", "RnaRetryInterval": "16", "RepeatNotify": "true", "InitialDelay": "12", "RetriesOnSuccess": "0", "SuccessRetryInterval": "1", "VoiceMessage": "false",
			"TransmitForcedAuthorizationCode": "false", "ScheduleSetObjectId": allHoursSetID, "PhoneSystemURI": "/vmrest/phonesystems/" + phoneSystemID, "RetriesToWait": ""} {
			if got[name] != want {
				t.Errorf("%s is %q, want %q", name, got[name], want)
			}
		}
		c.put(204, c.all(devices+"smtpdevices", "SmtpDevice")[0]["URI"], "SmtpAddress", "ann@example.com", "HeaderText", "Header", "FooterText", "Footer")
		html := c.all(devices+"htmldevices", "HtmlDevice")[0]
		c.put(204, html["URI"], "EventList", "NewMissedCall", "SendScheduledNotificationAt", "10:15,23:00")
		c.put(400, html["URI"], "EventList", "NewTelegram")
		if got := c.read(html["URI"], "HtmlDevice"); got["MessageCountInSummary"] != "10" || got["SendScheduledNotificationAt"] != "10:15,23:00" {
			t.Errorf("it shows %v", got)
		}
	})
}

// TestCustomRoles: G:m-system-settings, Roles.
func TestCustomRoles(t *testing.T) {
	withAnn(t, func(t *testing.T, s *Server, c *client, ann string) {
		system := map[string]string{}
		for _, role := range c.all("/vmrest/systemroles?rowsPerPage=100", "Role") {
			system[role["RoleName"]] = role["ObjectId"]
		}
		audio, helpDesk := system["Audio Text Administrator"], system["Help Desk Administrator"]
		within := func(field string, ids ...string) string {
			if c.wire == jsonType {
				return `,"` + field + `":{"PrivilegeObjectId":["` + strings.Join(ids, `","`) + `"]}`
			}
			return "<" + field + "><PrivilegeObjectId>" + strings.Join(ids, "</PrivilegeObjectId><PrivilegeObjectId>") + "</PrivilegeObjectId></" + field + ">"
		}
		body := func(name, more string) string {
			if c.wire == jsonType {
				return `{"RoleName":"` + name + `"` + more + `}`
			}
			return "<Role><RoleName>" + name + "</RoleName>" + more + "</Role>"
		}
		const extra, vpim = "0db37044-b459-4784-a82c-fea1ddb35b73", "8979151b-8554-4483-b75b-d46d56e1fb98"
		custom := "/vmrest/customroles?systemRoleToInherit="
		c.expect(400, "POST", custom+ann, body("Helpers", ""))
		c.expect(400, "POST", custom+system["System Administrator"], body("Helpers", ""))
		c.expect(400, "POST", custom+audio, body("", ""))
		c.expect(400, "POST", custom+audio, body("Technician", ""))
		c.expect(400, "POST", custom+audio, body("Helpers", within("AssignPrivileges", ann)))
		made := c.expect(201, "POST", custom+audio, body("Helpers", within("AssignPrivileges", extra))).body
		id, is := strings.CutPrefix(made, "/vmrest/customroles/")
		if !is {
			t.Fatalf("made %s", made)
		}
		c.expect(400, "POST", custom+audio, body("helpers", ""))
		if got := c.read("/vmrest/roles/"+id, "Role"); got["RoleName"] != "Helpers" || got["InheritedObjectId"] != audio || got["IsEnabled"] != "true" {
			t.Errorf("it is %v", got)
		}
		counts := func(roles, systems, customs, has string) {
			t.Helper()
			for path, want := range map[string]string{"roles": roles, "systemroles": systems, "customroles": customs, "roles/" + id + "/privileges": has} {
				if got := c.expect(200, "GET", "/vmrest/"+path, "").total(t); got != want {
					t.Errorf("%s: %s, want %s", path, got, want)
				}
			}
		}
		counts("12", "11", "1", "8")
		c.expect(404, "GET", "/vmrest/customroles/"+audio, "")
		c.expect(400, "PUT", made, body("Helpers", within("RemovePrivileges", vpim)))
		c.expect(201, "PUT", made, body("Helpers", within("RemovePrivileges", extra)))
		counts("12", "11", "1", "7")
		if got := c.expect(200, "GET", "/vmrest/privileges", "").total(t); got != "14" {
			t.Errorf("there are %s privileges", got)
		}
		other := fresh()
		var file strings.Builder
		if err := s.Save(&file); err != nil {
			t.Fatal(err)
		}
		if err := other.Load(strings.NewReader(file.String())); err != nil || other.Snapshot()["customroles/"+id] == nil {
			t.Errorf("a state lacks it: %v", err)
		}
		role := c.post("/vmrest/users/"+ann+"/userroles", "RoleObjectId", id)
		if got := c.read(role, "UserRole")["RoleName"]; got != "Helpers" {
			t.Errorf("ann is %q", got)
		}
		c.expect(400, "DELETE", made, "")
		c.expect(204, "DELETE", role, "")
		c.put(201, made, "InheritedObjectId", helpDesk)
		counts("12", "11", "1", "0")
		c.put(400, made, "Misspelt", "x")
		c.put(400, "/vmrest/customroles/"+audio, "RoleDescription", "x")
		c.expect(404, "DELETE", "/vmrest/customroles/"+audio, "")
		c.expect(204, "DELETE", made, "")
		c.expect(404, "GET", made, "")
		c.expect(200, "GET", "/vmrest/systemroles", "")
	})
}

// TestSystemSettings: what else the page has.
func TestSystemSettings(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		rule := c.post("/vmrest/authenticationrules", "DisplayName", "Sales")
		if got := c.read(rule, "AuthenticationRule"); got["TrivialCredChecking"] != "false" || got["PrevCredCount"] != "12" {
			t.Errorf("a new rule is %v", got)
		}
		for name, values := range map[string][2]string{"HackResetTime": {"120", "0"}, "LockoutDuration": {"0", "1441"}, "MaxDays": {"3653", "3654"}, "MaxHacks": {"0", "101"}, "MinLength": {"64", "0"},
			"PrevCredCount": {"25", "26"}, "MinDuration": {"129600", "129601"}, "MinCharsToChange": {"1", "65"}} {
			c.put(204, rule, name, values[0])
			c.put(400, rule, name, values[1])
		}
		table := c.post("/vmrest/restrictiontables", "DisplayName", "Sales", "MinDigits", "241", "MaxDigits", "300")
		c.put(400, table, "MaxDigits", "301")
		one, other := c.post(table+"/restrictionpatterns", "NumberPattern", "9*"), c.post(table+"/restrictionpatterns", "NumberPattern", "8*")
		order := func(uris ...string) string {
			var ids []string
			for _, uri := range uris {
				ids = append(ids, uri[strings.LastIndexByte(uri, '/')+1:])
			}
			if c.wire == jsonType {
				return `{"RestrictionPattern":[{"ObjectId":"` + strings.Join(ids, `"},{"ObjectId":"`) + `"}]}`
			}
			return "<RestrictionPatterns><RestrictionPattern><ObjectId>" + strings.Join(ids, "</ObjectId></RestrictionPattern><RestrictionPattern><ObjectId>") + "</ObjectId></RestrictionPattern></RestrictionPatterns>"
		}
		c.expect(204, "PUT", table+"/restrictionpatterns", order(other, one))
		c.expect(400, "PUT", table+"/restrictionpatterns", order(other))
		if got := c.read(one, "RestrictionPattern")["SequenceNumber"]; got != "1" {
			t.Errorf("the pattern stands at %s", got)
		}
		transform := c.post("/vmrest/ldapphonenumbertransforms", "Regex", ".*([0-9][0-9][0-9][0-9])", "Replacement", "9$1")
		if refused := c.expect(405, "POST", "/vmrest/ldapphonenumbertransforms", c.write("Any", "Regex", "x", "Replacement", "y")); !strings.Contains(refused.body, "METHOD_NOT_ALLOWED") {
			t.Errorf("a second one: %s", refused.body)
		}
		c.put(204, transform, "Replacement", "8$1")
		c.expect(204, "DELETE", transform, "")
		authz := c.post("/vmrest/authz/server", "DisplayName", "A", "IgnoreCertificateError", "true", "ServerUsername", "admin", "ServerPassword", "secret", "ServerNodeAddress", "192.0.2.8", "Port", "8443")
		if got := c.read(authz, "AuthzServer"); got["ServerPassword"] != "" || got["Port"] != "8443" {
			t.Errorf("the authorization server is %v", got)
		}
		c.expect(204, "DELETE", authz, "")
		c.put(204, "/vmrest/locations/locallocation", "DefaultLanguage", "1031")
		c.put(400, "/vmrest/locations/locallocation", "DefaultLanguage", "1041")
		if got := c.read("/vmrest/locations/locallocation", "LocalLocation"); got["DefaultLanguage"] != "1031" || got["DefaultTTSLanguage"] != "1033" || got["ObjectId"] != "" {
			t.Errorf("the location is %v", got)
		}
		c.put(200, "/vmrest/smartlicense/transportsettings", "transportMode", "2", "httpHost", "proxy.example.com", "httpPort", "8080", "httpProxyPasswd", "secret")
		c.put(400, "/vmrest/smartlicense/transportsettings", "transportMode", "3")
		for path, want := range map[string]string{"waveformats": "1", "subjectlineformats?query=(MessageType is 2)": "1", "subject-line-parameters": "1"} {
			if got := c.expect(200, "GET", "/vmrest/"+path, "").total(t); got != want {
				t.Errorf("%s: %s, want %s", path, got, want)
			}
		}
		c.put(204, "/vmrest/subjectlineformats/7048d455-374b-4b81-bf0b-ebb70239b441", "Subject", "Summary")
		if got := c.read("/vmrest/languagemap/ENU", "LanguageMapping"); got["LanguageCode"] != "1033" {
			t.Errorf("ENU is %v", got)
		}
	})
}
