package plan

import (
	"context"
	"errors"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// Users to whom something refers are not deleted: a server refuses that without a word of
// what refers to them, or deletes them and leaves a greeting or a key that leads nowhere. Where
// the row names a successor, what can be changed refers to the successor first.

// learnReferences asks what refers to users who are to be deleted: one list of all users', or one
// for each of these, whichever is fewer. A server that does not tell is told of, and its rows go on.
func (d *knownReferences) learnReferences(ctx context.Context, session *send.Session, leavers []string) error {
	told, whole, err := d.toldReferences(ctx, session, leavers)
	var refusal *send.Failure
	if errors.As(err, &refusal) {
		d.noteUnchecked("what refers to the users that are deleted: " + refusal.Untold() +
			", and may refuse to delete a user to whom something does")
		told, whole, err = nil, true, nil
	}
	d.learn(leavers, told, whole)
	if err == nil && d.tenant != nil {
		err = d.learnWhose(ctx, session, leavers)
	}
	return err
}

// learnWhose finds out which of the references are of what is not the tenant's: nothing of that is changed.
func (d *knownReferences) learnWhose(ctx context.Context, session *send.Session, leavers []string) error {
	d.others = map[Reference]bool{}
	for _, id := range leavers {
		for _, r := range d.to[model.Fold(id)] {
			if _, known := d.others[r]; known || !r.Movable() {
				continue
			}
			its, err := d.isIts(ctx, session, r)
			if err != nil {
				return err
			}
			d.others[r] = !its
		}
	}
	return nil
}

// isIts reports whether what refers to a user is the tenant's, by the id that the server tells or else by the name: the id
// may be that of a part.
func (d *knownReferences) isIts(ctx context.Context, session *send.Session, r Reference) (bool, error) {
	e := &send.Requester{Session: session, Optional: true}
	defer d.paid(e)
	answer, told, err := e.ReadIfSupported(ctx, cupi.Get(r.Owner, r.ID))
	if err != nil || told {
		return told && d.tenant.Has(r.Owner, answer.Object), err
	}
	about := r.Holders()
	for _, column := range slices.Compact([]string{about.NameField, "DisplayName"}) {
		hits, _, err := e.LookUp(ctx, about, column, model.Lower(r.Name), false)
		var refusal *send.Failure
		if len(hits) > 0 || err != nil && !errors.As(err, &refusal) {
			return len(hits) > 0, err
		}
	}
	return false, nil
}

// toldReferences are what the server tells; whole says that they are those of all users.
func (d *knownReferences) toldReferences(ctx context.Context, session *send.Session, leavers []string) (told []cupi.Object,
	whole bool, err error) {
	if len(leavers) > 1 {
		told, err := d.pagesUpTo(ctx, session, cupi.SubscriberDependencies, cupi.Query{}, 1+len(leavers))
		if !errors.Is(err, send.ErrManyPages) {
			return told, true, err
		}
	}
	for _, id := range leavers {
		more, err := d.pages(ctx, session, cupi.SubscriberDependenciesOf(id), cupi.Query{})
		if err != nil {
			return nil, false, err
		}
		told = append(told, more...)
	}
	return told, false, nil
}

// resolveReferences finds out what is to refer to somebody else before a row's user is deleted, or
// that the user can't be. What the user's own refers to goes with the user.
func (w *State) resolveReferences(p *Plan) {
	if p.Record.ReassignTo != "" {
		p.Successor, p.End = w.successor(*p)
	}
	if p.End.Status != "" {
		return
	}
	var left []string
	for _, r := range w.snapshot.references.to[model.Fold(p.Target["ObjectId"])] {
		switch {
		case r.ID != "" && (model.Same("ObjectId", r.ID, p.Target["ObjectId"]) ||
			model.Same("ObjectId", r.ID, p.Target["CallHandlerObjectId"])):
		case w.goesBefore(p, r):
		case r.Movable() && p.Successor != nil && !w.snapshot.references.others[r]:
			p.References = append(p.References, r)
		case !r.goes:
			left = append(left, r.Describe())
		}
	}
	switch {
	case len(left) > 0 && !p.begun && p.Successor == nil:
		p.End = Invalid(codes.Referenced, "the server has what refers to this user: %s; name a successor with "+
			"--reassign-to or in a column ReassignTo, let it refer to somebody else in Cisco Unity Connection "+
			"Administration, or take the row out", strings.Join(left, "; "))
	case len(left) > 0 && !p.begun:
		p.End = Invalid(codes.Referenced, "the server has what refers to this user and is not handed over: %s; let it "+
			"refer to somebody else in Cisco Unity Connection Administration, or take the row out", strings.Join(left, "; "))
	case p.Successor != nil:
		var steps []model.Step
		if len(p.References) > 0 {
			steps = append(steps, p.About.References.Step(nil))
		}
		if w.checked.Options.PreImage != send.PreImageUser { // else nobody reads who is in which list
			steps = append(steps, p.About.SuccessorLists.Step(nil))
		}
		p.Steps = append(steps, p.Steps...)
	}
}

// successor is the user whom a row names to take over, or why that can't be.
func (w *State) successor(p Plan) (cupi.Object, verdict) {
	alias := p.Record.ReassignTo
	users := w.snapshot.find(p.About.Collection.NameField, alias)
	if before, changed := w.snapshot.renamedTo(p.About.Collection.Name, alias); changed {
		if users = nil; before != nil {
			users = []cupi.Object{before}
		}
	}
	switch {
	case len(users) == 0:
		return nil, Invalid(codes.UnknownSuccessor, "no user%s has the alias %q, so nothing can be handed over to one: "+
			"name somebody who is there before the run", p.within, alias).about("ReassignTo")
	case len(users) > 1:
		return nil, Invalid(codes.UnknownSuccessor, "%d users have the alias %q: name one", len(users), alias).about("ReassignTo")
	case model.Same("ObjectId", users[0]["ObjectId"], p.Target["ObjectId"]):
		return nil, Invalid(codes.OwnSuccessor, "%q is the user whom the row deletes: name somebody else, or leave "+
			"ReassignTo empty", alias).about("ReassignTo")
	case users[0]["CallHandlerObjectId"] == "":
		return nil, Invalid(codes.UnknownSuccessor, "the server shows no call handler of %q, to which calls could go",
			alias).about("ReassignTo")
	}
	return users[0], verdict{}
}

// goesBefore reports whether what refers to a row's user is somebody's whom another row deletes: it
// goes with that user, so that row comes first.
func (w *State) goesBefore(p *Plan, r Reference) bool {
	row, leaves := w.departures.rows[model.Fold(r.ID)]
	_, settled := w.checked.Verdicts[row]
	if !leaves || settled || row == p.Row || w.departures.circles[p.Row] {
		return false
	}
	if !slices.Contains(p.goAfter, row) {
		p.goAfter = append(p.goAfter, row)
	}
	return true
}
