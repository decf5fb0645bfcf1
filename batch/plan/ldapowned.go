package plan

import (
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// ldapOwnedChanges names those of the owned fields that a plan would change.
func (p Plan) ldapOwnedChanges(owned []string) []string {
	var names []string
	for _, name := range owned {
		if value, given := p.wanted(p.About.Main.Name)[name]; given && !model.Same(name, p.Target[name], value) {
			names = append(names, name)
		}
	}
	return names
}

// leaveLDAPOwned takes out of a plan what the directory owns, or makes it a conflict.
func (d *Snapshot) leaveLDAPOwned(p *Plan, rule string) {
	p.leftOut = p.ldapOwnedChanges(model.DirectoryOwned()[d.ldapTypes[model.Fold(p.Target["ObjectId"])]])
	p.refuseLDAPOwned(rule)
	if p.End.Status != "" {
		return
	}
	for i, name := range p.leftOut {
		delete(p.wanted(p.About.Main.Name), name)
		if name == p.About.Collection.NameField && p.Record.NewAlias != "" { // its user keeps the alias, and rows after it find nobody by the new one
			p.leftOut[i], p.Record.NewAlias = "NewAlias", ""
		}
	}
}

// refuseLDAPOwned makes it a conflict, if that is the rule, that something is left out.
func (p *Plan) refuseLDAPOwned(rule string) {
	if len(p.leftOut) > 0 && rule == record.OwnedError {
		p.End = Invalid(codes.LdapOwned, "%s: the LDAP directory owns these fields of this user; change them there, or "+
			"leave them out with --ldap-owned skip", strings.Join(p.leftOut, ", "))
	}
}

// mayChangeLDAPOwned reports whether an update changes a field that a directory owns
// where a user belongs to one.
func (p Plan) mayChangeLDAPOwned() bool {
	if p.Operation != validate.Update {
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
func (p Plan) leftToDirectory() (problems []validate.Problem) {
	for _, name := range p.leftOut {
		problems = append(problems, validate.Problem{Column: name, Code: codes.LdapOwned,
			Message: "the LDAP directory owns this field of this user: it is left as it is; change it in the directory"})
	}
	return problems
}
