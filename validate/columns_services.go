package validate

import "cucbulk/cupi"

// The steps of a unified messaging account: its user, and itself.
const (
	StepServiceUser    = "serviceuser"
	StepServiceAccount = "umaccounts"
)

// ServiceAccounts is the table of unified messaging accounts: a row is the account of one user with one service.
// CUPI User API, External Service Accounts.
var ServiceAccounts = indexed(&Table{
	Object: "um-accounts", One: "unified messaging account", Many: "unified messaging accounts", Main: StepServiceUser,
	Member: &Member{Owner: "user", Owners: "users", Column: "ServiceDisplayName", Tells: "EmailAddress",
		Cleared: "EmailAddress"},
	columns:    explained(classified(serviceAccountColumns)),
	match:      []string{"Alias"},
	operations: []Operation{Create, Update, Delete, Upsert},
	required: map[Operation][]string{Create: {"ServiceDisplayName"}, Update: {"ServiceDisplayName"},
		Delete: {"ServiceDisplayName"}, Upsert: {"ServiceDisplayName"}},
	bat: []string{"subscriberAlias", "serviceDisplayName", "OptionalServiceAccountID", "UMEmailAddress", "emailAddressUseCorp",
		"enableCalendar",
		"enableMeeting", "enableMbxSynch", "isPrimaryMeetingService", "loginType", "userId", "Junk", "FailureReason"},
	usual: []string{"subscriberAlias", "ServiceDisplayName", "UMEmailAddress", "EmailAddressUseCorp", "EnableCalendarCapability",
		"EnableMailboxSynchCapability"},
})

var serviceAccountColumns = []Column{
	{Name: "Operation", Type: String, OneLine: true, Values: []string{"create", "update", "delete", "upsert"}, Access: Control,
		Note: "What the row asks for; goes before --operation."},
	{Name: "Alias", Also: []string{"subscriberAlias"}, Type: String, MaxLength: 64, Access: Control, Step: StepServiceUser,
		Field: "Alias", OneLine: true, Listed: true,
		Note: "The alias of the user."},
	{Name: "ServiceDisplayName", Type: String, Access: ReadWrite, Step: StepServiceAccount, Field: "ExternalServiceObjectId",
		Collection: "externalservices", OneLine: true,
		Note: "The unified messaging service, by name; where a user has several accounts with it, EmailAddress says which is meant."},
	{Name: "EmailAddress", Also: []string{"UMEmailAddress"}, Type: String, MaxLength: 320, Access: ReadWrite,
		Step: StepServiceAccount, Field: "EmailAddress", OneLine: true,
		With: map[string]cupi.Object{anyValue: {"EmailAddressUseCorp": "false"}},
		Note: "The address of the account, in place of the corporate one."},
	accountFlag("EmailAddressUseCorp", "", "true takes the corporate address."),
	accountFlag("EnableCalendarCapability", "enableCalendar", "true shows calendar and contacts."),
	accountFlag("EnableMeetingCapability", "enableMeeting", "true shows meetings of the service."),
	accountFlag("EnableMailboxSynchCapability", "enableMbxSynch", "true keeps both mailboxes the same (single inbox)."),
	accountFlag("EnableTtsOfEmailCapability", "", "true reads e-mail aloud; BAT has no such column."),
	accountFlag("IsPrimaryMeetingService", "", "true makes it the user's first service for meetings."),
	{Name: "LoginType", Type: Integer, Words: meaning("0 alias, 1 guest, 2 userid"), Access: ReadWrite, Step: StepServiceAccount,
		Field: "LoginType",
		Note:  "As whom the account signs in to a service for meetings; with userid, the row needs UserId:"},
	{Name: "UserId", Type: String, MaxLength: 320, Access: ReadWrite, Step: StepServiceAccount, Field: "UserId", OneLine: true,
		Nullable: true,
		Note:     "Whom it signs in as."},
	{Name: "UserPassword", Type: String, Access: ReadWrite, Secret: true, Step: StepServiceAccount, Field: "UserPassword", OneLine: true,
		Note: "Its password: sent when the account is made, and to one that is there on update, or with --reset-credentials. " +
			"No server shows it."},
	{Name: "OptionalServiceAccountID", Type: String, Access: PassedOver, Missed: "the user and the service tell which account is meant",
		Note: "BAT's identifier of the account: not looked at, the user and the service tell which is meant."},
	{Name: "Junk", Type: String, Access: PassedOver, Note: "Not looked at."},
	{Name: "FailureReason", Type: String, Access: PassedOver, Note: "Why a run rejected the row; not looked at."},
}

// accountFlag is a flag of an account, with BAT's name of it where that is another.
func accountFlag(field, bat, note string) Column {
	column := Column{Name: field, Type: Boolean, Values: booleans, Access: ReadWrite, Step: StepServiceAccount, Field: field, Note: note}
	if bat != "" {
		column.Also = []string{bat}
	}
	return column
}
