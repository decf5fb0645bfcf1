package plan

import (
	"context"
	"maps"
	"slices"
	"sync/atomic"

	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// partNeeds is what the rows of a file must know of the parts of users who are there.
type partNeeds struct {
	asks   map[string]int             // by kind: users of whom a row must know the parts
	fields map[string]map[string]bool // by kind: that rows want

	mixed   int      // requests that rows may spare by lists of several kinds
	samples []string // ObjectIds of some of the users whom such lists may serve
}

// mostSamples is of how many users such a list is read before the run, to know what it shows.
const mostSamples = 3

func newPartNeeds() partNeeds {
	return partNeeds{asks: map[string]int{}, fields: map[string]map[string]bool{}}
}

// add notes what a row must know.
func (n *partNeeds) add(p Plan) {
	if !p.AsSeen {
		return
	}
	mixed := map[string]bool{}
	for _, step := range p.Steps {
		kind := step.Kind
		if kind.Mixed != nil {
			mixed[kind.Name] = true
		}
		if !kind.OfEverybody() {
			continue
		}
		if n.fields[kind.Name] == nil {
			n.fields[kind.Name] = map[string]bool{}
		}
		for name := range step.Wanted {
			n.fields[kind.Name][name] = true
		}
		n.asks[kind.Name]++
	}
	if len(mixed) > 1 {
		n.mixed += len(mixed) - 1
		if len(n.samples) < mostSamples {
			n.samples = append(n.samples, p.Target["ObjectId"])
		}
	}
}

// any reports whether a row must know anything that a list may tell.
func (n *partNeeds) any() bool { return len(n.asks) > 0 || n.mixed > len(n.samples) }

// of is what rows must know of a kind, and how many parts of it the server has at least.
func (n *partNeeds) of(kind *model.StepKind, users int) send.PartNeed {
	need := send.PartNeed{Kind: kind, Asks: n.asks[kind.Name], Fields: slices.Sorted(maps.Keys(n.fields[kind.Name]))}
	if kind.Owner == model.TheCallHandler {
		need.Least = users
	}
	return need
}

// knownParts is what lists show of everybody's parts.
type knownParts struct {
	*inquiry
	PartLists    send.PartLists
	Mixed        send.MixedLists // what the lists of several kinds of parts show; nil while that does not matter
	partsLearned bool            // see learnParts

	Unmixed     atomic.Bool // the list of several kinds of parts shows nothing that is needed, see [model.StepKind]
	Memberships send.ListMembers
	given       map[string][]cupi.Object // what templates give, by path
}

// learnParts reads the lists of everybody's parts that cost less than a request for each row, but for
// those that are asked for anyway, and learns what the lists of several kinds of parts show.
func (d *knownParts) learnParts(ctx context.Context, session *send.Session, needs *partNeeds, asksMembers bool) error {
	d.partsLearned = true
	e := &send.Requester{Session: session, Optional: true}
	defer d.paid(e)
	var lists []send.PartNeed
	for _, name := range d.About.Kinds() {
		if kind := model.KindOf(name); needs.asks[name] > 0 && !(asksMembers && kind.Unique != "") {
			lists = append(lists, needs.of(kind, d.total))
		}
	}
	if err := d.PartLists.Learn(ctx, e, lists); err != nil || needs.mixed <= len(needs.samples) {
		return err
	}
	d.Mixed = send.MixedLists{}
	for _, id := range needs.samples {
		if err := d.Mixed.Learn(ctx, e, d.About, id); err != nil {
			return err
		}
	}
	return nil
}

// MixedServes reports whether the parts of a kind are read by a list of several kinds: it shows all
// that the row wants of it, and so it does for another of the row's kinds.
func (d *knownParts) MixedServes(p Plan, kind *model.StepKind) bool {
	if d.Mixed == nil || kind.Mixed == nil || !p.AsSeen {
		return false
	}
	served := map[string]bool{}
	for _, step := range p.Steps {
		if other := step.Kind; other.Mixed != nil {
			is, seen := served[other.Name]
			served[other.Name] = (is || !seen) && d.Mixed.Show(other, step.Wanted)
		}
	}
	n := 0
	for _, is := range served {
		if is {
			n++
		}
	}
	return n > 1 && served[kind.Name]
}
