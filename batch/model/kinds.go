package model

import (
	"cucbulk/cupi"
	"cucbulk/validate"
)

// stepKinds is the table, in the order in which a row's steps run. Nothing changes it, and
// nothing else knows a kind by its name: what is special about one is a field of its entry.
var stepKinds = []StepKind{
	{Name: "references", Shape: Single, Owner: Others, In: of(cupi.CallHandlers), elementAt: cupi.ElementAt},
	{Name: "successorlists", One: "membership in the list", Shape: Set, Owner: Others, In: cupi.MembersOf, CreateFields: []string{"MemberUserObjectId"}},
	{Name: "park", Shape: WholeUser, In: of(cupi.Users), Temporary: true},
	{Name: validate.StepUser, Shape: WholeUser, In: of(cupi.Users), Main: true, Extensions: Primary},
	{Name: "userfields", Shape: WholeUser, In: of(cupi.Users), AfterImport: true},
	{Name: "pin", Shape: Single, In: cupi.CredentialsOf, Member: "pin", WriteOnly: "Credentials", Credential: "PIN", Drawn: true,
		WithDrawn: cupi.Object{"CredMustChange": "true", "Locked": "false", "HackCount": "0"}},
	{Name: "password", Shape: Single, In: cupi.CredentialsOf, Member: "password", WriteOnly: "Credentials", Credential: "password"},
	{Name: "voicename", One: "recorded name", Shape: Single, In: cupi.VoiceNameOf, Member: "voicename", Stays: []string{cupi.Recording}},
	{Name: "alternateextensions", One: "alternate extension", Many: "alternate extensions", Shape: Slot, In: cupi.AlternateExtensionsOf,
		Key: "IdIndex", RequiredFields: []string{"DtmfAccessId"}, CreateFields: []string{"IdIndex", "DtmfAccessId", "PartitionObjectId"},
		Extensions: Alternate, Inherits: "PartitionObjectId", restorable: true},
	{Name: "smtpproxyaddresses", One: "SMTP proxy address", Many: "SMTP proxy addresses", Shape: Set, Owner: Everyone, In: of(cupi.SmtpProxyAddresses),
		Of: "ObjectGlobalUserObjectId", CreateFields: []string{"SmtpAddress"}, Unique: "SmtpAddress",
		Mirrors: &mirror{field: "SmtpAddress", of: "EmailAddress", or: "SmtpAddress", while: "CreateSmtpProxyFromCorp"}, restorable: true},
	{Name: "alternatenames", One: "alternate name", Shape: Set, Owner: Everyone, In: of(cupi.AlternateNames), Of: "GlobalUserObjectId", CreateFields: []string{"FirstName", "LastName"}},
	{Name: "mwis", Shape: Slot, In: cupi.MwisOf, ServerCreated: true, Given: cupi.Object{"DisplayName": "MWI-1"}},
	{Name: "phonedevices", Shape: Slot, In: cupi.PhoneDevicesOf, ServerCreated: true, Key: "DisplayName", Mixed: cupi.NotificationDevicesOf, MixedShows: deviceFields, Type: "1",
		KeyNames: map[string]string{"HomePhone": "Home Phone", "WorkPhone": "Work Phone", "MobilePhone": "Mobile Phone"}},
	{Name: "pagerdevices", Shape: Slot, In: cupi.PagerDevicesOf, ServerCreated: true, Key: "DisplayName", Mixed: cupi.NotificationDevicesOf, MixedShows: deviceFields, Type: "2"},
	{Name: "smtpdevices", Shape: Slot, In: cupi.SmtpDevicesOf, ServerCreated: true, Key: "DisplayName", Mixed: cupi.NotificationDevicesOf, MixedShows: deviceFields, Type: "4", KeyNames: map[string]string{"TextPager1": "SMTP"}},
	{Name: "htmldevices", Shape: Slot, In: cupi.HtmlDevicesOf, ServerCreated: true, Key: "DisplayName", Mixed: cupi.NotificationDevicesOf,
		KeyNames: map[string]string{"HTML1": "HTML", "HTML2": "HTML Missed Call", "HTML3": "HTML Scheduled Summary"}},
	{Name: validate.StepCallHandler, One: "call handler", Many: "call handlers", Shape: Single, Owner: TheCallHandler, In: of(cupi.CallHandlers)},
	{Name: "transferoptions", Shape: Slot, Owner: TheCallHandler, In: cupi.TransferOptionsOf, Named: true, Key: "TransferOptionType"},
	{Name: "greetingrecordings", One: "recorded greeting", Shape: Single, Owner: TheGreeting, In: cupi.GreetingRecording, Member: "audio", Stays: []string{cupi.Recording}},
	{Name: "greetings", Shape: Slot, Owner: TheCallHandler, In: cupi.GreetingsOf, Named: true, Key: "GreetingType"},
	{Name: "menuentries", Shape: Slot, Owner: TheCallHandler, In: cupi.MenuEntriesOf, Named: true, Key: "TouchtoneKey", Stays: []string{"TransferNumber"}},
	{Name: "messagehandlers", Shape: Slot, In: cupi.MessageHandlersOf, ServerCreated: true},
	{Name: "externalserviceaccounts", One: "unified messaging account", Shape: Slot, In: cupi.ExternalServiceAccountsOf, Key: "ExternalServiceObjectId",
		RequiredFields: []string{"ExternalServiceObjectId", "EmailAddress"}, WriteOnly: "UserPassword", Credential: "password of the unified messaging account",
		CreateFields: []string{"ExternalServiceObjectId", "EmailAddress", "EmailAddressUseCorp", "LoginType", "UserId",
			"EnableCalendarCapability", "EnableMailboxSynchCapability", "EnableTtsOfEmailCapability"}},
	{Name: "userroles", One: "role", Shape: Set, In: cupi.UserRolesOf, CreateFields: []string{"RoleObjectId"}},
	{Name: "mailboxattributes", Shape: Single, In: cupi.MailboxOf, Member: "mailboxattributes", root: "UserTemplate"},
	{Name: "privatelists", One: "private list", Shape: Slot, In: cupi.PrivateListsOf, Key: "NumericId", RequiredFields: []string{"DisplayName"},
		CreateFields: []string{"NumericId", "DisplayName"}},
	{Name: "privatelistmembers", One: "private list member", Shape: Set, Owner: TheSlot, HangsOn: "privatelists", In: cupi.PrivateListMembers, CreateFields: []string{"MemberSubscriberObjectId"}},
	{Name: "distributionlistmembers", One: "membership in the list", Many: "list memberships", Shape: Memberships, In: cupi.MembersOf,
		Of: "MemberUserObjectId", CreateFields: []string{"MemberUserObjectId"}, restorable: true},
}

