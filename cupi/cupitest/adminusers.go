package cupitest

// adminUserRoutes is the users without a mailbox. Where such a one was made, the answer says that it is among the users.
var adminUserRoutes = []route{
	{"GET /vmrest/adminusers", nil, listAdminUsers},
	{"GET /vmrest/adminusers/{id}", nil, getAdminUser},
	{"POST /vmrest/adminusers", nil, createAdminUser},
	{"PUT /vmrest/adminusers/{id}", nil, updateAdminUser},
	{"DELETE /vmrest/adminusers/{id}", nil, deleteUser},
}

var adminUserSchema = schemaAt("adminusers")

// asAdminUser shows a user without a mailbox; nil is one who has one, or is not there.
func (d *data) asAdminUser(id string) *document {
	user := d.users[id]
	if user == nil || hasMailbox(user) {
		return nil
	}
	return &document{schema: adminUserSchema(), own: user.own, base: user.base}
}

func listAdminUsers(c *call) answer {
	var all []*document
	for _, id := range sortedKeys(c.data.users) {
		if user := c.data.asAdminUser(id); user != nil {
			all = append(all, user)
		}
	}
	return c.listing("Users", "User", adminUserSchema(), all)
}

func getAdminUser(c *call) answer {
	user := c.data.asAdminUser(c.ids[0])
	if user == nil {
		return c.fail(notFound("user", "ObjectId", c.ids[0]))
	}
	return c.object("User", user.pairs(false))
}

func createAdminUser(c *call) answer {
	alias := c.params.Get("templateAlias")
	template := c.data.template(alias)
	if template == nil || template.own["IsAdministrator"] != "true" {
		return c.fail(invalid("templateAlias is not the alias of a template without a mailbox"))
	}
	if _, problems := adminUserSchema().check(c.data, c.fields); len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	made, problems := c.data.newUser(alias, "", c.fields, true)
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(made.fields["Alias"]); refusal != nil {
		return *refusal
	}
	return c.created("/vmrest/users/" + made.enter(c.data))
}

func updateAdminUser(c *call) answer {
	user := c.data.asAdminUser(c.ids[0])
	switch {
	case user == nil:
		return c.fail(invalid("User not found "))
	case user.own["Undeletable"] == "true":
		return c.fail(invalid("This user can't be changed."))
	}
	if _, problems := adminUserSchema().check(c.data, user.withoutEcho(c.fields)); len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	return c.writeUser(c.data.users[c.ids[0]])
}
