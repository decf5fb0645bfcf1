package model

import (
	"cucbulk/cupi"
	"cucbulk/validate"
)

// stepKinds is the table, in the order in which a row's steps run. Nothing changes it, and
// nothing else knows a kind by its name: what is special about one is a field of its entry.
var stepKinds = []StepKind{
	{Name: "references", Shape: Single, Owner: Others, In: of(cupi.CallHandlers), elementAt: cupi.ElementAt},
	{Name: "successorlists", One: "membership in the list", Shape: Set, Owner: Others, In: cupi.MembersOf,
		CreateFields: []string{"MemberUserObjectId"}},
	{Name: "park", Shape: WholeUser, In: of(cupi.Users), Temporary: true},
	{Name: validate.StepUser, Shape: WholeUser, In: of(cupi.Users), Main: true, Extensions: Primary},
	{Name: "userfields", Shape: WholeUser, In: of(cupi.Users), AfterImport: true},
	{Name: "pin", Shape: Single, In: cupi.CredentialsOf, Member: "pin", WriteOnly: "Credentials", Credential: "PIN", Drawn: true,
		WithDrawn: cupi.Object{"CredMustChange": "true", "Locked": "false", "HackCount": "0"}, Returns: ReturnsFully,
		Restores: credentialSettings, AsLost: credentialsLost},
	{Name: "password", Shape: Single, In: cupi.CredentialsOf, Member: "password", WriteOnly: "Credentials",
		Credential: "password", Returns: ReturnsFully, Restores: credentialSettings, AsLost: credentialsLost},
	{Name: "voicename", One: "recorded name", Shape: Single, In: cupi.VoiceNameOf, Member: "voicename",
		Stays: []string{cupi.Recording}, Returns: ReturnsFully, AsLost: recordingsLost},
	{Name: "alternateextensions", One: "alternate extension", Many: "alternate extensions", Shape: Slot, In: cupi.AlternateExtensionsOf,
		Key: "IdIndex", RequiredFields: []string{"DtmfAccessId"}, CreateFields: []string{"IdIndex", "DtmfAccessId", "PartitionObjectId"},
		Extensions: Alternate, Inherits: "PartitionObjectId", Returns: Returns},
	{Name: "smtpproxyaddresses", One: "SMTP proxy address", Many: "SMTP proxy addresses", Shape: Set, Owner: Everyone,
		In: of(cupi.SmtpProxyAddresses),
		Of: "ObjectGlobalUserObjectId", CreateFields: []string{"SmtpAddress"}, Unique: "SmtpAddress",
		Mirrors: &mirror{field: "SmtpAddress", of: "EmailAddress", or: "SmtpAddress", while: "CreateSmtpProxyFromCorp"}, Returns: Returns},
	{Name: "alternatenames", One: "alternate name", Shape: Set, Owner: Everyone, In: of(cupi.AlternateNames),
		Of: "GlobalUserObjectId", CreateFields: []string{"FirstName", "LastName"}, Returns: ReturnsFully, AsLost: "alternate names"},
	{Name: "mwis", Shape: Slot, In: cupi.MwisOf, ServerCreated: true, Given: cupi.Object{"DisplayName": "MWI-1"},
		Returns: ReturnsFully, Restores: lampSettings, AsLost: devicesLost},
	{Name: "phonedevices", Shape: Slot, In: cupi.PhoneDevicesOf, ServerCreated: true, Key: "DisplayName",
		Mixed: cupi.NotificationDevicesOf, MixedShows: deviceFields, Type: "1",
		KeyNames: map[string]string{"HomePhone": "Home Phone", "WorkPhone": "Work Phone", "MobilePhone": "Mobile Phone"},
		Returns:  ReturnsFully, Restores: deviceSettings, AsLost: devicesLost},
	{Name: "pagerdevices", Shape: Slot, In: cupi.PagerDevicesOf, ServerCreated: true, Key: "DisplayName",
		Mixed: cupi.NotificationDevicesOf, MixedShows: deviceFields, Type: "2", Returns: ReturnsFully, Restores: deviceSettings,
		AsLost: devicesLost},
	{Name: "smtpdevices", Shape: Slot, In: cupi.SmtpDevicesOf, ServerCreated: true, Key: "DisplayName",
		Mixed: cupi.NotificationDevicesOf, MixedShows: deviceFields, Type: "4", KeyNames: map[string]string{"TextPager1": "SMTP"},
		Returns: ReturnsFully, Restores: deviceSettings, AsLost: devicesLost},
	{Name: "htmldevices", Shape: Slot, In: cupi.HtmlDevicesOf, ServerCreated: true, Key: "DisplayName", Mixed: cupi.NotificationDevicesOf,
		KeyNames: map[string]string{"HTML1": "HTML", "HTML2": "HTML Missed Call", "HTML3": "HTML Scheduled Summary"},
		Returns:  ReturnsFully, Restores: deviceSettings, AsLost: devicesLost},
	{Name: validate.StepCallHandler, One: "call handler", Many: "call handlers", Shape: Single, Owner: TheCallHandler,
		In: of(cupi.CallHandlers), Returns: ReturnsFully, AsLost: "call handler"},
	{Name: "transferoptions", Shape: Slot, Owner: TheCallHandler, In: cupi.TransferOptionsOf, Named: true,
		Key: "TransferOptionType", Returns: ReturnsFully, AsLost: "transfer rules"},
	{Name: "greetingrecordings", One: "recorded greeting", Shape: Single, Owner: TheGreeting, In: cupi.GreetingRecording,
		Member: "audio", Stays: []string{cupi.Recording}, HangsOn: "greetings", Within: cupi.GreetingStreamsOf,
		Returns: ReturnsFully, AsLost: recordingsLost},
	{Name: "greetings", Shape: Slot, Owner: TheCallHandler, In: cupi.GreetingsOf, Named: true, Key: "GreetingType",
		Returns: ReturnsFully, AsLost: "greetings"},
	{Name: "menuentries", Shape: Slot, Owner: TheCallHandler, In: cupi.MenuEntriesOf, Named: true, Key: "TouchtoneKey",
		Stays: []string{"TransferNumber"}, Returns: ReturnsFully, AsLost: "keys"},
	{Name: "messagehandlers", Shape: Slot, In: cupi.MessageHandlersOf, ServerCreated: true, Returns: ReturnsFully,
		AsLost: "message actions"},
	{Name: "externalserviceaccounts", One: "unified messaging account", Many: "unified messaging accounts", Shape: Slot,
		In: cupi.ExternalServiceAccountsOf, Key: "ExternalServiceObjectId", Repeats: true, Tells: "EmailAddress",
		RequiredFields: []string{"ExternalServiceObjectId", "EmailAddress"}, WriteOnly: "UserPassword",
		Credential:   "password of the unified messaging account",
		CreateFields: accountFields, Returns: ReturnsFully, AsLost: "unified messaging"},
	{Name: "userroles", One: "role", Shape: Set, In: cupi.UserRolesOf, CreateFields: []string{"RoleObjectId"},
		Returns: ReturnsFully, AsLost: "roles"},
	{Name: "mailboxattributes", Shape: Single, In: cupi.MailboxOf, Member: "mailboxattributes", root: "UserTemplate",
		Returns: ReturnsFully, AsLost: "quotas"},
	{Name: "privatelists", One: "private list", Shape: Slot, In: cupi.PrivateListsOf, Key: "NumericId",
		RequiredFields: []string{"DisplayName"},
		CreateFields:   []string{"NumericId", "DisplayName"}, Returns: ReturnsFully, AsLost: listsLost},
	{Name: "privatelistmembers", One: "private list member", Shape: Set, Owner: TheSlot, HangsOn: "privatelists",
		In: cupi.PrivateListMembers, CreateFields: []string{"MemberSubscriberObjectId"}, Returns: ReturnsFully,
		Restores: privateMembers, AsLost: listsLost},
	{Name: "privatelistnames", One: "recorded name of the private list", Shape: Single, Owner: TheSlot, HangsOn: "privatelists",
		In: cupi.PrivateListNameOf, Member: "voicename",
		Stays: []string{cupi.Recording}, Returns: ReturnsFully, Restores: []string{cupi.Recording}, AsLost: recordingsLost},
	{Name: "distributionlistmembers", One: "membership in the list", Many: "list memberships", Shape: Memberships, In: cupi.MembersOf,
		Of: "MemberUserObjectId", CreateFields: []string{"MemberUserObjectId"}, Returns: Returns},
}

