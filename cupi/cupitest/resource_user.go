package cupitest

import (
	"strconv"
	"strings"
)

// userResources is what hangs on a user by itself.
var userResources = []resource{
	{kind: "alternatenames", path: "alternatenames", wrapper: "AlternateNames", element: "AlternateName",
		owner: userOrList, ownerFields: []string{"GlobalUserObjectId", "DistributionListObjectId"}, methods: "POST PUT DELETE", needs: []string{"FirstName"},
		schema: newSchema(
			field{"URI", derived, 0, "/vmrest/alternatenames/{ObjectId}", listed},
			field{"ObjectId", text, 36, "", listed | fixed},
			field{"FirstName", text, 64, "", listed},
			field{"LastName", text, 64, "", listed},
			field{"GlobalUserObjectId", text, 36, "", listed},
			field{"GlobalUserURI", derived, 0, "/vmrest/globalusers/{GlobalUserObjectId}", listed},
			field{"DistributionListObjectId", text, 36, "", listed},
			field{"DistributionListURI", derived, 0, "/vmrest/distributionlists/{DistributionListObjectId}", listed},
			field{"LocationObjectId", text, 36, locationID, listed | fixed},
		)},
	{kind: "mwis", path: "users/{id}/mwis", wrapper: "Mwis", element: "Mwi",
		owner: userOfPath, methods: "POST PUT DELETE", needs: []string{"DisplayName"}, unique: "DisplayName", check: checkMwi,
		comes: []map[string]string{{"DisplayName": "MWI-1", "Undeletable": "true"}},
		schema: ofUser("mwis",
			field{"UserObjectId", text, 36, "{owner.ObjectId}", listed | fixed},
			field{"Active", boolean, 0, "true", listed},
			field{"MwiOn", boolean, 0, "false", listed},
			field{"IncludeTextMessages", boolean, 0, "true", listed},
			field{"IncludeVoiceMessages", boolean, 0, "true", listed},
			field{"IncludeFaxMessages", boolean, 0, "true", listed},
			field{"UsePrimaryExtension", boolean, 0, "true", listed},
			field{"DisplayName", text, 64, "", listed | required},
			field{"MediaSwitchObjectId", reference, 36, "phonesystems", listed},
			field{"MwiExtension", text, 40, "", listed},
			field{"Undeletable", boolean, 0, "false", hidden | fixed},
		)},
	{kind: "messagehandlers", path: "users/{id}/messagehandlers", wrapper: "MessageHandlers", element: "MessageHandler",
		owner: userOfPath, methods: "PUT", check: checkRelay,
		ranges: map[string][2]int{"EmailAction": {0, 3}, "VoicemailAction": {0, 3}, "FaxAction": {0, 3}, "DeliveryReceiptAction": {0, 3}},
		comes:  []map[string]string{{}},
		schema: ofUser("messagehandlers",
			field{"SubscriberObjectId", text, 36, "{owner.ObjectId}", listed | fixed},
			field{"EmailAction", integer, 0, "1", listed},
			field{"VoicemailAction", integer, 0, "1", listed},
			field{"FaxAction", integer, 0, "1", listed},
			field{"DeliveryReceiptAction", integer, 0, "1", listed},
			field{"RelayAddress", text, 320, "", listed},
		)},
	{kind: "externalserviceaccounts", path: "users/{id}/externalserviceaccounts", wrapper: "ExternalServiceAccounts", element: "ExternalServiceAccount",
		owner: userOfPath, methods: "POST PUT DELETE", needs: []string{"ExternalServiceObjectId"}, unique: "ExternalServiceObjectId", check: checkServiceAccount,
		ranges: map[string][2]int{"LoginType": {0, 2}},
		schema: ofUser("externalserviceaccounts",
			field{"SubscriberObjectId", text, 36, "{owner.ObjectId}", listed | fixed},
			field{"ExternalServiceObjectId", reference, 36, "externalservices", listed | required},
			field{"DisplayName", text, 64, "", 0},
			field{"EmailAddress", text, 320, "{owner.EmailAddress}", listed},
			field{"EmailAddressUseCorp", boolean, 0, "false", listed},
			field{"EnableCalendarCapability", boolean, 0, "false", listed},
			field{"EnableMailboxSynchCapability", boolean, 0, "false", listed},
			field{"EnableMeetingCapability", boolean, 0, "false", listed},
			field{"EnableTtsOfEmailCapability", boolean, 0, "false", listed},
			field{"IsPrimaryMeetingService", boolean, 0, "false", listed},
			field{"LoginType", integer, 0, "0", listed},
			field{"UserId", text, 320, "", listed},
			field{"UserPassword", text, 256, "", listed | blanked},
			field{"UserExternalServiceResetURI", derived, 0, "{URI}/reset", listed},
		)},
	{kind: "videoserviceaccounts", path: "users/{id}/videoserviceaccounts", wrapper: "VideoServiceAccounts", element: "VideoServiceAccount",
		owner: userOfPath, schema: ofUser("videoserviceaccounts")}, // what is in one, no public page tells
	{kind: "userroles", path: "users/{id}/userroles", wrapper: "UserRoles", element: "UserRole",
		owner: userOfPath, methods: "POST DELETE", needs: []string{"RoleObjectId"}, unique: "RoleObjectId", check: nameRole,
		schema: ofUser("userroles",
			field{"UserObjectId", text, 36, "{owner.ObjectId}", listed | fixed},
			field{"RoleObjectId", reference, 36, "roles", listed | required},
			field{"RoleURI", derived, 0, "/vmrest/roles/{RoleObjectId}", listed},
			field{"RoleName", text, 64, "", listed | fixed},
			field{"Alias", text, 64, "{owner.Alias}", listed | fixed},
		)},
	{kind: privateLists, path: "users/{id}/privatelists", wrapper: "PrivateLists", element: "PrivateList",
		owner: userOfPath, methods: "POST PUT DELETE", needs: []string{"DisplayName", "NumericId"}, unique: "NumericId", most: mostPrivateLists,
		ranges: map[string][2]int{"NumericId": {1, 99}},
		schema: ofUser("privatelists",
			field{"UserObjectId", text, 36, "{owner.ObjectId}", listed | fixed},
			field{"DisplayName", text, 64, "", listed | required},
			field{"NumericId", integer, 0, "", listed | required},
			field{"IsAddressable", boolean, 0, "true", listed | fixed},
			field{"PrivateListMembersURI", derived, 0, "{URI}/privatelistmembers", listed},
		)},
	{kind: "privatelistmembers", path: "users/{id}/privatelists/{id}/privatelistmembers", wrapper: "PrivateListMembers", element: "PrivateListMember",
		owner: privateListOfPath, methods: "POST DELETE", unique: "MemberSubscriberObjectId", check: checkPrivateMember,
		schema: newSchema(
			field{"URI", derived, 0, "{owner.URI}/privatelistmembers/{ObjectId}", listed},
			field{"ObjectId", text, 36, "", listed | fixed},
			field{"PersonalVoiceMailListObjectId", text, 36, "{owner.ObjectId}", listed | fixed},
			field{"MemberSubscriberObjectId", text, 36, "", listed},
			field{"MemberDistributionListObjectId", reference, 36, "distributionlists", listed},
			field{"MemberPersonalVoiceMailListObjectId", text, 36, "", listed},
			field{"MemberContactObjectId", text, 36, "", listed},
			field{"Alias", text, 64, "", listed | fixed},
			field{"DisplayName", text, 64, "", listed | fixed},
		)},
}

