package cupi

import "net/http"

// What hangs on a user is reached in three ways: below the user (alternate
// extensions, the mailbox), in a list of all users' with the user's id in each
// entry (SMTP proxy addresses), or below another object (members of a list,
// greetings of a call handler). Each is a collection, and [Get], [Create], [Update]
// and [Delete] do the rest; what there is only one of has a name in place of an id.

// The lists of all users' entries.
var (
	// SmtpProxyAddresses have their user's id in ObjectGlobalUserObjectId.
	//
	// CUPI SMTP Proxy Address API.
	SmtpProxyAddresses = Collection{"smtpproxyaddresses", "/vmrest/smtpproxyaddresses", "SmtpProxyAddresses", "SmtpProxyAddress",
		"SmtpAddress", "ObjectId"}

	// AlternateNames have their user's id in GlobalUserObjectId, their distribution list's in
	// DistributionListObjectId, or their contact's in ContactObjectId.
	//
	// CUPI Alternate Names API.
	AlternateNames = Collection{"alternatenames", "/vmrest/alternatenames", "AlternateNames", "AlternateName", "FirstName", "ObjectId"}
)

// below is a collection that hangs on one member of another.
func below(c Collection, id, name, wrapper, element, nameField string) Collection {
	return Collection{name, c.member(id) + "/" + name, wrapper, element, nameField, "ObjectId"}
}

// AlternateExtensionsOf is a user's extensions. The one with the IdIndex 0 is the
// user's own DtmfAccessId.
//
// CUPI Alternate Extensions API.
func AlternateExtensionsOf(userID string) Collection {
	return below(Users, userID, "alternateextensions", "AlternateExtensions", "AlternateExtension", "DtmfAccessId")
}

// CredentialsOf has two members, "pin" and "password". What is written in
// Credentials is not shown again.
//
// CUPI User API, Credentials.
func CredentialsOf(userID string) Collection {
	return below(Users, userID, "credential", "Credentials", "Credential", "CredentialType")
}

// MwisOf is a user's message waiting indicators.
func MwisOf(userID string) Collection {
	return below(Users, userID, "mwis", "Mwis", "Mwi", "DisplayName")
}

// NotificationDevicesOf are a user's notification devices of all kinds, as far as that list shows
// them: with their ids, and not all of their fields. It can only be read.
//
// CUPI Notification Devices API.
func NotificationDevicesOf(userID string) Collection {
	return below(Users, userID, "notificationdevices", "NotificationDevices", "NotificationDevice", "DisplayName")
}

// PhoneDevicesOf, PagerDevicesOf, SmtpDevicesOf and HtmlDevicesOf are a user's
// notification devices. The server makes some with each user.
//
// CUPI Notification Devices API.
func PhoneDevicesOf(userID string) Collection {
	return below(Users, userID, "notificationdevices/phonedevices", "PhoneDevices", "PhoneDevice", "DisplayName")
}

// PagerDevicesOf: see [PhoneDevicesOf].
func PagerDevicesOf(userID string) Collection {
	return below(Users, userID, "notificationdevices/pagerdevices", "PagerDevices", "PagerDevice", "DisplayName")
}

// SmtpDevicesOf: see [PhoneDevicesOf].
func SmtpDevicesOf(userID string) Collection {
	return below(Users, userID, "notificationdevices/smtpdevices", "SmtpDevices", "SmtpDevice", "DisplayName")
}

// HtmlDevicesOf: see [PhoneDevicesOf].
func HtmlDevicesOf(userID string) Collection {
	return below(Users, userID, "notificationdevices/htmldevices", "HtmlDevices", "HtmlDevice", "DisplayName")
}

// MessageHandlersOf has one member: what becomes of the messages that a user gets.
//
// CUPI Message Handlers API.
func MessageHandlersOf(userID string) Collection {
	return below(Users, userID, "messagehandlers", "MessageHandlers", "MessageHandler", "ObjectId")
}

// ExternalServiceAccountsOf is a user's unified messaging accounts.
//
// CUPI External Service Accounts API.
func ExternalServiceAccountsOf(userID string) Collection {
	return below(Users, userID, "externalserviceaccounts", "ExternalServiceAccounts", "ExternalServiceAccount", "EmailAddress")
}

// UserRolesOf is the roles that a user has.
//
// CUPI User Roles API.
func UserRolesOf(userID string) Collection {
	return below(Users, userID, "userroles", "UserRoles", "UserRole", "RoleName")
}

// UserTemplateRolesOf is the roles that users get who are made from a template.
//
// CUPI User Template API.
func UserTemplateRolesOf(templateID string) Collection {
	return below(UserTemplates, templateID, "usertemplateroles", "UserTemplateRoles", "UserTemplateRole", "RoleName")
}

// MailboxOf has one member, "mailboxattributes". The vendor prints its PUT with the
// root UserTemplate.
//
// CUPI Mailbox API, Mailbox Attributes.
func MailboxOf(userID string) Collection {
	return Collection{Name: "mailboxattributes", Path: Users.member(userID)}
}