// listKinds are the steps of a distribution list.
var listKinds = []StepKind{
	{Name: "listpark", Shape: WholeUser, In: of(cupi.DistributionLists), Temporary: true},
	{Name: validate.StepList, Shape: WholeUser, In: of(cupi.DistributionLists), Main: true, Extensions: Primary},
	{Name: "listvoicename", One: "recorded name", Shape: Single, In: cupi.ListVoiceNameOf, Member: "voicename",
		Stays: []string{cupi.Recording}, Returns: ReturnsFully, AsLost: recordingsLost},
	{Name: "listalternatenames", One: "alternate name", Many: "alternate names", Shape: Set, Owner: Everyone, In: of(cupi.AlternateNames),
		Of: "DistributionListObjectId", CreateFields: []string{"FirstName"}, Returns: Returns},
	{Name: "listmembers", One: "member", Many: "members", Shape: Set, In: cupi.MembersOf, CreateFields: MemberFields, Held: true,
		Returns: Returns},
	{Name: "listmemberships", One: "membership in the list", Many: "memberships in other lists", Shape: Memberships, In: cupi.MembersOf,
		Of: "MemberDistributionListObjectId", CreateFields: []string{"MemberDistributionListObjectId"}, Returns: Returns},
	{Name: "listsenders", Many: "what sends messages to them", Shape: Single, Owner: Others, In: of(cupi.CallHandlers),
		elementAt: cupi.ElementAt, Senders: []Sender{callHandlers, interviewHandlers, handlerTemplates},
		Of: "RecipientDistributionListObjectId", Recipients: recipients, Returns: Returns},
}

