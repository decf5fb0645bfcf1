package batch_test

import (
	"fmt"
	"slices"
	"strings"
)

// columnCase is one column of a sub-resource: a row that sets it, and what the server shows
// then. The paths and the fields are from the vendor's pages, never from validate: a field
// that is misspelt there must not be misspelt here too.
type columnCase struct {
	column string
	cell   string
	with   string // other cells of the row that it needs: "Column=cell; Column=cell"
	path   string // what is read; USER, HANDLER and LIST stand for the ids of the user, its call handler, its private list
	shows  string // fields of one object there: "Field=value; Field=value"
	sends  string // in place of shows, of what the server never shows: a field of a request to the path
	clear  string // cells of a row that deletes the object, in which a rollback must bring the field back
	before string // the body of a PUT to the path, before the run
}

// columnCases has a case for each column that is sent in a sub-resource.
func columnCases() []columnCase {
	return slices.Concat(
		credentialCases("PIN", "pin", "947251", "Recommended Web Application Authentication Rule", "2b1f6e3d-704c-4e9b-a8da-3f507b9c1d24"),
		credentialCases("Password", "password", "Tr0ub4dor&3x", "Recommended Voice Mail Authentication Rule", "1a0e5d2c-6f3b-4d8a-b7c9-2e4f6a8b0c13"),
		alternateExtensionCases(),
		addressCases,
		deviceCases("HomePhone", "phonedevices", "Home Phone", "PhoneNumber=5551"),
		deviceCases("WorkPhone", "phonedevices", "Work Phone", "PhoneNumber=5551"),
		deviceCases("MobilePhone", "phonedevices", "Mobile Phone", "PhoneNumber=5551"),
		deviceCases("Pager", "pagerdevices", "Pager", "PhoneNumber=5551", "AfterDialDigits=99"),
		deviceCases("TextPager1", "smtpdevices", "SMTP", "SmtpAddress=p@x.org", "PhoneNumber=5551"),
		htmlDeviceCases("HTML1", "HTML"),
		htmlDeviceCases("HTML2", "HTML Missed Call"),
		htmlDeviceCases("HTML3", "HTML Scheduled Summary"),
		callHandlerCases,
		transferCases("", "Alternate"),
		transferCases("Standard", "Standard"),
		transferCases("Closed", "Off%20Hours"),
		greetingCases(),
		keyCases(),
		messageCases,
		serviceAccountCases(),
		membershipCases(),
	)
}

// credentialCases is Cisco Unity Connection Provisioning Interface, User Credential API.
func credentialCases(column, part, credentials, policy, policyID string) []columnCase {
	path := "users/USER/credential/" + part
	return []columnCase{
		{column: column, cell: credentials, path: path, sends: "Credentials=" + credentials},
		{column: column + "_CredMustChange", cell: "false", path: path, shows: "CredMustChange=false"},
		{column: column + "_DoesntExpire", cell: "true", path: path, shows: "DoesntExpire=true"},
		{column: column + "_CantChange", cell: "true", path: path, shows: "CantChange=true"},
		{column: column + "_Unlock", cell: "true", path: path, before: `{"Locked":"true","HackCount":"3"}`, shows: "Locked=false; HackCount=0"},
		{column: column + "_CredentialPolicy", cell: policy, path: path, shows: "CredentialPolicyObjectId=" + policyID},
	}
}

// alternateExtensionCases: the index 0 is the user's own extension, 1 to 9 are administrators'.
func alternateExtensionCases() []columnCase {
	const path, branch = "users/USER/alternateextensions", "30c21994-bd80-4992-97ce-601ca93bf3da"
	var cases []columnCase
	for i := 1; i <= 9; i++ {
		column, index := fmt.Sprint("Extension_Alt", i), fmt.Sprint("IdIndex=", i)
		extension, other := fmt.Sprint(77000+i), fmt.Sprint(78000+i)
		cases = append(cases,
			columnCase{column: column, cell: extension, path: path, shows: index + "; DtmfAccessId=" + extension, clear: column + "=%null%"},
			columnCase{column: column + "_Partition", cell: "Branch Partition", with: column + "=" + other, path: path, shows: index + "; PartitionObjectId=" + branch, clear: column + "=%null%"})
	}
	return cases
}

