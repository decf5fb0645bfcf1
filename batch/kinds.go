package batch

import (
	"cucbulk/cupi"
	"cucbulk/validate"
)

// stepKinds is the table, in the order in which a row's steps run. Nothing changes it, and
// nothing else knows a kind by its name: what is special about one is a field of its entry.
var stepKinds = []stepKind{
	{name: "park", shape: wholeUser, in: of(cupi.Users), temporary: true},
	{name: validate.StepUser, shape: wholeUser, in: of(cupi.Users), main: true, extensions: primary},
	{name: "userfields", shape: wholeUser, in: of(cupi.Users), afterImport: true},
	{name: "pin", shape: single, in: cupi.CredentialsOf, member: "pin", writeOnly: "Credentials", credential: "PIN", drawn: true},
	{name: "password", shape: single, in: cupi.CredentialsOf, member: "password", writeOnly: "Credentials", credential: "password"},
	{name: "alternateextensions", one: "alternate extension", many: "alternate extensions", shape: slot, in: cupi.AlternateExtensionsOf,
		key: "IdIndex", stands: []string{"DtmfAccessId"}, writes: []string{"IdIndex", "DtmfAccessId", "PartitionObjectId"},
		extensions: alternate, inherits: "PartitionObjectId", comesBack: true},
	{name: "smtpproxyaddresses", one: "SMTP proxy address", many: "SMTP proxy addresses", shape: set, owner: everyone, in: of(cupi.SmtpProxyAddresses),
		of: "ObjectGlobalUserObjectId", writes: []string{"SmtpAddress"},
		mirrors: &mirror{field: "SmtpAddress", of: "EmailAddress", or: "SmtpAddress", while: "CreateSmtpProxyFromCorp"}, comesBack: true},
	{name: "alternatenames", one: "alternate name", shape: set, owner: everyone, in: of(cupi.AlternateNames), of: "GlobalUserObjectId", writes: []string{"FirstName", "LastName"}},
	{name: "mwis", shape: slot, in: cupi.MwisOf, theirs: true, given: cupi.Object{"DisplayName": "MWI-1"}},
	{name: "phonedevices", shape: slot, in: cupi.PhoneDevicesOf, theirs: true, key: "DisplayName",
		called: map[string]string{"HomePhone": "Home Phone", "WorkPhone": "Work Phone", "MobilePhone": "Mobile Phone"}},
	{name: "pagerdevices", shape: slot, in: cupi.PagerDevicesOf, theirs: true, key: "DisplayName"},
	{name: "smtpdevices", shape: slot, in: cupi.SmtpDevicesOf, theirs: true, key: "DisplayName", called: map[string]string{"TextPager1": "SMTP"}},
	{name: "htmldevices", shape: slot, in: cupi.HtmlDevicesOf, theirs: true, key: "DisplayName",
		called: map[string]string{"HTML1": "HTML", "HTML2": "HTML Missed Call", "HTML3": "HTML Scheduled Summary"}},
	{name: validate.StepCallHandler, shape: single, owner: theCallHandler, in: of(cupi.CallHandlers)},
	{name: "transferoptions", shape: slot, owner: theCallHandler, in: cupi.TransferOptionsOf, named: true, key: "TransferOptionType"},
	{name: "greetings", shape: slot, owner: theCallHandler, in: cupi.GreetingsOf, named: true, key: "GreetingType"},
	{name: "messagehandlers", shape: slot, in: cupi.MessageHandlersOf, theirs: true},
	{name: "externalserviceaccounts", one: "unified messaging account", shape: slot, in: cupi.ExternalServiceAccountsOf, key: "ExternalServiceObjectId",
		stands: []string{"ExternalServiceObjectId", "EmailAddress"}, writeOnly: "UserPassword", credential: "password of the unified messaging account",
		writes: []string{"ExternalServiceObjectId", "EmailAddress", "EmailAddressUseCorp", "LoginType", "UserId",
			"EnableCalendarCapability", "EnableMailboxSynchCapability", "EnableTtsOfEmailCapability"}},
	{name: "userroles", one: "role", shape: set, in: cupi.UserRolesOf, writes: []string{"RoleObjectId"}},
	{name: "mailboxattributes", shape: single, in: cupi.MailboxOf, member: "mailboxattributes", root: "UserTemplate"},
	{name: "privatelists", one: "private list", shape: slot, in: cupi.PrivateListsOf, key: "NumericId", stands: []string{"DisplayName"},
		writes: []string{"NumericId", "DisplayName"}},
	{name: "privatelistmembers", one: "private list member", shape: set, owner: theSlot, hangsOn: "privatelists", in: cupi.PrivateListMembers, writes: []string{"MemberSubscriberObjectId"}},
	{name: "distributionlistmembers", one: "membership in the list", many: "list memberships", shape: memberships, in: cupi.MembersOf,
		of: "MemberUserObjectId", writes: []string{"MemberUserObjectId"}, comesBack: true},
}

// of is the collection of what hangs on nobody.
func of(c cupi.Collection) func(string) cupi.Collection {
	return func(string) cupi.Collection { return c }
}
