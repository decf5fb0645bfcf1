package cupitest

import "slices"

// templateRoutes is a template as its own address shows it; the list of templates shows less.
var templateRoutes = []route{
	{"GET /vmrest/usertemplates/{id}", nil, getTemplate},
}

// blankInTemplates are the texts that a template has empty, and with it every user that is made from it; the others are NULL
// until they are written.
var blankInTemplates = []string{
	"Initials", "City", "State", "PostalCode", "Department", "Manager", "Title", "Building", "EmployeeId", "Address", "BillingId", "XferString",
}

// ownOfUsers are fields that a user does not take from its template.
var ownOfUsers = []string{
	"ObjectId", "Alias", "DtmfAccessId", "FirstName", "LastName", "DisplayName", "EmailAddress", "EmployeeId", "SmtpAddress", "CallHandlerObjectId",
	"CreationTime", "ExitCallActionObjectId", "SynchScheduleObjectId", "VoiceName", "MailboxStoreName", "PhoneNumber", "TenantObjectId", "LdapCcmUserId", "CcmId",
}

func getTemplate(c *call) answer {
	template := c.data.lists["usertemplates"].find(c.ids[0])
	if template == nil {
		return c.fail(notFound("usertemplate", "ObjectId", c.ids[0]))
	}
	pairs := template.pairs(false)
	given := &document{schema: userSchema, base: template}
	for _, f := range userSchema.fields {
		_, shown := template.schema.index[f.name]
		if shown || f.is(fixed) || f.kind == derived || f.kind == keypad || slices.Contains(ownOfUsers, f.name) {
			continue
		}
		if v, ok := given.read(f); ok {
			pairs = append(pairs, pair{f.name, v})
		}
	}
	return c.object("UserTemplate", pairs)
}