var addressCases = []columnCase{
	{column: "SmtpProxyAddresses", cell: "proxy@x.org", path: "smtpproxyaddresses", shows: "ObjectGlobalUserObjectId=USER; SmtpAddress=proxy@x.org", clear: "SmtpProxyAddresses=%null%"},
	{column: "AltFirstNames", cell: "Bob", with: "AltLastNames=Alias", path: "alternatenames", shows: "GlobalUserObjectId=USER; FirstName=Bob", clear: "AltFirstNames=%null%; AltLastNames=%null%"},
	{column: "AltLastNames", cell: "Other", with: "AltFirstNames=Rob", path: "alternatenames", shows: "GlobalUserObjectId=USER; LastName=Other", clear: "AltFirstNames=%null%; AltLastNames=%null%"},
	{column: "MWIExtension", cell: "1234", path: "users/USER/mwis", shows: "DisplayName=MWI-1; MwiExtension=1234; UsePrimaryExtension=false"},
	{column: "MWIMediaSwitchDisplayName", cell: "PhoneSystem", path: "users/USER/mwis", shows: "DisplayName=MWI-1; MediaSwitchObjectId=ec1e2636-fc14-44fc-8cda-d6c1a3d61150"},
}

// deviceCases are those of a notification device: its name, the places to which it notifies,
// and whether it does, for which it needs the first of them.
func deviceCases(device, kind, name string, places ...string) []columnCase {
	path, named := "users/USER/notificationdevices/"+kind, "DisplayName="+name+"; "
	cases := []columnCase{
		{column: "DisplayName_" + device, cell: "Another " + device, path: path, shows: "DisplayName=Another " + device},
		{column: "Active_" + device, cell: "true", with: withDevice(places[0], device), path: path, shows: named + "Active=true"},
	}
	for _, place := range places {
		field, value := cutField(place)
		cases = append(cases, columnCase{column: field + "_" + device, cell: value, path: path, shows: named + place})
	}
	return cases
}

func withDevice(place, device string) string {
	field, value := cutField(place)
	return field + "_" + device + "=" + value
}

func htmlDeviceCases(device, name string) []columnCase {
	path, named := "users/USER/notificationdevices/htmldevices", "DisplayName="+name+"; "
	return append(deviceCases(device, "htmldevices", name, "SmtpAddress=p@x.org"), []columnCase{
		{column: "callback_" + device, cell: "4000", path: path, shows: named + "CallbackNumber=4000"},
		{column: "disableMobPCA_" + device, cell: "true", path: path, shows: named + "DisableMobileNumberFromPCA=true"},
		{column: "disableTemplatePCA_" + device, cell: "true", path: path, shows: named + "DisableTemplateSelectionFromPCA=true"},
		{column: "templateName_" + device, cell: "Default_Dynamic_Icons", path: path, shows: named + "NotificationTemplateID=8693ae85-c05a-4b04-ad95-73374a9b9722"},
		{column: "allowVmAsAttachment_" + device, cell: "true", path: path, shows: named + "AllowVoiceMailAsAttachment=true"},
	}...)
}

