package batch

import (
	"context"
	"errors"
	"slices"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// What sends messages to one that a row deletes is read right before, so that the pre-image is what was there, and right
// after: what the server does with the recipient is not documented, and a rollback must know it from what somebody else did.

// sendersNow are those that a list shows, as far as they still send their messages there.
func (s *rowSteps) sendersNow(ctx context.Context) ([]cupi.Object, error) {
	listed, untold, err := s.knowledge.sendersTo(ctx, s.ObjectID)
	for _, what := range untold {
		s.unread = append(s.unread, "which "+what+" send messages to it")
	}
	now := []cupi.Object{}
	for _, one := range listed {
		object, found, problem := s.sender(ctx, one)
		if problem != nil {
			return nil, problem
		}
		if s.foretells || found && model.Same("ObjectId", object[s.About.Senders.Of], s.ObjectID) {
			now = append(now, one)
		}
	}
	return now, err
}

// sender reads one again. Where the server does not show it, the list is believed.
func (s *rowSteps) sender(ctx context.Context, listed cupi.Object) (cupi.Object, bool, error) {
	p := send.PartOf(s.About.Senders, s.About.Senders.Name, listed["ObjectId"])
	if of, is := s.About.Senders.SenderAt(listed["URI"]); is {
		p.Collection = of.Collection
	}
	object, found, err := s.Reader.Single(ctx, p)
	var refusal *send.Failure
	if errors.As(err, &refusal) {
		return listed, true, nil
	}
	return object, found, err
}

// soonAfter is how long after a row's delete what is read is the server's doing.
const soonAfter = 30 * time.Second

// seeSenders notes which recipient the server gave to what sent messages to the one that the row has just deleted.
func (r *rowRunner) seeSenders(ctx context.Context) error {
	kind, last := r.About.Senders, len(r.past.Made)-1
	if kind == nil || last < 0 || !r.past.Made[last].Deletes() || time.Since(r.SentAt) > soonAfter {
		return nil
	}
	for _, one := range r.past.Made[last].Intent.Also[kind.Name] {
		object, found, err := r.sender(ctx, one)
		if err != nil {
			return err
		}
		recipient := kind.Recipient(object)
		if found && len(recipient) > 0 && !model.Same("ObjectId", object[kind.Of], r.ObjectID) {
			recipient["URI"] = one["URI"]
			r.recipients = append(slices.Clip(r.recipients), recipient)
		}
	}
	return nil
}
