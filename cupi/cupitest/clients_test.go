package cupitest

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// step is one request of a public client, as it sends it. {name} in it is what an earlier step kept under that name.
type step struct {
	method, path, body string
	headers            string // besides those of the client: "Name: value; Name: value"
	status             int
	keeps              string // NAME, the id in the Location header; NAME=FIELD, a field of the one JSON object that is answered
}

const (
	asJSON = "Accept: application/json"
	sends  = "Content-Type: application/json"
)

// TestWhatPublicClientsSend goes the ways of clients that are used against real servers, with their headers and spellings. They
// were read, and those in Python were run against the simulator; here stand their requests alone.
func TestWhatPublicClientsSend(t *testing.T) {
	t.Parallel()
	for name, steps := range map[string][]step{
		// The vendor's samples: no Accept, the id from the Location header, booleans of JSON, one device that is an object.
		"vendor samples in Python": {
			{"POST", "/vmrest/users?templateAlias=voicemailusertemplate", `{"Alias":"testUser1","DtmfAccessId":"987654321"}`, "Accept: */*; " + sends, 201, "user"},
			{"DELETE", "/vmrest/users/{user}", "", "Accept: */*", 204, ""},
			{"GET", "/vmrest/mailboxstores", "", asJSON, 200, ""},
			{"POST", "/vmrest/users?templateAlias=voicemailusertemplate", `{"Alias":"testUser","DtmfAccessId":"987654321"}`, "Accept: */*; " + sends, 201, "user"},
			{"GET", "/vmrest/users/{user}/notificationdevices/smtpdevices", "", asJSON, 200, "device=ObjectId"},
			{"PUT", "/vmrest/users/{user}/notificationdevices/smtpdevices/{device}", `{"Active":true,"SmtpAddress":"user@abc.inc"}`, "Accept: */*; " + sends, 204, ""},
			{"DELETE", "/vmrest/users/{user}", "", asJSON, 204, ""},
		},
		// A client in Python that was tested against release 10.5: Content_type with an underscore besides the real one, an Extension
		// alone on a handler that is nobody's, the three steps of a greeting.
		"a class in Python": {
			{"GET", "/vmrest/locations/connectionlocations", "", asJSON + "; Content_type: application/json", 200, "location=ObjectId"},
			{"POST", "/vmrest/schedulesets", `{"DisplayName":"Test","OwnerLocationObjectId":"{location}"}`, asJSON + "; " + sends, 201, "set"},
			{"POST", "/vmrest/schedules", `{"DisplayName":"Test","OwnerLocationObjectId":"{location}","IsHoliday":"false"}`, asJSON + "; " + sends, 201, "schedule"},
			{"POST", "/vmrest/schedulesets/{set}/schedulesetmembers", `{"ScheduleSetObjectId":"{set}","ScheduleObjectId":"{schedule}","Exclude":"false"}`, asJSON + "; " + sends, 201, ""},
			{"POST", "/vmrest/schedules/{schedule}/scheduledetails", `{"Subject":"Test","StartTime":"510","EndTime":"1020","IsActiveMonday":"true","IsActiveSunday":"false"}`, asJSON + "; " + sends, 201, ""},
			{"POST", "/vmrest/users?templateAlias=voicemailusertemplate", `{"Alias":"Test User","DisplayName":"Test User","DtmfAccessId":"77777","FirstName":"First","LastName":"Last","IsVmEnrolled":"false","Country":"AU","UseDefaultTimeZone":"false","TimeZone":"255"}`, asJSON + "; " + sends, 201, "user"},
			{"PUT", "/vmrest/users/{user}/credential/pin", `{"CredMustChange":"false"}`, asJSON + "; " + sends, 204, ""},
			{"GET", "/vmrest/users/{user}", "", asJSON, 200, "owner=CallHandlerObjectId"},
			{"PUT", "/vmrest/handlers/callhandlers/{owner}", `{"ScheduleSetObjectId":"{set}"}`, asJSON + "; " + sends, 204, ""},
			{"GET", "/vmrest/callhandlertemplates", "", asJSON, 200, "template=ObjectId"},
			{"POST", "/vmrest/handlers/callhandlers?templateObjectId={template}", `{"DisplayName":"Sales","DtmfAccessId":"5000","ScheduleSetObjectId":"{set}"}`, asJSON + "; " + sends, 201, "handler"},
			{"PUT", "/vmrest/handlers/callhandlers/{handler}/transferoptions/Standard", `{"Action":"1","Extension":"4711","PlayTransferPrompt":"false"}`, asJSON + "; " + sends, 204, ""},
			{"PUT", "/vmrest/handlers/callhandlers/{handler}/greetings/Off%20Hours", `{"TimeExpires":"","Enabled":"true","AfterGreetingAction":"2","AfterGreetingTargetConversation":"PHGreeting","AfterGreetingTargetHandlerObjectId":"{owner}",` +
				`"EnableTransfer":"false","IgnoreDigits":"true","PlayRecordMessagePrompt":"false","PlayWhat":"1","RepromptDelay":"2","Reprompts":"0"}`, asJSON + "; " + sends, 204, ""},
			{"PUT", "/vmrest/handlers/callhandlers/{handler}/menuentries/1", `{"Action":"2","TargetConversation":"PHGreeting","TargetHandlerObjectId":"{owner}"}`, asJSON + "; " + sends, 204, ""},
			{"GET", "/vmrest/handlers/callhandlers/bogus/menuentries", "", asJSON, 200, ""},
			{"GET", "/vmrest/handlers/callhandlers/bogus/greetings/Standard", "", asJSON, 404, ""},
			{"GET", "/vmrest/users/1234567890/credential/pin", "", asJSON, 404, ""},
			{"DELETE", "/vmrest/handlers/callhandlers/{handler}", "", asJSON, 204, ""},
			{"DELETE", "/vmrest/users/{user}", "", asJSON, 204, ""},
			{"DELETE", "/vmrest/schedulesets/{set}", "", asJSON, 204, ""},
			{"DELETE", "/vmrest/schedules/{schedule}", "", asJSON, 204, ""},
		},
		// Scripts that set PINs, one by the alias and one by the extension: brackets and blanks as %28 and +, or raw.
		"PIN scripts": {
			{"POST", "/vmrest/users?templateAlias=voicemailusertemplate", `{"Alias":"ann","DtmfAccessId":"7001"}`, asJSON + "; " + sends, 201, ""},
			{"GET", "/vmrest/users?query=%28Alias+is+ann%29", "", asJSON, 200, "user=ObjectId"},
			{"GET", "/vmrest/users?query=(DtmfAccessId%20is%207001)", "", asJSON, 200, "user=ObjectId"},
			{"PUT", "/vmrest/users/{user}/credential/pin", `{"Credentials":"805316","CredMustChange":"true"}`, sends, 204, ""},
			{"GET", "/vmrest/users?query=(alias%20is%20nobody)", "", asJSON, 200, ""},
		},
		// A class in Python that a web service and a lab use: null as the body of what has none, a parameter that no page has, numbers,
		// and an empty list in the place of a time that is emptied.
		"a class behind a web service": {
			{"GET", "/vmrest/version/product/", "null", asJSON + "; " + sends, 200, ""},
			{"POST", "/vmrest/users?templateAlias=voicemailusertemplate", `{"Alias":"ann","DtmfAccessId":"7001"}`, asJSON + "; " + sends, 201, ""},
			{"GET", "/vmrest/users?sortorder=asc&rowsPerPage=100&pageNumber=1&query=%28alias+startswith+an%29", "null", asJSON + "; " + sends, 200, "user=ObjectId"},
			{"PUT", "/vmrest/users/{user}/credential/pin", `{"Credentials":"805316","HackCount":0,"TimeHacked":[]}`, asJSON + "; " + sends, 204, ""},
			{"PUT", "/vmrest/users/{user}/credential/pin", `{"TimeHacked":["x"]}`, asJSON + "; " + sends, 400, ""},
			{"DELETE", "/vmrest/users/{user}", "null", asJSON + "; " + sends, 204, ""},
			{"GET", "/vmrest/import/users/ldap?query=%28alias+is+ldap00001%29", "null", asJSON + "; " + sends, 200, "pkid=pkid"},
			{"POST", "/vmrest/import/users/ldap?templateAlias=voicemailusertemplate", `{"templateAlias":"voicemailusertemplate","ListInDirectory":"false",` +
				`"IsVmEnrolled":"false","dtmfAccessId":"7002","pkid":"{pkid}"}`, asJSON + "; " + sends, 201, "user"},
			{"GET", "/vmrest/users?query=%28ListInDirectory+is+false%29", "null", asJSON + "; " + sends, 200, ""},
			{"GET", "/vmrest/users/{user}", "null", asJSON + "; " + sends, 200, "user=ObjectId"},
		},
		// A library asks for the number of elements first, with blanks inside of the brackets, and then for pages of a thousand.
		"a library in Python": {
			{"GET", "/vmrest/version?pageNumber=0", "", asJSON + "; " + sends, 200, ""},
			{"GET", "/vmrest/users?query=(%20DtmfAccessId%20is%2099990%20)&pageNumber=0", "", asJSON + "; " + sends, 200, ""},
			{"GET", "/vmrest/users?query=(%20DtmfAccessId%20is%2099990%20)&rowsPerPage=1000&pageNumber=1", "", asJSON + "; " + sends, 200, "handler=CallhandlerURI"},
			{"GET", "{handler}/greetings?rowsPerPage=1000&pageNumber=1", "", asJSON + "; " + sends, 200, ""},
		},
		// A script that reads contacts from a file: XML without an Accept header, which a DELETE has too.
		"a contact script": {
			{"POST", "/vmrest/contacts?templateAlias=systemcontacttemplate", "<Contact><Alias>c1</Alias><DisplayName>C 1</DisplayName><FirstName>C</FirstName><LastName>1</LastName>" +
				"<TransferEnabled>true</TransferEnabled><TransferExtension>9011</TransferExtension></Contact>", "Accept: ; Content-Type: application/xml", 201, "contact"},
			{"GET", "/vmrest/contacts?query=(alias%20is%20c1)", "", "Accept: ; Content-Type: application/xml", 200, ""},
			{"DELETE", "/vmrest/contacts/{contact}", "", "Accept: ; Content-Type: application/xml", 204, ""},
		},
		// A PowerShell module: no Accept, a slash behind a list's name, and two before vmrest.
		"a PowerShell module": {
			{"POST", "/vmrest/users?templateAlias=voicemailusertemplate", `{"Alias":"ann","DtmfAccessId":"7001"}`, asJSON + "; " + sends, 201, "user"},
			{"GET", "/vmrest/users/{user}/notificationdevices/htmldevices/", "", "", 200, ""},
			{"GET", "/vmrest/handlers/callhandlers?query=(displayname%20is%20Operator)", "", "", 200, ""},
			{"GET", "//vmrest/handlers/callhandlers/" + operatorHandlerID, "", "", 200, ""},
			{"GET", "/vmrest/notificationtemplates?query=(NotificationTemplateName%20is%20Default_Missed_Call)", "", asJSON, 200, "shown=NotificationTemplateId"},
		},
		// A .NET library reads port groups with their parts before it makes its own.
		"a library for .NET": {
			{"GET", "/vmrest/portgrouptemplates", "", asJSON, 200, ""},
			{"GET", "/vmrest/portgroups?pageNumber=1&rowsPerPage=2", "", asJSON, 200, "group=ObjectId"},
			{"GET", "/vmrest/portgroups/{group}/portgroupcodecs", "", asJSON, 200, ""},
			{"GET", "/vmrest/portgroups/{group}/portgroupservers?pageNumber=1&rowsPerPage=20", "", asJSON, 200, ""},
			{"POST", "/vmrest/portgroups/{group}/portgroupservers", "<PortGroupServer><MediaPortGroupObjectId >{group}</MediaPortGroupObjectId ><MediaRemoteServiceEnum >101</MediaRemoteServiceEnum >" +
				"<HostOrIPAddress>cuc1.example.com</HostOrIPAddress></PortGroupServer>", "Accept: application/xml, */*; Content-Type: application/xml", 201, ""},
			{"GET", "/vmrest/rtpcodecdefs", "", asJSON, 200, ""},
		},
		// Scripts that import: without an Accept header they read XML, with one they send back whom they found, and one of them
		// looks for what servers say of a missing extension.
		"import scripts": {
			{"GET", "/vmrest/import/users/ldap?query=(alias startswith ldap0000)", "", sends, 200, ""},
			{"GET", "/vmrest/import/users/ldap?query=(alias%20is%20ldap00001)", "", asJSON, 200, "pkid=pkid"},
			{"POST", "/vmrest/import/users/ldap?templateAlias=voicemailusertemplate", `{"alias":"ldap00001","firstName":"Ada","lastName":"Almeida","emailAddress":"ldap00001@example.com","pkid":"{pkid}","dtmfAccessId":"7001"}`, asJSON + "; " + sends, 201, "user"},
			{"DELETE", "/vmrest/users/{user}", "{}", asJSON + "; " + sends, 204, ""},
			{"POST", "/vmrest/import/users/ldap?templateAlias=voicemailusertemplate", "<ImportUser>\r\n <alias>ldap00001</alias>\r\n <pkid>{pkid}</pkid>\r\n <dtmfAccessId>7001</dtmfAccessId>\r\n</ImportUser>",
				asJSON + "; Content-Type: application/xml", 201, "user"},
			{"GET", "/vmrest/subscriberdependencies/{user}", "", asJSON, 200, ""},
			{"GET", "/vmrest/mailbox/folders/inbox/messages?userobjectid={user}&read=false", "", asJSON, 200, ""},
			{"GET", "/vmrest/users/{user}?pageNumber=0&rowsPerPage=200", "", asJSON, 200, "user=ObjectId"},
		},
		// Scripts that put recordings into greetings, and take them out again: a slash at the end, the address of the recording from
		// the answer.
		"greeting scripts": {
			{"GET", "/vmrest/handlers/callhandlers?rowsPerPage=512&pageNumber=0", "", asJSON, 200, ""},
			{"GET", "/vmrest/callhandlertemplates", "", asJSON, 200, "template=ObjectId"},
			{"POST", "/vmrest/handlers/callhandlers?templateObjectId={template}", `{"DisplayName":"Weather"}`, asJSON + "; " + sends, 201, "handler"},
			{"GET", "/vmrest/handlers/callhandlers/{handler}/greetings/Alternate/", "", asJSON, 200, "files=GreetingStreamFilesURI"},
			{"PUT", "/vmrest/handlers/callhandlers/{handler}/greetings/Alternate/", `{"Enabled":"true","TimeExpires":""}`, asJSON + "; " + sends, 204, ""},
			{"PUT", "{files}/1033/audio", aSound, asJSON + "; Content-Type: audio/wav", 204, ""},
			{"GET", "{files}", "", asJSON, 200, "file=GreetingStreamFileLanguageURI"},
			{"GET", "{file}/audio", "", "Accept: */*", 200, ""},
			{"POST", "/vmrest/postgreetingrecordings", `{"DisplayName":"Weather"}`, asJSON + "; " + sends, 201, "recording"},
			{"PUT", "/vmrest/postgreetingrecordings/{recording}/postgreetingrecordingstreamfiles/1033/audio", aSound, asJSON + "; Content-Type: audio/wav", 204, ""},
			{"GET", "/vmrest/postgreetingrecordings/{recording}/postgreetingrecordingstreamfiles", "", asJSON, 200, "spoken=PostGreetingStreamFileLanguageURI"},
			{"GET", "{spoken}/audio", "", "Accept: */*", 200, ""},
		},
		// Inventories: a search for numbers begins with page 0, which holds none; a health check reads XML; a wizard draws schedules; a
		// reminder counts the users and reads when PINs were set; a command line reads lists that few others do.
		"inventories": {
			{"GET", "/vmrest/handlers/callhandlers?rowsPerPage=200&pageNumber=0", "", asJSON, 200, ""},
			{"GET", "/vmrest/handlers/callhandlers?rowsPerPage=200&pageNumber=1", "", asJSON, 200, "handler=ObjectId"},
			{"GET", "/vmrest/smtpserver/serverconfigs?rowsPerPage=500&pageNumber=1", "", "Accept: application/xml", 200, ""},
			{"GET", "/vmrest/smtpclient/clientconfigs", "", asJSON, 200, ""},
			{"GET", "/vmrest/messageagingpolicies?rowsPerPage=500&pageNumber=1", "", asJSON, 200, "rules=MessageAgingRuleURI"},
			{"GET", "{rules}?rowsPerPage=500&pageNumber=1", "", asJSON, 200, ""},
			{"GET", "/vmrest/schedulesets?rowsPerPage=512&pageNumber=0", "", asJSON, 200, ""},
			{"GET", "/vmrest/schedulesets?rowsPerPage=1", "", asJSON, 200, "members=ScheduleSetMemberURI"},
			{"GET", "{members}", "", "Accept: */*", 200, ""},
			{"GET", "/vmrest/authenticationrules", "", asJSON + "; " + sends, 200, "rule=MaxDays"},
			{"GET", "/vmrest/users?rowsPerPage=0", "", asJSON + "; " + sends, 200, ""},
			{"GET", "/vmrest/customroles?query=%28displayname+is+x%29&rowsPerPage=1", "", asJSON, 400, ""}, // the field is RoleName
			{"POST", "/vmrest/authenticationrules", `{"DisplayName":"Strict","MaxHacks":"3"}`, asJSON + "; " + sends, 201, "strict"},
			{"DELETE", "/vmrest/authenticationrules/{strict}", "", asJSON, 204, ""},
			{"GET", "/vmrest/version/", "", "Accept: */*", 200, ""},
		},
		// A script that prepares a branch: it sends XML, with the root in small letters, and some fields that it may not set.
		"a PowerShell script": {
			{"POST", "/vmrest/partitions", "<Partition>\n<Name>BER</Name>\n<Description>Bern Partition</Description>\n</Partition>", "Accept: ; Content-Type: application/xml", 201, "partition"},
			{"GET", "/vmrest/partitions?query=(name is BER)", "", "Accept: ; Content-Type: application/xml", 200, ""},
			{"POST", "/vmrest/searchspaces", "<SearchSpace>\n<Name>BER</Name>\n</SearchSpace>", "Accept: ; Content-Type: application/xml", 201, "space"},
			{"POST", "/vmrest/coses", "\ufeff<cos>\n<DisplayName>BER</DisplayName>\n<AccessAdvancedUser>true</AccessAdvancedUser>\n<OutsideCallers>false</OutsideCallers>\n<Undeletable>false</Undeletable>\n</cos>", "Accept: ; Content-Type: application/xml", 201, "cos"},
			{"POST", "/vmrest/usertemplates?templateAlias=voicemailusertemplate", "<UserTemplate>\n<Alias>BERT</Alias>\n<CosObjectId>{cos}</CosObjectId>\n<SearchByNameSearchSpaceObjectId>{space}</SearchByNameSearchSpaceObjectId>\n" +
				"<SendReadReceipts>1</SendReadReceipts>\n<IsSetForVmEnrollment>true</IsSetForVmEnrollment>\n<ReadOnly>false</ReadOnly>\n</UserTemplate>", "Accept: ; Content-Type: application/xml", 201, ""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := fresh()
			s.AddDirectoryUsers(2)
			c := serve(t, s, jsonType)
			kept := map[string]string{}
			fill := func(text string) string {
				return regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllStringFunc(text, func(name string) string { return kept[name[1:len(name)-1]] })
			}
			for _, s := range steps {
				headers := []string{"Accept", "", "Content-Type", ""}
				for _, header := range strings.Split(s.headers, "; ") {
					if name, value, is := strings.Cut(header, ": "); is {
						headers = append(headers, name, value)
					}
				}
				answer := c.expect(s.status, s.method, fill(s.path), fill(s.body), headers...)
				key, field, ofBody := strings.Cut(s.keeps, "=")
				switch {
				case s.keeps == "":
				case ofBody:
					found := regexp.MustCompile(`"` + field + `":"([^"]+)"`).FindStringSubmatch(answer.body)
					if found == nil {
						t.Fatalf("%s %s: no %s in %s", s.method, s.path, field, answer.body)
					}
					kept[key] = found[1]
				default:
					location := answer.header.Get("Location")
					kept[key] = location[strings.LastIndex(location, "/")+1:]
				}
				if s.method == http.MethodGet && s.headers == "" && !strings.Contains(answer.header.Get("Content-Type"), "xml") {
					t.Errorf("%s: %s without an Accept header", s.path, answer.header.Get("Content-Type"))
				}
			}
		})
	}
}

