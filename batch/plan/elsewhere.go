package plan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"

	"cucbulk/batch/model"
	"cucbulk/batch/pool"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Other clusters of a network have users of their own. A server takes an alias and an extension that one
// of those has, so that is only told.

const uncheckedElsewhere = "users of other clusters of the network with the same alias or extension"

// elsewhere finds out what must be known of them.
type elsewhere struct {
	snapshot  *Snapshot
	session   *send.Session
	own       string // LocationObjectId of the server's own users
	names     hashes // that rows newly give
	hash      func(column, value string) uint64
	plans     iter.Seq2[Plan, error]   // of the rows
	locations map[string]string        // folded LocationObjectId -> what people call the cluster
	users     map[string][]cupi.Object // by matchKey
}

// newNames are the alias and the extension that a row gives to a user who has not got them.
func (p Plan) newNames() (names []model.UserKey) {
	if p.End.Status != "" || p.Operation == validate.Delete {
		return nil
	}
	wanted := p.User()
	for _, column := range []string{p.About.Collection.NameField, "DtmfAccessId"} {
		if value := wanted[column]; value != "" && !model.Same(column, p.Target[column], value) &&
			model.Fold(p.Target[column]) != model.Fold(value) {
			names = append(names, model.UserKey{Column: column, Value: value})
		}
	}
	return names
}

// checkElsewhere warns of rows that take an alias or an extension that a user of another cluster has. Of a
// server that is alone it costs one request, and none where no row takes such a thing.
func (p *Prepared) checkElsewhere(ctx context.Context, report func(validate.Problem)) error {
	if len(p.newNames) == 0 {
		return nil
	}
	p.newNames.sort()
	found := elsewhere{snapshot: p.Snapshot, session: p.Session, own: p.Identity.Location, names: p.newNames, hash: p.hash,
		plans: p.Plans(), locations: map[string]string{}, users: map[string][]cupi.Object{}}
	err := found.find(ctx)
	var refusal *send.Failure
	if errors.As(err, &refusal) {
		p.Snapshot.noteUnchecked(uncheckedElsewhere + ": " + refusal.Untold())
		return nil
	}
	if err != nil || len(found.users) == 0 {
		return err
	}
	for plan, err := range found.plans {
		if err != nil {
			return err
		}
		for _, key := range plan.newNames() {
			for _, user := range found.users[model.MatchKey(key.Column, key.Value)] {
				problem := p.Header.WithHeading(found.warning(plan, key, user))
				problem.File = p.Input.Name
				report(problem)
				p.count(problem)
			}
		}
	}
	return nil
}

func (found *elsewhere) warning(plan Plan, key model.UserKey, user cupi.Object) validate.Problem {
	where := found.locations[model.Fold(user["LocationObjectId"])]
	problem := validate.Problem{Line: plan.Line, Row: plan.Row, Column: key.Column, Warning: true, Code: codes.ExtensionElsewhere,
		Message: fmt.Sprintf("%q is also the extension of %s on %s, another cluster of the network: look "+
			"whether that is meant", key.Value, Describe(user), where)}
	if key.Column != "DtmfAccessId" {
		problem.Code = codes.AliasElsewhere
		problem.Message = fmt.Sprintf("%q is also on %s, another cluster of the network: %s; look whether this is the "+
			"same person, who has a mailbox there already", key.Value, where, Describe(user))
		if plan.Operation == validate.Update {
			problem.Column = "NewAlias"
		}
	}
	return problem
}

// find asks whether there are other clusters, and if so for their users: one list, or one
// query for each name, whichever is fewer.
func (found *elsewhere) find(ctx context.Context) error {
	d := found.snapshot
	places, err := d.pages(ctx, found.session, cupi.ConnectionLocations, cupi.Query{})
	if err != nil {
		return err
	}
	for _, place := range places {
		if id := place["ObjectId"]; !model.Same("ObjectId", id, found.own) {
			name := cmp.Or(place["DisplayName"], place["HostAddress"], id)
			found.locations[model.Fold(id)] = found.session.Client.Clean(name)
		}
	}
	switch {
	case len(places) < 2:
		return nil
	case found.own == "" || len(found.locations) == len(places):
		d.noteUnchecked(uncheckedElsewhere + ": the server does not tell which of the clusters it is")
		return nil
	}
	if len(found.names) == 1 {
		return found.ask(ctx)
	}
	e := &send.Requester{Session: found.session, Optional: true}
	users, shown, err := e.Chosen(ctx, cupi.GlobalUsers, 1+len(found.names), func(user cupi.Object) bool {
		return found.names.has(found.hash("Alias", user["Alias"])) || found.names.has(found.hash("DtmfAccessId", user["DtmfAccessId"]))
	})
	d.paid(e)
	switch {
	case errors.Is(err, send.ErrManyPages):
		return found.ask(ctx)
	case err == nil && !shown:
		err = &send.Failure{Code: codes.NoSuchList, Message: "the server has no " + cupi.GlobalUsers.Path}
	}
	for _, user := range users {
		found.keep(user)
	}
	return err
}

// keep takes a user of another cluster.
func (found *elsewhere) keep(user cupi.Object) {
	if _, elsewhere := found.locations[model.Fold(user["LocationObjectId"])]; !elsewhere ||
		model.Same("IsTemplate", user["IsTemplate"], "true") {
		return
	}
	for _, column := range []string{"Alias", "DtmfAccessId"} {
		if value := user[column]; value != "" {
			key := model.MatchKey(column, value)
			if !model.Holds(found.users[key], user["ObjectId"]) && len(found.users[key]) < mostOfOneKey {
				found.users[key] = append(found.users[key], user)
			}
		}
	}
}

// ask asks for each name.
func (found *elsewhere) ask(ctx context.Context) error {
	var unread error
	err := pool.AtOnce(found.session.Workers, found.allNames(&unread), func(key model.UserKey) error {
		e := &send.Requester{Session: found.session, Optional: true}
		hits, strays, err := e.LookUp(ctx, cupi.GlobalUsers, key.Column, model.Lower(key.Value), false)
		if err == nil && strays {
			err = &send.Failure{Code: codes.Unreadable, Message: "the server does not answer such queries"}
		}
		d := found.snapshot
		d.paid(e)
		d.mutex.Lock()
		defer d.mutex.Unlock()
		for _, user := range hits {
			found.keep(user)
		}
		return err
	})
	return cmp.Or(unread, err)
}

// allNames gives those of all rows.
func (found *elsewhere) allNames(unread *error) iter.Seq[model.UserKey] {
	return func(yield func(model.UserKey) bool) {
		for plan, err := range found.plans {
			if *unread = err; err != nil {
				return
			}
			for _, key := range plan.newNames() {
				if !yield(key) {
					return
				}
			}
		}
	}
}
