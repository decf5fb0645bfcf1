package plan

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/pool"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// learnOwners finds out who some users are, to name them where they have what a row wants: those
// whom no row names are asked for, the first few of them. It reports whether it asked.
func (d *memberOwners) learnOwners(ctx context.Context, session *send.Session, known map[string][]cupi.Object,
	ids map[string]bool) (asked bool, err error) {
	if d.who == nil {
		d.who = map[string]cupi.Object{}
		for _, users := range known {
			for _, user := range users {
				d.who[user["ObjectId"]] = user
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		if _, known := d.who[id]; known || d.asked == conflictsNamed {
			continue
		}
		d.asked, asked = d.asked+1, true
		e := &send.Requester{Session: session, Optional: true}
		user, _, err := e.Whole(ctx, d.About, id)
		d.paid(e)
		var refusal *send.Failure
		if err != nil && !errors.As(err, &refusal) {
			return true, err
		}
		d.who[id] = user
	}
	return asked, nil
}

// learnMemberOwners asks who has the members that rows want: by the list, or by a query for each,
// whichever costs fewer requests. What the server does not tell is not in the way.
func (d *memberOwners) learnMemberOwners(ctx context.Context, session *send.Session, checked *Checked, needs *partNeeds,
	lists *send.PartLists) error {
	d.owner, d.owned = map[string]string{}, map[string][]string{}
	for _, name := range d.About.Kinds() {
		kind := model.KindOf(name)
		if kind.Unique == "" {
			continue
		}
		if members, known := lists.All(kind); known {
			d.keepMembers(members, &checked.RowIndex, kind)
			continue
		}
		err := d.readMembers(ctx, session, checked, needs.of(kind, 0), lists)
		var refusal *send.Failure
		if errors.As(err, &refusal) {
			d.noteUnchecked(fmt.Sprintf("whose the %s are: %s", kind.Many, refusal.Untold()))
		} else if err != nil {
			return err
		}
	}
	return nil
}

// readMembers reads those of one kind. A list tells rows what their own users have, too.
func (d *memberOwners) readMembers(ctx context.Context, session *send.Session, checked *Checked, need send.PartNeed,
	lists *send.PartLists) error {
	kind := need.Kind
	if len(checked.members) == 1 {
		if err := d.queryMembers(ctx, session, checked, kind); !errors.Is(err, errNotQueried) {
			return err
		}
	}
	collection, taken := kind.In(""), time.Now()
	e := &send.Requester{Session: session, Optional: true}
	first, found, err := e.Read(ctx, cupi.List(collection, cupi.Query{}, 1, send.ListingRows))
	d.paid(e)
	if err != nil {
		return err
	}
	if !found {
		d.noteUnchecked(fmt.Sprintf("whose the %s are: the server has no %s", kind.Many, collection.Path))
		return nil
	}
	d.keepMembers(first.Page.Items, &checked.RowIndex, kind)
	pages := send.PagesOf(first.Page)
	if pages-1 > len(checked.members)+need.Asks {
		if err := d.queryMembers(ctx, session, checked, kind); !errors.Is(err, errNotQueried) {
			return err
		}
	}
	var all []cupi.Object
	reading := &send.Reading{IdField: collection.IDField}
	err = reading.ReadPages(first, session.Workers, func(page int) (cupi.Answer, error) {
		return d.fetch(ctx, session, cupi.List(collection, cupi.Query{}, page, send.ListingRows))
	}, func(_ int, fresh []cupi.Object) error {
		d.keepMembers(fresh, &checked.RowIndex, kind)
		for i := 0; i < len(fresh) && need.Asks > 0; i++ {
			all = append(all, need.Kept(fresh[i]))
		}
		return nil
	})
	if err == nil && need.Asks > 0 && reading.Proven(nil) {
		lists.Take(session, need, all, taken, pages)
	}
	if err == nil && !reading.Proven(nil) {
		d.noteUnchecked(fmt.Sprintf("whose some of the %s are: %s", kind.Many, reading.Why()))
	}
	return err
}

// queryMembers asks for each that rows want.
func (d *memberOwners) queryMembers(ctx context.Context, session *send.Session, checked *Checked, kind *model.StepKind) error {
	var unread error
	asked := map[uint64]bool{}
	wanted := func(yield func(string) bool) {
		for record, err := range checked.DecodedRows() {
			if unread = err; err != nil {
				return
			}
			for _, value := range validate.SplitList(record.Steps[kind.Name][kind.Unique]) {
				hash := checked.hash("", memberKey(kind, value))
				if asked[hash] || !checked.members.has(hash) || d.hasOwner(memberKey(kind, value)) {
					continue
				}
				if asked[hash] = true; !yield(value) {
					return
				}
			}
		}
	}
	err := pool.AtOnce(session.Workers, wanted, func(value string) error {
		e := &send.Requester{Session: session}
		hits, strays, err := e.LookUp(ctx, kind.In(""), kind.Unique, model.Lower(value), false)
		d.paid(e)
		d.keepMembers(hits, &checked.RowIndex, kind)
		var refusal *send.Failure
		if errors.As(err, &refusal) || strays {
			return errNotQueried
		}
		return err
	})
	if unread != nil {
		return unread
	}
	return err
}
