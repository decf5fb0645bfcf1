package batch_test

import (
	"encoding/csv"
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
)

// wholeColumns are a row of BAT with every group of its columns, and what a row has
// there; # stands for its number.
var wholeColumns = []struct{ heading, cell string }{
	{"Alias", "whole#"}, {"Extension", "6#"}, {"FirstName", "Wendy"}, {"LastName", "Hole#"}, {"DisplayName", "Hole, Wendy #"},
	{"TemplateAlias", "voicemailusertemplate"}, {"COSDisplayName", "Executive COS"}, {"MediaSwitchDisplayName", "PhoneSystem"}, {"ListInDirectory", "0"},
	{"EmailAddress", "wendy#@example.com"}, {"CreateSmtpProxyFromCorp", "0"}, {"Address", "# High Street"}, {"Building", "B#"}, {"City", "Leeds"}, {"State", "YKS"},
	{"PostalCode", "0#"}, {"Country", "GB"}, {"Department", "Sales"}, {"Manager", "Ann"}, {"EmployeeId", "90#"}, {"BillingId", "77#"}, {"Initials", "WH"}, {"Title", "Clerk"},
	{"CrossServerTransferExtension", "7#"}, {"Language", "1031"}, {"TimeZone", "110"}, {"Junk", "not read"},
	{"PIN", "4#81"}, {"PIN_CredMustChange", "0"}, {"PIN_DoesntExpire", "1"}, {"Password", "Correct-Horse-#"}, {"Password_CantChange", "1"},
	{"Extension_Alt1", "81#"}, {"Extension_Alt1_Partition", "Branch Partition"}, {"Extension_Alt2", "82#"}, {"Extension_Alt9", "89#"},
	{"SmtpProxyAddresses", "w#@example.org,wh#@example.org"}, {"AltFirstNames", "Wen;W"}, {"AltLastNames", "Hole;Ho;;le#"},
	{"MWIExtension", "3#"}, {"MWIMediaSwitchDisplayName", "PhoneSystem"},
	{"PhoneNumber_HomePhone", "9011#"}, {"Active_HomePhone", "1"}, {"DisplayName_HomePhone", "Home of #"}, {"PhoneNumber_WorkPhone", "9022#"}, {"Active_WorkPhone", "0"},
	{"PhoneNumber_MobilePhone", "9033#"}, {"Active_MobilePhone", "1"}, {"PhoneNumber_Pager", "9044#"}, {"AfterDialDigits_Pager", "12"}, {"Active_Pager", "1"},
	{"SmtpAddress_TextPager1", "pager#@example.org"}, {"Active_TextPager1", "1"},
	{"SmtpAddress_HTML1", "html#@example.org"}, {"Active_HTML1", "1"}, {"callback_HTML1", "5000"}, {"disableMobPCA_HTML1", "1"}, {"disableTemplatePCA_HTML1", "1"},
	{"TransferType", "1"}, {"TransferRings", "3"}, {"TransferExtension", "9#"}, {"TransferAction", "1"}, {"RnaAction", "0"}, {"TransferEnabled", "1"},
	{"StandardTransferType", "0"}, {"StandardTransferAction", "1"}, {"ClosedTransferType", "1"}, {"ClosedTransferRings", "5"}, {"ClosedTransferEnabled", "1"},
	{"MaxMsgLen", "240"}, {"PlayPostGreetingRecording", "1"}, {"PostGreetingRecordingDisplayName", "Holiday hours"}, {"PlayAfterMessageRecording", "2"}, {"ScheduleSet", "Weekdays"},
	{"Greeting_Alternate_Enabled", "1"}, {"Greeting_OffHours_Enabled", "1"}, {"Greeting_Standard_Enabled", "1"},
	{"EmailAction", "1"}, {"VoiceMailAction", "3"}, {"FaxAction", "2"}, {"DeliveryReceiptAction", "1"}, {"RelayAddress", "relay#@example.org"},
	{"Exchange2010Service_ServiceDisplayName", "Exchange"}, {"Exchange2010Service_EmailAddress", "um#@example.org"}, {"Exchange2010Service_UserId", "um#"}, {"Exchange2010Service_UserPassword", "Um-Secret-#"},
	{"UM_EnableMailboxSynchCapability", "1"}, {"UserRoles", "Help Desk Administrator;Greeting Administrator"},
	{"ReceiveQuota", "20971520"}, {"SendQuota", "15728640"}, {"WarningQuota", "10485760"}, {"PrivateList1", "Team #"}, {"PrivateList1_Members", "user00001;user00002"},
	{"DistributionLists", "allvoicemailusers"},
}

