package cupitest

import "strings"

// sameList shows the elements of a list at another address, as that calls them.
type sameList struct{ path, wrapper, element, of string }

// sameLists is all of those. A role that an administrator made would be a custom role; none can be made here.
var sameLists = []sameList{
	{"credentialpolicies", "CredentialPolicies", "CredentialPolicy", "authenticationrules"},
	{"systemroles", "Roles", "Role", "roles"},
	{"customroles", "Roles", "Role", ""},
}

func sameListRoutes() []route {
	var routes []route
	for _, l := range sameLists {
		path, shown := "/vmrest/"+l.path, schemaOf(l.path)
		routes = append(routes,
			route{"GET " + path, nil, func(c *call) answer {
				var all []*document
				if l.of != "" {
					for _, one := range c.data.lists[l.of].documents {
						all = append(all, &document{schema: shown, own: one.own})
					}
				}
				return c.listing(l.wrapper, l.element, shown, all)
			}},
			route{"GET " + path + "/{id}", nil, func(c *call) answer {
				if l.of != "" {
					if one := c.data.lists[l.of].find(c.ids[0]); one != nil {
						return c.object(l.element, (&document{schema: shown, own: one.own}).pairs(false))
					}
				}
				return c.fail(notFound(strings.ToLower(l.element), "ObjectId", c.ids[0]))
			}})
	}
	return routes
}
