package cupitest

import (
	"cmp"
	"slices"
	"time"
)

// callHandlerRoutes makes, reads, changes and removes call handlers. A user's comes and goes with the user.
var callHandlerRoutes = []route{
	{"GET /vmrest/handlers/callhandlers", nil, listCallHandlers},
	{"GET /vmrest/handlers/callhandlers/{id}", nil, getCallHandler},
	{"POST /vmrest/handlers/callhandlers", []string{"Callhandler", "CallHandler"}, createCallHandler},
	{"DELETE /vmrest/handlers/callhandlers/{id}", nil, deleteCallHandler},
	{"DELETE /vmrest/callhandlers/{id}", nil, deleteCallHandler}, // as the vendor's page writes it
	{"PUT /vmrest/handlers/callhandlers/{id}", []string{"Callhandler", "CallHandler"}, updateCallHandler},
}

// callHandlerSchema is the fields of a call handler; what a user's takes from the user is a pattern.
var callHandlerSchema = schemaAt("handlers/callhandlers")

func listCallHandlers(c *call) answer {
	documents := make([]*document, 0, len(c.data.handlers))
	for _, handler := range c.data.handlers {
		documents = append(documents, handler)
	}
	slices.SortFunc(documents, func(a, b *document) int { return cmp.Compare(a.own["ObjectId"], b.own["ObjectId"]) })
	return c.listing("Callhandlers", "Callhandler", callHandlerSchema(), documents)
}

func getCallHandler(c *call) answer {
	handler := c.data.handlers[c.ids[0]]
	if handler == nil {
		return c.fail(notFound("callhandler", "ObjectId", c.ids[0]))
	}
	return c.object("Callhandler", handler.pairs(false))
}

func updateCallHandler(c *call) answer {
	handler := c.data.handlers[c.ids[0]]
	if handler == nil {
		return c.fail(invalid("Callhandler not found "))
	}
	fields, problems := checkCallHandler(c.data, handler, handler.withoutEcho(c.fields))
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	alias := ""
	if handler.owner != nil {
		alias = handler.owner.own["Alias"]
	}
	if refusal := c.change(alias); refusal != nil {
		return *refusal
	}
	handler.write(fields)
	return c.done()
}

// createCallHandler makes one that belongs to no user, from the template that the address names.
func createCallHandler(c *call) answer {
	fields, problems := checkCallHandler(c.data, nil, (&document{schema: callHandlerSchema()}).withoutEcho(c.fields))
	id := c.params.Get("templateObjectId")
	// Templates of the second kind are named by a public client.
	template := cmp.Or(c.data.lists["callhandlertemplates"].find(id), c.data.lists["callhandlerprimarytemplates"].find(id))
	if template == nil {
		problems = append(problems, "templateObjectId is not the id of a call handler template")
	}
	if fields["DisplayName"] == "" {
		problems = append(problems, "DisplayName is mandatory")
	}
	if len(problems) == 0 {
		takeFromTemplate(template, fields)
		problems = c.data.checkNumber(&document{schema: callHandlerSchema(), own: fields}, nil, fields)
	}
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(""); refusal != nil {
		return *refusal
	}
	fields["IsPrimary"], fields["CreationTime"] = "false", c.data.now().Format(time.RFC3339)
	id = c.data.newID()
	fields["ObjectId"] = id
	made := &document{schema: callHandlerSchema(), own: fields}
	c.data.addHandler(made)
	c.data.copyParts(inheritedCalls, template, made)
	return c.created("/vmrest/handlers/callhandlers/" + id)
}

// takeFromTemplate gives a new handler what the request does not, as the template has it now.
func takeFromTemplate(template *document, fields map[string]string) {
	forOne := slices.ContainsFunc(recipients, func(name string) bool { return fields[name] != "" })
	for _, f := range callHandlerSchema().fields {
		_, given := fields[f.name]
		if given || f.isReadOnly() || f.name == voiceNameField || f.name == "DtmfAccessId" ||
			forOne && slices.Contains(recipients, f.name) {
			continue
		}
		if value, has := template.value(f.name); has {
			fields[f.name] = value
		}
	}
}

func deleteCallHandler(c *call) answer {
	handler := c.data.handlers[c.ids[0]]
	switch {
	case handler == nil:
		return c.fail(notFound("callhandler", "ObjectId", c.ids[0]))
	case handler.owner != nil || handler.own["Undeletable"] == "true":
		return c.fail(invalid("This call handler can't be deleted."))
	}
	if refusal := c.change(""); refusal != nil {
		return *refusal
	}
	c.data.dropBelongings(handler)
	delete(c.data.handlers, c.ids[0])
	delete(c.data.ownerless, c.ids[0])
	return c.done()
}

// checkCallHandler applies the rules to what a request writes to a call handler; current is nil for a new one.
func checkCallHandler(d *data, current *document, written map[string]string) (map[string]string, []string) {
	fields, problems := callHandlerSchema().check(d, written)
	proposed := &document{schema: callHandlerSchema(), own: fields}
	if current != nil {
		proposed = &document{schema: callHandlerSchema(), owner: current.owner, own: merged(current.own, fields)}
	}
	if current != nil {
		problems = append(problems, d.checkNumber(proposed, current, fields)...)
	}
	problems = append(problems, d.checkTargets(proposed, fields)...)
	problems = append(problems, checkMessages(d, current, fields, nil)...)
	if id := fields["TimeZone"]; id != "" && d.lists["timezones"].find(id) == nil {
		problems = append(problems, "TimeZone is not the id of a time zone")
	}
	if code := fields["Language"]; code != "" && d.lists["installedlanguages"].find(code) == nil {
		problems = append(problems, "Language is not installed")
	}
	return fields, problems
}
