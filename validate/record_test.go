package validate

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cucbulk/cupi"
)

func TestRecord(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		options  Options
		headings string
		row      string
		want     Record
	}{
		{"create", Options{Operation: Create, Template: "t"}, "Alias,Extension,DisplayName,City,ListInDirectory,PostalCode", "jdoe,0042,Jo Doe,,YES,%null%", Record{
			Operation: Create, Key: "Alias", KeyValue: "jdoe", Alias: "jdoe", DtmfAccessId: "0042", TemplateAlias: "t",
			Steps: map[string]cupi.Object{"user": {"Alias": "jdoe", "DtmfAccessId": "0042", "DisplayName": "Jo Doe", "ListInDirectory": "true", "PostalCode": ""}},
		}},
		{"create is known by its alias, whatever --match says", Options{Operation: Create, Template: "t", Match: "EmployeeId"}, "Alias,Extension,EmployeeId", "jdoe,100,7", Record{
			Operation: Create, Key: "Alias", KeyValue: "jdoe", Alias: "jdoe", DtmfAccessId: "100", TemplateAlias: "t",
			Steps: map[string]cupi.Object{"user": {"Alias": "jdoe", "DtmfAccessId": "100", "EmployeeId": "7"}},
		}},
		{"template and operation of the row", Options{Operation: Update, Template: "t"}, "Operation,Alias,Extension,TemplateAlias,ObjectId", "CREATE,jdoe,100,u," + someID, Record{
			Operation: Create, Key: "Alias", KeyValue: "jdoe", Alias: "jdoe", DtmfAccessId: "100", TemplateAlias: "u", ObjectId: someID,
			Steps: map[string]cupi.Object{"user": {"Alias": "jdoe", "DtmfAccessId": "100"}},
		}},
		{"names", Options{Operation: Create, Template: "t"}, "Alias,Extension,COSDisplayName,PartitionName,ScheduleSetName,MailboxStore,TimeZoneName", "jdoe,100,Voice Mail User COS, P ,Weekdays,Store 2,Europe/Berlin", Record{
			Operation: Create, Key: "Alias", KeyValue: "jdoe", Alias: "jdoe", DtmfAccessId: "100", TemplateAlias: "t",
			Steps: map[string]cupi.Object{"user": {"Alias": "jdoe", "DtmfAccessId": "100", "UseDefaultTimeZone": "false"}},
			Names: []NameReference{
				{Column: "CosDisplayName", Collection: "coses", Name: "Voice Mail User COS", Field: "CosObjectId", Step: "user"},
				{Column: "PartitionName", Collection: "partitions", Name: "P", Field: "PartitionObjectId", Step: "user"},
				{Column: "ScheduleSetName", Collection: "schedulesets", Name: "Weekdays", Field: "ScheduleSetObjectId", Step: "callhandler"},
				{Column: "MailboxStore", Collection: "mailboxstores", Name: "Store 2", Field: "MailboxStoreObjectId", Step: ""},
				{Column: "TimeZoneName", Collection: "timezones", Name: "Europe/Berlin", Field: "TimeZone", Step: "user"},
			},
		}},
		{"ids", Options{Operation: Create, Template: "t"}, "Alias,Extension,ScheduleSetObjectId,MailboxStoreObjectId", "jdoe,100," + someID + "," + otherID(1), Record{
			Operation: Create, Key: "Alias", KeyValue: "jdoe", Alias: "jdoe", DtmfAccessId: "100", TemplateAlias: "t", MailboxStoreObjectId: otherID(1),
			Steps: map[string]cupi.Object{"user": {"Alias": "jdoe", "DtmfAccessId": "100"}, "callhandler": {"ScheduleSetObjectId": someID}},
		}},
		{"import by alias", Options{Operation: ImportLDAP, Template: "t"}, "Alias,Extension,City,MailboxStoreObjectId", "jdoe,100,Oslo," + someID, Record{
			Operation: ImportLDAP, Key: "Alias", KeyValue: "jdoe", Alias: "jdoe", DtmfAccessId: "100", TemplateAlias: "t",
			Steps: map[string]cupi.Object{"user": {"Alias": "jdoe", "DtmfAccessId": "100", "City": "Oslo"}},
		}},
		{"import by pkid", Options{Operation: ImportLDAP, Template: "t"}, "pkid,Alias,Extension", someID + ",,100", Record{
			Operation: ImportLDAP, Key: "pkid", KeyValue: someID, Pkid: someID, DtmfAccessId: "100", TemplateAlias: "t",
			Steps: map[string]cupi.Object{"user": {"DtmfAccessId": "100"}},
		}},
		{"update", Options{Operation: Update}, "Alias,City,Junk,TimeZone,UseDefaultTimeZone,MailboxStore", "jdoe,Paris,x,190,,Store 2", Record{
			Operation: Update, Key: "Alias", KeyValue: "jdoe", Alias: "jdoe",
			Steps: map[string]cupi.Object{"user": {"City": "Paris", "TimeZone": "190", "UseDefaultTimeZone": "false"}},
		}},
		{"update that changes nothing", Options{Operation: Update}, "Alias,City", "jdoe", Record{
			Operation: Update, Key: "Alias", KeyValue: "jdoe", Alias: "jdoe", Steps: map[string]cupi.Object{},
		}},
		{"parts", Options{Operation: Update}, "Alias,PIN,PIN_Unlock,Password_Unlock,Extension_Alt2,Extension_Alt2_Partition,SmtpProxyAddresses,AltFirstNames,AltLastNames,Greeting_OffHours_Enabled,ClosedTransferExtension,ReceiveQuota",
			`jdoe,0482,yes,no,%null%,P,a@x; b@x,Jo;J;;o,Doe;Roe,1,900,2048`, Record{
				Operation: Update, Key: "Alias", KeyValue: "jdoe", Alias: "jdoe",
				Steps: map[string]cupi.Object{
					"pin": {"Credentials": "0482", "Locked": "false", "HackCount": "0"}, "alternateextensions/2": {"DtmfAccessId": ""},
					"smtpproxyaddresses": {"SmtpAddress": "a@x;b@x"}, "alternatenames": {"FirstName": "Jo;J;;o", "LastName": "Doe;Roe"},
					"greetings/Off Hours": {"Enabled": "true", "TimeExpires": ""}, "transferoptions/Off Hours": {"Extension": "900", "UsePrimaryExtension": "false"},
					"mailboxattributes": {"ReceiveQuota": "2048"},
				},
				Names: []NameReference{{Column: "Extension_Alt2_Partition", Collection: "partitions", Name: "P", Field: "PartitionObjectId", Step: "alternateextensions/2"}},
			}},
		{"names in lists", Options{Operation: Update}, "Alias,UserRoles,DistributionLists,PrivateList1_Members", "jdoe,Help Desk;Audit;help desk,all,%null%", Record{
			Operation: Update, Key: "Alias", KeyValue: "jdoe", Alias: "jdoe",
			Steps: map[string]cupi.Object{"privatelistmembers/1": {"MemberSubscriberObjectId": ""}},
			Names: []NameReference{
				{Column: "UserRoles", Collection: "roles", Name: "Help Desk", Field: "RoleObjectId", Step: "userroles", List: true},
				{Column: "UserRoles", Collection: "roles", Name: "Audit", Field: "RoleObjectId", Step: "userroles", List: true},
				{Column: "DistributionLists", Collection: "distributionlists", Name: "all", Field: "DistributionListObjectId", Step: "distributionlistmembers", List: true},
			},
		}},
		{"what goes with a value", Options{Operation: Update}, "Alias,MWIExtension,Exchange2010Service_EmailAddress,UM_EmailAddressUseCorp", "jdoe,77,a@x,true", Record{
			Operation: Update, Key: "Alias", KeyValue: "jdoe", Alias: "jdoe",
			Steps: map[string]cupi.Object{
				"mwis":                    {"MwiExtension": "77", "UsePrimaryExtension": "false"},
				"externalserviceaccounts": {"EmailAddress": "a@x", "EmailAddressUseCorp": "true"},
			},
		}},
		{"what goes with a cleared value", Options{Operation: Update}, "Alias,MWIExtension", "jdoe,%null%", Record{
			Operation: Update, Key: "Alias", KeyValue: "jdoe", Alias: "jdoe",
			Steps: map[string]cupi.Object{"mwis": {"MwiExtension": "", "UsePrimaryExtension": "true"}},
		}},
		{"rename", Options{Operation: Update}, "Alias,NewAlias", "jdoe,jroe", Record{
			Operation: Update, Key: "Alias", KeyValue: "jdoe", Alias: "jdoe", NewAlias: "jroe",
			Steps: map[string]cupi.Object{"user": {"Alias": "jroe"}},
		}},
		{"update by extension", Options{Operation: Update, Match: "dtmfaccessid"}, "Extension,Alias,City", "100,jdoe,Paris", Record{
			Operation: Update, Key: "DtmfAccessId", KeyValue: "100", Alias: "jdoe", DtmfAccessId: "100",
			Steps: map[string]cupi.Object{"user": {"City": "Paris"}},
		}},
		{"upsert", Options{Operation: Upsert, Template: "t", Match: "EmployeeId"}, "EmployeeId,Alias,Extension,MailboxStoreObjectId", "7,jdoe,100," + someID, Record{
			Operation: Upsert, Key: "EmployeeId", KeyValue: "7", Alias: "jdoe", DtmfAccessId: "100", TemplateAlias: "t", MailboxStoreObjectId: someID,
			Steps: map[string]cupi.Object{"user": {"Alias": "jdoe", "DtmfAccessId": "100", "EmployeeId": "7"}},
		}},
		{"delete", Options{Operation: Delete, Match: "ObjectId"}, "ObjectId,Alias,City,CosDisplayName", someID + ",jdoe,Paris,x", Record{
			Operation: Delete, Key: "ObjectId", KeyValue: someID, Alias: "jdoe", ObjectId: someID, Steps: map[string]cupi.Object{},
		}},
		{"set", Options{Operation: Update, Set: []Setting{{"Country", "US"}, {"City", "Paris"}, {"CosDisplayName", "C"}}}, "Alias,City", "jdoe, ", Record{
			Operation: Update, Key: "Alias", KeyValue: "jdoe", Alias: "jdoe",
			Steps: map[string]cupi.Object{"user": {"City": "Paris", "Country": "US"}},
			Names: []NameReference{{Column: "CosDisplayName", Collection: "coses", Name: "C", Field: "CosObjectId", Step: "user"}},
		}},
		{"a name column cleared", Options{Operation: Update}, "Alias,LanguageTag,UseDefaultLanguage", "jdoe,%null%,true", Record{
			Operation: Update, Key: "Alias", KeyValue: "jdoe", Alias: "jdoe",
			Steps: map[string]cupi.Object{"user": {"Language": "", "UseDefaultLanguage": "true"}},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			header, problems := ParseHeader("users.csv", 1, strings.Split(test.headings, ","), test.options)
			checker := NewChecker(header, test.options)
			row := Row{Number: 1, Line: 2, Cells: strings.Split(test.row, ",")}
			for _, p := range append(problems, checker.check(row)...) {
				if !p.Warning {
					t.Errorf("got an error: %s", p)
				}
			}
			test.want.Row, test.want.Line = 1, 2
			if diff := cmp.Diff(test.want, checker.Record(row)); diff != "" {
				t.Errorf("the record differs (-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever a heading can name, its value reaches the step and field that the table
// says, and no other.
func TestEachColumnSetsItsField(t *testing.T) {
	t.Parallel()
	values := map[Type]string{String: "100", Integer: "1", Boolean: "no", ID: someID, Country: "US", Bytes: "1024", Digits: "100", Time: "2099-01-01 00:00:00.0"}
	for _, column := range sendable() {
		if column.Silent != "" || column.Destination != nil || column.Type == File {
			continue
		}
		o := Options{Operation: Update}
		header, _ := ParseHeader("f", 1, []string{"Alias", strings.ToUpper(column.Name)}, o)
		record := NewChecker(header, o).Record(Row{Number: 1, Line: 2, Cells: []string{"jdoe", values[column.Type]}})
		if column.Collection != "" {
			want := NameReference{column.Name, column.Collection, values[column.Type], column.Field, column.Step, column.List != "", ""}
			if len(record.Names) != 1 || record.Names[0] != want {
				t.Errorf("%s: got %v, want %v", column.Name, record.Names, want)
			}
			continue
		}
		want := values[column.Type]
		if column.Type == Boolean {
			want = "false"
		}
		if got := record.Steps[column.Step][column.Field]; got != want || len(record.Steps) != 1 {
			t.Errorf("%s: got %v, want %s in %s", column.Name, record.Steps, want, column.Step)
		}
	}
}