// adminKinds are the steps of a user without a mailbox.
var adminKinds = []StepKind{
	{Name: validate.StepAdmin, Shape: WholeUser, In: of(cupi.AdminUsers), Main: true},
	{Name: "adminpassword", Shape: Single, In: cupi.CredentialsOf, Member: "password", WriteOnly: "Credentials", Credential: "password"},
	{Name: "adminroles", One: "role", Many: "roles", Shape: Set, In: cupi.UserRolesOf, CreateFields: []string{"RoleObjectId"},
		FromTemplate: cupi.UserTemplateRolesOf, Returns: Returns},
}

// memberKinds are the steps of a row about one member of a distribution list.
var memberKinds = []StepKind{
	{Name: validate.StepMembersList, Shape: WholeUser, In: of(cupi.DistributionLists), Main: true},
	{Name: validate.StepUserMembers, One: "user", Many: "users", Shape: Slot, In: cupi.MembersOf, Who: cupi.Users,
		Called: "user", Unnamed: "IsUserTemplate", Key: "MemberUserObjectId",
		RequiredFields: []string{"MemberUserObjectId", "Alias"}, CreateFields: []string{"MemberUserObjectId"}},
	{Name: validate.StepListMembers, One: "list", Many: "lists", Shape: Slot, In: cupi.MembersOf, Who: cupi.DistributionLists,
		Called: "list", Key: "MemberDistributionListObjectId",
		RequiredFields: []string{"MemberDistributionListObjectId", "Alias"}, CreateFields: []string{"MemberDistributionListObjectId"}},
	{Name: validate.StepContactMembers, One: "contact", Many: "contacts", Shape: Slot, In: cupi.MembersOf, Who: cupi.Contacts,
		Called: "contact", Takes: "AllowContacts", Key: "MemberContactObjectId",
		RequiredFields: []string{"MemberContactObjectId", "Alias"}, CreateFields: []string{"MemberContactObjectId"}},
	{Name: "othermembers", One: "member", Many: "other members", Shape: Set, In: cupi.MembersOf, CreateFields: MemberFields, Leaves: true},
}

// contactKinds are the steps of a contact.
var contactKinds = []StepKind{
	{Name: "contactpark", Shape: WholeUser, In: of(cupi.Contacts), Temporary: true},
	{Name: validate.StepContact, Shape: WholeUser, In: of(cupi.Contacts), Main: true, Extensions: Primary},
	{Name: "contactvoicename", One: "recorded name", Shape: Single, In: cupi.ContactVoiceNameOf, Member: "voicename",
		Stays: []string{cupi.Recording}, Returns: ReturnsFully, AsLost: recordingsLost},
	{Name: "contactalternatenames", One: "alternate name", Many: "alternate names", Shape: Set, Owner: Everyone,
		In: of(cupi.AlternateNames),
		Of: "ContactObjectId", CreateFields: []string{"FirstName", "LastName"}, Returns: Returns},
	{Name: "contactproxyaddresses", One: "SMTP proxy address", Many: "SMTP proxy addresses", Shape: Set, Owner: Everyone,
		In: of(cupi.SmtpProxyAddresses),
		Of: "ObjectGlobalUserObjectId", CreateFields: []string{"SmtpAddress"}, Doubtful: true, Returns: Returns},
	{Name: "contactmemberships", One: "membership in the list", Many: "memberships in lists", Shape: Memberships, In: cupi.MembersOf,
		Of: "MemberContactObjectId", CreateFields: []string{"MemberContactObjectId"}, Returns: Returns},
	{Name: "contactsenders", Many: "what sends messages to them", Shape: Single, Owner: Others, In: of(cupi.CallHandlers),
		elementAt: cupi.ElementAt, Senders: []Sender{callHandlers, handlerTemplates},
		Of: "RecipientContactObjectId", Recipients: recipients, Returns: Returns},
}

