package plan

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// inquiry is how the pre-flight asks the server about what rows are about: it counts what that
// costs, and notes what the server does not tell. All that a snapshot is made of shares it.
type inquiry struct {
	About      *model.Object
	tenant     *send.Tenant // of whom alone it knows; nil: of everything
	total      int          // of these on the server
	NotChecked []string     // what the server did not tell, for people

	mutex    sync.Mutex // of what several requests at a time fill in
	requests int        // what it cost
}

// Its gives those of some entries that are of the tenant to which the session is narrowed; without one, all.
func (d *inquiry) Its(c cupi.Collection, entries []cupi.Object) []cupi.Object {
	return d.tenant.Its(c, entries)
}

// paid counts what was asked by somebody.
func (d *inquiry) paid(e *send.Requester) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.requests += e.Requests
}

// noteUnchecked notes what can't be checked.
func (d *inquiry) noteUnchecked(what string) {
	if !slices.Contains(d.NotChecked, what) {
		d.NotChecked = append(d.NotChecked, what)
	}
}

func (d *inquiry) fetch(ctx context.Context, session *send.Session, request cupi.Request) (cupi.Answer, error) {
	e := &send.Requester{Session: session}
	answer, _, err := e.Read(ctx, request)
	if err != nil {
		return answer, fmt.Errorf("the %s can't be read: %w", d.About.Many(), err)
	}
	d.paid(e)
	return answer, nil
}

// pages reads a whole collection. One that the server does not have is a *failure.
func (d *inquiry) pages(ctx context.Context, session *send.Session, collection cupi.Collection, query cupi.Query) ([]cupi.Object, error) {
	return d.pagesUpTo(ctx, session, collection, query, math.MaxInt)
}

// pagesUpTo reads a collection that has at most so many pages; else the error is send.ErrManyPages.
func (d *inquiry) pagesUpTo(ctx context.Context, session *send.Session, collection cupi.Collection, query cupi.Query,
	most int) ([]cupi.Object, error) {
	e := &send.Requester{Session: session, Optional: true}
	defer d.paid(e)
	items, found, err := e.PagesUpTo(ctx, collection, query, most)
	if err == nil && !found {
		err = &send.Failure{Status: record.Failed, Code: codes.NoSuchList, Message: "the server has no " + collection.Path}
	}
	return items, err
}

// errNotQueried is returned when the server refuses a query by a column, or passes
// over it and gives other users.
var errNotQueried = errors.New("the server does not answer such queries")

// findFlagged visits the users that a query on a field finds which no listing shows. A
// server that refuses such a query, or passes over it and gives other users too, does
// not tell.
func (d *inquiry) findFlagged(ctx context.Context, session *send.Session, query cupi.Query, visit func(cupi.Object)) error {
	found, err := d.pages(ctx, session, d.About.Collection, query)
	found, told := d.tenant.Its(d.About.Collection, found), true // as what is counted of all
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
func (d *inquiry) answersQuery(ctx context.Context, session *send.Session, query cupi.Query, found []cupi.Object) (bool, error) {
	e := &send.Requester{Session: session, Optional: true}
	defer d.paid(e)
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
