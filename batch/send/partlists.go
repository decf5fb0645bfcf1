package send

import (
	"context"
	"errors"
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

// PartNeed is what a command needs of the parts of a kind.
type PartNeed struct {
	Kind   *model.StepKind
	Asks   int      // the requests that the list takes the place of
	Least  int      // parts of the kind that the server has at least
	Fields []string // of the parts, that must be known

	proven bool // the list shows each of them, where a part has it
}

// fewAsks are so few requests that there is nothing to choose: how many pages a list has, only its
// first one tells.
const fewAsks = 2

// pays reports whether a list of so many pages costs less than what it takes the place of.
func (n PartNeed) pays(pages int) bool { return pages < n.Asks }

// worthTrying reports whether the first page of the list is asked for, which tells how many there are.
func (n PartNeed) worthTrying() bool {
	return n.pays((n.Least + ListingRows - 1) / ListingRows)
}

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

// partList is one reading of a list.
type partList struct {
	need    PartNeed
	number  int                      // how often it was read before
	taken   time.Time                // before its first page was asked for
	pages   int                      // requests that it took
	asked   int                      // how often it has told of a part
	shows   map[string]bool          // fields that some part shows
	parts   map[string][]cupi.Object // by folded id of whom they belong to
	memory  int64                    // that they take
	fullest []cupi.Object            // the parts that show most fields, with all of them
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

// readPartList reads a list, and again where it moves meanwhile; nil, if it does not pay, or the
// server does not show it whole.
func (e *Requester) readPartList(ctx context.Context, need PartNeed) (*partList, error) {
	sent, list := e.Requests, &partList{need: need, taken: time.Now()}
	items, told, err := e.pages(ctx, need.Kind.In(""), cupi.Query{}, need.pays, func(item cupi.Object) cupi.Object {
		list.keepFullest(item)
		return need.Kept(item)
	})
	list.pages = e.Requests - sent
	var refusal *Failure
	if errors.As(err, &refusal) || errors.Is(err, ErrManyPages) || err == nil && !told {
		return nil, nil
	}
	if err != nil || !list.take(e.Session, items) {
		return nil, err
	}
	return list, nil
}

// Kept is what is kept of a part that a list shows.
func (n PartNeed) Kept(part cupi.Object) cupi.Object {
	return model.Only(part, slices.Concat(n.Fields, []string{n.Kind.OwnerField(), "ObjectId"})...)
}

// Take keeps a list that was read whole for another reason, by so many requests since it was taken.
func (l *PartLists) Take(session *Session, need PartNeed, items []cupi.Object, taken time.Time, pages int) {
	list := &partList{need: need, taken: taken, pages: pages}
	if list.take(session, items) {
		l.Choices = append(l.Choices, ListChoice{need.Kind.Name, need.Asks, pages})
		l.keep(list)
	}
}

// take keeps the parts that the list shows, unless they are too many, or it does not say whose they are.
func (p *partList) take(session *Session, items []cupi.Object) bool {
	owner := p.need.Kind.OwnerField()
	p.shows, p.parts, p.memory = map[string]bool{}, map[string][]cupi.Object{}, MemoryOf(items)
	for _, item := range items {
		for name := range item {
			p.shows[name] = true
		}
		p.parts[model.Fold(item[owner])] = append(p.parts[model.Fold(item[owner])], item)
	}
	if len(items) > 0 && !p.shows[owner] {
		return false
	}
	if p.need.proven {
		p.showNeeded()
	}
	if session.Held.Add(p.memory) > maxListMemory {
		session.Held.Add(-p.memory)
		return false
	}
	return true
}

// mostFullest is how many parts are kept with all their fields.
const mostFullest = 2

func (p *partList) keepFullest(item cupi.Object) {
	if model.Holds(p.fullest, item["ObjectId"]) {
		return
	}
	p.fullest = append(p.fullest, item)
	slices.SortStableFunc(p.fullest, func(a, b cupi.Object) int { return len(b) - len(a) })
	p.fullest = p.fullest[:min(len(p.fullest), mostFullest)]
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

// paid reports whether the list has told more, before it was too old, than it took to read it: then
// it is read again. One that was not asked yet, because the rows wait, is as it was at first.
func (p *partList) paid() bool {
	asks := p.asked
	if asks == 0 {
		asks = p.need.Asks
	}
	return PartNeed{Asks: asks}.pays(p.pages)
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
	if list == nil || !slices.ContainsFunc(list.need.Fields, func(name string) bool { return !list.shows[name] }) || len(list.fullest) == 0 {
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

// showNeeded notes that the list shows what is needed, also where no part has it.
func (p *partList) showNeeded() {
	for _, name := range p.need.Fields {
		p.shows[name] = true
	}
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