// wholeFile is a file of n such rows.
func wholeFile(n int) string {
	var text strings.Builder
	out := csv.NewWriter(&text)
	headings := make([]string, len(wholeColumns))
	for i, column := range wholeColumns {
		headings[i] = column.heading
	}
	out.Write(headings)
	for row := 1; row <= n; row++ {
		cells := make([]string, len(wholeColumns))
		for i, column := range wholeColumns {
			cells[i] = strings.ReplaceAll(column.cell, "#", fmt.Sprintf("%04d", row))
		}
		out.Write(cells)
	}
	out.Flush()
	return text.String()
}

// wholePerson is what such a row makes of its user on the server: a part, which
// one, and its fields. The secrets are looked at apart.
const wholePerson = `
user : Alias=whole#|DtmfAccessId=6#|FirstName=Wendy|LastName=Hole#|DisplayName=Hole, Wendy #|CosObjectId=0a987b74-acf0-4310-ab81-4ebe0190cca4
user : MediaSwitchObjectId=ec1e2636-fc14-44fc-8cda-d6c1a3d61150|ListInDirectory=false|EmailAddress=wendy#@example.com|Address=# High Street
user : Building=B#|City=Leeds|State=YKS|PostalCode=0#|Country=GB|Department=Sales|Manager=Ann|EmployeeId=90#|BillingId=77#|Initials=WH|Title=Clerk
user : XferString=7#|Language=1031|UseDefaultLanguage=false|TimeZone=110|UseDefaultTimeZone=false
alternateextensions 1: DtmfAccessId=81#|PartitionObjectId=30c21994-bd80-4992-97ce-601ca93bf3da
alternateextensions 2: DtmfAccessId=82#|PartitionObjectId=da2114bf-cde7-43d8-9709-cd3895a9d41b
alternateextensions 9: DtmfAccessId=89#|PartitionObjectId=da2114bf-cde7-43d8-9709-cd3895a9d41b
smtpproxyaddresses w#@example.org: SmtpAddress=w#@example.org
smtpproxyaddresses wh#@example.org: SmtpAddress=wh#@example.org
alternatenames Wen: LastName=Hole
alternatenames W: LastName=Ho;le#
mwis MWI-1: MwiExtension=3#|MediaSwitchObjectId=ec1e2636-fc14-44fc-8cda-d6c1a3d61150|UsePrimaryExtension=false
phonedevices Home of #: PhoneNumber=9011#|Active=true
phonedevices Work Phone: PhoneNumber=9022#
phonedevices Mobile Phone: PhoneNumber=9033#|Active=true
pagerdevices Pager: PhoneNumber=9044#|AfterDialDigits=12|Active=true
smtpdevices SMTP: SmtpAddress=pager#@example.org|Active=true
htmldevices HTML: SmtpAddress=html#@example.org|Active=true|CallbackNumber=5000|DisableMobileNumberFromPCA=true|DisableTemplateSelectionFromPCA=true
callhandlers : MaxMsgLen=240|PlayPostGreetingRecording=1|PostGreetingRecordingObjectId=cad7e2c9-049e-4f48-a139-b77b8edfd166|PlayAfterMessage=2
callhandlers : ScheduleSetObjectId=9a4b2b52-8a65-4d14-9c1a-5d4f0e6b7c22
transferoptions Alternate: TransferType=1|TransferRings=3|Extension=9#|Action=1|RnaAction=0|Enabled=true
transferoptions Standard: Action=1
transferoptions Off Hours: TransferType=1|TransferRings=5|Enabled=true
greetings Alternate: Enabled=true
greetings Off Hours: Enabled=true
messagehandlers : VoicemailAction=3|FaxAction=2|RelayAddress=relay#@example.org
externalserviceaccounts : ExternalServiceObjectId=2b196e3d-704c-4e9b-a8da-3f507b9c8d24|EmailAddress=um#@example.org|UserId=um#|EnableMailboxSynchCapability=true
userroles Help Desk Administrator: RoleObjectId=d6c419e8-2bf7-4946-b385-ea0b264738df
userroles Greeting Administrator: RoleObjectId=e7d52af9-3c08-4a57-8496-fb1c375849e0
mailboxattributes : ReceiveQuota=20971520|SendQuota=15728640|WarningQuota=10485760
privatelists 1: DisplayName=Team #
privatelistmembers user00001: MemberSubscriberObjectId=*
privatelistmembers user00002: MemberSubscriberObjectId=*
distributionlistmembers : DistributionListObjectId=5e4c9160-a37f-41ce-9b0d-628312af4068
`

