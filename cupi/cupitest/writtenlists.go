package cupitest

import (
	"slices"
	"strings"
)

// writtenList is a seeded list whose elements are made, changed and removed by requests too.
type writtenList struct {
	path   string            // of the seeded list
	schema *schema           // what a request may set
	key    string            // the field that a new one must give, and in which no two agree
	fresh  map[string]string // what a new one has unless its request says otherwise; {Name} is another field of it
	gone   func(d *data, id string)
}

// writtenLists is every list of that kind. Who is in them is memberRoutes and scheduleResources.
var writtenLists = []writtenList{
	{path: "distributionlists", key: "Alias", gone: leaveList,
		fresh: map[string]string{"DisplayName": "{Alias}", "PartitionObjectId": partitionID, "AllowContacts": "true", "AllowForeignMessage": "false"},
		schema: newSchema(
			field{"Alias", text, 64, "", required},
			field{"DisplayName", text, 64, "", 0},
			field{"DtmfAccessId", text, 40, "", 0},
			field{"PartitionObjectId", reference, 36, "partitions", 0},
			field{"AllowContacts", boolean, 0, "", 0},
			field{"AllowForeignMessage", boolean, 0, "", 0},
		)},
	{path: "tenants", key: "Alias",
		fresh: map[string]string{"Name": "{Alias}", "Language": "1033", "TimeZone": "190", "MailboxStoreObjectId": mailDatabaseID, "MediaSwitchObjectId": phoneSystemID, "PartitionObjectId": partitionID},
		schema: newSchema(
			field{"Alias", text, 64, "", required},
			field{"Description", text, 0, "", 0},
			field{"SmtpDomain", text, 320, "", 0},
			field{"PilotNumber", text, 40, "", 0},
			field{"MediaSwitchObjectId", reference, 36, "phonesystems", 0},
		)},
	{path: "schedulesets", key: "DisplayName", fresh: map[string]string{"OwnerLocationObjectId": locationID},
		schema: newSchema(
			field{"DisplayName", text, 64, "", required},
			field{"OwnerLocationObjectId", reference, 36, "locations/connectionlocations", 0},
		)},
	{path: "schedules", key: "DisplayName", fresh: map[string]string{"OwnerLocationObjectId": locationID, "IsHoliday": "false"},
		schema: newSchema(
			field{"DisplayName", text, 64, "", required},
			field{"OwnerLocationObjectId", reference, 36, "locations/connectionlocations", 0},
			field{"IsHoliday", boolean, 0, "", 0},
		)},
}

func writtenListRoutes() []route {
	var routes []route
	for i := range writtenLists {
		w := &writtenLists[i]
		path, roots := "/vmrest/"+w.path, []string{w.seeded().element}
		routes = append(routes, route{"POST " + path, roots, w.create}, route{"PUT " + path + "/{id}", roots, w.update}, route{"DELETE " + path + "/{id}", nil, w.delete})
	}
	return routes
}

// seeded is what the list is on a fresh server.
func (w *writtenList) seeded() seededList {
	return seededLists[slices.IndexFunc(seededLists, func(seeded seededList) bool { return seeded.path == w.path })]
}

// check applies the rules to what a request writes; current is nil for a new one.
func (w *writtenList) check(c *call, current *document) (map[string]string, []string) {
	fields, problems := w.schema.check(c.data, c.fields)
	if current == nil && fields[w.key] == "" {
		problems = append(problems, w.key+" is mandatory")
	}
	for _, other := range c.data.lists[w.path].documents {
		if other != current && strings.EqualFold(other.own[w.key], fields[w.key]) {
			problems = append(problems, w.key+" is in use")
		}
	}
	return fields, problems
}

func (w *writtenList) create(c *call) answer {
	fields, problems := w.check(c, nil)
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(fields["Alias"]); refusal != nil {
		return *refusal
	}
	for name, value := range w.fresh {
		if fields[name] == "" {
			fields[name] = strings.ReplaceAll(value, "{"+w.key+"}", fields[w.key])
		}
	}
	fields["ObjectId"], fields["Undeletable"] = c.data.newID(), "false"
	c.data.lists[w.path].add(fields)
	return c.created("/vmrest/" + w.path + "/" + fields["ObjectId"])
}

func (w *writtenList) update(c *call) answer {
	found := c.data.lists[w.path].find(c.ids[0])
	if found == nil {
		return c.fail(invalid(w.seeded().element + " not found "))
	}
	fields, problems := w.check(c, found)
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(found.own["Alias"]); refusal != nil {
		return *refusal
	}
	found.write(fields)
	return c.done()
}

func (w *writtenList) delete(c *call) answer {
	found := c.data.lists[w.path].find(c.ids[0])
	if found == nil {
		return c.fail(notFound(strings.ToLower(w.seeded().element), "ObjectId", c.ids[0]))
	}
	if found.own["Undeletable"] == "true" {
		return c.fail(invalid("This one can't be deleted."))
	}
	if refusal := c.change(found.own["Alias"]); refusal != nil {
		return *refusal
	}
	if w.gone != nil {
		w.gone(c.data, c.ids[0])
	}
	c.data.dropBelongings(found)
	c.data.forget(found)
	c.data.lists[w.path].remove(found)
	return c.done()
}

// leaveList takes everybody out of a distribution list that goes.
func leaveList(d *data, id string) {
	members := d.belongings[listMembers]
	for _, member := range slices.Clone(members.all) {
		if member.own["DistributionListObjectId"] == id {
			members.remove(member)
		}
	}
}
