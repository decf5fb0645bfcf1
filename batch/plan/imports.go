package plan

import (
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// resolveImport finds out whom an import is about, and whether there is anything to
// import. What the directory does not know yet is noted as asked.
func (w *State) resolveImport(p *Plan) {
	d, record := w.snapshot, p.Record
	if p.Target == nil && p.End.Status == "" {
		w.findPerson(p)
		if record.Key == validate.KeyPerson && p.Person != nil {
			users, known := d.ownersOfAlias(p.Alias)
			if !known {
				p.lookups = append(p.lookups, Lookup{lookupAlias, p.About.Key(p.Alias)})
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
		p.End = Invalid(codes.AliasTaken, "the alias %q is taken by %s by then; import another, or take one of the rows out",
			p.Alias, Describe(p.Target)).about("Alias")
	case !known:
		p.lookups = append(p.lookups, Lookup{lookupOrigin, model.UserKey{Column: "ObjectId", Value: p.Target["ObjectId"]}})
	default:
		p.End = Imported(p.Target, origin)
	}
}

// Imported is the end of a row that would import a user who is there already.
func Imported(user cupi.Object, ldapType string) verdict {
	if model.FromDirectory(cupi.Object{"LdapType": ldapType}) {
		return verdict{Status: record.Unchanged, Code: codes.AlreadyImported,
			Message: "the user is there and belongs to the LDAP directory: nothing to import. To change it, use update"}
	}
	return Invalid(codes.NotFromDirectory, "the alias is taken by %s, who did not come from the LDAP directory: tie "+
		"that user to the directory in Cisco Unity Connection Administration, or free the alias", Describe(user)).about("Alias")
}

// findPerson finds whom in the LDAP directory a row means.
func (w *State) findPerson(p *Plan) {
	d, key := w.snapshot, model.UserKey{Column: p.Record.Key, Value: p.Record.KeyValue}
	persons, known := d.ldapUsers[model.MatchKey(key.Column, key.Value)]
	switch {
	case d.ldapNotListed != nil:
		p.End = verdict{Status: record.Invalid, Code: d.ldapNotListed.Code, Message: d.ldapNotListed.Message}
	case !known:
		p.lookups = append(p.lookups, Lookup{LookupPerson, key})
	case len(persons) == 0 && p.Late && w.comesBack(p):
		for _, user := range d.find(d.About.Collection.NameField, p.Record.Alias) {
			p.Returning = cupi.Object{"firstName": user["FirstName"], "lastName": user["LastName"]}
		}
	default:
		person, end := ChoosePerson(persons, key, p.Record.Pkid)
		p.End = end
		if person != nil {
			p.Person, p.Alias = person, person["alias"]
		}
	}
}

// comesBack reports whether the person whom a row imports may be in the directory again by its
// turn, because a row before deletes the user who was made of that person.
func (w *State) comesBack(p *Plan) bool {
	if p.Record.Alias == "" { // a pkid tells nobody's alias
		return len(w.deleted) > 0
	}
	id := w.deleted[model.Fold(p.Record.Alias)]
	if id == "" {
		return false
	}
	origin, known := w.snapshot.origin(id)
	if !known {
		p.lookups = append(p.lookups, Lookup{lookupOrigin, model.UserKey{Column: "ObjectId", Value: id}})
	}
	return !known || model.FromDirectory(cupi.Object{"LdapType": origin})
}

// ChoosePerson takes the one whom a row means from those that its key found.
func ChoosePerson(persons []cupi.Object, key model.UserKey, pkid string) (cupi.Object, verdict) {
	switch {
	case len(persons) == 0 && key.Column == validate.KeyPerson:
		return nil, Invalid(codes.NotInDirectory, "the LDAP directory has nobody with the pkid %s to import; who was "+
			"imported already is no longer listed: name the user by Alias, and the row is unchanged then", key.Value)
	case len(persons) == 0:
		return nil, Invalid(codes.NotInDirectory, "the LDAP directory has no %q to import: mend the alias, or "+
			"synchronize the directory in Cisco Unity Connection Administration; for a user of the server's own, use create", key.Value)
	case len(persons) > 1 && pkid != "":
		persons = slices.DeleteFunc(slices.Clone(persons),
			func(person cupi.Object) bool { return model.Fold(person[validate.KeyPerson]) != model.Fold(pkid) })
	}
	switch {
	case len(persons) > 1:
		return nil, Invalid(codes.SeveralPeople, "the LDAP directory has %d people with the alias %q: say "+
			"which by its pkid", len(persons), key.Value)
	case len(persons) == 0 || pkid != "" && model.Fold(persons[0][validate.KeyPerson]) != model.Fold(pkid):
		return nil, Invalid(codes.NameAndIDDiffer, "in the LDAP directory nobody has both the alias %q and the pkid %s: "+
			"keep the one that is meant", key.Value, pkid)
	}
	return persons[0], verdict{}
}
