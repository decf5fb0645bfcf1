package validate

import (
	"fmt"
	"slices"

	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// partColumns set what a user has beside the User resource, each in a step of its
// own: credentials, further extensions and addresses, devices, lists, accounts.
var partColumns = slices.Concat(
	credentialColumns("PIN", "pin", "The PIN for the telephone", batPIN),
	credentialColumns("Password", "password", "The password for the web", batPassword),
	alternateExtensionColumns(),
	addressColumns,
	deviceColumns("HomePhone", "phonedevices/HomePhone", "PhoneNumber"),
	deviceColumns("WorkPhone", "phonedevices/WorkPhone", "PhoneNumber"),
	deviceColumns("MobilePhone", "phonedevices/MobilePhone", "PhoneNumber"),
	deviceColumns("Pager", "pagerdevices/Pager", "PhoneNumber", "AfterDialDigits"),
	deviceColumns("TextPager1", "smtpdevices/TextPager1", "PhoneNumber", "SmtpAddress"),
	htmlDeviceColumns(1, "HTML"),
	htmlDeviceColumns(2),
	htmlDeviceColumns(3),
	recordingColumns,
	callColumns,
	messageColumns,
	membershipColumns(),
)

// credentialColumns are those of the PIN or of the web password.
// Cisco Unity Connection Provisioning Interface, User Credential API.
func credentialColumns(name, step, what string, bat []BATRule) []Column {
	flag := func(field, note string) Column {
		return Column{Name: name + "_" + field, Type: Boolean, Values: booleans, Access: ReadWrite, Step: step, Field: field, Note: note}
	}
	unlock := flag("Unlock", "true unlocks it and forgets failed sign-ins; false changes nothing.")
	unlock.Field = "Locked"
	unlock.Silent, unlock.With = "false", map[string]cupi.Object{"true": {"Locked": "false", "HackCount": "0"}}
	return []Column{
		{Name: name, Type: String, MaxLength: 256, Access: ReadWrite, Secret: true, Step: step, Field: "Credentials",
			OneLine: true, BAT: bat,
			Note: what + "; set when a user is created, and of others only on update or with --reset-credentials."},
		flag("CredMustChange", "true asks the user for another one at the next sign-in."),
		flag("DoesntExpire", "true lets it last for ever."),
		flag("CantChange", "true lets only administrators change it."),
		unlock,
		{Name: name + "_CredentialPolicy", Type: String, MaxLength: 64, Access: ReadWrite, Step: step,
			Field: "CredentialPolicyObjectId", Collection: "credentialpolicies", OneLine: true,
			Note: "Authentication rule, by its display name."},
	}
}

// alternateExtensionColumns are the nine further extensions that administrators
// give, each with its partition.
func alternateExtensionColumns() []Column {
	uses := []string{"Work phone", "Second work phone", "Home phone", "Second home phone", "Mobile phone", "Second mobile phone",
		"Work fax", "Second work fax", "Home fax"}
	var columns []Column
	for i, use := range uses {
		name, step := fmt.Sprintf("Extension_Alt%d", i+1), fmt.Sprintf("alternateextensions/%d", i+1)
		columns = append(columns,
			Column{Name: name, Type: String, MaxLength: 319, Access: ReadWrite, Step: step, Field: "DtmfAccessId",
				OneLine: true, Nullable: true, BAT: batAlternateExtension,
				Note: use + "; unique in its partition. Cleared, it is deleted."},
			Column{Name: name + "_Partition", Type: String, Access: ReadWrite, Step: step, Field: "PartitionObjectId",
				Collection: "partitions", OneLine: true,
				Note: "Without it, a new extension is in the partition of the user."})
	}
	return columns
}

// addressColumns are further addresses and names of the user, and the message
// waiting indicator.
var addressColumns = []Column{
	{Name: "SmtpProxyAddresses", Type: String, MaxLength: 320, List: Commas, Access: ReadWrite, Step: "smtpproxyaddresses",
		Field: "SmtpAddress", OneLine: true, Nullable: true, Unique: surelyUnique,
		Note: "All of them: a@x,b@x in one cell. The one that is made of EmailAddress stays while CreateSmtpProxyFromCorp is true."},
	{Name: "AltFirstNames", Type: String, MaxLength: 64, List: Semicolons, Pairs: true, Access: ReadWrite,
		Step: stepAlternateNames, Field: "FirstName", OneLine: true, Nullable: true,
		Note: "First names of all alternate names, as many as AltLastNames."},
	{Name: "AltLastNames", Type: String, MaxLength: 64, List: Semicolons, Pairs: true, Access: ReadWrite,
		Step: stepAlternateNames, Field: "LastName", OneLine: true, Nullable: true,
		Note: "Last names of all alternate names, as many as AltFirstNames."},
	{Name: "MWIExtension", Type: String, MaxLength: 40, Access: ReadWrite, Step: "mwis", Field: "MwiExtension", OneLine: true,
		Nullable: true,
		With:     map[string]cupi.Object{"": {"UsePrimaryExtension": "true"}, anyValue: {"UsePrimaryExtension": "false"}},
		Note:     "Extension whose lamp shows that messages wait. Cleared, the primary extension is used."},
	{Name: "MWIMediaSwitchDisplayName", Type: String, MaxLength: 64, Access: ReadWrite, Step: "mwis", Field: "MediaSwitchObjectId",
		Collection: "phonesystems", OneLine: true,
		Note: "Phone system of the message waiting indicator."},
}

// deviceColumns are those of a notification device that every user has from the
// template: its name, whether it is active, and the fields that say where it is.
func deviceColumns(device, step string, places ...string) []Column {
	columns := []Column{
		{Name: "DisplayName_" + device, Type: String, MaxLength: 64, Access: ReadWrite, Step: step, Field: "DisplayName",
			Note: "Renames the notification device."},
		{Name: "Active_" + device, Type: Boolean, Values: booleans, Access: ReadWrite, Step: step, Field: "Active",
			Note: "true sends notifications; the device needs a " + places[len(places)-1] + " then."},
	}
	if device == "Pager" {
		columns[1].Note = "true sends notifications; the device needs a PhoneNumber then."
	}
	for _, field := range places {
		columns = append(columns, Column{Name: field + "_" + device, Type: String, MaxLength: 320, Access: ReadWrite,
			Step: step, Field: field, OneLine: true, Nullable: true, BAT: batDeviceRules(device, field)})
	}
	return columns
}

// htmlDeviceColumns are those of one of the three HTML devices: messages, missed
// calls, scheduled summaries. Exports call the first one without its number.
func htmlDeviceColumns(number int, also ...string) []Column {
	device := fmt.Sprintf("HTML%d", number)
	step := "htmldevices/" + device
	columns := []Column{
		{Name: "DisplayName_", Type: String, MaxLength: 64, Access: ReadWrite, Step: step, Field: "DisplayName",
			Note: "Renames the notification device."},
		{Name: "Active_", Type: Boolean, Values: booleans, Access: ReadWrite, Step: step, Field: "Active",
			Note: "true sends notifications; the device needs a SmtpAddress then."},
		{Name: "SmtpAddress_", Type: String, MaxLength: 320, Access: ReadWrite, Step: step, Field: "SmtpAddress", OneLine: true,
			Nullable: true, BAT: []BATRule{{Code: codes.BATDeviceAddress, MaxLength: 128}}},
		{Name: "callback_", Type: String, MaxLength: 40, Access: ReadWrite, Step: step, Field: "CallbackNumber", OneLine: true,
			Nullable: true, Note: "Number that the notification offers for calling back."},
		{Name: "disableMobPCA_", Type: Boolean, Values: booleans, Access: ReadWrite, Step: step,
			Field: "DisableMobileNumberFromPCA", Note: "true keeps the user from changing the number."},
		{Name: "disableTemplatePCA_", Type: Boolean, Values: booleans, Access: ReadWrite, Step: step,
			Field: "DisableTemplateSelectionFromPCA", Note: "true keeps the user from choosing another template."},
		{Name: "templateName_", Type: String, Access: ReadWrite, Step: step, Field: "NotificationTemplateID",
			Collection: "notificationtemplates", OneLine: true, Note: "Notification template."},
		{Name: "allowVmAsAttachment_", Type: Boolean, Values: booleans, Access: ReadWrite, Step: step,
			Field: "AllowVoiceMailAsAttachment", Note: "true attaches the recording."},
	}
	for i := range columns {
		for _, other := range also {
			columns[i].Also = append(columns[i].Also, columns[i].Name+other)
		}
		columns[i].Name += device
	}
	return columns
}

// messageColumns say what happens to messages, and how many there may be.
var messageColumns = []Column{
	messageAction("EmailAction", "EmailAction", "E-mail messages"),
	messageAction("VoiceMailAction", "VoicemailAction", "Voice messages"),
	messageAction("FaxAction", "FaxAction", "Fax messages"),
	messageAction("DeliveryReceiptAction", "DeliveryReceiptAction", "Delivery receipts"),
	{Name: "RelayAddress", Type: String, MaxLength: 320, Access: ReadWrite, Step: "messagehandlers", Field: "RelayAddress",
		OneLine: true, Nullable: true, Note: "Where messages are relayed to."},
	{Name: "Exchange2010Service_ServiceDisplayName", Type: String, Access: ReadWrite, Step: stepService,
		Field: "ExternalServiceObjectId", Whole: true, Collection: "externalservices", OneLine: true, Nullable: true,
		Note: "Unified messaging service of the account. Cleared, the account is deleted."},
	{Name: "Exchange2010Service_EmailAddress", Type: String, MaxLength: 320, Access: ReadWrite, Step: stepService,
		Field: "EmailAddress", OneLine: true, Nullable: true,
		With: map[string]cupi.Object{anyValue: {"EmailAddressUseCorp": "false"}},
		Note: "Address of the account in place of the corporate one. Cleared, the account is deleted."},
	{Name: "Exchange2010Service_UserId", Type: String, Access: ReadWrite, Step: stepService, Field: "UserId", OneLine: true,
		Nullable: true},
	{Name: "Exchange2010Service_UserPassword", Type: String, Access: ReadWrite, Secret: true, Step: stepService,
		Field: "UserPassword", OneLine: true},
	serviceFlag("UM_EmailAddressUseCorp", "EmailAddressUseCorp", "true takes the corporate address."),
	serviceFlag("UM_EnableCalendarCapability", "EnableCalendarCapability", "true shows calendar and contacts."),
	serviceFlag("UM_EnableMailboxSynchCapability", "EnableMailboxSynchCapability", "true keeps both mailboxes the same (single inbox)."),
	serviceFlag("UM_EnableTtsOfEmailCapability", "EnableTtsOfEmailCapability", "true reads e-mail aloud."),
	quota("ReceiveQuota", "no more messages arrive"),
	quota("SendQuota", "no more messages can be sent"),
	quota("WarningQuota", "the user is warned"),
}

const (
	stepAlternateNames = "alternatenames"
	stepService        = "externalserviceaccounts"
)

func messageAction(name, field, what string) Column {
	return Column{Name: name, Type: Integer, Values: []string{"0", "1", "2", "3"}, Access: ReadWrite, Step: "messagehandlers", Field: field,
		Note: what + ": 0 reject, 1 accept, 2 relay, 3 accept and relay."}
}

func serviceFlag(name, field, note string) Column {
	return Column{Name: name, Type: Boolean, Values: booleans, Access: ReadWrite, Step: stepService, Field: field, Note: note}
}

func quota(name, then string) Column {
	return Column{Name: name, Type: Bytes, Access: ReadWrite, Step: "mailboxattributes", Field: name,
		Note: "Size of the mailbox at which " + then +
			": -2 as the system says, -1 no limit, else bytes in steps of 1024, at most 2048 MB."}
}

// membershipColumns are the roles and lists in which a user is, and its own lists.
func membershipColumns() []Column {
	columns := []Column{
		{Name: "UserRoles", Type: String, List: Semicolons, Access: ReadWrite, Step: "userroles", Field: "RoleObjectId",
			Collection: "roles", OneLine: true, Nullable: true,
			Note: "All roles of the user, by name: A;B."},
		{Name: "DistributionLists", Type: String, List: Semicolons, Access: ReadWrite, Step: "distributionlistmembers",
			Field: "DistributionListObjectId", Collection: "distributionlists", OneLine: true,
			Note: "Lists that the user joins, by alias: A;B. The user leaves no list, because a file does not know them all."},
	}
	for i := 1; i <= 9; i++ {
		name := fmt.Sprintf("PrivateList%d", i)
		columns = append(columns,
			Column{Name: name, Type: String, MaxLength: 64, Access: ReadWrite, Step: fmt.Sprintf("privatelists/%d", i),
				Field: "DisplayName", Nullable: true,
				Note: "Name of the user's private list. Cleared, the list is deleted."},
			Column{Name: name + "_Members", Type: String, MaxLength: 64, List: Semicolons, Access: ReadWrite,
				Step: fmt.Sprintf("privatelistmembers/%d", i), Field: "MemberSubscriberObjectId", Collection: "users",
				OneLine: true, Nullable: true,
				Note: "All members of the private list, by alias: A;B."})
	}
	return columns
}
