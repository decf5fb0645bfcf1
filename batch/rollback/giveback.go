package rollback

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cucbulk/batch"
	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// Where all of a deleted user was recorded, all of it is given back, by the table of step kinds: of
// each object what differs from that of the user who was made again, of each collection what is
// missing, and what the template gave is taken away.

// giving is a user of whom things are given back. deleted tells of them, id is that of now.
type giving struct {
	*rowUndo
	batch.Subject
	deleted record.Intent
	members map[string][]cupi.Object // by kind: what the user has in place of what is recorded; nil for none
	debt    bool                     // what was given back before is left alone
}

// giveBackFully gives back what kinds hold of a user.
func (w *rowUndo) giveBackFully(ctx context.Context, deleted record.Intent, id string, kinds []*model.StepKind) error {
	kinds = slices.DeleteFunc(slices.Clone(kinds), func(kind *model.StepKind) bool { return deleted.Also[kind.Name] == nil })
	debt := !strings.EqualFold(id, w.row.ObjectID)
	if len(kinds) == 0 && len(w.naming(record.Recreatable(deleted.About(), deleted.Before))) == 0 {
		return nil
	}
	user, found, err := w.Whole(ctx, deleted.About(), id)
	if err != nil {
		return err
	}
	switch {
	case found:
	case debt: // nobody is there to whom it could be given back
		return nil
	default:
		return &send.Failure{Status: record.Failed, Code: codes.TargetGone, Message: "the user that was made again was deleted meanwhile"}
	}
	w.all.replaced(deleted.Before["CallHandlerObjectId"], user["CallHandlerObjectId"])
	g := &giving{rowUndo: w, Subject: batch.Subject{Reader: &w.Requester, About: deleted.About(), ObjectID: id, Target: user},
		deleted: deleted,
		members: map[string][]cupi.Object{}, debt: debt}
	if err := g.giveBackFields(ctx, user); err != nil {
		return err
	}
	for _, kind := range kinds {
		if kind.Shape == model.Slot {
			if err := g.match(ctx, kind); err != nil {
				return err
			}
		}
	}
	for _, kind := range kinds {
		if err := w.unlessMissing(g.giveBackKind(ctx, kind), "the "+kind.AsLost); err != nil {
			return err
		}
	}
	return nil
}

// giveBackFields sets the fields of the user itself that could not be set when the user was made, or of
// which the server shows that it took another value.
func (g *giving) giveBackFields(ctx context.Context, user cupi.Object) error {
	fields := record.Recreatable(g.About, g.deleted.Before)
	delete(fields, g.About.Collection.NameField)
	fields = g.owed(fields)
	named := g.naming(fields)
	back, err := g.backTo(ctx, g.About.Main, user, fields)
	if err != nil {
		return err
	}
	maps.DeleteFunc(back, func(name, _ string) bool { return user[name] == "" && !slices.Contains(named, name) })
	g.leaveWritten(g.ObjectID, "the user", g.About.Get(g.ObjectID).Path, user, back)
	if len(back) == 0 {
		return nil
	}
	return g.attempt(ctx, "the fields "+strings.Join(slices.Sorted(maps.Keys(back)), ", "),
		send.Change{Step: g.About.AfterImport.Name, Request: g.About.Update(g.ObjectID, back), Before: model.PreImage(user, back)})
}

// owed are those of an object's fields that are given back: of a debt, those that name this row's user.
func (g *giving) owed(fields cupi.Object) cupi.Object {
	if !g.debt {
		return fields
	}
	var names []string
	for name, value := range fields {
		if g.namesUser(cupi.Object{name: value}) {
			names = append(names, model.With(name)...)
		}
	}
	return model.Only(fields, names...)
}

// match finds what the user has in place of each recorded member of a kind.
func (g *giving) match(ctx context.Context, kind *model.StepKind) error {
	p, err := g.PartOf(ctx, kind, kind.Name)
	var present []cupi.Object
	if err == nil {
		present, err = g.Members(ctx, p)
	}
	had := g.deleted.Also[kind.Name]
	if err == nil && kind.Named {
		present, err = g.withUnlisted(ctx, p, had)
	}
	if err != nil {
		return g.unlessMissing(err, "the "+kind.AsLost)
	}
	g.members[kind.Name] = kind.Matching(had, present)
	for i, member := range g.members[kind.Name] {
		if member != nil {
			g.all.replaced(had[i]["ObjectId"], member["ObjectId"])
		}
	}
	return nil
}