var callHandlerCases = []columnCase{
	{column: "ScheduleSetName", cell: "Weekdays", path: "handlers/callhandlers/HANDLER", shows: "ScheduleSetObjectId=9a4b2b52-8a65-4d14-9c1a-5d4f0e6b7c22"},
	{column: "ScheduleSetObjectId", cell: "9a4b2b52-8a65-4d14-9c1a-5d4f0e6b7c22", path: "handlers/callhandlers/HANDLER", shows: "ScheduleSetObjectId=9a4b2b52-8a65-4d14-9c1a-5d4f0e6b7c22"},
	{column: "MaxMsgLen", cell: "60", path: "handlers/callhandlers/HANDLER", shows: "MaxMsgLen=60"},
	{column: "PlayPostGreetingRecording", cell: "2", path: "handlers/callhandlers/HANDLER", shows: "PlayPostGreetingRecording=2"},
	{column: "PostGreetingRecordingDisplayName", cell: "Holiday hours", path: "handlers/callhandlers/HANDLER", shows: "PostGreetingRecordingObjectId=cad7e2c9-049e-4f48-a139-b77b8edfd166"},
	{column: "PlayAfterMessageRecording", cell: "2", path: "handlers/callhandlers/HANDLER", shows: "PlayAfterMessage=2"},
	{column: "PlayAfterMessageRecordingDisplayName", cell: "Holiday hours", path: "handlers/callhandlers/HANDLER", shows: "PlayAfterMessageRecordingObjectId=cad7e2c9-049e-4f48-a139-b77b8edfd166"},
	{column: "EditMsg", cell: "false", path: "handlers/callhandlers/HANDLER", shows: "EditMsg=false"},
	{column: "SendUrgentMsg", cell: "ask", path: "handlers/callhandlers/HANDLER", shows: "SendUrgentMsg=2"},
	{column: "SendPrivateMsg", cell: "always", path: "handlers/callhandlers/HANDLER", shows: "SendPrivateMsg=1"},
	{column: "SendSecureMsg", cell: "true", path: "handlers/callhandlers/HANDLER", shows: "SendSecureMsg=true"},
	{column: "DispatchDelivery", cell: "true", path: "handlers/callhandlers/HANDLER", shows: "DispatchDelivery=true"},
	{column: "OneKeyDelay", cell: "2500", path: "handlers/callhandlers/HANDLER", shows: "OneKeyDelay=2500"},
	{column: "EnablePrependDigits", cell: "true", path: "handlers/callhandlers/HANDLER", shows: "EnablePrependDigits=true"},
	{column: "PrependDigits", cell: "9+#*", path: "handlers/callhandlers/HANDLER", shows: "PrependDigits=9+#*"},
	{column: "CallHandler_Language", cell: "1031", path: "handlers/callhandlers/HANDLER", shows: "Language=1031; UseDefaultLanguage=false; UseCallLanguage=false"},
	{column: "CallHandler_UseDefaultLanguage", cell: "false", with: "CallHandler_UseCallLanguage=true", path: "handlers/callhandlers/HANDLER", shows: "UseDefaultLanguage=false"},
	{column: "CallHandler_UseCallLanguage", cell: "true", path: "handlers/callhandlers/HANDLER", shows: "UseCallLanguage=true"},
	{column: "AfterMessageAction", cell: "4", path: "handlers/callhandlers/HANDLER", shows: "AfterMessageAction=4"},
	{column: "AfterMessage", cell: "signin", path: "handlers/callhandlers/HANDLER", shows: "AfterMessageAction=2; AfterMessageTargetConversation=SubSignIn"},
	{column: "AfterMessageTargetConversation", cell: "SubSignIn", with: "AfterMessageAction=2", path: "handlers/callhandlers/HANDLER", shows: "AfterMessageAction=2; AfterMessageTargetConversation=SubSignIn"},
	{column: "AfterMessageTargetHandlerObjectId", cell: "HANDLER", with: "AfterMessageAction=go-to; AfterMessageTargetConversation=PHGreeting", path: "handlers/callhandlers/HANDLER", shows: "AfterMessageTargetConversation=PHGreeting; AfterMessageTargetHandlerObjectId=HANDLER"},
}

// transferCases are those of one transfer rule; the standard one can't be turned off.
func transferCases(prefix, rule string) []columnCase {
	path := "handlers/callhandlers/HANDLER/transferoptions/" + rule
	cases := []columnCase{
		{column: prefix + "TransferType", cell: "1", path: path, shows: "TransferType=1"},
		{column: prefix + "TransferRings", cell: "7", path: path, shows: "TransferRings=7"},
		{column: prefix + "TransferExtension", cell: "4001", path: path, shows: "UsePrimaryExtension=false; Extension=4001"},
		{column: prefix + "TransferAction", cell: "1", path: path, shows: "Action=1"},
		{column: prefix + "RnaAction", cell: "disconnect", path: path, shows: "RnaAction=0"},
		{column: prefix + "TransferAnnounce", cell: "true", path: path, shows: "TransferAnnounce=true"},
		{column: prefix + "TransferIntroduce", cell: "true", path: path, shows: "TransferIntroduce=true"},
		{column: prefix + "TransferConfirm", cell: "true", path: path, shows: "TransferConfirm=true"},
		{column: prefix + "TransferScreening", cell: "true", path: path, shows: "TransferScreening=true"},
		{column: prefix + "TransferHoldingMode", cell: "ask", path: path, shows: "TransferHoldingMode=2"},
		{column: prefix + "TransferDtDetect", cell: "true", path: path, shows: "TransferDtDetect=true"},
		{column: prefix + "PersonalCallTransfer", cell: "true", path: path, shows: "PersonalCallTransfer=true"},
		{column: prefix + "PlayTransferPrompt", cell: "false", path: path, shows: "PlayTransferPrompt=false"},
	}
	if rule != "Standard" {
		cases = append(cases, columnCase{column: prefix + "TransferEnabled", cell: "true", path: path, shows: "Enabled=true; TimeExpires="},
			columnCase{column: prefix + "TransferTimeExpires", cell: "2099-01-01 00:00:00.0", with: prefix + "TransferEnabled=true", path: path, shows: "Enabled=true; TimeExpires=2099-01-01 00:00:00.0"})
	}
	return cases
}

