package cupitest

import (
	"slices"
	"strconv"
	"strings"
)

// serviceResetRoutes begins the synchronization of a unified messaging account again, or of all of a service.
var serviceResetRoutes = []route{
	{"PUT /vmrest/users/{id}/externalserviceaccounts/{id}/reset", []string{"ExternalServiceAccount"}, resetService},
	{"POST /vmrest/users/{id}/externalserviceaccounts/{id}/reset", []string{"ExternalServiceAccount"}, resetService},
	{"PUT /vmrest/externalservices/{id}/reset", []string{"ExternalService"}, resetServices},
	{"POST /vmrest/externalservices/{id}/reset", []string{"ExternalService"}, resetServices},
}

// resetServices is that of all accounts of a service. G:m-unified-messaging has its address [DOC].
func resetServices(c *call) answer {
	if c.data.lists["externalservices"].find(c.ids[0]) == nil {
		return c.fail(notFound("externalservice", "ObjectId", c.ids[0]))
	}
	if refusal := c.change(""); refusal != nil {
		return *refusal
	}
	return c.done()
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

// userOrList finds whose alternate name it is: of the one user, distribution list or contact that a request names.
func userOrList(d *data, ids []string) *document {
	switch user, list, contact := ids[0], ids[1], ids[2]; {
	case list == "" && contact == "":
		return d.users[user]
	case user == "" && contact == "":
		return d.lists["distributionlists"].find(list)
	case user == "" && list == "":
		return d.lists["contacts"].find(contact)
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
	for name, find := range privateMembers {
		if id := written[name]; id != "" && find(d, id) == nil {
			return []string{name + " is not the id of one"}
		}
	}
	return nil
}

// privateMembers finds who may be in a private list.
var privateMembers = map[string]func(*data, string) *document{
	"MemberSubscriberObjectId":            func(d *data, id string) *document { return d.users[id] },
	"MemberDistributionListObjectId":      func(d *data, id string) *document { return d.lists["distributionlists"].find(id) },
	"MemberPersonalVoiceMailListObjectId": func(d *data, id string) *document { return d.belongings[privateLists].byID[id] },
	"MemberContactObjectId":               func(d *data, id string) *document { return d.lists["contacts"].find(id) },
}

// namesOfMember is what a member is called now.
func namesOfMember(d *data, member *document) map[string]string {
	names := map[string]string{}
	for name, find := range privateMembers {
		one := find(d, member.own[name])
		if one == nil {
			continue
		}
		for as, field := range map[string]string{"Alias": "Alias", "DisplayName": "DisplayName", "Extension": "DtmfAccessId"} {
			if value, has := one.value(field); has && (as != "Extension" || name == "MemberSubscriberObjectId") {
				names[as] = value
			}
		}
	}
	return names
}

// settlePrivateList gives a new list its alias: that of its user, cut short, and its own id;
// and the first number that is free, if none was sent.
func settlePrivateList(d *data, owner, made *document) {
	others := d.belongings[privateLists].byOwner[owner.own["ObjectId"]]
	for next := 1; made.own["NumericId"] == ""; next++ {
		number := strconv.Itoa(next)
		if !slices.ContainsFunc(others, func(other *document) bool { return other.own["NumericId"] == number }) {
			made.own["NumericId"] = number
		}
	}
	alias := []rune(owner.own["Alias"])
	made.own["Alias"] = string(alias[:min(len(alias), 28)]) + "_" + made.own["ObjectId"]
}
