package batch

import (
	"maps"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
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
				p.asks = append(p.asks, ask{askHolder, p.about.Key(p.Alias)})
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
		p.asks = append(p.asks, ask{askOrigin, model.UserKey{Column: "ObjectId", Value: p.Target["ObjectId"]}})
	default:
		p.end = imported(p.Target, origin)
	}
}

// imported is the end of a row that would import a user who is there already.
func imported(user cupi.Object, ldapType string) verdict {
	if model.FromDirectory(cupi.Object{"LdapType": ldapType}) {
		return verdict{status: record.Unchanged, code: codes.AlreadyImported, message: "the user is there and belongs to the LDAP directory: nothing to import. To change it, use update"}
	}
	return conflict(codes.NotFromDirectory, "the alias is taken by %s, who did not come from the LDAP directory: tie that user to the directory in Cisco Unity Connection Administration, or free the alias", describe(user)).about("Alias")
}

// findPerson finds whom in the LDAP directory a row means.
func (d *directory) findPerson(p *Plan) {
	key := model.UserKey{Column: p.Record.Key, Value: p.Record.KeyValue}
	persons, known := d.people[model.MatchKey(key.Column, key.Value)]
	switch {
	case d.peopleUntold != nil:
		p.end = verdict{status: record.Invalid, code: d.peopleUntold.Code, message: d.peopleUntold.Message}
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
func choosePerson(persons []cupi.Object, key model.UserKey, pkid string) (cupi.Object, verdict) {
	switch {
	case len(persons) == 0 && key.Column == validate.KeyPerson:
		return nil, conflict(codes.NotInDirectory, "the LDAP directory has nobody with the pkid %s to import; who was imported already is no longer listed: name the user by Alias, and the row is unchanged then", key.Value)
	case len(persons) == 0:
		return nil, conflict(codes.NotInDirectory, "the LDAP directory has no %q to import: mend the alias, or synchronize the directory in Cisco Unity Connection Administration; for a user of the server's own, use create", key.Value)
	case len(persons) > 1 && pkid != "":
		persons = slices.DeleteFunc(slices.Clone(persons), func(person cupi.Object) bool { return model.Fold(person[validate.KeyPerson]) != model.Fold(pkid) })
	}
	switch {
	case len(persons) > 1:
		return nil, conflict(codes.SeveralPeople, "the LDAP directory has %d people with the alias %q: say which by its pkid", len(persons), key.Value)
	case len(persons) == 0 || pkid != "" && model.Fold(persons[0][validate.KeyPerson]) != model.Fold(pkid):
		return nil, conflict(codes.NameAndIDDiffer, "in the LDAP directory nobody has both the alias %q and the pkid %s: keep the one that is meant", key.Value, pkid)
	}
	return persons[0], verdict{}
}

// importParts divides what a row wants of a user that it imports: what the import
// sets goes into the user step, what the directory owns is left out, and the rest
// is set afterwards.
func (p *Plan) importParts(wanted map[string]cupi.Object, rule string) {
	imports := p.about.Imported(p.about.Importing(p.Template, p.person, p.DtmfAccessID).Fields)
	imports[p.about.Collection.NameField] = p.Alias
	rest := maps.Clone(wanted[p.about.Main.Name])
	delete(rest, p.about.Collection.NameField)
	delete(rest, "DtmfAccessId")
	for _, name := range append(model.DirectoryOwned()[model.ImportedType], "LdapType", "LdapCcmUserId") {
		value, given := rest[name]
		delete(rest, name)
		if given && !model.Same(name, imports[name], value) && !(name == "LdapType" && value == model.ImportedType) {
			p.left = append(p.left, name)
		}
	}
	wanted[p.about.Main.Name] = imports
	if len(rest) > 0 {
		wanted[p.about.AfterImport.Name] = rest
	}
	p.mindOwned(rule)
}