// PrivateListsOf is a user's own distribution lists, told apart by NumericId.
//
// CUPI Private Lists API.
func PrivateListsOf(userID string) Collection {
	return below(Users, userID, "privatelists", "PrivateLists", "PrivateList", "DisplayName")
}

// PrivateListMembers is who is in one of a user's own lists, which the path names.
//
// CUPI Private Lists API, Private List Members.
func PrivateListMembers(listPath string) Collection {
	return Collection{"privatelistmembers", listPath + "/privatelistmembers", "PrivateListMembers", "PrivateListMember",
		"DisplayName", "ObjectId"}
}

// TransferOptionsOf has the members "Standard", "Off Hours" and "Alternate".
//
// CUPI Call Handler API, Transfer Options.
func TransferOptionsOf(callHandlerID string) Collection {
	return below(CallHandlers, callHandlerID, "transferoptions", "TransferOptions", "TransferOption", "TransferOptionType")
}

// GreetingsOf has the members "Alternate", "Busy", "Error", "Internal",
// "Off Hours", "Standard" and "Holiday".
//
// CUPI Call Handler API, Greetings.
func GreetingsOf(callHandlerID string) Collection {
	return below(CallHandlers, callHandlerID, "greetings", "Greetings", "Greeting", "GreetingType")
}

// MenuEntriesOf has twelve members, one for each key: "0" to "9", "*" and "#".
//
// CUPI User Caller Input API.
func MenuEntriesOf(callHandlerID string) Collection {
	return below(CallHandlers, callHandlerID, "menuentries", "MenuEntries", "MenuEntry", "TouchtoneKey")
}

// MembersOf is who is in a distribution list: users, user templates, lists and contacts.
//
// CUPI Distribution List API, Distribution List Members.
func MembersOf(listID string) Collection {
	return below(DistributionLists, listID, "distributionlistmembers", "DistributionListMembers", "DistributionListMember", "Alias")
}

// Get asks for one member of a collection, by its ObjectId, or by its name where it
// has a fixed one: "pin", "Off Hours".
func Get(c Collection, id string) Request { return object(http.MethodGet, c, id, nil) }

// Update changes the given fields of a member and leaves the others.
func Update(c Collection, id string, fields Object) Request {
	return object(http.MethodPut, c, id, fields)
}

// Delete removes a member of a collection.
func Delete(c Collection, id string) Request { return object(http.MethodDelete, c, id, nil) }

// GetMailbox asks for a user's mailbox: how many messages it holds (NumMessages),
// their size (ByteSize), and its quotas. A user without a mailbox answers 404.
//
// CUPI Mailbox API, Mailbox Attributes.
func GetMailbox(userID string) Request { return Get(MailboxOf(userID), "mailboxattributes") }

// GetUserTemplate asks for all fields of a user template: what users that are made
// from it take over.
//
// CUPI User Template API.
func GetUserTemplate(id string) Request { return object(http.MethodGet, UserTemplates, id, nil) }

// VoiceNameOf is the recorded name of a user: the member "voicename", a [Sound].
//
// CUPI Voice Names; REST API FAQ.
func VoiceNameOf(userID string) Collection {
	return Collection{Name: "voice name", Path: Users.member(userID), Element: Sound}
}

// ListVoiceNameOf is the recorded name of a distribution list, see [VoiceNameOf].
//
// CUPI Voice Names.
func ListVoiceNameOf(listID string) Collection {
	return Collection{Name: "voice name", Path: DistributionLists.member(listID), Element: Sound}
}

// ContactVoiceNameOf is the recorded name of a contact, see [VoiceNameOf].
//
// CUPI Voice Names.
func ContactVoiceNameOf(contactID string) Collection {
	return Collection{Name: "voice name", Path: Contacts.member(contactID), Element: Sound}
}

// PrivateListNameOf is the recorded name of a private list, whose path is given: the member
// "voicename", a [Sound].
//
// CUPI Voice Names.
func PrivateListNameOf(listPath string) Collection {
	return Collection{Name: "recorded name of the private list", Path: listPath, Element: Sound}
}

// GreetingStreamsOf are the languages in which a greeting, whose path is given, has something
// recorded.
//
// CUPI Call Handler Settings, Greetings.
func GreetingStreamsOf(greetingPath string) Collection {
	return Collection{"recordings of the greeting", greetingPath + "/greetingstreamfiles", "GreetingStreamFiles",
		"GreetingStreamFile", "LanguageCode", "LanguageCode"}
}

// GreetingRecordingAt is the path of what a call handler's greeting has recorded in a language, given
// by its code.
func GreetingRecordingAt(callHandlerID, greeting, language string) string {
	return GreetingsOf(callHandlerID).member(greeting) + "/greetingstreamfiles/" + language
}

// GreetingRecording is such a recording: the member "audio", a [Sound].
//
// CUPI Call Handler Settings, Greetings.
func GreetingRecording(path string) Collection {
	return Collection{Name: "recorded greeting", Path: path, Element: Sound}
}
