package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// importParts divides what a row wants of a user that it imports: what the import
// sets goes into the user step, what the directory owns is left out, and the rest
// is set afterwards.
func (p *Plan) importParts(wanted map[string]cupi.Object) {
	imports := p.About.Imported(p.About.Importing(p.Template, p.Person, p.DtmfAccessID).Fields)
	imports[p.About.Collection.NameField] = p.Alias
	rest := maps.Clone(wanted[p.About.Main.Name])
	delete(rest, p.About.Collection.NameField)
	delete(rest, "DtmfAccessId")
	for _, name := range append(model.DirectoryOwned()[model.ImportedType], "LdapType", "LdapCcmUserId") {
		value, given := rest[name]
		delete(rest, name)
		if given && !model.Same(name, imports[name], value) && !(name == "LdapType" && value == model.ImportedType) {
			p.leftOut = append(p.leftOut, name)
		}
	}
	wanted[p.About.Main.Name] = imports
	if len(rest) > 0 {
		wanted[p.About.AfterImport.Name] = rest
	}
	p.End = p.refuseLDAPOwned()
}

// ldapOwnedChanges names those of the owned fields that a plan would change.
func (p Plan) ldapOwnedChanges(owned []string) []string {
	var names []string
	for _, name := range owned {
		if value, given := p.Steps.Wanted(p.About.Main.Name)[name]; given && !model.Same(name, p.Target[name], value) {
			names = append(names, name)
		}
	}
	return names
}

// leaveLDAPOwned takes out of a plan what the directory owns, or makes it a conflict.
func (d *knownDirectory) leaveLDAPOwned(p *Plan) verdict {
	p.leftOut = p.ldapOwnedChanges(model.DirectoryOwned()[d.ldapTypes[model.Fold(p.Target["ObjectId"])]])
	if end := p.refuseLDAPOwned(); end.Status != "" {
		return end
	}
	p.OwnerUntold, p.refusesOwned = d.ldapTypesUntold && p.mayChangeLDAPOwned(), p.ldapOwned == record.OwnedError
	for i, name := range p.leftOut {
		delete(p.Steps.Wanted(p.About.Main.Name), name)
		// Its user keeps the alias, and rows after it find nobody by the new one.
		if name == p.About.Collection.NameField && p.Record.NewAlias != "" {
			p.leftOut[i], p.Record.NewAlias = "NewAlias", ""
		}
	}
	return verdict{}
}

// refuseLDAPOwned makes it a conflict, if that is the rule, that something is left out.
func (p *Plan) refuseLDAPOwned() verdict {
	if len(p.leftOut) == 0 || p.ldapOwned != record.OwnedError {
		return verdict{}
	}
	return Invalid(codes.LdapOwned, "%s: the LDAP directory owns these fields of this user; change them there, or "+
		"leave them out with --ldap-owned skip", strings.Join(p.leftOut, ", "))
}

// LeaveToDirectory takes out of what a row would change of a user, as the row itself has read it, what
// the directory owns, and names it: for servers that do not list who is of the directory.
func (p ofDirectory) LeaveToDirectory(user, changed cupi.Object) (left []string, err error) {
	for _, name := range model.DirectoryOwned()[user["LdapType"]] {
		if _, changes := changed[name]; changes {
			left = append(left, name)
		}
	}
	if len(left) > 0 && (p.refusesOwned || slices.Contains(left, "Alias")) {
		return nil, &send.Failure{Status: record.Failed, Code: codes.LdapOwned, Message: fmt.Sprintf(
			"%s: the LDAP directory owns these fields of this user: change them there, and take the cells out", strings.Join(left, ", "))}
	}
	for _, name := range left {
		delete(changed, name)
	}
	return left, nil
}

// mayChangeLDAPOwned reports whether an update changes a field that a directory owns
// where a user belongs to one.
func (p Plan) mayChangeLDAPOwned() bool {
	if _, owned := p.About.Table.Column("LdapType"); !owned || p.Operation != validate.Update {
		return false
	}
	for _, fields := range model.DirectoryOwned() {
		if len(p.ldapOwnedChanges(fields)) > 0 {
			return true
		}
	}
	return false
}

// leftToDirectory tells which cells are left out because the directory owns them.
func (p ofDirectory) leftToDirectory() (problems []validate.Problem) {
	for _, name := range p.leftOut {
		problems = append(problems, validate.Problem{Column: name, Code: codes.LdapOwned,
			Message: "the LDAP directory owns this field of this user: it is left as it is; change it in the directory"})
	}
	return problems
}

// checkLDAPType looks whether the directory has the person to whom a row ties a user: the alias
// must be the directory's user id then, and a server may take any. Who is tied already is no
// longer listed, so the user's own type is asked for first.
func (w *State) checkLDAPType(p *Plan) {
	d, wanted := w.snapshot, p.Steps.Wanted(p.About.Main.Name)["LdapType"]
	if model.DirectoryOwned()[wanted] == nil || p.Operation == validate.ImportLDAP || p.begun {
		return
	}
	if id := p.Target["ObjectId"]; id != "" {
		origin, known := d.origin(id)
		if !known {
			p.lookups = append(p.lookups, Lookup{lookupOrigin, model.UserKey{Column: "ObjectId", Value: id}})
			return
		}
		if model.FromDirectory(cupi.Object{"LdapType": origin}) {
			return
		}
	}
	key := p.About.Key(cmp.Or(p.Record.NewAlias, p.Alias))
	persons, known := d.ldapUsers[key.Match()]
	switch {
	case d.ldapNotListed != nil:
		d.noteUnchecked("whether the LDAP directory has the people to whom rows tie users by LdapType: " + d.ldapNotListed.Untold())
	case !known:
		p.lookups = append(p.lookups, Lookup{LookupPerson, key})
	case len(persons) == 0:
		p.ldapDoubt = Conflict{Row: p.Row, Line: p.Line, Code: codes.LdapTypeUnproven, column: "LdapType", warning: true,
			Message: fmt.Sprintf("ties the user to the LDAP directory, which lists nobody with the user id %q: the "+
				"server may take it all the same, and the next synchronization finds nobody", key.Value)}
	}
}
