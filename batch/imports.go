package batch

import (
	"maps"
	"slices"

	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// settleImport finds out whom an import is about, and whether there is anything to
// import. What the directory does not know yet is noted as asked.
func (d *directory) settleImport(p *Plan) {
	record := p.Record
	if p.Target == nil && p.end.status == "" {
		d.findPerson(p)
		if record.Key == validate.KeyPerson && p.person != nil {
			users, known := d.aliasHolders(p.Alias)
			if !known {
				p.asks = append(p.asks, ask{askHolder, p.about.key(p.Alias)})
			} else if len(users) > 0 {
				p.Target = users[0]
			}
		}
	}
	if p.Target == nil {
		return
	}
	origin, known := d.origin(p.Target["ObjectId"])
	switch {
	case p.Target["ObjectId"] == "": // an earlier row of the file makes it
		p.end = conflict(codes.AliasTaken, "the alias %q is taken by %s by then; import another, or take one of the rows out", p.Alias, describe(p.Target)).about("Alias")
	case !known:
		p.asks = append(p.asks, ask{askOrigin, userKey{"ObjectId", p.Target["ObjectId"]}})
	default:
		p.end = imported(p.Target, origin)
	}
}

// imported is the end of a row that would import a user who is there already.
func imported(user cupi.Object, ldapType string) verdict {
	if fromDirectory(cupi.Object{"LdapType": ldapType}) {
		return verdict{status: Unchanged, code: codes.AlreadyImported, message: "the user is there and belongs to the LDAP directory: nothing to import. To change it, use update"}
	}
	return conflict(codes.NotFromDirectory, "the alias is taken by %s, who did not come from the LDAP directory: tie that user to the directory in Cisco Unity Connection Administration, or free the alias", describe(user)).about("Alias")
}

// findPerson finds whom in the LDAP directory a row means.
func (d *directory) findPerson(p *Plan) {
	key := userKey{p.Record.Key, p.Record.KeyValue}
	persons, known := d.people[matchKey(key.column, key.value)]
	switch {
	case d.peopleUntold != nil:
		p.end = verdict{status: Invalid, code: d.peopleUntold.code, message: d.peopleUntold.message}
	case !known:
		p.asks = append(p.asks, ask{askPerson, key})
	case len(persons) == 0 && p.Late: // it may come back to the directory when an earlier row deletes its user
	default:
		person, end := choosePerson(persons, key, p.Record.Pkid)
		p.end = end
		if person != nil {
			p.person, p.Alias = person, person["alias"]
		}
	}
}

// choosePerson takes the one whom a row means from those that its key found.
func choosePerson(persons []cupi.Object, key userKey, pkid string) (cupi.Object, verdict) {
	switch {
	case len(persons) == 0 && key.column == validate.KeyPerson:
		return nil, conflict(codes.NotInDirectory, "the LDAP directory has nobody with the pkid %s to import; who was imported already is no longer listed: name the user by Alias, and the row is unchanged then", key.value)
	case len(persons) == 0:
		return nil, conflict(codes.NotInDirectory, "the LDAP directory has no %q to import: mend the alias, or synchronize the directory in Cisco Unity Connection Administration; for a user of the server's own, use create", key.value)
	case len(persons) > 1 && pkid != "":
		persons = slices.DeleteFunc(slices.Clone(persons), func(person cupi.Object) bool { return fold(person[validate.KeyPerson]) != fold(pkid) })
	}
	switch {
	case len(persons) > 1:
		return nil, conflict(codes.SeveralPeople, "the LDAP directory has %d people with the alias %q: say which by its pkid", len(persons), key.value)
	case len(persons) == 0 || pkid != "" && fold(persons[0][validate.KeyPerson]) != fold(pkid):
		return nil, conflict(codes.NameAndIDDiffer, "in the LDAP directory nobody has both the alias %q and the pkid %s: keep the one that is meant", key.value, pkid)
	}
	return persons[0], verdict{}
}

// importParts divides what a row wants of a user that it imports: what the import
// sets goes into the user step, what the directory owns is left out, and the rest
// is set afterwards.
func (p *Plan) importParts(wanted map[string]cupi.Object, rule string) {
	imports := p.about.imported(p.about.importing(p.Template, p.person, p.DtmfAccessID).Fields)
	imports[p.about.collection.NameField] = p.Alias
	rest := maps.Clone(wanted[p.about.main.name])
	delete(rest, p.about.collection.NameField)
	delete(rest, "DtmfAccessId")
	for _, name := range append(directoryOwned()[importedType], "LdapType", "LdapCcmUserId") {
		value, given := rest[name]
		delete(rest, name)
		if given && !same(name, imports[name], value) && !(name == "LdapType" && value == importedType) {
			p.left = append(p.left, name)
		}
	}
	wanted[p.about.main.name] = imports
	if len(rest) > 0 {
		wanted[p.about.afterImport.name] = rest
	}
	p.mindOwned(rule)
}
