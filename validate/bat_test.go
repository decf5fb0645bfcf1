package validate

import (
	"slices"
	"strings"
	"testing"

	"cucbulk/internal/codes"
)

// Every heading of BAT, in any case: what it sets, or a sentence that says why nothing.
// testdata/bat-columns.csv has a row for each, with a value that BAT takes for too long
// or wrong and the server does not.
func TestBATColumns(t *testing.T) {
	t.Parallel()
	rows := facts(t, "bat-columns.csv")
	listed := map[string]bool{}
	for _, row := range rows {
		listed[fold(row["Heading"])] = true
		for _, heading := range []string{row["Heading"], strings.ToLower(row["Heading"]), strings.ToUpper(row["Heading"])} {
			headings := []string{"Alias", heading}
			if strings.EqualFold(heading, "Alias") {
				headings = headings[:1]
			}
			_, problems := ParseHeader("users.csv", 1, headings, Options{Operation: Update})
			column, known := ColumnByHeading(heading)
			told := ""
			for _, p := range problems {
				if p.Column == column.Name && p.Code != "default-turned-off" {
					told = string(p.Code)
				}
			}
			sets := ""
			switch {
			case !known:
				t.Errorf("%s: is not known", heading)
				continue
			case column.Access == Unsupported && told == "not-supported" && strings.Contains(problems[0].Message, column.Note):
				sets, told = "not supported", ""
			case column.Access == ReadOnly && told == "read-only" && strings.Contains(problems[0].Message, column.Note) && problems[0].Warning:
				sets, told = "read-only", ""
			case column.Access == PassedOver:
				sets = "passed over"
			case column.Access == ReadWrite:
				sets = column.Step + "." + column.Field
			}
			if column.isTransferType() && told == string(codes.TransferMeaning) {
				told = ""
			}
			if sets != row["Sets"] || told != "" {
				t.Errorf("%s: sets %q, and the header says %q; want %q", heading, sets, told, row["Sets"])
			}
			if sets == "read-only" || sets == "not supported" {
				if column.Note == "" {
					t.Errorf("%s: nothing says why it can't be written", heading)
				}
			} else if column.BATHeading() == "" {
				t.Errorf("%s: %s has no name in BAT", heading, column.Name)
			}
			for _, f := range checkValue(&column, row["Breaks"]) {
				if string(f.code) != row["Code"] || !f.warning {
					t.Errorf("%s: %q is %s (warning %t), want the warning %s", heading, row["Breaks"], f.code, f.warning, row["Code"])
				}
				told += string(f.code)
			}
			if told != row["Code"] {
				t.Errorf("%s: %q is told as %q, want %q", heading, row["Breaks"], told, row["Code"])
			}
		}
	}
	for _, heading := range slices.Concat(batHeadings, batExportOnly) {
		if !listed[fold(heading)] {
			t.Errorf("%s: is in BAT's headings, and bat-columns.csv has no row for it", heading)
		}
		if column := mustColumn(t, heading); column.BATHeading() != heading {
			t.Errorf("%s: the column %s is called %s in BAT", heading, column.Name, column.BATHeading())
		}
	}
}

// Where BAT has a limit that the vendor's page does not, a test value shows it.
func TestEachBATRuleIsShown(t *testing.T) {
	t.Parallel()
	shown := map[codes.Code]bool{}
	for _, row := range facts(t, "bat-columns.csv") {
		shown[codes.Code(row["Code"])] = true
	}
	for _, column := range Users.Columns() {
		for _, rule := range column.BAT {
			if !shown[rule.Code] && !slices.Contains([]codes.Code{codes.BATPINCharacters, codes.BATPasswordCharacters}, rule.Code) { // these are in TestPartRules
				t.Errorf("%s: no row of bat-columns.csv breaks %s", column.Name, rule.Code)
			}
		}
	}
}

// A file as BAT's export writes it needs no edit: nothing is an error.
func TestAnExportOfBATIsRead(t *testing.T) {
	t.Parallel()
	header, problems := ParseHeader("export.csv", 1, strings.Split(batExport, ","), Options{Operation: Update})
	wantShort(t, inShort(problems), "PhoneNumber:read-only?", "TransferType:transfer-type-meaning?", "TimeZone:default-turned-off?", "Language:default-turned-off?")
	for i, column := range header.Columns {
		if column == nil {
			t.Errorf("%s means nothing", header.Headings[i])
		}
	}
}

// batExport is the heading line of an export of users with mailboxes.
const batExport = "Alias,Address,AltFirstNames,AltLastNames,BillingId,Building,City,Country,Department,DisplayName,EmailAddress,MailName,EmployeeId,EnhancedSecurityAlias,FirstName,Initials,Language,LastName,Manager,PostalCode,State,TimeZone,Title,CosDisplayName,Extension,ClientMatterCode,TransferType,TransferRings,TransferExtension,TransferAction,RnaAction,StandardTransferType,StandardTransferRings,StandardTransferExtension,StandardTransferAction,StandardRnaAction,ClosedTransferType,ClosedTransferRings,ClosedTransferExtension,ClosedTransferAction,ClosedRnaAction,MWIExtension,MWIMediaSwitchDisplayName,MaxMsgLen,playPostGreetingRecording,postGreetingRecordingDisplayName,ForcedAuthorizationCode,ListInDirectory,CreateSmtpProxyFromCorp,MediaSwitchDisplayName,PhoneNumber_HomePhone,Active_HomePhone,DisplayName_HomePhone,PhoneNumber_WorkPhone,Active_WorkPhone,DisplayName_WorkPhone,PhoneNumber_MobilePhone,Active_MobilePhone,DisplayName_MobilePhone,PhoneNumber_Pager,AfterDialDigits_Pager,Active_Pager,DisplayName_Pager,PhoneNumber_TextPager1,SmtpAddress_TextPager1,Active_TextPager1,DisplayName_TextPager1,SmtpAddress_HTML,Active_HTML,DisplayName_HTML,templateName_HTML,callback_HTML,disableMobPCA_HTML,disableTemplatePCA_HTML,allowVmAsAttachment_HTML,Extension_Alt1,Extension_Alt1_Partition,Extension_Alt2,Extension_Alt2_Partition,Extension_Alt3,Extension_Alt3_Partition,Extension_Alt4,Extension_Alt4_Partition,Extension_Alt5,Extension_Alt5_Partition,Extension_Alt6,Extension_Alt6_Partition,Extension_Alt7,Extension_Alt7_Partition,Extension_Alt8,Extension_Alt8_Partition,Extension_Alt9,Extension_Alt9_Partition,CcmId,EmailAction,VoicemailAction,FaxAction,DeliveryReceiptAction,RelayAddress,SmtpProxyAddresses,LdapCcmUserId,CorporatePhoneNumber,CrossServerTransferExtension"
