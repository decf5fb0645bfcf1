package cupitest

// globalUserRoutes is the users of all locations of a network, here of the one that there is.
var globalUserRoutes = []route{
	{"GET /vmrest/globalusers", nil, listGlobalUsers},
	{"GET /vmrest/globalusers/{id}", nil, getGlobalUser},
}

var globalUserSchema = newSchema(
	field{"URI", derived, 0, "/vmrest/globalusers/{ObjectId}", listed},
	field{"ObjectId", text, 36, "{owner.ObjectId}", listed | fixed},
	field{"Alias", text, 64, "{owner.Alias}", listed | fixed},
	field{"FirstName", text, 64, "{owner.FirstName}", listed | fixed},
	field{"LastName", text, 64, "{owner.LastName}", listed | fixed},
	field{"DisplayName", text, 64, "{owner.DisplayName}", listed | fixed},
	field{"DtmfAccessId", text, 40, "{owner.DtmfAccessId}", listed | fixed},
	field{"PartitionObjectId", text, 36, "{owner.PartitionObjectId}", listed | fixed},
	field{"PartitionURI", derived, 0, "/vmrest/partitions/{PartitionObjectId}", listed},
	field{"LocationObjectId", text, 36, "{owner.LocationObjectId}", listed | fixed},
	field{"LocationURI", derived, 0, "/vmrest/locations/connectionlocations/{LocationObjectId}", listed},
	field{"ListInDirectory", boolean, 0, "{owner.ListInDirectory}", listed | fixed},
	field{"IsTemplate", boolean, 0, "false", listed | fixed},
)

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
