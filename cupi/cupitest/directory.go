package cupitest

import (
	"slices"
	"strconv"
)

// directoryRoutes is the import of users from the LDAP directory: who is there and not yet a user, and making a user of one.
var directoryRoutes = []route{
	{"GET /vmrest/import/users/ldap", nil, listImportable},
	{"POST /vmrest/import/users/ldap", []string{"ImportUser"}, importUser},
}

var importSchema = schemaAt("import/users/ldap")

// ldapIntegrated is the LdapType of users that were imported.
const ldapIntegrated = "3"

// person finds who has the pkid in the directory; nil is nobody.
func (d *data) person(pkid string) *document {
	if i := slices.IndexFunc(d.directory, func(p *document) bool { return p.own["pkid"] == pkid }); i >= 0 {
		return d.directory[i]
	}
	return nil
}

// imported is the pkids of those of whom users were made.
func (d *data) imported() map[string]bool {
	pkids := map[string]bool{}
	for _, user := range d.users {
		if pkid := user.own["pkid"]; pkid != "" {
			pkids[pkid] = true
		}
	}
	return pkids
}

// mostImportable is how many people a list holds that was asked for without a limit.
const mostImportable = 2000

// listImportable shows whom no user was made of yet. This list has offset and limit in the place of pages, which it knows too;
// without either limit it refuses to show very many people.
func listImportable(c *call) answer {
	imported := c.data.imported()
	var people []*document
	for _, p := range c.data.directory {
		if !imported[p.own["pkid"]] {
			people = append(people, p)
		}
	}
	var numbers [2]int
	for i, name := range []string{"offset", "limit"} {
		if !c.params.Has(name) {
			continue
		}
		n, err := strconv.ParseUint(c.params.Get(name), 10, 31)
		if err != nil {
			return c.fail(invalid(name + " is not a number."))
		}
		numbers[i] = int(n)
	}
	chosen, refused := c.selection(importSchema())
	if refused != nil {
		return c.fail(refused)
	}
	total, page := chosen.of(people)
	page = page[min(numbers[0], len(page)):]
	switch {
	case c.params.Has("limit"):
		page = page[:min(numbers[1], len(page))]
	case chosen.rows < 0 && len(page) > mostImportable:
		return c.fail(invalid("There are too many results: give a limit."))
	}
	elements := make([][]pair, len(page))
	for i, p := range page {
		elements[i] = p.pairs(true)
	}
	return c.list("ImportUsers", "ImportUser", total, elements)
}

// noExtension is what a public script looks for in the answer to an import without an extension.
const noExtension = "Value of table tbl_DtmfAccessId column DtmfAccessId is invalid."

// importUser makes a user as the directory has the person; the names of the request are not looked at.
func importUser(c *call) answer {
	fields, problems := importSchema().check(c.data, c.fields)
	if fields["pkid"] == "" {
		problems = append(problems, "pkid is mandatory")
	}
	if fields["dtmfAccessId"] == "" {
		problems = append(problems, noExtension)
	}
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	person := c.data.person(fields["pkid"])
	switch {
	case person == nil:
		return c.fail(invalid("pkid is not in the directory"))
	case c.data.imported()[fields["pkid"]]:
		return c.fail(invalid("the user was imported already"))
	}
	body := map[string]string{"DtmfAccessId": fields["dtmfAccessId"], "LdapType": ldapIntegrated, "LdapCcmUserId": person.own["alias"]}
	for from, to := range map[string]string{"alias": "Alias", "firstName": "FirstName", "lastName": "LastName",
		"emailAddress": "EmailAddress"} {
		if person.own[from] != "" {
			body[to] = person.own[from]
		}
	}
	for _, name := range []string{"ListInDirectory", "IsVmEnrolled"} {
		if fields[name] != "" {
			body[name] = fields[name]
		}
	}
	made, problems := c.data.newUser(c.params.Get("templateAlias"), "", body, false)
	if len(problems) > 0 {
		return c.fail(invalid(problems...))
	}
	if refusal := c.change(body["Alias"]); refusal != nil {
		return *refusal
	}
	made.fields["pkid"], made.fields["LdapCcmPkid"] = fields["pkid"], fields["pkid"]
	if number := person.own["telephoneNumber"]; number != "" {
		made.fields["PhoneNumber"] = number
	}
	return c.created("/vmrest/users/" + made.enter(c.data))
}
