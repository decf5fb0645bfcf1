package plan

import (
	"context"
	"errors"
	"fmt"

	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// Who has a field that no listing shows is asked by a query on it.

// learnDirectoryUsers asks which users belong to a directory: one list for each
// LdapType. It asks once.
func (d *Snapshot) learnDirectoryUsers(ctx context.Context, session *send.Session) error {
	if d.ldapTypes != nil {
		return nil
	}
	d.ldapTypes = map[string]string{}
	for ldapType := range model.DirectoryOwned() {
		err := d.findFlagged(ctx, session, cupi.Query{Column: "LdapType", Op: cupi.Is, Value: ldapType},
			func(user cupi.Object) { d.ldapTypes[model.Fold(user["ObjectId"])] = ldapType })
		if err != nil {
			return err
		}
	}
	return nil
}

// learnUndeletable asks which users may not be deleted: one list.
func (d *Snapshot) learnUndeletable(ctx context.Context, session *send.Session) error {
	d.undeletable = map[string]bool{}
	return d.findFlagged(ctx, session, cupi.Query{Column: "Undeletable", Op: cupi.Is, Value: "1"},
		func(user cupi.Object) { d.undeletable[model.Fold(user["ObjectId"])] = true })
}

// Undeletable gives the folded ObjectIds of users who may not be deleted; told is false where the
// server does not tell them.
func (d *Snapshot) Undeletable(ctx context.Context, session *send.Session) (ids map[string]bool, told bool, err error) {
	unchecked := len(d.NotChecked)
	err = d.learnUndeletable(ctx, session)
	return d.undeletable, len(d.NotChecked) == unchecked, err
}

// findFlagged visits the users that a query on a field finds which no listing shows. A
// server that refuses such a query, or passes over it and gives other users too, does
// not tell.
func (d *Snapshot) findFlagged(ctx context.Context, session *send.Session, query cupi.Query, visit func(cupi.Object)) error {
	found, err := d.pages(ctx, session, d.About.Collection, query)
	told := true
	if err == nil && len(found) > 0 {
		told, err = d.answersQuery(ctx, session, query, found)
	}
	var refusal *send.Failure
	switch {
	case errors.As(err, &refusal):
		d.noteUnchecked(fmt.Sprintf("which %s have %s %s: %s", d.About.Many(), query.Column, query.Value, refusal.Untold()))
		return nil
	case err == nil && !told:
		d.noteUnchecked(fmt.Sprintf("which %s have %s %s: the server does not tell", d.About.Many(), query.Column, query.Value))
		return nil
	case err != nil:
		return err
	}
	for _, user := range found {
		visit(user)
	}
	return nil
}

// answersQuery reports whether the users that a query found are those it asks for: the first
// one shows the value, and where all users of the server were found, none has the
// opposite.
func (d *Snapshot) answersQuery(ctx context.Context, session *send.Session, query cupi.Query, found []cupi.Object) (bool, error) {
	e := &send.Requester{Session: session, Optional: true}
	defer func() { d.requests += e.Requests }()
	user, there, err := e.Whole(ctx, d.About, found[0]["ObjectId"])
	if err != nil || !there || !model.Same(query.Column, user[query.Column], query.Value) {
		return false, err
	}
	if len(found) < d.total {
		return true, nil
	}
	query.Value = "0"
	others, _, err := e.Read(ctx, cupi.List(d.About.Collection, query, 1, 1))
	return others.Page.Total == 0, err
}