// withUnlisted gives the members of a kind, with those of the recorded ones that the list does not show.
func (g *giving) withUnlisted(ctx context.Context, p send.Part, had []cupi.Object) ([]cupi.Object, error) {
	for _, one := range had {
		p.Slot = one[p.Key]
		if _, err := g.MemberFor(ctx, p, one); err != nil {
			return nil, err
		}
	}
	return g.Members(ctx, p)
}

// giveBackKind gives back what a kind's members were.
func (g *giving) giveBackKind(ctx context.Context, kind *model.StepKind) error {
	if kind.HangsOn != "" {
		return g.giveBackBelow(ctx, kind)
	}
	p, err := g.PartOf(ctx, kind, kind.Name)
	if err != nil {
		return err
	}
	was := g.deleted.Also[kind.Name]
	switch kind.Shape {
	case model.Slot:
		return g.giveBackSlots(ctx, p, was)
	case model.Single:
		return g.giveBackSingle(ctx, p, was)
	}
	return g.giveBackSet(ctx, p, was)
}

// giveBackBelow does so for each member of the kind that it hangs on.
func (g *giving) giveBackBelow(ctx context.Context, kind *model.StepKind) error {
	parent := model.KindOf(kind.HangsOn)
	of, err := g.PartOf(ctx, parent, parent.Name)
	if err != nil {
		return err
	}
	for _, one := range g.deleted.Also[parent.Name] {
		id := g.all.current(one["ObjectId"])
		switch {
		case parent.Named:
			id = one[parent.Key]
		case id == one["ObjectId"]: // it is missing, and told
			continue
		}
		path := cupi.Get(of.Collection, id).Path
		owners := map[string][]cupi.Object{}
		if kind.Within == nil && !g.debt {
			owners[path] = nil
		}
		for _, was := range g.deleted.Also[kind.Name] {
			if was[parent.Key] != one[parent.Key] || g.debt && !g.namesUser(was) {
				continue
			}
			owner := path
			if kind.Within != nil {
				list := kind.Within(path)
				owner = cupi.Get(list, was[list.IDField]).Path
			}
			owners[owner] = append(owners[owner], was)
		}
		for _, owner := range slices.Sorted(maps.Keys(owners)) {
			p := send.PartOf(kind, kind.Name, owner)
			err := error(nil)
			if kind.Shape == model.Single {
				err = g.giveBackSingle(ctx, p, owners[owner])
			} else {
				err = g.giveBackSet(ctx, p, owners[owner])
			}
			if err = g.unlessMissing(err, parent.Describe(one)+": "+kind.AsLost); err != nil {
				return err
			}
		}
	}
	return nil
}

// giveBackSingle changes an object back.
func (g *giving) giveBackSingle(ctx context.Context, p send.Part, was []cupi.Object) error {
	if len(was) == 0 {
		return nil
	}
	present, found, err := g.Single(ctx, p)
	if err == nil && !found {
		err = &send.Failure{Status: record.Failed, Code: codes.NotThere, Message: "the server does not show it"}
	}
	if err != nil {
		return err
	}
	return g.putBack(ctx, p, p.MemberID(), present, was[0])
}

// putBack changes a member to what was recorded.
func (g *giving) putBack(ctx context.Context, p send.Part, id string, present, was cupi.Object) error {
	back, err := g.backTo(ctx, p.StepKind, present, g.owed(model.Only(was, p.Restores...)))
	if err != nil {
		return err
	}
	if g.leaveWritten(g.ObjectID, p.Describe(was), cupi.Get(p.Collection, id).Path, present, back); len(back) == 0 {
		return nil
	}
	return g.attempt(ctx, p.Describe(was), p.Putting(id, present, back))
}

