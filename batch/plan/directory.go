package plan

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/pool"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// knownDirectory is what the plans of imports, and of users who came from an LDAP directory, must know
// of that.
type knownDirectory struct {
	*inquiry
	ldapTypes     map[string]string        // folded ObjectId -> LdapType, of users that belong to a directory; nil while nobody asked
	ldapUsers     ldapUsers                // of the LDAP directory, whom rows import
	ldapNotListed *send.Failure            // why the server does not list them; nil: it does, or nobody asked
	origins       map[string]string        // ObjectId -> LdapType, of users that rows would import
	aliasOwners   map[string][]cupi.Object // folded alias of a person -> who has it, of rows that name none

	ldapTypesUntold bool // the server does not list which users belong to a directory
}

// origin gives the LdapType of a user; known is false while nobody asked.
func (d *knownDirectory) origin(userID string) (ldapType string, known bool) {
	if ldapType = d.ldapTypes[model.Fold(userID)]; ldapType != "" {
		return ldapType, true
	}
	ldapType, known = d.origins[userID]
	return ldapType, known
}

// ownersOfAlias gives who has an alias; known is false while nobody asked.
func (d *knownDirectory) ownersOfAlias(alias string) (users []cupi.Object, known bool) {
	users, known = d.aliasOwners[model.Fold(alias)]
	return users, known
}

// learnLookups finds out what plans asked for.
func (d *knownDirectory) learnLookups(ctx context.Context, session *send.Session, asks map[Lookup]bool) error {
	var keys []model.UserKey
	var ids, aliases []string
	for a := range asks {
		switch a.about {
		case LookupPerson:
			keys = append(keys, a.UserKey)
		case lookupOrigin:
			ids = append(ids, a.Value)
		case lookupAlias:
			aliases = append(aliases, a.Value)
		}
	}
	if len(ids) > 0 {
		if err := d.learnOrigins(ctx, session, ids); err != nil {
			return err
		}
	}
	err := pool.AtOnce(session.Workers, slices.Values(aliases), func(alias string) error { return d.readAliasOwners(ctx, session, alias) })
	if err != nil || len(keys) == 0 {
		return err
	}
	e := &send.Requester{Session: session, Optional: true}
	defer d.paid(e)
	found, err := FindLDAPUsers(ctx, e, keys)
	var untold *send.Failure
	if errors.As(err, &untold) && (untold == errNotListed || untold.Code == codes.ListMoves) {
		d.ldapNotListed = untold
		return nil
	}
	maps.Copy(d.ldapUsers, found)
	return err
}

// learnOrigins finds out which users came from the directory. The lists of those that
// did cost less where many are asked for; whoever is in none of them is read, so that
// nobody is called local because a server did not answer the query.
func (d *knownDirectory) learnOrigins(ctx context.Context, session *send.Session, ids []string) error {
	if len(ids) > d.total/send.ListingRows+2*len(model.DirectoryOwned()) {
		if err := d.learnDirectoryUsers(ctx, session); err != nil {
			return err
		}
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return d.ldapTypes[model.Fold(id)] != "" })
	return pool.AtOnce(session.Workers, slices.Values(ids), func(id string) error { return d.readOrigin(ctx, session, id) })
}

func (d *knownDirectory) readOrigin(ctx context.Context, session *send.Session, id string) error {
	e := &send.Requester{Session: session}
	user, _, err := e.Whole(ctx, d.About, id)
	if err != nil {
		return fmt.Errorf("the %s can't be read: %w", d.About.Many(), err)
	}
	d.paid(e)
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.origins[id] = user["LdapType"]
	return nil
}

// readAliasOwners asks who has an alias.
func (d *knownDirectory) readAliasOwners(ctx context.Context, session *send.Session, alias string) error {
	e := &send.Requester{Session: session, Optional: true}
	hits, _, err := e.LookUp(ctx, d.About.Collection, d.About.Collection.NameField, model.Lower(alias), true)
	if err != nil {
		return fmt.Errorf("the %s can't be read: %w", d.About.Many(), err)
	}
	d.paid(e)
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.aliasOwners[model.Fold(alias)] = hits
	return nil
}

// learnDirectoryUsers asks which users belong to a directory: one list for each
// LdapType. It asks once.
func (d *knownDirectory) learnDirectoryUsers(ctx context.Context, session *send.Session) error {
	if d.ldapTypes != nil {
		return nil
	}
	d.ldapTypes = map[string]string{}
	unchecked := len(d.NotChecked)
	for ldapType := range model.DirectoryOwned() {
		err := d.findFlagged(ctx, session, cupi.Query{Column: "LdapType", Op: cupi.Is, Value: ldapType},
			func(user cupi.Object) { d.ldapTypes[model.Fold(user["ObjectId"])] = ldapType })
		if err != nil {
			return err
		}
	}
	d.ldapTypesUntold = len(d.NotChecked) > unchecked
	return nil
}
