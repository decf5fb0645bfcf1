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
)

// Who is in the lists that rows name is read once, and whoever is not in them is looked for among all that
// can be a member: in the pages of each listing, or by a query for each name, whichever costs fewer requests.

// knownMembers are what rows about members must know of the server.
type knownMembers struct {
	*inquiry
	members      memberLists            // see resolveMember
	ownerFlags   map[string]cupi.Object // by folded ObjectId, lists that were read whole for that
	people       map[string][]someone   // by folded name, who has it, of names that were asked for
	peopleUntold string                 // whom the server does not tell of, and why; "": it tells of all
	foreseen     *foreseen              // what the files before leave
}

// MemberOf gives the member of a list that is the one with an id, as it was read before the run; nil if there
// was none.
func (d *knownMembers) MemberOf(listID, field, id string) cupi.Object {
	return d.members[model.Fold(listID)].byID[whoKey(field, id)]
}

// LeavingOf gives the members of a list with these ObjectIds, as they were read before the run.
func (d *knownMembers) LeavingOf(listID string, ids []string) (members []cupi.Object) {
	leaving := map[string]bool{}
	for _, id := range ids {
		leaving[id] = true
	}
	for _, member := range d.members[model.Fold(listID)].all {
		if leaving[member["ObjectId"]] {
			members = append(members, member)
		}
	}
	return members
}

// learnMembers finds out what rows about members must know. It reports whether it asked.
func (d *knownMembers) learnMembers(ctx context.Context, session *send.Session, asks memberAsks) (bool, error) {
	if !asks.any() {
		return false, nil
	}
	err := pool.AtOnce(session.Workers, slices.Values(slices.Sorted(maps.Keys(asks.lists))),
		func(id string) error { return d.readMemberList(ctx, session, id) })
	if err == nil {
		err = pool.AtOnce(session.Workers, slices.Values(slices.Sorted(maps.Keys(asks.flags))),
			func(id string) error { return d.readOwner(ctx, session, id) })
	}
	if err == nil && len(asks.names) > 0 {
		err = d.learnPeople(ctx, session, slices.Sorted(maps.Keys(asks.names)))
	}
	return true, err
}

// readMemberList reads who is in a list.
func (d *knownMembers) readMemberList(ctx context.Context, session *send.Session, id string) error {
	kinds := d.About.Members()
	e := &send.Requester{Session: session, Optional: true}
	items, told, err := e.All(ctx, kinds[0].In(id), cupi.Query{})
	list := newMemberList()
	var refusal *send.Failure
	switch {
	case errors.As(err, &refusal):
		list.why = refusal.Untold()
	case err != nil:
		return err
	case !told:
		list.why = "the server does not show it"
	}
	fields := []string{"ObjectId", "Alias", "DisplayName", "IsUserTemplate"}
	for _, kind := range kinds {
		fields = append(fields, kind.Key)
	}
	for i, item := range items {
		items[i] = model.Only(item, fields...)
		list.add(kinds, items[i])
	}
	for _, join := range d.foreseen.joins[model.Fold(id)] {
		list = list.with(join)
	}
	list = d.foreseen.membersThen(kinds, list)
	session.Held.Add(send.MemoryOf(items)) // they are kept until the run ends
	d.paid(e)
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.members[model.Fold(id)] = list
	return nil
}

// readOwner reads a list for what the listing does not show.
func (d *knownMembers) readOwner(ctx context.Context, session *send.Session, id string) error {
	e := &send.Requester{Session: session}
	owner, _, err := e.Whole(ctx, d.About, id)
	if err != nil {
		return fmt.Errorf("the %s can't be read: %w", d.About.Many(), err)
	}
	d.paid(e)
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.ownerFlags[model.Fold(id)] = cupi.Object{}
	maps.Copy(d.ownerFlags[model.Fold(id)], owner)
	maps.Copy(d.ownerFlags[model.Fold(id)], d.foreseen.shown[model.Fold(id)])
	return nil
}

// learnPeople finds out who has some names, of each kind that can be a member.
func (d *knownMembers) learnPeople(ctx context.Context, session *send.Session, names []string) error {
	wanted := make(map[string]bool, len(names))
	for _, name := range names {
		wanted[name], d.people[name] = true, nil
	}
	for _, kind := range d.About.Members() {
		keep := func(items []cupi.Object) {
			d.mutex.Lock()
			defer d.mutex.Unlock()
			for _, item := range d.tenant.Its(kind.Who, items) {
				name, who := model.Fold(item[kind.Who.NameField]), someone{kind, item[kind.Who.IDField], item[kind.Who.NameField]}
				if wanted[name] && !slices.Contains(d.people[name], who) {
					d.people[name] = append(d.people[name], who)
				}
			}
		}
		err := d.readPeople(ctx, session, kind, names, keep)
		var refusal *send.Failure
		if errors.As(err, &refusal) {
			d.peopleUntold = fmt.Sprintf("the %s: %s", kind.Many, refusal.Untold())
			d.noteUnchecked("which " + d.peopleUntold)
		} else if err != nil {
			return err
		}
	}
	d.foreseePeople(names)
	return nil
}

// readPeople reads the listing of a kind, or asks for each name.
func (d *knownMembers) readPeople(ctx context.Context, session *send.Session, kind *model.StepKind, names []string,
	keep func([]cupi.Object)) error {
	e := &send.Requester{Session: session, Optional: true}
	first, found, err := e.Read(ctx, session.List(kind.Who, cupi.Query{}, 1, send.ListingRows))
	d.paid(e)
	if err != nil || !found {
		return err // a server without contacts has none of that name
	}
	keep(first.Page.Items)
	if len(first.Page.Items) >= first.Page.Total { // one page is one moment, and shows all
		return nil
	}
	if send.PagesOf(first.Page)-1 <= len(names) {
		reading := &send.Reading{IdField: kind.Who.IDField}
		err := reading.ReadPages(first, session.Workers, func(page int) (cupi.Answer, error) {
			return d.fetch(ctx, session, session.List(kind.Who, cupi.Query{}, page, send.ListingRows))
		}, func(_ int, fresh []cupi.Object) error { keep(fresh); return nil })
		if err != nil || reading.Proven(nil) {
			return err
		}
		names = slices.DeleteFunc(slices.Clone(names), func(name string) bool {
			return slices.ContainsFunc(d.people[name], func(who someone) bool { return who.kind == kind })
		})
	}
	return pool.AtOnce(session.Workers, slices.Values(names), func(name string) error {
		e := &send.Requester{Session: session, Optional: true}
		hits, _, err := e.LookUp(ctx, kind.Who, kind.Who.NameField, name, true)
		d.paid(e)
		keep(hits)
		return err
	})
}

// foreseePeople lays over the people of some names those who have these then.
func (d *knownMembers) foreseePeople(names []string) {
	for _, name := range names {
		for _, kind := range d.About.Members() {
			who, changed := d.foreseen.renamedTo(kind.Who.Name, name)
			if !changed {
				continue
			}
			d.people[name] = slices.DeleteFunc(d.people[name], func(one someone) bool { return one.kind == kind })
			if who != nil {
				d.people[name] = append(d.people[name], someone{kind, who["ObjectId"], who[kind.Who.NameField]})
			}
		}
	}
}
