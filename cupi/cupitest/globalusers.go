package cupitest

// globalUserRoutes is the users of all locations of a network, here of the one that there is.
var globalUserRoutes = []route{
	{"GET /vmrest/globalusers", nil, listGlobalUsers},
	{"GET /vmrest/globalusers/{id}", nil, getGlobalUser},
}

var globalUserSchema = schemaOf("globalusers")

// globalUser shows a user as all locations see it.
func globalUser(user *document) *document {
	return &document{schema: globalUserSchema, owner: user}
}

func listGlobalUsers(c *call) answer {
	return c.listingOf("GlobalUsers", "GlobalUser", globalUserSchema, func(chosen selection) (everyone []*document) {
		for _, user := range c.data.candidates(chosen.clauses) {
			everyone = append(everyone, globalUser(user))
		}
		return everyone
	})
}

func getGlobalUser(c *call) answer {
	user := c.data.users[c.ids[0]]
	if user == nil {
		return c.fail(notFound("globaluser", "ObjectId", c.ids[0]))
	}
	return c.object("GlobalUser", globalUser(user).pairs(false))
}
