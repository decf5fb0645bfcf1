package batch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cucbulk/cupi"
)

// What to do about a field that the directory owns and a row would change.
const (
	OwnedSkip  = "skip"  // leave it out, with a warning
	OwnedError = "error" // the row is invalid
)

// directoryOwned tells which fields the LDAP directory writes at each
// synchronization, by the LdapType of the user. What a run wrote there would be
// refused, or gone the next morning.
func directoryOwned() map[string][]string {
	fields := []string{"Alias", "FirstName", "LastName", "Initials", "DisplayName", "Title", "Department", "Manager", "EmailAddress", "PhoneNumber"}
	return map[string][]string{
		"1": fields, // integrated with the directory
		"3": fields, // imported from it, and active
	}
}

// learnDirectoryUsers asks which users belong to a directory: one list for each
// LdapType. It asks once, and only when a row would change a field that a
// directory may own.
func (d *directory) learnDirectoryUsers(ctx context.Context, engine *engine) error {
	if d.ldapTypes != nil {
		return nil
	}
	d.ldapTypes = map[string]string{}
	for ldapType := range directoryOwned() {
		err := d.flagged(ctx, engine, cupi.Query{Column: "LdapType", Op: cupi.Is, Value: ldapType}, func(user cupi.Object) { d.ldapTypes[user["ObjectId"]] = ldapType })
		if err != nil {
			return err
		}
	}
	return nil
}

// learnUndeletable asks which users may not be deleted: one list.
func (d *directory) learnUndeletable(ctx context.Context, engine *engine) error {
	if d.undeletable != nil {
		return nil
	}
	d.undeletable = map[string]bool{}
	return d.flagged(ctx, engine, cupi.Query{Column: "Undeletable", Op: cupi.Is, Value: "1"}, func(user cupi.Object) { d.undeletable[user["ObjectId"]] = true })
}

// flagged visits the users that a query on a field finds which no listing shows. A
// server that refuses such a query, or passes over it and gives other users too (a
// look at the first one shows), does not tell.
func (d *directory) flagged(ctx context.Context, engine *engine, query cupi.Query, visit func(cupi.Object)) error {
	var found []cupi.Object
	err := d.pages(ctx, engine, cupi.Users, query, func(user cupi.Object) { found = append(found, user) })
	var refusal *failure
	switch {
	case errors.As(err, &refusal):
		found = nil
	case err != nil:
		return err
	case len(found) > 0:
		answer, there, err := (&errand{engine: engine, optional: true}).read(ctx, cupi.GetUser(found[0]["ObjectId"]))
		if err != nil && !errors.As(err, &refusal) {
			return err
		}
		d.requests++
		if there && same(query.Column, answer.Object[query.Column], query.Value) {
			break
		}
		found, refusal = nil, &failure{}
	}
	if refusal != nil {
		d.doubt(fmt.Sprintf("which users have %s %s: the server does not tell", query.Column, query.Value))
	}
	for _, user := range found {
		visit(user)
	}
	return nil
}

// doubt notes what can't be checked.
func (d *directory) doubt(what string) {
	if !slices.Contains(d.notChecked, what) {
		d.notChecked = append(d.notChecked, what)
	}
}

// ownedChanges names the fields of wanted that a directory owns and that would
// change.
func (d *directory) ownedChanges(target, wanted cupi.Object) []string {
	var names []string
	for _, name := range directoryOwned()[d.ldapTypes[target["ObjectId"]]] {
		if value, given := wanted[name]; given && !same(name, target[name], value) {
			names = append(names, name)
		}
	}
	return names
}

// leaveOwned takes out of a plan what the directory owns, or makes it a conflict.
func (d *directory) leaveOwned(p *Plan, rule string) {
	wanted := p.wanted(p.Steps[0].Kind)
	p.left = d.ownedChanges(p.Target, wanted)
	if len(p.left) == 0 {
		return
	}
	if rule == OwnedError {
		p.end = conflict("ldap-owned", "%s: the LDAP directory owns these fields of this user; change them there, or leave them out with --ldap-owned skip", strings.Join(p.left, ", "))
		return
	}
	for _, name := range p.left {
		delete(wanted, name)
	}
}