// TestWhatImportScriptsReadOfAMissingExtension: one public script looks for this text in a 400.
func TestWhatImportScriptsReadOfAMissingExtension(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		pkid, err := s.AddDirectoryUser(map[string]string{"alias": "sdavis", "lastName": "Davis"})
		if err != nil {
			t.Fatal(err)
		}
		got := c.expect(400, "POST", "/vmrest/import/users/ldap?templateAlias=voicemailusertemplate", c.write("ImportUser", "pkid", pkid)).body
		if want := "Value of table tbl_DtmfAccessId column DtmfAccessId is invalid."; !strings.Contains(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

// TestDefaultTemplatesHaveAnElementOfTheirOwn: G:m_cupi-api-user-template-settings.
func TestDefaultTemplatesHaveAnElementOfTheirOwn(t *testing.T) {
	t.Parallel()
	inBoth(t, fresh, func(t *testing.T, s *Server, c *client) {
		listed := c.all("/vmrest/userdefaulttemplates", "DefaultUserTemplate")
		if len(listed) != 2 {
			t.Fatalf("%d default templates are listed", len(listed))
		}
		shown := c.expect(200, "GET", "/vmrest/userdefaulttemplates/"+listed[0]["ObjectId"], "").body
		if c.wire == xmlType && !strings.Contains(shown, "<DefaultUserTemplate>") {
			t.Errorf("one shows %s", shown)
		}
		if got := c.read("/vmrest/usertemplates/"+listed[0]["ObjectId"], "UserTemplate")["DefaultUserTemplateURI"]; got != "/vmrest/userdefaulttemplates" {
			t.Errorf("DefaultUserTemplateURI is %q", got)
		}
	})
}

// TestMessagesAreListed: public scripts count them, and look how old they are.
func TestMessagesAreListed(t *testing.T) {
	withAnn(t, func(t *testing.T, s *Server, c *client, ann string) {
		if err := s.PutMessages(ann, 3, 4096); err != nil {
			t.Fatal(err)
		}
		for query, want := range map[string]string{"": "3", "&read=false": "3", "&read=true": "0", "&type=voice": "3", "&type=fax": "0", "&pageNumber=0": "3"} {
			if got := c.expect(200, "GET", "/vmrest/mailbox/folders/inbox/messages?userobjectid="+ann+query, "").total(t); got != want {
				t.Errorf("%s: %s messages, want %s", query, got, want)
			}
		}
		if got := c.expect(200, "GET", "/vmrest/mailbox/folders/sent/messages?userobjectid="+ann, "").total(t); got != "0" {
			t.Errorf("%s messages were sent", got)
		}
		c.expect(404, "GET", "/vmrest/mailbox/folders/attic/messages?userobjectid="+ann, "")
		c.expect(404, "GET", "/vmrest/mailbox/folders/inbox/messages?userobjectid=nobody", "")
		first := c.all("/vmrest/mailbox/folders/inbox/messages?userobjectid="+ann, "Message")[0]
		if got := c.expect(200, "GET", "/vmrest/messages/"+first["MsgId"]+"?userobjectid="+ann, "").body; !strings.Contains(got, first["ArrivalTime"]) ||
			!strings.Contains(got, first["MsgId"]+"/attachments/0") || !strings.Contains(got, "audio/wav; name=voicemessage.wav") {
			t.Errorf("the first message is %v", got)
		}
		c.expect(404, "GET", "/vmrest/messages/0:nothing?userobjectid="+ann, "")
		c.expect(404, "GET", "/vmrest/messages/"+first["MsgId"]+"/attachments/1?userobjectid="+ann, "")
		if got := c.expect(200, "GET", "/vmrest/messages/"+first["MsgId"]+"/attachments/0/?userobjectid="+ann+"&filename=voicemessage.wav", ""); got.header.Get("Content-Type") != "audio/wav" || !strings.HasPrefix(got.body, "RIFF") {
			t.Errorf("its sound is %q", got.body)
		}
		if arrived, err := strconv.ParseInt(first["ArrivalTime"], 10, 64); err != nil || arrived < 1e12 || first["Read"] != "false" || first["MsgType"] != "Voice" || !strings.HasPrefix(first["MsgId"], "0:") {
			t.Errorf("it shows %v", first)
		}
	})
}
