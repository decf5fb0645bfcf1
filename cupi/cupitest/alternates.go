package cupitest

import (
	"slices"
	"strconv"
)

// alternateRoutes is a user's extensions. The first in the list, with IdIndex 0, is the user's own DtmfAccessId.
var alternateRoutes = []route{
	{"GET /vmrest/users/{id}/alternateextensions", nil, listAlternates},
	{"POST /vmrest/users/{id}/alternateextensions", []string{"AlternateExtension"}, createAlternate},
	{"GET /vmrest/users/{id}/alternateextensions/{id}", nil, getAlternate},
	{"GET /vmrest/users/{id}/alternateextensions/{id}/alternateextensionadvanced", nil, getAlternate},
	{"PUT /vmrest/users/{id}/alternateextensions/{id}", []string{"AlternateExtension"}, updateAlternate},
	{"DELETE /vmrest/users/{id}/alternateextensions/{id}", nil, deleteAlternate},
}

// maxIDIndex is the last place for an extension: 1 to 10 are the administrator's, 11 to 20 the user's.
const maxIDIndex = 20

var alternateExtensionSchema = schemaAt("users/{id}/alternateextensions")

// primaryExtension shows the user's own extension as the first of the alternate ones.
func primaryExtension(user *document) *document {
	partition, _ := user.value("PartitionObjectId")
	return &document{schema: alternateExtensionSchema(), owner: user, own: map[string]string{
		"IdIndex": "0", "DtmfAccessId": user.own["DtmfAccessId"], "PartitionObjectId": partition,
		"ObjectId": objectID(hash(user.own["ObjectId"], "primary extension")),
	}}
}

func listAlternates(c *call) answer {
	user := c.data.users[c.ids[0]]
	if user == nil {
		return c.fail(notFound("user", "ObjectId", c.ids[0]))
	}
	documents := append([]*document{primaryExtension(user)}, c.data.belongings[alternateExtensions].byOwner[c.ids[0]]...)
	return c.listing("AlternateExtensions", "AlternateExtension", alternateExtensionSchema(), documents)
}

// alternate is the one that the path names; nil when there is none.
func (c *call) alternate() *document {
	user := c.data.users[c.ids[0]]
	if user == nil {
		return nil
	}
	if primary := primaryExtension(user); primary.own["ObjectId"] == c.ids[1] {
		return primary
	}
	if found := c.data.belongings[alternateExtensions].byID[c.ids[1]]; found != nil && found.owner == user {
		return found
	}
	return nil
}

func getAlternate(c *call) answer {
	found := c.alternate()
	if found == nil {
		return c.fail(notFound("alternateextension", "ObjectId", c.ids[1]))
	}
	return c.object("AlternateExtension", found.pairs(false))
}

func createAlternate(c *call) answer {
	user := c.data.users[c.ids[0]]
	if user == nil {
		return c.fail(notFound("user", "ObjectId", c.ids[0]))
	}
	made := &document{schema: alternateExtensionSchema(), owner: user}
	fields, problems := alternateExtensionSchema().check(c.data, made.withoutEcho(c.fields))
	if _, given := fields["PartitionObjectId"]; !given && c.s.PartitionOptional {
		c.fields["PartitionObjectId"], _ = user.value("PartitionObjectId")
		fields["PartitionObjectId"] = c.fields["PartitionObjectId"]
	}
	for _, name := range []string{"IdIndex", "DtmfAccessId", "PartitionObjectId"} {
		if _, given := c.fields[name]; !given {
			problems = append(problems, name+" is mandatory")
		}
	}
	if len(problems) == 0 {
		problems = c.data.checkAlternate(user, nil, fields)
	}
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(user.own["Alias"]); refusal != nil {
		return *refusal
	}
	fields["ObjectId"] = c.data.newID()
	c.data.belongings[alternateExtensions].add(user, fields)
	return c.created("/vmrest/users/" + c.ids[0] + "/alternateextensions/" + fields["ObjectId"])
}

// checkAlternate applies the rules between extensions: proposed is one as it would be, current as it is (nil for a new one).
func (d *data) checkAlternate(user, current *document, proposed map[string]string) []string {
	var problems []string
	index, err := strconv.Atoi(proposed["IdIndex"])
	if err != nil || index < 1 || index > maxIDIndex {
		problems = append(problems, "IdIndex is not from 1 to 20")
	}
	if slices.ContainsFunc(d.belongings[alternateExtensions].byOwner[user.own["ObjectId"]], func(other *document) bool {
		return other != current && other.own["IdIndex"] == proposed["IdIndex"]
	}) {
		problems = append(problems, "IdIndex is in use")
	}
	if d.extensionTaken(proposed["DtmfAccessId"], proposed["PartitionObjectId"], current) {
		problems = append(problems, numberTaken)
	}
	return problems
}

func updateAlternate(c *call) answer {
	found := c.alternate()
	if found == nil {
		return c.fail(invalid("AlternateExtension not found "))
	}
	if found.own["IdIndex"] == "0" {
		return c.updatePrimary(found.owner)
	}
	fields, problems := alternateExtensionSchema().check(c.data, found.withoutEcho(c.fields))
	if len(problems) == 0 {
		problems = c.data.checkAlternate(found.owner, found, merged(found.own, fields))
	}
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(found.owner.own["Alias"]); refusal != nil {
		return *refusal
	}
	c.data.belongings[alternateExtensions].write(found, fields)
	return c.done()
}

// updatePrimary changes the user's own extension: what else the body sets stays as it is.
func (c *call) updatePrimary(user *document) answer {
	if _, given := c.fields["IdIndex"]; given && c.fields["IdIndex"] != "0" {
		return c.fail(invalid("IdIndex of the primary extension can't be changed"))
	}
	delete(c.fields, "IdIndex")
	return c.writeUser(user)
}

func deleteAlternate(c *call) answer {
	found := c.alternate()
	if found == nil {
		return c.fail(notFound("alternateextension", "ObjectId", c.ids[1]))
	}
	if found.own["IdIndex"] == "0" {
		return c.fail(invalid("The primary extension can't be deleted."))
	}
	if refusal := c.change(found.owner.own["Alias"]); refusal != nil {
		return *refusal
	}
	c.data.belongings[alternateExtensions].remove(found)
	return c.done()
}
