package cupitest

import (
	"slices"
	"strings"
)

// distributionListRoutes makes, changes and removes distribution lists; who is in them is memberRoutes.
var distributionListRoutes = []route{
	{"POST /vmrest/distributionlists", []string{"DistributionList"}, createList},
	{"PUT /vmrest/distributionlists/{id}", []string{"DistributionList"}, updateList},
	{"DELETE /vmrest/distributionlists/{id}", nil, deleteList},
}

// writtenListSchema is what a request may set of a list.
var writtenListSchema = newSchema(
	field{"Alias", text, 64, "", required},
	field{"DisplayName", text, 64, "", 0},
	field{"DtmfAccessId", text, 40, "", 0},
	field{"PartitionObjectId", reference, 36, "partitions", 0},
	field{"AllowContacts", boolean, 0, "", 0},
	field{"AllowForeignMessage", boolean, 0, "", 0},
)

// checkList applies the rules to what a request writes to a list; current is nil for a new one.
func (c *call) checkList(current *document) (map[string]string, []string) {
	fields, problems := writtenListSchema.check(c.data, c.fields)
	if current == nil && fields["Alias"] == "" {
		problems = append(problems, "Alias is mandatory")
	}
	for _, other := range c.data.lists["distributionlists"].documents {
		if other != current && strings.EqualFold(other.own["Alias"], fields["Alias"]) {
			problems = append(problems, "Alias is in use")
		}
	}
	return fields, problems
}

func createList(c *call) answer {
	fields, problems := c.checkList(nil)
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(fields["Alias"]); refusal != nil {
		return *refusal
	}
	for name, value := range map[string]string{"DisplayName": fields["Alias"], "PartitionObjectId": partitionID, "AllowContacts": "true", "AllowForeignMessage": "false", "Undeletable": "false"} {
		if fields[name] == "" {
			fields[name] = value
		}
	}
	fields["ObjectId"] = c.data.newID()
	c.data.lists["distributionlists"].add(fields)
	return c.created("/vmrest/distributionlists/" + fields["ObjectId"])
}

func updateList(c *call) answer {
	found := c.data.lists["distributionlists"].find(c.ids[0])
	if found == nil {
		return c.fail(invalid("DistributionList not found "))
	}
	fields, problems := c.checkList(found)
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(found.own["Alias"]); refusal != nil {
		return *refusal
	}
	found.write(fields)
	return c.done()
}

func deleteList(c *call) answer {
	found := c.data.lists["distributionlists"].find(c.ids[0])
	if found == nil {
		return c.fail(notFound("distributionlist", "ObjectId", c.ids[0]))
	}
	if found.own["Undeletable"] == "true" {
		return c.fail(invalid("This list can't be deleted."))
	}
	if refusal := c.change(found.own["Alias"]); refusal != nil {
		return *refusal
	}
	members := c.data.belongings[listMembers]
	for _, member := range slices.Clone(members.all) {
		if member.own["DistributionListObjectId"] == c.ids[0] {
			members.remove(member)
		}
	}
	c.data.dropBelongings(found)
	c.data.lists["distributionlists"].remove(found)
	return c.done()
}