func greetingCases() []columnCase {
	var cases []columnCase
	for _, greeting := range []struct{ column, name string }{
		{"Alternate", "Alternate"}, {"Busy", "Busy"}, {"Internal", "Internal"}, {"OffHours", "Off%20Hours"}, {"Holiday", "Holiday"}, {"Standard", "Standard"}, {"Error", "Error"},
	} {
		one := columnCase{column: "Greeting_" + greeting.column + "_Enabled", cell: "true", path: "handlers/callhandlers/HANDLER/greetings/" + greeting.name, shows: "Enabled=true; TimeExpires="}
		if greeting.name == "Standard" || greeting.name == "Error" {
			one.before = `{"TimeExpires":"2099-01-01 00:00:00.0"}` // they can't be turned off
		}
		path, column := one.path, "Greeting_"+greeting.column+"_"
		cases = append(cases, one,
			columnCase{column: column + "AfterGreeting", cell: "greeting:user00002", path: path, shows: "AfterGreetingAction=2; AfterGreetingTargetConversation=PHGreeting"},
			columnCase{column: column + "PlayWhat", cell: "nothing", path: path, shows: "PlayWhat=2"},
			columnCase{column: column + "PlayRecordMessagePrompt", cell: "false", path: path, shows: "PlayRecordMessagePrompt=false"},
			columnCase{column: column + "IgnoreDigits", cell: "true", path: path, shows: "IgnoreDigits=true"},
			columnCase{column: column + "EnableTransfer", cell: "true", path: path, shows: "EnableTransfer=true"},
			columnCase{column: column + "RepromptDelay", cell: "9", path: path, shows: "RepromptDelay=9"},
			columnCase{column: column + "Reprompts", cell: "3", path: path, shows: "Reprompts=3"},
			columnCase{column: column + "EnablePersonalVideoRecording", cell: "true", path: path, shows: "EnablePersonalVideoRecording=true"},
			columnCase{column: column + "PlayRecordVideoMessagePrompt", cell: "true", path: path, shows: "PlayRecordVideoMessagePrompt=true"},
			columnCase{column: column + "AfterGreetingAction", cell: "hangup", path: path, shows: "AfterGreetingAction=1"},
			columnCase{column: column + "AfterGreetingTargetConversation", cell: "SubSignIn", with: column + "AfterGreetingAction=2", path: path, shows: "AfterGreetingTargetConversation=SubSignIn"},
			columnCase{column: column + "AfterGreetingTargetHandlerObjectId", cell: "HANDLER", with: column + "AfterGreetingAction=2; " + column + "AfterGreetingTargetConversation=PHTransfer", path: path, shows: "AfterGreetingTargetHandlerObjectId=HANDLER"},
		)
		if one.before == "" {
			cases = append(cases, columnCase{column: column + "TimeExpires", cell: "2099-01-01 00:00:00.0", with: column + "Enabled=true", path: path, shows: "Enabled=true; TimeExpires=2099-01-01 00:00:00.0"})
		}
	}
	return cases
}

// keyCases are those of the twelve keys.
func keyCases() []columnCase {
	var cases []columnCase
	for _, key := range strings.Fields("0 1 2 3 4 5 6 7 8 9 * #") {
		path := "handlers/callhandlers/HANDLER/menuentries/" + strings.Replace(key, "#", "%23", 1)
		column := "Key_" + strings.NewReplacer("*", "Star", "#", "Pound").Replace(key)
		cases = append(cases,
			columnCase{column: column, cell: "number:9011", path: path, shows: "TouchtoneKey=" + key + "; Action=7; TransferNumber=9011"},
			columnCase{column: column + "_Locked", cell: "true", path: path, shows: "Locked=true"},
			columnCase{column: column + "_DisplayName", cell: "Mobile", path: path, shows: "DisplayName=Mobile"},
			columnCase{column: column + "_TransferType", cell: "supervised", path: path, shows: "TransferType=1"},
			columnCase{column: column + "_TransferRings", cell: "7", path: path, shows: "TransferRings=7"})
	}
	return cases
}

