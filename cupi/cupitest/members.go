package cupitest

import "slices"

// memberRoutes is who belongs to a distribution list: users, templates (whose new users will), and other lists.
var memberRoutes = []route{
	{"GET /vmrest/distributionlists/{id}/distributionlistmembers", nil, listMembersOf},
	{"POST /vmrest/distributionlists/{id}/distributionlistmembers", []string{"DistributionListMember"}, createMember},
	{"GET /vmrest/distributionlists/{id}/distributionlistmembers/{id}", nil, getMember},
	{"DELETE /vmrest/distributionlists/{id}/distributionlistmembers/{id}", nil, deleteMember},
}

var listMemberSchema = schemaAt("distributionlists/{id}/distributionlistmembers")

// listMembersOf answers for a list that does not exist as for one without members: servers do so for sub-lists.
func listMembersOf(c *call) answer {
	var documents []*document
	for _, member := range c.data.belongings[listMembers].all {
		if member.own["DistributionListObjectId"] == c.ids[0] {
			documents = append(documents, member)
		}
	}
	return c.listing("DistributionListMembers", "DistributionListMember", listMemberSchema(), documents)
}

// member is the one that the path names; nil when there is none.
func (c *call) member() *document {
	found := c.data.belongings[listMembers].byID[c.ids[1]]
	if found == nil || found.own["DistributionListObjectId"] != c.ids[0] {
		return nil
	}
	return found
}

func getMember(c *call) answer {
	found := c.member()
	if found == nil {
		return c.fail(notFound("distributionlistmember", "ObjectId", c.ids[1]))
	}
	return c.object("DistributionListMember", found.pairs(false))
}

func createMember(c *call) answer {
	if c.data.lists["distributionlists"].find(c.ids[0]) == nil {
		return c.fail(notFound("distributionlist", "ObjectId", c.ids[0]))
	}
	fields, problems := listMemberSchema().check(c.data, c.fields)
	owner, problem := c.data.newMember(c.ids[0], fields)
	if problem != "" {
		problems = append(problems, problem)
	}
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(owner.own["Alias"]); refusal != nil {
		return *refusal
	}
	id := c.data.addMember(c.ids[0], owner, fields)
	return c.created("/vmrest/distributionlists/" + c.ids[0] + "/distributionlistmembers/" + id)
}

// newMember finds who is to be a member of the list, or says why that can't be.
func (d *data) newMember(list string, fields map[string]string) (owner *document, problem string) {
	user, other, contact := fields["MemberUserObjectId"], fields["MemberDistributionListObjectId"], fields["MemberContactObjectId"]
	given := 0
	for _, id := range []string{user, other, contact} {
		if id != "" {
			given++
		}
	}
	into := d.lists["distributionlists"].find(list)
	allowed, _ := into.value("AllowContacts")
	switch {
	case given != 1:
		return nil, "exactly one of MemberUserObjectId, MemberDistributionListObjectId and MemberContactObjectId is mandatory"
	case contact != "" && allowed != "true":
		return nil, "AllowContacts of the list is false"
	case contact != "":
		owner = d.lists["contacts"].find(contact)
	case user != "" && d.users[user] != nil:
		owner = d.users[user]
	case user != "":
		owner = d.lists["usertemplates"].find(user)
	case other != list:
		owner = d.lists["distributionlists"].find(other)
	}
	if owner == nil {
		return nil, "the member is not there"
	}
	if len(d.belongings[listMembers].byKey[list+" "+owner.own["ObjectId"]]) > 0 {
		return nil, "the member is in the list already"
	}
	return owner, ""
}

func (d *data) addMember(list string, owner *document, fields map[string]string) string {
	fields["DistributionListObjectId"], fields["ObjectId"] = list, d.newID()
	if owner.own["IsTemplate"] == "true" {
		fields["IsUserTemplate"] = "true"
	}
	d.belongings[listMembers].add(owner, fields)
	return fields["ObjectId"]
}

// joinLists makes a new user a member of the lists that its template is in.
func (d *data) joinLists(user *document) {
	for _, of := range slices.Clone(d.belongings[listMembers].byOwner[user.base.own["ObjectId"]]) {
		d.addMember(of.own["DistributionListObjectId"], user, map[string]string{"MemberUserObjectId": user.own["ObjectId"]})
	}
}

func deleteMember(c *call) answer {
	found := c.member()
	if found == nil {
		return c.fail(notFound("distributionlistmember", "ObjectId", c.ids[1]))
	}
	if refusal := c.change(found.owner.own["Alias"]); refusal != nil {
		return *refusal
	}
	c.data.belongings[listMembers].remove(found)
	return c.done()
}

// leaveList takes everybody out of a distribution list that goes, and no handler sends messages to it any more.
func leaveList(d *data, id string) {
	loseRecipient(recipientList)(d, id)
	members := d.belongings[listMembers]
	for _, member := range slices.Clone(members.all) {
		if member.own["DistributionListObjectId"] == id {
			members.remove(member)
		}
	}
}
