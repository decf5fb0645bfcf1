package send

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// Some lists show what all users have of a kind of part. One is read in pages where that costs less
// than to ask for each part that is needed. What it shows was so when it was read, and so it only
// tells that nothing is to be done: before a part is written, it is read itself.

// FreshFor is how long what a list showed may stand for what is there.
const FreshFor = 15 * time.Minute

// ListChoice tells how the parts of a kind are read.
type ListChoice struct {
	Kind  string `json:"kind"`            // of the steps that need them
	Asks  int    `json:"asks"`            // the requests that it takes to ask for each
	Pages int    `json:"pages,omitempty"` // the requests that the list took in their place; 0: each is asked for
}

// PartLists are the lists of everybody's parts that a command has read. Workers share them. The
// zero value knows none.
type PartLists struct {
	Choices []ListChoice // of what was needed, in the order of the kinds

	mutex   sync.Mutex
	lists   map[string]*partList // by kind
	changed map[string]bool      // of whose parts this run changed: see changedKey
	reads   SharedReads[listReading, struct{}]
}

// Take keeps a list that was read whole for another reason, by so many requests since it was taken.
func (l *PartLists) Take(session *Session, need PartNeed, items []cupi.Object, taken time.Time, pages int) {
	list := &partList{need: need, taken: taken, pages: pages}
	if list.take(session, items) {
		l.Choices = append(l.Choices, ListChoice{need.Kind.Name, need.Asks, pages})
		l.keep(list)
	}
}

// listReading is one reading of a kind's list.
type listReading struct {
	kind   string
	number int
}

// Learn reads the lists that cost less than what they take the place of. What a server does not
// show, or not whole, is asked for singly.
func (l *PartLists) Learn(ctx context.Context, e *Requester, needs []PartNeed) error {
	for _, need := range needs {
		if need.Asks <= fewAsks {
			continue
		}
		choice := ListChoice{Kind: need.Kind.Name, Asks: need.Asks}
		if need.worthTrying() {
			list, err := e.readPartList(ctx, need)
			if err != nil {
				return err
			}
			if list != nil {
				choice.Pages = list.pages
				l.keep(list)
			}
		}
		l.Choices = append(l.Choices, choice)
	}
	return nil
}

func (l *PartLists) keep(list *partList) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.lists == nil {
		l.lists = map[string]*partList{}
	}
	l.lists[list.need.Kind.Name] = list
}

// Of gives what a list shows of one owner's parts of a kind. known is false where they must be asked
// for: no list was read, or it does not show the fields, or is too old to read again for what it
// spares, or this run has changed them.
func (l *PartLists) Of(ctx context.Context, session *Session, p Part, fields []string) (parts []cupi.Object, known bool, err error) {
	for {
		parts, known, stale := l.look(p, fields)
		if stale == nil {
			l.count(p.StepKind, known)
			return parts, known, nil
		}
		_, err := l.reads.Get(ctx, listReading{p.Name, stale.number},
			func() (struct{}, error) { return struct{}{}, l.renew(ctx, session, stale) })
		if err != nil {
			return nil, false, err
		}
	}
}

// count notes that a list told of a part.
func (l *PartLists) count(kind *model.StepKind, told bool) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if list := l.lists[kind.Name]; told && list != nil {
		list.asked++
	}
}

// look gives what a list shows, or the list that is to be read again before.
func (l *PartLists) look(p Part, fields []string) (parts []cupi.Object, known bool, stale *partList) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	list := l.lists[p.StepKind.Name]
	if list == nil || l.changed[changedKey(p.StepKind, p.Owner())] {
		return nil, false, nil
	}
	if len(list.parts) > 0 && slices.ContainsFunc(fields, func(name string) bool { return !list.shows[name] }) {
		return nil, false, nil
	}
	if time.Since(list.taken) > FreshFor {
		if list.paid() {
			return nil, false, list
		}
		return nil, false, nil
	}
	parts = list.parts[model.Fold(p.Owner())]
	return parts, len(parts) > 0 || p.Shape != model.Single, nil
}

// Shows reports whether a list that is young shows a part as a step wants it.
func (l *PartLists) Shows(p Part, wanted cupi.Object) bool {
	parts, known, _ := l.look(p, slices.Collect(maps.Keys(wanted)))
	return known && p.AsWanted(parts, wanted)
}

// renew reads a list again. One that is not shown any more is asked for no more.
func (l *PartLists) renew(ctx context.Context, session *Session, old *partList) error {
	list, err := (&Requester{Session: session, Optional: true}).readPartList(ctx, old.need)
	if err != nil {
		return err
	}
	session.Held.Add(-old.memory)
	if list != nil {
		list.number = old.number + 1
		l.keep(list)
		return nil
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	delete(l.lists, old.need.Kind.Name)
	return nil
}

// All gives all parts of a kind, if its list was read.
func (l *PartLists) All(kind *model.StepKind) (parts []cupi.Object, known bool) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	list := l.lists[kind.Name]
	if list == nil {
		return nil, false
	}
	for _, some := range list.parts {
		parts = append(parts, some...)
	}
	return parts, true
}

// Change notes that this run is about to change what a list may have shown of a user.
func (l *PartLists) Change(c Change, userID string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	changed := model.KindOf(c.Step)
	for _, list := range l.lists {
		kind, owner := list.need.Kind, userID
		id, below := strings.CutPrefix(c.Request.Path, kind.In("").Path+"/")
		switch {
		case below && kind.Shape == model.Single: // whosever it is
			owner, _, _ = strings.Cut(id, "/")
		case kind != changed && !changed.Alters(kind):
			continue
		}
		if l.changed == nil {
			l.changed = map[string]bool{}
		}
		l.changed[changedKey(kind, owner)] = true
	}
}

// changedKey stands for the parts of a kind that somebody has.
func changedKey(kind *model.StepKind, owner string) string {
	return kind.Name + " " + model.Fold(owner)
}

// Prove sees whether a list tells all of its parts, where no part shows some field that is needed:
// it does if a few of them show nothing more when they are read themselves.
func (l *PartLists) Prove(ctx context.Context, e *Requester, kind *model.StepKind) error {
	list := l.lists[kind.Name]
	if list == nil || !slices.ContainsFunc(list.need.Fields, func(name string) bool { return !list.shows[name] }) ||
		len(list.fullest) == 0 {
		return nil
	}
	for _, shown := range list.fullest {
		answer, told, err := e.ReadIfSupported(ctx, cupi.Get(kind.In(""), shown["ObjectId"]))
		if err != nil || !told {
			return err
		}
		for name, value := range answer.Object {
			if _, is := shown[name]; !is && value != "" {
				return nil
			}
		}
	}
	list.need.proven = true
	list.showNeeded()
	return nil
}

// AsWanted reports whether parts, as a list shows them, are what a step wants.
func (p Part) AsWanted(parts []cupi.Object, wanted cupi.Object) bool {
	if p.Shape == model.Single {
		return len(parts) == 1 && len(model.Differences(parts[0], wanted)) == 0
	}
	items := p.Items(wanted)
	for _, item := range items {
		if !slices.ContainsFunc(parts, func(part cupi.Object) bool { return model.Agrees(part, item) }) {
			return false
		}
	}
	return !slices.ContainsFunc(parts, func(part cupi.Object) bool {
		return !slices.ContainsFunc(items, func(item cupi.Object) bool { return model.Agrees(part, item) })
	})
}
