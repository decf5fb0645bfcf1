package send

import (
	"context"
	"errors"
	"slices"
	"time"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

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

// paid reports whether the list has told more, before it was too old, than it took to read it: then
// it is read again. One that was not asked yet, because the rows wait, is as it was at first.
func (p *partList) paid() bool {
	asks := p.asked
	if asks == 0 {
		asks = p.need.Asks
	}
	return PartNeed{Asks: asks}.pays(p.pages)
}

// showNeeded notes that the list shows what is needed, also where no part has it.
func (p *partList) showNeeded() {
	for _, name := range p.need.Fields {
		p.shows[name] = true
	}
}
