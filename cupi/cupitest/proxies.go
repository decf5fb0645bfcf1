package cupitest

import (
	"slices"
	"strings"
)

// proxyRoutes is the SMTP proxy addresses of all users.
var proxyRoutes = []route{
	{"GET /vmrest/smtpproxyaddresses", nil, listProxies},
	{"POST /vmrest/smtpproxyaddresses", []string{"SmtpProxyAddress"}, createProxy},
	{"GET /vmrest/smtpproxyaddresses/{id}", nil, getProxy},
	{"PUT /vmrest/smtpproxyaddresses/{id}", []string{"SmtpProxyAddress"}, updateProxy},
	{"DELETE /vmrest/smtpproxyaddresses/{id}", nil, deleteProxy},
}

var smtpProxyAddressSchema = schemaAt("smtpproxyaddresses")

func listProxies(c *call) answer {
	return c.listing("SmtpProxyAddresses", "SmtpProxyAddress", smtpProxyAddressSchema(), c.data.belongings[smtpProxyAddresses].all)
}

func getProxy(c *call) answer {
	found := c.data.belongings[smtpProxyAddresses].byID[c.ids[0]]
	if found == nil {
		return c.fail(notFound("smtpproxyaddress", "ObjectId", c.ids[0]))
	}
	return c.object("SmtpProxyAddress", found.pairs(false))
}

func createProxy(c *call) answer {
	fields, problems := smtpProxyAddressSchema().check(c.data, c.fields)
	user := c.data.users[fields["ObjectGlobalUserObjectId"]]
	if user == nil && c.s.ContactFields {
		user = c.data.lists["contacts"].find(fields["ObjectGlobalUserObjectId"])
	}
	if user == nil {
		problems = append(problems, "ObjectGlobalUserObjectId is not the id of a user")
	}
	if fields["SmtpAddress"] == "" {
		problems = append(problems, "SmtpAddress is mandatory")
	}
	if len(problems) == 0 {
		problems = c.data.checkProxy(user, nil, fields)
	}
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(user.own["Alias"]); refusal != nil {
		return *refusal
	}
	fields["ObjectId"] = c.data.newID()
	c.data.belongings[smtpProxyAddresses].add(user, fields)
	return c.created("/vmrest/smtpproxyaddresses/" + fields["ObjectId"])
}

// checkProxy applies the rule between addresses: no two are the same.
func (d *data) checkProxy(user, current *document, proposed map[string]string) []string {
	b := d.belongings[smtpProxyAddresses]
	for _, other := range b.byKey[b.key(&document{own: proposed, owner: user})] {
		if other != current {
			return []string{"SmtpAddress is in use"}
		}
	}
	return nil
}

func updateProxy(c *call) answer {
	found := c.data.belongings[smtpProxyAddresses].byID[c.ids[0]]
	if found == nil {
		return c.fail(invalid("SmtpProxyAddress not found "))
	}
	fields, problems := smtpProxyAddressSchema().check(c.data, found.withoutEcho(c.fields))
	if owner, given := fields["ObjectGlobalUserObjectId"]; given && owner != found.own["ObjectGlobalUserObjectId"] {
		problems = append(problems, "ObjectGlobalUserObjectId can't be changed")
	}
	if len(problems) == 0 {
		problems = c.data.checkProxy(found.owner, found, merged(found.own, fields))
	}
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(found.owner.own["Alias"]); refusal != nil {
		return *refusal
	}
	c.data.belongings[smtpProxyAddresses].write(found, fields)
	return c.done()
}

func deleteProxy(c *call) answer {
	found := c.data.belongings[smtpProxyAddresses].byID[c.ids[0]]
	if found == nil {
		return c.fail(notFound("smtpproxyaddress", "ObjectId", c.ids[0]))
	}
	if refusal := c.change(found.owner.own["Alias"]); refusal != nil {
		return *refusal
	}
	c.data.belongings[smtpProxyAddresses].remove(found)
	return c.done()
}

// matchProxy makes a proxy address of the user's corporate one if CreateSmtpProxyFromCorp asks for it and nobody has it,
// and takes away the one that was made before when it is no longer that.
func (d *data) matchProxy(user *document) {
	wanted := ""
	if asks, _ := user.value("CreateSmtpProxyFromCorp"); asks == "true" {
		wanted = user.own["EmailAddress"]
	}
	b := d.belongings[smtpProxyAddresses]
	for _, proxy := range slices.Clone(b.byOwner[user.own["ObjectId"]]) {
		if proxy.own["Corporate"] == "true" && !strings.EqualFold(proxy.own["SmtpAddress"], wanted) {
			b.remove(proxy)
		}
	}
	proposed := map[string]string{"SmtpAddress": wanted, "ObjectGlobalUserObjectId": user.own["ObjectId"], "Corporate": "true"}
	if wanted != "" && len(d.checkProxy(user, nil, proposed)) == 0 {
		proposed["ObjectId"] = d.newID()
		b.add(user, proposed)
	}
}

// keepAlias makes the alias that a user had a proxy address of the user, unless somebody has it.
func (d *data) keepAlias(user *document, alias string) {
	own := map[string]string{"SmtpAddress": strings.ToLower(alias) + "@" + smtpDomain, "ObjectGlobalUserObjectId": user.own["ObjectId"]}
	if d.checkProxy(user, nil, own) == nil {
		own["ObjectId"] = d.newID()
		d.belongings[smtpProxyAddresses].add(user, own)
	}
}