// leaveWritten takes out of back what an earlier start of this rollback wrote to the object already, and
// names it: somebody can have changed it since.
func (w *rowUndo) leaveWritten(user, what, path string, present, back cupi.Object) {
	if w.all.justMade(user) {
		return
	}
	written := cupi.Object{}
	for _, c := range w.own.Made {
		if c.Method == "PUT" && c.Intent.Path == path || c.Method == "POST" && pathOfMade(c) == path {
			maps.Copy(written, c.Intent.Fields)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(back)) {
		value, wrote := written[name]
		if _, still := back[name]; !still || !wrote || model.Same(name, present[name], back[name]) {
			continue
		}
		if !model.Same(name, present[name], value) {
			w.lacks(fmt.Sprintf("%s of %s (this rollback wrote %q before it was interrupted, and now it is %q, which stays)",
				name, what, model.Told(name, value), model.Told(name, present[name])))
		}
		for _, other := range model.With(name) {
			delete(back, other)
		}
	}
}

// pathOfMade is the path of what a POST made.
func pathOfMade(c record.AppliedChange) string {
	if c.Creates() {
		return c.Intent.About().Get(c.ObjectID).Path
	}
	return c.Intent.Path + "/" + c.ObjectID
}

// backTo gives the fields of an object that differ from what was recorded, with the ids of now. What
// names somebody who is not made again yet is left out: that is a debt.
func (g *giving) backTo(ctx context.Context, kind *model.StepKind, present, was cupi.Object) (cupi.Object, error) {
	was, awaits, err := g.idsNow(ctx, was)
	if err != nil {
		return nil, err
	}
	if len(awaits) > 0 {
		for _, name := range g.naming(was) {
			delete(was, name)
		}
	}
	back := model.Differences(present, was)
	for _, name := range kind.Stays {
		if value, is := back[name]; is && value == "" {
			delete(back, name)
			g.lacks(fmt.Sprintf("the empty %s (it stays as the template has it, because the server never empties it)",
				model.ToldField(kind.Name, name)))
		}
	}
	return model.Sendable(back), nil
}

// giveBackSlots changes the members that the user has, adds those that are missing and takes away
// those that there were not.
func (g *giving) giveBackSlots(ctx context.Context, p send.Part, was []cupi.Object) error {
	matched := g.members[p.Name]
	if len(matched) != len(was) { // they could not be read, which is told
		return nil
	}
	for i, one := range was {
		if g.debt && !g.namesUser(one) {
			continue
		}
		var err error
		switch member := matched[i]; {
		case member == nil && !g.debt && p.Named: // which no request makes
			err = g.unlessMissing(&send.Failure{Status: record.Failed, Code: codes.NotThere, Message: "the server does not show it"},
				p.Describe(one))
		case member == nil && !g.debt:
			err = g.addSlot(ctx, p, one)
		case member != nil:
			id := member["ObjectId"]
			if p.Named {
				id = one[p.Key]
			}
			err = g.putBack(ctx, p, id, member, one)
		}
		if err != nil {
			return err
		}
	}
	if g.debt || p.Named {
		return nil
	}
	present, err := g.Members(ctx, p)
	if err != nil {
		return err
	}
	for _, member := range present {
		ours := slices.ContainsFunc(matched, func(one cupi.Object) bool { return maps.Equal(one, member) })
		if !ours && !model.Same("Undeletable", member["Undeletable"], "true") {
			if err := g.takeAway(ctx, p, member); err != nil {
				return err
			}
		}
	}
	return nil
}

// addSlot adds a member that the user lacks.
func (g *giving) addSlot(ctx context.Context, p send.Part, was cupi.Object) error {
	fields, _, err := g.idsNow(ctx, model.Only(was, p.Restores...))
	if err != nil {
		return err
	}
	maps.DeleteFunc(fields, func(_, value string) bool { return value == "" })
	id, err := g.attemptFor(ctx, p.Describe(was), p.Adding(fields))
	if id != "" {
		g.all.replaced(was["ObjectId"], id)
	}
	return err
}

// giveBackSet adds the members that are missing and takes away those that there were not.
func (g *giving) giveBackSet(ctx context.Context, p send.Part, was []cupi.Object) error {
	present, err := g.Members(ctx, p)
	if err != nil {
		return err
	}
	kept := make([]bool, len(present))
	for _, one := range was {
		if g.debt && !g.namesUser(one) {
			continue
		}
		fields, awaits, err := g.idsNow(ctx, model.Only(one, p.Restores...))
		if err != nil {
			return err
		}
		maps.DeleteFunc(fields, func(_, value string) bool { return value == "" })
		i := slices.IndexFunc(present, func(member cupi.Object) bool { return model.Agrees(member, fields) })
		switch {
		case i >= 0:
			kept[i] = true
		case len(awaits) == 0:
			if p.Of != "" {
				fields[p.Of] = g.ObjectID
			}
			if err := g.attempt(ctx, p.Describe(one), p.Adding(fields)); err != nil {
				return err
			}
		}
	}
	for i, member := range present {
		if !kept[i] && !g.debt {
			if err := g.takeAway(ctx, p, member); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeAway removes what the template has given. After a start that ended it can be somebody else's, and stays.
func (g *giving) takeAway(ctx context.Context, p send.Part, member cupi.Object) error {
	switch {
	case g.all.gaveBack(member["ObjectId"]):
		return nil
	case !g.all.justMade(g.ObjectID):
		g.notes = append(g.notes, p.Describe(member)+" was not the user's and stays: the template or somebody gave it")
		return nil
	}
	return g.attempt(ctx, p.Describe(member), p.Deleting(member))
}
