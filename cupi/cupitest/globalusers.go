package cupitest

import (
	"fmt"
	"strconv"
)

// globalUserRoutes is the users of all locations of a network: those that are here, and those of [Server.Elsewhere].
var globalUserRoutes = []route{
	{"GET /vmrest/globalusers", nil, listGlobalUsers},
	{"GET /vmrest/globalusers/{id}", nil, getGlobalUser},
}

var globalUserSchema = schemaAt("globalusers")

// globalUser shows a user as all locations see it.
func globalUser(user *document) *document {
	return &document{schema: globalUserSchema(), owner: user}
}

func listGlobalUsers(c *call) answer {
	return c.listingOf("GlobalUsers", "GlobalUser", globalUserSchema(), func(chosen selection) (everyone []*document) {
		for _, user := range c.data.candidates(chosen.clauses) {
			everyone = append(everyone, globalUser(user))
		}
		everyone = append(everyone, c.data.elsewhere...)
		return everyone
	})
}

func getGlobalUser(c *call) answer {
	for _, user := range c.data.elsewhere {
		if user.own["ObjectId"] == c.ids[0] {
			return c.object("GlobalUser", user.pairs(false))
		}
	}
	user := c.data.users[c.ids[0]]
	if user == nil {
		return c.fail(notFound("globaluser", "ObjectId", c.ids[0]))
	}
	return c.object("GlobalUser", globalUser(user).pairs(false))
}

// network makes another location, and its users.
func (d *data) network(users int) {
	if users == 0 {
		return
	}
	there := objectID(hash("munich", "location"))
	d.lists["locations/connectionlocations"].add(map[string]string{
		"ObjectId": there, "DisplayName": "Munich", "HostAddress": "cuc-munich.example.com", "SmtpDomain": "munich.example.com",
		"IsPrimary": "false",
	})
	for i := range users {
		alias, first, last := fmt.Sprintf("munich%05d", i+1), firstNames[i%len(firstNames)], lastNames[i%len(lastNames)]
		d.elsewhere = append(d.elsewhere, &document{schema: globalUserSchema(), own: map[string]string{
			"ObjectId": objectID(hash(alias, "globaluser")), "Alias": alias, "FirstName": first, "LastName": last,
			"DisplayName":  first + " " + last,
			"DtmfAccessId": strconv.Itoa(700001 + i), "PartitionObjectId": objectID(hash("munich", "partition")), "LocationObjectId": there,
			"ListInDirectory": "true", "City": "Munich", "Department": departments[i%len(departments)],
		}})
	}
}
