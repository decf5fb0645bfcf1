package send

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"time"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// What sends its messages to a list or to a contact, a call handler above all, names that one in a field of its own. No
// documented query finds it by that, so all that can are read, once for a whole run.

// fewPages is how many pages of a list are read with what belongs to users.
const fewPages = 10

// Senders are what sends messages to those of whom a run deletes some. Workers share them. The zero value knows none.
type Senders struct {
	first sync.Once
	begun time.Time
	reads SharedReads[time.Duration, *Addressed]
}

// Addressed is what sends messages to whom, as it was when it was read.
type Addressed struct {
	to     map[string][]cupi.Object // by folded ObjectId
	Untold []string                 // what can, and the server does not show it, or not with its recipients
	Left   []string                 // what can, and belongs to users, and was left out because the server has so many
}

// To are the senders of messages to one: each with its path, its name, and the recipient that it has.
func (a *Addressed) To(id string) []cupi.Object {
	return append([]cupi.Object{}, a.to[model.Fold(id)]...)
}

// Read gives them as the server showed them a quarter of an hour ago at most.
func (s *Senders) Read(ctx context.Context, e *Requester, kind *model.StepKind) (*Addressed, error) {
	s.first.Do(func() { s.begun = time.Now() })
	return s.reads.Get(ctx, time.Since(s.begun)/FreshFor, func() (*Addressed, error) { return e.addressed(ctx, kind) })
}

// addressed reads them. Whosever they are: the one whom a run deletes leaves them all.
func (e *Requester) addressed(ctx context.Context, kind *model.StepKind) (*Addressed, error) {
	all := &Addressed{to: map[string][]cupi.Object{}}
	for _, sender := range kind.Senders {
		found, left, told, err := e.sendersIn(ctx, kind, sender)
		switch {
		case err != nil:
			return nil, err
		case !told:
			all.Untold = append(all.Untold, sender.One+"s")
		case left:
			all.Left = append(all.Left, sender.One+"s")
		}
		for _, one := range found {
			to := model.Fold(one[kind.Of])
			all.to[to] = append(all.to[to], one)
		}
	}
	return all, nil
}

// sendersIn reads those of one list: where that is long, without those of users, left says, unless all is to be recorded.
func (e *Requester) sendersIn(ctx context.Context, kind *model.StepKind, sender model.Sender) (
	found []cupi.Object, left, told bool, err error) {
	shown, shows := 0, false
	kept := func(item cupi.Object) cupi.Object {
		recipient := kind.Recipient(item)
		shown, shows = shown+1, shows || len(recipient) > 0
		if item[kind.Of] == "" {
			return nil
		}
		recipient["URI"] = cupi.Get(sender.Collection, item["ObjectId"]).Path
		recipient["ObjectId"], recipient["DisplayName"] = item["ObjectId"], item["DisplayName"]
		return recipient
	}
	most := fewPages
	if sender.Own.Column == "" || e.PreImage == PreImageFull {
		most = math.MaxInt
	}
	there := false
	found, there, err = e.pages(ctx, sender.Collection, cupi.Query{}, atMost(most), kept)
	var refusal *Failure
	if errors.Is(err, ErrManyPages) {
		left = true
		found, there, err = e.pages(ctx, sender.Collection, sender.Own, atMost(math.MaxInt), kept)
		if errors.As(err, &refusal) || err == nil && shown == 0 { // it answers no such query
			left = false
			found, there, err = e.pages(ctx, sender.Collection, cupi.Query{}, atMost(math.MaxInt), kept)
		}
	}
	if errors.As(err, &refusal) {
		return nil, false, false, nil
	}
	found = slices.DeleteFunc(found, func(one cupi.Object) bool { return one == nil })
	return found, left, !there || shows || shown == 0, err
}
