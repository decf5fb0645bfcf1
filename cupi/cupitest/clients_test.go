package cupitest

import (
	"net/http"
	"regexp"
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
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := serve(t, fresh(), jsonType)
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
