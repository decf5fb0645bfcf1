package cupitest

import "strings"

// sameList shows the elements of a list at another address, as that calls them.
type sameList struct {
	path, wrapper, element, of string
	shows                      func(*document) bool // nil: all
}

// sameLists is all of those.
var sameLists = []sameList{
	{"credentialpolicies", "CredentialPolicies", "CredentialPolicy", "authenticationrules", nil},
	{"subjectlineparameters", "SubjectLineParameters", "SubjectLineParameter", "subject-line-parameters", nil}, // as the formats call it
	{"systemroles", "Roles", "Role", "roles", func(role *document) bool { return !isCustom(role) }},
	{"customroles", "Roles", "Role", "roles", isCustom},
}

func sameListRoutes() []route {
	var routes []route
	for _, l := range sameLists {
		path, shown := "/vmrest/"+l.path, schemaOf(l.path)
		routes = append(routes,
			route{"GET " + path, nil, func(c *call) answer {
				var all []*document
				for _, one := range c.data.lists[l.of].documents {
					if l.shows == nil || l.shows(one) {
						all = append(all, &document{schema: shown, own: one.own})
					}
				}
				return c.listing(l.wrapper, l.element, shown, all)
			}},
			route{"GET " + path + "/{id}", nil, func(c *call) answer {
				if one := c.data.lists[l.of].find(c.ids[0]); one != nil && (l.shows == nil || l.shows(one)) {
					return c.object(l.element, (&document{schema: shown, own: one.own}).pairs(false))
				}
				return c.fail(notFound(strings.ToLower(l.element), "ObjectId", c.ids[0]))
			}})
	}
	return routes
}
