package plan

import (
	"cmp"
	"fmt"

	"cucbulk/batch/model"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// checkLDAPType looks whether the directory has the person to whom a row ties a user: the alias
// must be the directory's user id then, and a server may take any. Who is tied already is no
// longer listed, so the user's own type is asked for first.
func (w *State) checkLDAPType(p *Plan) {
	d, wanted := w.snapshot, p.wanted(p.About.Main.Name)["LdapType"]
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
