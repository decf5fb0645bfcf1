package cupitest

import (
	"maps"
	"slices"
)

// templateRoutes is a template as its own address shows it (the list of templates shows less), and the making, changing
// and removing of templates. Users stay as they are when theirs changes or goes.
var templateRoutes = []route{
	{"GET /vmrest/usertemplates/{id}", nil, templateAs("UserTemplate")},
	{"POST /vmrest/usertemplates", []string{"UserTemplate"}, createTemplate},
	{"PUT /vmrest/usertemplates/{id}", []string{"UserTemplate"}, updateTemplate},
	{"DELETE /vmrest/usertemplates/{id}", nil, deleteTemplate},
}

// blankInTemplates are the texts that a template has empty, and with it every user that is made from it; the others are NULL
// until they are written.
var blankInTemplates = []string{
	"Initials", "City", "State", "PostalCode", "Department", "Manager", "Title", "Building", "EmployeeId", "Address",
	"BillingId", "XferString",
}

// ownOfUsers are fields that a user does not take from its template.
var ownOfUsers = []string{
	"ObjectId", "Alias", "DtmfAccessId", "FirstName", "LastName", "DisplayName", "EmailAddress", "EmployeeId", "SmtpAddress",
	"CallHandlerObjectId",
	"CreationTime", "ExitCallActionObjectId", "SynchScheduleObjectId", "VoiceName", "MailboxStoreName", "PhoneNumber",
	"TenantObjectId", "LdapCcmUserId", "CcmId",
}

// templateAs answers a template in the element with the name.
func templateAs(element string) func(*call) answer {
	return func(c *call) answer {
		template := c.data.lists["usertemplates"].find(c.ids[0])
		if template == nil {
			return c.fail(notFound("usertemplate", "ObjectId", c.ids[0]))
		}
		pairs := template.pairs(false)
		given := &document{schema: templateSchema(), own: template.own}
		for _, f := range templateSchema().fields {
			_, shown := template.schema.index[f.name]
			_, ofUser := userSchema().index[f.name]
			ofUser = ofUser && (f.is(fixed) || f.kind == derived || f.kind == keypad || slices.Contains(ownOfUsers, f.name))
			if shown || ofUser && f.name != "CallHandlerObjectId" {
				continue
			}
			if v, ok := given.read(f); ok {
				pairs = append(pairs, pair{f.name, v})
			}
		}
		return c.object(element, pairs)
	}
}

// checkTemplate applies the rules of users' fields to what a request writes; current is nil for a new template.
func (d *data) checkTemplate(written map[string]string, current *document) (map[string]string, []string) {
	fields, problems := templateSchema().check(d, written)
	proposed := &document{schema: templateSchema(), own: fields}
	if current != nil {
		proposed.own = merged(current.own, fields)
	}
	problems = append(problems, d.checkTargets(proposed, fields)...)
	for _, name := range sortedKeys(fields) {
		if slices.Contains(ownOfUsers, name) && name != "Alias" && name != "DisplayName" {
			problems = append(problems, name+" is not a field of this resource")
		}
	}
	if other := d.template(fields["Alias"]); other != nil && other != current {
		problems = append(problems, "Alias is in use")
	}
	return fields, problems
}

// createTemplate makes one that is like the template of the address, but for what the body sets.
func createTemplate(c *call) answer {
	source := c.data.template(c.params.Get("templateAlias"))
	if source == nil {
		return c.fail(invalid("UserTemplate not found "))
	}
	fields, problems := c.data.checkTemplate(c.fields, nil)
	if fields["Alias"] == "" {
		problems = append(problems, "Alias is mandatory")
	}
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(fields["Alias"]); refusal != nil {
		return *refusal
	}
	own := merged(source.own, map[string]string{"DisplayName": fields["Alias"], "Undeletable": "false"})
	maps.Copy(own, fields)
	own["ObjectId"] = c.data.newID()
	template := c.data.lists["usertemplates"].add(own)
	delete(template.own, "CallHandlerObjectId") // which is the source's
	c.data.givePrimary(template)
	c.data.inherit(source, template)
	return c.created("/vmrest/usertemplates/" + own["ObjectId"])
}

func updateTemplate(c *call) answer {
	template := c.data.lists["usertemplates"].find(c.ids[0])
	if template == nil {
		return c.fail(invalid("UserTemplate not found "))
	}
	shown := &document{schema: templateSchema(), own: template.own}
	fields, problems := c.data.checkTemplate(shown.withoutEcho(template.withoutEcho(c.fields)), template)
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(template.own["Alias"]); refusal != nil {
		return *refusal
	}
	for _, user := range c.data.users {
		if user.base == template {
			user.settle(fields)
		}
	}
	template.write(fields)
	return c.done()
}

func deleteTemplate(c *call) answer {
	template := c.data.lists["usertemplates"].find(c.ids[0])
	switch {
	case template == nil:
		return c.fail(notFound("usertemplate", "ObjectId", c.ids[0]))
	case template.own["Undeletable"] == "true":
		return c.fail(invalid("This template can't be deleted."))
	}
	if refusal := c.change(template.own["Alias"]); refusal != nil {
		return *refusal
	}
	for _, user := range c.data.users {
		if user.base == template {
			user.settle(template.own)
			user.base = c.data.template("voicemailusertemplate")
		}
	}
	c.data.dropBelongings(template)
	primary := c.data.lists["callhandlerprimarytemplates"]
	if handler := primary.find(template.own["CallHandlerObjectId"]); handler != nil {
		c.data.dropBelongings(handler)
		primary.remove(handler)
	}
	c.data.lists["usertemplates"].remove(template)
	return c.done()
}

// settle makes what a user has of its template its own, for the fields that the map names.
func (d *document) settle(fields map[string]string) {
	for name := range fields {
		i, known := d.schema.index[name]
		if _, own := d.own[name]; own || !known || d.schema.fields[i].isReadOnly() || slices.Contains(ownOfUsers, name) {
			continue
		}
		d.own[name], _ = d.value(name)
	}
}

// givePrimary makes the call handler template that belongs to a user template.
func (d *data) givePrimary(template *document) {
	id := objectID(hash(template.own["ObjectId"], "callhandler"))
	template.own["CallHandlerObjectId"] = id
	if l := d.lists["callhandlerprimarytemplates"]; l.find(id) == nil {
		l.add(map[string]string{"ObjectId": id, "DisplayName": template.own["DisplayName"],
			"CreationTime": "2013-03-05T10:54:37Z", "ScheduleSetObjectId": allHoursSetID, "PartitionObjectId": partitionID,
			"MediaSwitchObjectId": phoneSystemID})
	}
}
