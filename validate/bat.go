package validate

import (
	"fmt"
	"slices"
	"strings"
)

// BATHeading is what BAT calls a column; "" when it has no such column.
func (c Column) BATHeading() string { return c.bat }

// batHeadings is what BAT documents for users, see [Table.BATHeadings]. Nothing changes it. Exports of BAT call the first HTML
// device HTML and not HTML1; such headings are read too.
var batHeadings = slices.Concat(
	strings.Split("Alias,Address,AltFirstNames,AltLastNames,BillingId,Building,City,Country,Department,DisplayName,"+
		"EmailAddress,MailName,EmployeeId,EnhancedSecurityAlias,FirstName,Initials,Language,LastName,Manager,PostalCode,"+
		"State,TimeZone,Title,CosDisplayName,Extension,ClientMatterCode", ","),
	batTransfer(""), batTransfer("Standard"), batTransfer("Closed"),
	strings.Split("MWIExtension,MWIMediaSwitchDisplayName,MaxMsgLen,PlayPostGreetingRecording,PostGreetingRecordingDisplayName,"+
		"ForcedAuthorizationCode,ListInDirectory,CreateSmtpProxyFromCorp,MediaSwitchDisplayName", ","),
	batDevice("HomePhone", "PhoneNumber", "Active", "DisplayName"),
	batDevice("WorkPhone", "PhoneNumber", "Active", "DisplayName"),
	batDevice("MobilePhone", "PhoneNumber", "Active", "DisplayName"),
	batDevice("Pager", "PhoneNumber", "AfterDialDigits", "Active", "DisplayName"),
	batDevice("TextPager1", "PhoneNumber", "SmtpAddress", "Active", "DisplayName"),
	batHTMLDevice("HTML1"),
	batAlternates(),
	strings.Split("CcmId,EmailAction,VoiceMailAction,FaxAction,DeliveryReceiptAction,RelayAddress,SmtpProxyAddresses,"+
		"LdapCcmUserId,CorporatePhoneNumber", ","),

	strings.Split("TemplateAlias,PIN,Password,AltFirstName,AltLastName,Play After Message "+
		"Recording,Exchange2010Service_ServiceDisplayName,"+
		"Exchange2010Service_EmailAddress,Exchange2010Service_UserId,Exchange2010Service_UserPassword", ","),
	batHTMLDevice("HTML2"), batHTMLDevice("HTML3"),
	[]string{"Junk", "FailureReason"},
)

// batExportOnly are headings that BAT's export writes, and of which its documentation
// does not say that it reads them.
var batExportOnly = []string{"allowVmAsAttachment_HTML", "CrossServerTransferExtension"}

func batHTMLDevice(device string) []string {
	return batDevice(device, "SmtpAddress", "Active", "DisplayName", "templateName", "callback", "disableMobPCA", "disableTemplatePCA")
}

func batDevice(device string, fields ...string) []string {
	headings := make([]string, len(fields))
	for i, field := range fields {
		headings[i] = field + "_" + device
	}
	return headings
}

func batTransfer(prefix string) []string {
	headings := []string{"TransferType", "TransferRings", "TransferExtension", "TransferAction", "RnaAction"}
	for i := range headings {
		headings[i] = prefix + headings[i]
	}
	return headings
}

func batAlternates() []string {
	var headings []string
	for i := 1; i <= 9; i++ {
		headings = append(headings, fmt.Sprintf("Extension_Alt%d", i), fmt.Sprintf("Extension_Alt%d_Partition", i))
	}
	return headings
}