// serviceKinds are the steps of a row about the account of a user with a unified messaging service.
var serviceKinds = []StepKind{
	{Name: validate.StepServiceUser, Shape: WholeUser, In: of(cupi.Users), Main: true},
	{Name: validate.StepServiceAccount, One: "unified messaging account", Many: "unified messaging accounts", Shape: Slot,
		In:  cupi.ExternalServiceAccountsOf,
		Key: "ExternalServiceObjectId", Repeats: true, Tells: "EmailAddress",
		RequiredFields: []string{"ExternalServiceObjectId", "EmailAddress"},
		CreateFields:   accountFields,
		WriteOnly:      "UserPassword", Credential: "password of the unified messaging account"},
}

// What sends messages to a list or to a contact. An interview handler does to a list only.
var (
	callHandlers      = Sender{cupi.CallHandlers, "call handler", cupi.Query{Column: "IsPrimary", Op: cupi.Is, Value: "0"}}
	interviewHandlers = Sender{Collection: cupi.InterviewHandlers, One: "interview handler"}
	handlerTemplates  = Sender{Collection: cupi.CallHandlerTemplates, One: "call handler template"}
)

// recipients are the fields that say who gets the messages.
var recipients = map[string]cupi.Collection{
	"RecipientSubscriberObjectId":       cupi.Users,
	"RecipientDistributionListObjectId": cupi.DistributionLists,
	"RecipientContactObjectId":          cupi.Contacts,
}

// accountFields are those that bring a unified messaging account back.
var accountFields = []string{"ExternalServiceObjectId", "EmailAddress", "EmailAddressUseCorp", "LoginType", "UserId",
	"EnableCalendarCapability",
	"EnableMailboxSynchCapability", "EnableTtsOfEmailCapability", "EnableMeetingCapability", "IsPrimaryMeetingService"}

// MemberFields are those of which a list's member has one: its id, by what it is.
var MemberFields = []string{"MemberUserObjectId", "MemberDistributionListObjectId", "MemberContactObjectId"}

// deviceFields are those that the vendor's page of the list of all devices prints for each that has them.
var deviceFields = []string{
	"DisplayName", "Active", "MediaSwitchObjectId", "PhoneNumber", "AfterDialDigits", "SmtpAddress", "StaticText", "EventList", "MaxBody",
	"MaxSubject", "BusyRetryInterval", "RetriesOnBusy", "DialDelay", "RingsToWait", "SendCallerId", "SendCount", "WaitConnect",
	"Undeletable",
}

// credentialSettings are what a PIN or a password has beside itself and what a sign-in changes.
var credentialSettings = []string{"CantChange", "DoesntExpire", "CredentialPolicyObjectId"}

const (
	credentialsLost = "rules for PIN and password"
	devicesLost     = "devices"
	recordingsLost  = "recordings"
	listsLost       = "private lists"
)

// deviceSettings are what devices of all kinds have that can be written, by the vendor's page; each
// kind shows some of them.
var deviceSettings = []string{
	"DisplayName", "Active", "MediaSwitchObjectId", "PhoneNumber", "AfterDialDigits", "SmtpAddress", "StaticText", "EventList", "MaxBody",
	"MaxSubject", "BusyRetryInterval", "RetriesOnBusy", "RnaRetryInterval", "RetriesOnRna", "SuccessRetryInterval", "RetriesOnSuccess",
	"DialDelay", "RingsToWait", "SendCallerId", "SendCount", "SendPcaLink", "WaitConnect", "TransmitForcedAuthorizationCode",
	"InitialDelay",
	"RepeatInterval", "RepeatNotify", "ScheduleSetObjectId", "FailDeviceObjectId", "HeaderText", "FooterText", "CallbackNumber",
	"NotificationTemplateID", "DisableMobileNumberFromPCA", "DisableTemplateSelectionFromPCA", "AllowVoiceMailAsAttachment",
	"MessageCountInSummary", "SendScheduledNotificationAt", "VoiceMessage", "UrgentOnly", "PromptForId", "DetectTransferLoop",
}

// lampSettings are what a message waiting indicator has.
var lampSettings = []string{
	"DisplayName", "Active", "MwiExtension", "UsePrimaryExtension", "MediaSwitchObjectId", "IncludeTextMessages",
	"IncludeVoiceMessages", "IncludeFaxMessages",
}

// privateMembers are who can be in a private list.
var privateMembers = []string{
	"MemberSubscriberObjectId", "MemberDistributionListObjectId", "MemberPersonalVoiceMailListObjectId", "MemberContactObjectId",
}
