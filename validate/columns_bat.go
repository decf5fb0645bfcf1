package validate

import (
	"strings"
	"unicode"
)

// Where BAT is stricter than the vendor's API page. Its files are full of these
// values, and a file that keeps the rules can go back to BAT.
var (
	batExtension = []BATRule{
		{Code: "bat-extension-short", MinLength: 3},
		{Code: "bat-extension-characters", Characters: "letters and digits of ASCII", Allowed: isASCIIAlphanumeric},
	}
	batAlias = []BATRule{
		{Code: "bat-alias-characters", Characters: "letters, digits, blanks and .,`~!@#$%^&-_'", Allowed: func(r rune) bool {
			return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" .,`~!@#$%^&-_'", r)
		}},
	}
	batInitials  = []BATRule{{Code: "bat-initials", MaxLength: 6}}
	batBillingID = []BATRule{
		{Code: "bat-billing-id", Characters: "digits", Allowed: func(r rune) bool { return '0' <= r && r <= '9' }},
	}
	batEmail = []BATRule{
		{Code: "bat-email-characters", Characters: "letters and digits of ASCII and -_.@", Allowed: func(r rune) bool {
			return isASCIIAlphanumeric(r) || strings.ContainsRune("-_.@", r)
		}},
	}
)

func isASCIIAlphanumeric(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// laterColumns returns the BAT columns that need requests of their own and that
// this release can't send. They are known by name, so that a file that has them
// gets a plain answer.
func laterColumns() []Column {
	var columns []Column
	for _, group := range later {
		for _, name := range strings.Fields(group.names) {
			columns = append(columns, Column{
				Name: name, Type: String, Access: NotYet, Note: group.note,
				Secret: strings.HasSuffix(name, "PIN") || strings.HasSuffix(name, "Password"),
			})
		}
	}
	return columns
}

var later = []struct{ note, names string }{
	{"Credentials of the user.", `PIN Password`},
	{"Alternate extensions.", `
		Extension_Alt1 Extension_Alt2 Extension_Alt3 Extension_Alt4 Extension_Alt5
		Extension_Alt6 Extension_Alt7 Extension_Alt8 Extension_Alt9
		Extension_Alt1_Partition Extension_Alt2_Partition Extension_Alt3_Partition
		Extension_Alt4_Partition Extension_Alt5_Partition Extension_Alt6_Partition
		Extension_Alt7_Partition Extension_Alt8_Partition Extension_Alt9_Partition`},
	{"Alternate names.", `AltFirstNames AltLastNames`},
	{"SMTP proxy addresses.", `SmtpProxyAddresses`},
	{"Message waiting indicator.", `MWIExtension MWIMediaSwitchDisplayName`},
	{"Transfer rules of the user's call handler.", `
		TransferType TransferRings TransferExtension TransferAction RnaAction
		StandardTransferType StandardTransferRings StandardTransferExtension StandardTransferAction StandardRnaAction
		ClosedTransferType ClosedTransferRings ClosedTransferExtension ClosedTransferAction ClosedRnaAction`},
	{"Recording rules of the user's call handler.", `
		MaxMsgLen PlayPostGreetingRecording PostGreetingRecordingDisplayName PlayAfterMessageRecording`},
	{"Phone notification devices.", `
		PhoneNumber_HomePhone Active_HomePhone DisplayName_HomePhone
		PhoneNumber_WorkPhone Active_WorkPhone DisplayName_WorkPhone
		PhoneNumber_MobilePhone Active_MobilePhone DisplayName_MobilePhone`},
	{"Pager notification device.", `PhoneNumber_Pager AfterDialDigits_Pager Active_Pager DisplayName_Pager`},
	{"SMTP notification device.", `PhoneNumber_TextPager1 SmtpAddress_TextPager1 Active_TextPager1 DisplayName_TextPager1`},
	{"HTML notification devices.", `
		DisplayName_HTML Active_HTML callback_HTML disableMobPCA_HTML disableTemplatePCA_HTML SmtpAddress_HTML templateName_HTML allowVmAsAttachment_HTML
		DisplayName_HTML1 Active_HTML1 callback_HTML1 disableMobPCA_HTML1 disableTemplatePCA_HTML1 SmtpAddress_HTML1 templateName_HTML1
		DisplayName_HTML2 Active_HTML2 callback_HTML2 disableMobPCA_HTML2 disableTemplatePCA_HTML2 SmtpAddress_HTML2 templateName_HTML2
		DisplayName_HTML3 Active_HTML3 callback_HTML3 disableMobPCA_HTML3 disableTemplatePCA_HTML3 SmtpAddress_HTML3 templateName_HTML3`},
	{"What happens to messages.", `EmailAction VoiceMailAction FaxAction DeliveryReceiptAction RelayAddress`},
	{"Unified messaging account.", `
		Exchange2010Service_ServiceDisplayName Exchange2010Service_EmailAddress
		Exchange2010Service_UserId Exchange2010Service_UserPassword`},
}