var messageCases = []columnCase{
	{column: "EmailAction", cell: "0", path: "users/USER/messagehandlers", shows: "EmailAction=0"},
	{column: "VoiceMailAction", cell: "0", path: "users/USER/messagehandlers", shows: "VoicemailAction=0"},
	{column: "FaxAction", cell: "0", path: "users/USER/messagehandlers", shows: "FaxAction=0"},
	{column: "DeliveryReceiptAction", cell: "0", path: "users/USER/messagehandlers", shows: "DeliveryReceiptAction=0"},
	{column: "RelayAddress", cell: "r@x.org", path: "users/USER/messagehandlers", shows: "RelayAddress=r@x.org"},
	{column: "ReceiveQuota", cell: "4096000", path: "users/USER/mailboxattributes", shows: "ReceiveQuota=4096000"},
	{column: "SendQuota", cell: "2048000", path: "users/USER/mailboxattributes", shows: "SendQuota=2048000"},
	{column: "WarningQuota", cell: "1024000", path: "users/USER/mailboxattributes", shows: "WarningQuota=1024000"},
}

// serviceAccountCases: an account needs its service and an address.
func serviceAccountCases() []columnCase {
	const path = "users/USER/externalserviceaccounts"
	const service, address = "Exchange2010Service_ServiceDisplayName=Office 365", "; Exchange2010Service_EmailAddress=u@x.org"
	cases := []columnCase{
		{column: "Exchange2010Service_ServiceDisplayName", cell: "Exchange", with: "Exchange2010Service_EmailAddress=u@x.org", path: path, shows: "ExternalServiceObjectId=2b196e3d-704c-4e9b-a8da-3f507b9c8d24"},
		{column: "Exchange2010Service_EmailAddress", cell: "own@x.org", with: service, path: path, shows: "EmailAddress=own@x.org; EmailAddressUseCorp=false"},
		{column: "Exchange2010Service_UserId", cell: "own", with: service + address, path: path, shows: "UserId=own"},
		{column: "Exchange2010Service_UserPassword", cell: "Tr0ub4dor&3z", with: service + address, path: path, sends: "UserPassword=Tr0ub4dor&3z"},
		{column: "UM_EmailAddressUseCorp", cell: "true", with: service, path: path, shows: "EmailAddressUseCorp=true"},
		{column: "UM_EnableCalendarCapability", cell: "true", with: service + address, path: path, shows: "EnableCalendarCapability=true"},
		{column: "UM_EnableMailboxSynchCapability", cell: "true", with: service + address, path: path, shows: "EnableMailboxSynchCapability=true"},
		{column: "UM_EnableTtsOfEmailCapability", cell: "true", with: service + address, path: path, shows: "EnableTtsOfEmailCapability=true"},
	}
	for i := range cases {
		cases[i].clear = "Exchange2010Service_ServiceDisplayName=%null%"
	}
	return cases
}

func membershipCases() []columnCase {
	cases := []columnCase{
		{column: "UserRoles", cell: "Greeting Administrator", path: "users/USER/userroles", shows: "RoleObjectId=e7d52af9-3c08-4a57-8496-fb1c375849e0", clear: "UserRoles=%null%"},
		{column: "DistributionLists", cell: "undeliverablemessages", path: "distributionlists/6f5da271-b480-42df-8c1e-739423b05179/distributionlistmembers", shows: "MemberUserObjectId=USER"},
	}
	for i := 1; i <= 9; i++ {
		column := fmt.Sprint("PrivateList", i)
		cases = append(cases,
			columnCase{column: column, cell: "Friends", path: "users/USER/privatelists", shows: fmt.Sprintf("NumericId=%d; DisplayName=Friends", i), clear: column + "=%null%"},
			columnCase{column: column + "_Members", cell: "user00002", with: column + "=Team", path: "users/USER/privatelists/LIST/privatelistmembers", shows: "Alias=user00002", clear: column + "_Members=%null%"})
	}
	return cases
}