// serviceResetRoutes begins the synchronization of a unified messaging account again.
var serviceResetRoutes = []route{
	{"PUT /vmrest/users/{id}/externalserviceaccounts/{id}/reset", []string{"ExternalServiceAccount"}, resetService},
	{"POST /vmrest/users/{id}/externalserviceaccounts/{id}/reset", []string{"ExternalServiceAccount"}, resetService},
}

func resetService(c *call) answer {
	found := c.data.belongings["externalserviceaccounts"].byID[c.ids[1]]
	if found == nil || found.owner.own["ObjectId"] != c.ids[0] {
		return c.fail(notFound("externalserviceaccount", "ObjectId", c.ids[1]))
	}
	if refusal := c.change(aliasOf(found)); refusal != nil {
		return *refusal
	}
	return c.done()
}

// checkMwi: a lamp that is not that of the primary extension needs one.
func checkMwi(_ *data, _ *document, _, proposed map[string]string) []string {
	if proposed["UsePrimaryExtension"] == "false" && proposed["MwiExtension"] == "" {
		return []string{"MwiExtension is mandatory when UsePrimaryExtension is false"}
	}
	return nil
}

// checkRelay: what is relayed needs an address.
func checkRelay(_ *data, _ *document, _, proposed map[string]string) []string {
	for _, name := range []string{"EmailAction", "VoicemailAction", "FaxAction", "DeliveryReceiptAction"} {
		if action := proposed[name]; (action == "2" || action == "3") && proposed["RelayAddress"] == "" {
			return []string{"RelayAddress is mandatory when " + name + " relays"}
		}
	}
	return nil
}

// checkServiceAccount: an account has an address of its own, or takes the corporate one.
func checkServiceAccount(_ *data, _ *document, _, proposed map[string]string) []string {
	if proposed["EmailAddressUseCorp"] != "true" && proposed["EmailAddress"] == "" {
		return []string{"EmailAddress is mandatory when EmailAddressUseCorp is false"}
	}
	return nil
}

// nameRole writes the role's name beside its id.
func nameRole(d *data, _ *document, written, _ map[string]string) []string {
	if role := d.lists["roles"].find(written["RoleObjectId"]); role != nil {
		written["RoleName"] = role.own["RoleName"]
	}
	return nil
}

// userOrList finds whose alternate name it is: of the one user or of the one distribution list that a request names.
func userOrList(d *data, ids []string) *document {
	switch user, list := ids[0], ids[1]; {
	case list == "":
		return d.users[user]
	case user == "":
		return d.lists["distributionlists"].find(list)
	}
	return nil
}

// mostPrivateLists is what the user's class of service allows.
func mostPrivateLists(d *data, user *document) int {
	id, _ := user.value("CosObjectId")
	most, _ := strconv.Atoi(d.lists["coses"].find(id).own["MaxPrivateDlists"])
	return most
}

func privateListOfPath(d *data, ids []string) *document {
	found := d.belongings[privateLists].byID[ids[1]]
	if found == nil || found.owner.own["ObjectId"] != ids[0] {
		return nil
	}
	return found
}

// checkPrivateMember: a member is one user or one list, and is there once.
func checkPrivateMember(d *data, _ *document, written, _ map[string]string) []string {
	given := 0
	for name, value := range written {
		if strings.HasPrefix(name, "Member") && value != "" {
			given++
		}
	}
	if given != 1 {
		return []string{"exactly one member is mandatory"}
	}
	if id := written["MemberSubscriberObjectId"]; id != "" {
		user := d.users[id]
		if user == nil {
			return []string{"MemberSubscriberObjectId is not the id of a user"}
		}
		written["Alias"], written["DisplayName"] = user.own["Alias"], user.own["DisplayName"]
	}
	return nil
}
