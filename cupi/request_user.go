package cupi

import "net/http"

// What hangs on a user is reached in three ways: below the user (alternate
// extensions, the mailbox), in a list of all users' with the user's id in each
// entry (SMTP proxy addresses), or below another object (members of a list).

// SmtpProxyAddresses are those of all users; the field ObjectGlobalUserObjectId
// says whose one is.
//
// CUPI SMTP Proxy Address API.
var SmtpProxyAddresses = Collection{"smtpproxyaddresses", "/vmrest/smtpproxyaddresses", "SmtpProxyAddresses", "SmtpProxyAddress", "SmtpAddress", "ObjectId"}

// AlternateExtensionsOf is a user's extensions. The one with the IdIndex 0 is the
// user's own DtmfAccessId.
//
// CUPI Alternate Extensions API.
func AlternateExtensionsOf(userID string) Collection {
	return Collection{"alternateextensions", Users.Path + "/" + userID + "/alternateextensions", "AlternateExtensions", "AlternateExtension", "DtmfAccessId", "ObjectId"}
}

// MembersOf is who is in a distribution list: users, user templates and lists.
//
// CUPI Distribution List API, Distribution List Members.
func MembersOf(listID string) Collection {
	return Collection{"distributionlistmembers", DistributionLists.Path + "/" + listID + "/distributionlistmembers", "DistributionListMembers", "DistributionListMember", "Alias", "ObjectId"}
}

// Create makes a member of a collection of this file. Users are made by
// [CreateUser].
func Create(c Collection, fields Object) Request {
	return Request{Method: http.MethodPost, Path: c.Path, Root: c.Element, Fields: fields}
}

// GetMailbox asks for a user's mailbox: how many messages it holds (NumMessages),
// their size (ByteSize), and its quotas. A user without a mailbox answers 404.
//
// CUPI Mailbox API, Mailbox Attributes.
func GetMailbox(userID string) Request {
	return Request{Method: http.MethodGet, Path: Users.Path + "/" + userID + "/mailboxattributes", problem: checkID(userID)}
}

// GetUserTemplate asks for all fields of a user template: what users that are made
// from it take over.
//
// CUPI User Template API.
func GetUserTemplate(id string) Request { return object(http.MethodGet, UserTemplates, id, nil) }
