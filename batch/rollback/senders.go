package rollback

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// giveBackSenders makes who was made again the recipient of what sent messages to the one that the run deleted. What has
// another recipient by now keeps that one, unless the run saw that the server chose it when it deleted the one: else
// somebody did.
func (r *recreation) giveBackSenders(ctx context.Context, kind *model.StepKind) error {
	for _, sender := range r.deleted.Also[kind.Name] {
		if err := r.unlessMissing(r.giveBackSender(ctx, kind, sender["URI"]), kind.Describe(sender)); err != nil {
			return err
		}
	}
	return nil
}

func (r *recreation) giveBackSender(ctx context.Context, kind *model.StepKind, path string) error {
	present, found, err := r.Find(ctx, kind, path)
	if err == nil && !found {
		err = &send.Failure{Status: record.Failed, Code: codes.TargetGone, Message: "it is no longer there"}
	}
	if err == nil {
		err = r.unlessTaken(ctx, kind, path, present)
	}
	if err != nil || model.Same(kind.Of, present[kind.Of], r.id) {
		return err
	}
	_, err = r.make(ctx, send.Change{Step: kind.Name, User: r.id, Request: kind.Put(path, cupi.Object{kind.Of: r.id}),
		Before: model.Only(present, slices.Collect(maps.Keys(kind.Recipients))...),
		Still:  func(ctx context.Context, now cupi.Object) error { return r.unlessTaken(ctx, kind, path, now) }})
	return err
}

// keepRecipient fails with the status kept when something sends its messages to one that the run created.
func (u *undoing) keepRecipient(ctx context.Context, about *model.Object, id string) error {
	if about.Senders == nil {
		return nil
	}
	known, err := u.all.senders.Read(ctx, &send.Requester{Session: u.Session, Optional: true, Beyond: true}, about.Senders)
	if err != nil {
		return err
	}
	for _, sender := range known.To(id) {
		return &send.Failure{Status: record.Kept, Code: codes.ChangedSince, Message: fmt.Sprintf(
			"the %s gets %s since the run, so it is kept; --force deletes it all the same", about.One(), about.Senders.Describe(sender))}
	}
	for _, one := range known.Untold {
		u.noteOnce(fmt.Sprintf("not checked: which %s send messages to the %s: the server does not show it", one, about.One()))
	}
	return nil
}

// unlessTaken fails where a sender of messages has a recipient that is there, and not the one that was made again.
func (r *recreation) unlessTaken(ctx context.Context, kind *model.StepKind, path string, present cupi.Object) error {
	given := cupi.Object{} // by the server, when the run deleted the one
	for _, sender := range r.row.Recipients {
		if sender["URI"] == path {
			given = sender
		}
	}
	for _, field := range slices.Sorted(maps.Keys(kind.Recipients)) {
		id, of := present[field], kind.Recipients[field]
		if id == "" || strings.EqualFold(id, r.gone) || strings.EqualFold(id, r.id) || strings.EqualFold(id, given[field]) {
			continue
		}
		answer, found, err := r.Read(ctx, cupi.Get(of, id))
		var refusal *send.Failure
		if err != nil && !errors.As(err, &refusal) {
			return err
		}
		if !found && err == nil { // it is gone too
			continue
		}
		name := id
		if answer.Object[of.NameField] != "" {
			name = answer.Object[of.NameField]
		}
		return &send.Failure{Status: record.Kept, Code: codes.ChangedSince,
			Message: fmt.Sprintf("they go to %q by now, by %s, which stays", name, field)}
	}
	return nil
}