// listKinds are the steps of a distribution list.
var listKinds = []StepKind{
	{Name: "listpark", Shape: WholeUser, In: of(cupi.DistributionLists), Temporary: true},
	{Name: validate.StepList, Shape: WholeUser, In: of(cupi.DistributionLists), Main: true, Extensions: Primary},
	{Name: "listvoicename", One: "recorded name", Shape: Single, In: cupi.ListVoiceNameOf, Member: "voicename", Stays: []string{cupi.Recording}},
	{Name: "listalternatenames", One: "alternate name", Many: "alternate names", Shape: Set, Owner: Everyone, In: of(cupi.AlternateNames),
		Of: "DistributionListObjectId", CreateFields: []string{"FirstName"}, restorable: true},
	{Name: "listmembers", One: "member", Many: "members", Shape: Set, In: cupi.MembersOf, CreateFields: memberFields, restorable: true},
	{Name: "listmemberships", One: "membership in the list", Many: "memberships in other lists", Shape: Memberships, In: cupi.MembersOf,
		Of: "MemberDistributionListObjectId", CreateFields: []string{"MemberDistributionListObjectId"}, restorable: true},
}

// adminKinds are the steps of a user without a mailbox.
var adminKinds = []StepKind{
	{Name: validate.StepAdmin, Shape: WholeUser, In: of(cupi.AdminUsers), Main: true},
	{Name: "adminpassword", Shape: Single, In: cupi.CredentialsOf, Member: "password", WriteOnly: "Credentials", Credential: "password"},
	{Name: "adminroles", One: "role", Many: "roles", Shape: Set, In: cupi.UserRolesOf, CreateFields: []string{"RoleObjectId"}, restorable: true},
}

// memberFields are those of which a list's member has one: its id, by what it is.
var memberFields = []string{"MemberUserObjectId", "MemberDistributionListObjectId", "MemberContactObjectId"}

// deviceFields are those that the vendor's page of the list of all devices prints for each that has them.
var deviceFields = []string{
	"DisplayName", "Active", "MediaSwitchObjectId", "PhoneNumber", "AfterDialDigits", "SmtpAddress", "StaticText", "EventList", "MaxBody",
	"MaxSubject", "BusyRetryInterval", "RetriesOnBusy", "DialDelay", "RingsToWait", "SendCallerId", "SendCount", "WaitConnect", "Undeletable",
}

// of is the collection of what hangs on nobody.
func of(c cupi.Collection) func(string) cupi.Collection {
	return func(string) cupi.Collection { return c }
}
