package cupitest

// primaryTemplateRoutes is the PIN and the password of a template, which new users do not get.
var primaryTemplateRoutes = []route{
	{"GET /vmrest/usertemplates/{id}/credential/pin", nil, credential{"pin", "4", policyVoiceID}.get},
	{"PUT /vmrest/usertemplates/{id}/credential/pin", nil, credential{"pin", "4", policyVoiceID}.update},
	{"GET /vmrest/usertemplates/{id}/credential/password", nil, credential{"password", "3", policyWebID}.get},
	{"PUT /vmrest/usertemplates/{id}/credential/password", nil, credential{"password", "3", policyWebID}.update},
	{"GET /vmrest/userdefaulttemplates", nil, listDefaultTemplates},
	{"PUT /vmrest/userdefaulttemplates/{id}", nil, updateTemplate},
	{"GET /vmrest/userdefaulttemplates/{id}", nil, templateAs("DefaultUserTemplate")},
}

// listDefaultTemplates is the templates that came with the server.
func listDefaultTemplates(c *call) answer {
	var all []*document
	l := c.data.lists["usertemplates"]
	for _, template := range l.documents {
		if template.own["Undeletable"] == "true" {
			all = append(all, template)
		}
	}
	return c.listing("DefaultUserTemplates", "DefaultUserTemplate", l.schema, all)
}
