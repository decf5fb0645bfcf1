package roster

import (
	"context"
	"fmt"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/pool"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// people are the users of a server, with what matters here.
type people struct {
	*plan.Snapshot
	seen    *plan.Seen
	session *send.Session
	account string
	all     []cupi.Object
	within  map[string]bool // folded ObjectIds of those within the scope
	unsure  bool            // whether they are, only their own reading proves
}

// fieldsKept are those that are kept of everybody, beside what the scope is about.
var fieldsKept = []string{"ObjectId", "Alias", "DtmfAccessId", "EmployeeId", "EmailAddress", "FirstName", "LastName",
	"DisplayName", "ListInDirectory"}

// meet signs in, and reads everybody.
func meet(ctx context.Context, server send.Server, about *model.Object, scope *Scope, options record.Options) (*people, error) {
	session := send.NewSession(server, options)
	asking := &send.Requester{Session: session}
	snapshot, first, err := plan.Identify(ctx, asking, about, server.URL)
	if err != nil {
		return nil, err
	}
	if err := server.Identified(ctx, asking, snapshot.Identity); err != nil {
		return nil, err
	}
	p := &people{Snapshot: snapshot, session: session, account: server.Account, within: map[string]bool{},
		seen: plan.NewSeen(snapshot, first)}
	if name := scope.collection(); name != "" {
		if err := snapshot.ReadNames(ctx, session, []string{name}); err != nil {
			return nil, err
		}
		if err := scope.means(snapshot.Lists.ByID(name)); err != nil {
			return nil, unknownScope(err)
		}
	}
	kept, shown := append(slices.Clone(fieldsKept), scope.name), false
	err = p.list(ctx, cupi.Query{}, &first, p.seen.Keep, func(user cupi.Object) {
		_, shows := user[scope.name]
		shown = shown || shows
		if p.all = append(p.all, model.Only(user, kept...)); !scope.asksServer() && scope.holds(user) {
			p.within[model.Fold(user["ObjectId"])] = true
		}
	})
	if err != nil {
		return nil, err
	}
	if scope.op == cupi.IsNull && !scope.asksServer() && !shown {
		return nil, unknownScope(fmt.Errorf("the server's listing shows no %s of anybody, so it does not tell of whom it is empty",
			scope.name))
	}
	if scope.asksServer() {
		err = p.ask(ctx, scope)
	}
	return p, err
}

func unknownScope(err error) error {
	return &record.Stop{Exit: record.ExitFailed, Code: codes.Scope, Reason: "nobody knows who is within --scope, so nothing was sent",
		Err: err}
}

// ask asks who is within a scope of which the listing does not tell. A server that passes over the
// query gives everybody: that each of them is, is proven before it matters.
func (p *people) ask(ctx context.Context, scope *Scope) error {
	p.unsure = true
	return p.list(ctx, scope.query(), nil, func(int, cupi.Answer) {},
		func(user cupi.Object) { p.within[model.Fold(user["ObjectId"])] = true })
}

// list reads a list of users whole, however often that takes. first is its first page, if that was read;
// keep gets each page, from any goroutine.
func (p *people) list(ctx context.Context, query cupi.Query, first *cupi.Answer, keep func(int, cupi.Answer),
	visit func(cupi.Object)) error {
	page := func(number int) (cupi.Answer, error) {
		answer, found, err := (&send.Requester{Session: p.session}).Read(ctx,
			p.session.List(p.About.Collection, query, number, send.ListingRows))
		if err == nil && !found {
			err = &record.Stop{Exit: record.ExitFailed, Code: codes.NotCUPI, Reason: "the server knows no " + p.About.Collection.Path}
		}
		if err == nil {
			keep(number, answer)
		}
		return answer, err
	}
	var before *send.Reading
	seen := map[string]bool{}
	for range send.MaxReadings {
		if first == nil {
			answer, err := page(1)
			if err != nil {
				return err
			}
			first = &answer
		}
		now := &send.Reading{IdField: p.About.Collection.IDField}
		err := now.ReadPages(*first, p.session.Workers, page, func(_ int, fresh []cupi.Object) error {
			for _, user := range p.session.Tenant.Its(p.About.Collection, fresh) {
				if id := send.Identifier(user, p.About.Collection.IDField); !seen[id] {
					seen[id] = true
					visit(user)
				}
			}
			return nil
		})
		if err != nil || len(first.Page.Items) >= first.Page.Total || now.Proven(before) {
			return err
		}
		before, first = now, nil
	}
	return &record.Stop{Exit: record.ExitFailed, Code: codes.ListingIncomplete,
		Reason: fmt.Sprintf("the %s can't be listed whole: %s; nothing was changed. Type the command again", p.About.Many(), before.Why())}
}

// prove reads those whole of whom the listing does not tell all that matters, and leaves out who is not
// within the scope or can't be deleted.
func (p *people) prove(ctx context.Context, scope *Scope, missing []cupi.Object, undeletable bool) ([]cupi.Object, error) {
	var proven []cupi.Object
	for some := range slices.Chunk(missing, p.session.Workers) {
		whole, err := pool.AllAtOnce(p.session.Workers, some, func(user cupi.Object) (cupi.Object, error) {
			user, _, err := (&send.Requester{Session: p.session}).Whole(ctx, p.About, user["ObjectId"])
			return user, err
		})
		if err != nil {
			return nil, err
		}
		for i, user := range whole {
			switch {
			case user == nil: // gone meanwhile
			case p.unsure && !scope.holds(user):
				return nil, unknownScope(fmt.Errorf("the server was asked for the users with %s, and gave %s, who is not one of them",
					scope.query(), plan.Describe(user)))
			case undeletable && model.Same("Undeletable", user["Undeletable"], "true"):
			default:
				proven = append(proven, some[i])
			}
		}
	}
	return proven, nil
}