// partsOf gathers what the server holds of each user, by user: "mwis MWI-1" and its
// fields.
func partsOf(snapshot map[string]map[string]string) map[string]map[string]map[string]string {
	owner := map[string]string{} // of a user's id, and of its call handler's
	people := map[string]map[string]map[string]string{}
	for path, object := range snapshot {
		if id, is := strings.CutPrefix(path, "users/"); is && !strings.Contains(id, "/") {
			owner[id], owner[object["CallHandlerObjectId"]] = object["Alias"], object["Alias"]
			people[object["Alias"]] = map[string]map[string]string{"user ": object}
		}
	}
	for path, object := range snapshot {
		parts := strings.Split(path, "/")
		alias := owner[object["MemberUserObjectId"]+object["ObjectGlobalUserObjectId"]+object["GlobalUserObjectId"]]
		for i := len(parts) - 1; i > 0 && alias == ""; i-- {
			alias = owner[parts[i]]
		}
		if alias == "" || parts[0] == "users" && len(parts) == 2 {
			continue
		}
		kind, which := parts[len(parts)-2], ""
		switch kind {
		case "transferoptions", "greetings":
			which = strings.ReplaceAll(parts[len(parts)-1], "%20", " ")
		case "callhandlers":
		case "privatelists":
			which = object["NumericId"]
		case "privatelistmembers": // which shows who it is by the id
			which = owner[object["MemberSubscriberObjectId"]]
		case "smtpproxyaddresses":
			which = object["SmtpAddress"]
		default:
			which = object["IdIndex"] + object["TouchtoneKey"] + object["RoleName"] + object["FirstName"] + object["DisplayName"]
		}
		if parts[len(parts)-1] == "mailboxattributes" {
			kind = "mailboxattributes"
		}
		people[alias][kind+" "+which] = object
	}
	return people
}

// wantWholePerson checks every field of one person.
func wantWholePerson(t *testing.T, number int, parts map[string]map[string]string) {
	t.Helper()
	for line := range strings.SplitSeq(strings.ReplaceAll(strings.TrimSpace(wholePerson), "#", fmt.Sprintf("%04d", number)), "\n") {
		part, fields, _ := strings.Cut(line, ": ")
		for field := range strings.SplitSeq(fields, "|") {
			name, want, _ := strings.Cut(field, "=")
			if got := parts[part][name]; got != want && (want != "*" || got == "") { // *: the part is told by it
				t.Errorf("person %d: %s: %s is %q, want %q", number, part, name, got, want)
			}
		}
	}
}

var wholePeople = flag.Int("people", 20, "how many whole people TestWholePeople makes")

// Whole people, as BAT's files have them: made with everything set, found unchanged
// by the same file without a change sent, and gone again as if they had never been.
func TestWholePeople(t *testing.T) {
	t.Parallel()
	people := *wholePeople
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	s := newSite(t, simulator)
	before := simulator.Snapshot()
	summary, created := s.run(t.Context(), "create", wholeFile(people), options("create"), 4)
	if summary.Exit != record.ExitDone {
		t.Fatalf("exit %d: %+v", summary.Exit, results(t, created)[0])
	}
	parts := partsOf(simulator.Snapshot())
	for number := 1; number <= people; number++ {
		alias := fmt.Sprintf("whole%04d", number)
		wantWholePerson(t, number, parts[alias])
		id := parts[alias]["user "]["ObjectId"]
		if pin, password := simulator.Credentials(id, "pin"), simulator.Credentials(id, "password"); pin != fmt.Sprintf("4%04d81", number) || password != fmt.Sprintf("Correct-Horse-%04d", number) {
			t.Errorf("%s has the PIN %q and the password %q", alias, pin, password)
		}
	}
	changes := sent(simulator)
	summary, again := s.run(t.Context(), "again", wholeFile(people), options("upsert"), 4)
	if n := sent(simulator) - changes; summary.Counts[record.Unchanged] != people || n > 0 {
		t.Errorf("run again: %v, and %d changes sent: %+v", summary.Counts, n, results(t, again)[0])
	}
	if summary, undone := s.rollback(t.Context(), "undo", created, record.UndoOptions{}); summary.Exit != record.ExitDone {
		t.Errorf("rollback: exit %d, %+v", summary.Exit, results(t, undone)[0])
	}
	if diff := cmp.Diff(before, simulator.Snapshot()); diff != "" {
		t.Errorf("the server is not as before:\n%s", diff)
	}
}
