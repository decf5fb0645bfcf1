package plan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/pool"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// readUsers fills the snapshot with the users that the input names: from the
// listing, or with one query for each, whichever costs fewer requests.
func (d *knownUsers) readUsers(ctx context.Context, session *send.Session, checked *Checked, first cupi.Answer) error {
	if checked.Seen == nil && send.PagesOf(first.Page)-1 > len(checked.Keys) && !checked.Options.Deep {
		d.keep(1, first.Page.Items, &checked.RowIndex)
		err := d.readQueries(ctx, session, checked, keysOf)
		if err == nil {
			err = d.readNearUsers(ctx, session, checked)
		}
		if !errors.Is(err, errNotQueried) {
			return err
		}
	}
	return d.readListing(ctx, session, checked, first)
}

// readListing reads the listing, several pages at once. Where it moves meanwhile, it is
// read again or each key that was not found is asked for, whichever costs fewer
// requests; and so where it did not seem to move, for those keys of whose users
// something would be said: that nobody is there. One page is one moment, and proves all.
func (d *knownUsers) readListing(ctx context.Context, session *send.Session, checked *Checked, first cupi.Answer) error {
	var before *send.Reading
	defer func() { checked.Seen = nil }()
	for number := 1; ; number++ {
		now := &send.Reading{IdField: d.About.Collection.IDField}
		err := now.ReadPages(first, session.Workers, func(page int) (cupi.Answer, error) {
			if answer, kept := checked.Seen.page(page); kept && number == 1 {
				return answer, nil
			}
			return d.fetch(ctx, session, session.List(d.About.Collection, cupi.Query{}, page, send.ListingRows))
		}, func(page int, fresh []cupi.Object) error { d.keep(page, fresh, &checked.RowIndex); return nil })
		if err != nil {
			return err
		}
		d.listed = now.Proven(before)
		if d.listed && (before != nil || len(first.Page.Items) >= first.Page.Total) {
			return nil
		}
		doubted, pages := keysOf, send.PagesOf(first.Page)
		if d.listed {
			doubted = saidToBeAbsent
		}
		missing, err := d.missing(checked, doubted, pages+1)
		if err != nil || d.listed && missing == 0 {
			return err
		}
		if missing <= pages || number == send.MaxReadings {
			if err := d.readQueries(ctx, session, checked, doubted); !errors.Is(err, errNotQueried) {
				return err
			}
		}
		if number == send.MaxReadings {
			return &record.Stop{Exit: record.ExitFailed, Code: codes.ListingIncomplete,
				Reason: fmt.Sprintf("the %s can't be listed whole: %s; nothing was changed. Type the command again",
					d.About.Many(), now.Why())}
		}
		before = now
		if first, err = d.fetch(ctx, session, session.List(d.About.Collection, cupi.Query{}, 1, send.ListingRows)); err != nil {
			return err
		}
	}
}

// readQueries asks for every key that was not found yet, of those that keys gives.
func (d *knownUsers) readQueries(ctx context.Context, session *send.Session, checked *Checked,
	keys func(*RowIndex, validate.Record) []model.UserKey) error {
	var unread error
	err := pool.AtOnce(session.Workers, d.unfound(checked, keys, &unread),
		func(key unfound) error { return d.query(ctx, session, checked, key) })
	return cmp.Or(unread, err)
}

// missing counts them, up to a number.
func (d *knownUsers) missing(checked *Checked, keys func(*RowIndex, validate.Record) []model.UserKey, most int) (n int, err error) {
	for range d.unfound(checked, keys, &err) {
		if n++; n == most {
			break
		}
	}
	return n, err
}

// unfound is a key by which nobody was found.
type unfound struct {
	model.UserKey
	said bool // it matters that nobody is: see saidToBeAbsent
}

// unfound gives the keys of rows by which nobody was found, each once. unread is the
// error of an input that could not be read.
func (d *knownUsers) unfound(checked *Checked, keys func(*RowIndex, validate.Record) []model.UserKey,
	unread *error) func(yield func(unfound) bool) {
	return func(yield func(unfound) bool) {
		asked := map[uint64]bool{}
		for record, err := range checked.DecodedRows() {
			if *unread = err; err != nil {
				return
			}
			if _, settled := checked.Verdicts[record.Row]; settled {
				continue
			}
			said := saidToBeAbsent(&checked.RowIndex, record)
			for _, key := range keys(&checked.RowIndex, record) {
				hash := checked.hash(key.Column, key.Value)
				if asked[hash] || len(d.find(key.Column, key.Value)) > 0 {
					continue
				}
				asked[hash] = true
				if !yield(unfound{key, record.Operation == validate.Upsert || slices.Contains(said, key)}) {
					return
				}
			}
		}
	}
}

// query asks for the users of a key.
func (d *knownUsers) query(ctx context.Context, session *send.Session, checked *Checked, key unfound) error {
	e := &send.Requester{Session: session}
	hits, strays, err := e.LookUp(ctx, d.About.Collection, key.Column, model.Lower(key.Value), key.said)
	d.paid(e)
	d.keep(0, hits, &checked.RowIndex)
	var refusal *send.Failure
	if errors.As(err, &refusal) || strays {
		return errNotQueried
	}
	if err != nil {
		return fmt.Errorf("the %s can't be read: %w", d.About.Many(), err)
	}
	return nil
}

// readNearUsers looks for users who are nearly called as rows say of which nobody is found, where
// users were asked for one by one: of each column it asks, once, for those with a zero in front.
func (d *knownUsers) readNearUsers(ctx context.Context, session *send.Session, checked *Checked) error {
	columns := map[string]bool{}
	var unread error
	for key := range d.unfound(checked, foundBy, &unread) {
		columns[key.Column] = columns[key.Column] || strings.HasPrefix(NearForm(key.Value), "#")
	}
	for _, column := range slices.Sorted(maps.Keys(columns)) {
		if !columns[column] {
			continue
		}
		query := cupi.Query{Column: column, Op: cupi.StartsWith, Value: "0"}
		answer, err := d.fetch(ctx, session, session.List(d.About.Collection, query, 1, send.ListingRows))
		var refusal *send.Failure
		switch {
		case errors.As(err, &refusal):
			d.noteUnchecked(fmt.Sprintf("whether somebody is called nearly as rows say that find nobody by %s: the "+
				"server does not answer %s", column, query))
			continue
		case err != nil:
			return err
		case send.PagesOf(answer.Page) > 1:
			d.noteUnchecked(fmt.Sprintf("whether somebody is called nearly as rows say that find nobody by %s, beyond "+
				"the first %d users with a zero in front", column, send.ListingRows))
		}
		d.keep(0, answer.Page.Items, &checked.RowIndex)
	}
	return unread
}

// foundBy is by what a row finds its user, if one is to be there, or may be.
func foundBy(_ *RowIndex, row validate.Record) []model.UserKey {
	if row.Operation.MakesUsers() || row.Key == validate.KeyPerson {
		return nil
	}
	return []model.UserKey{{Column: row.Key, Value: row.KeyValue}}
}
