package export

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// What a list shows of everybody is read once, where its pages are no more than the users.

// shared are the lists of everybody's that an export has read.
type shared struct {
	members  map[string]map[string][]cupi.Object // kind of step -> folded ObjectId of the user -> its members
	handlers map[string]cupi.Object              // folded ObjectId -> the call handler
}

// readShared reads the lists that serve so many users.
func (e *exporter) readShared(ctx context.Context, users int) error {
	e.shared = shared{members: map[string]map[string][]cupi.Object{}}
	if users < 2 {
		return nil
	}
	asking := &send.Requester{Session: e.Session}
	for _, kind := range e.layout.sharedKinds() {
		id := cmp.Or(kind.Of, "ObjectId")
		all, told, err := asking.AllOfMany(ctx, kind.In(""), users, append(e.layout.fieldsOf(kind.Name), id))
		switch {
		case err != nil:
			return err
		case !told:
			continue
		case kind.Shape == model.Set:
			e.shared.members[kind.Name] = byField(all, id)
		case showAll(all, e.layout.fieldsOf(kind.Name)):
			e.shared.handlers = map[string]cupi.Object{}
			for _, handler := range all {
				e.shared.handlers[model.Fold(handler[id])] = handler
			}
		}
		e.Held.Add(send.MemoryOf(all))
	}
	return nil
}

// sharedKinds are those of the parts that columns are about, of which a list shows everybody's.
func (l Layout) sharedKinds() []*model.StepKind {
	var kinds []*model.StepKind
	for _, column := range l.columns {
		kind := model.KindOf(column.Step)
		everybodys := kind.Shape == model.Set && kind.Owner == model.Everyone || kind.Shape == model.Single && kind.Owner == model.TheCallHandler
		if everybodys && exportablePart(column) && !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// showAll reports whether a list shows each of some fields, if only of one object: what it shows of
// none may be what it does not tell.
func showAll(all []cupi.Object, fields []string) bool {
	return !slices.ContainsFunc(fields, func(name string) bool {
		return !slices.ContainsFunc(all, func(object cupi.Object) bool { _, shown := object[name]; return shown })
	})
}

// byField gathers members by whom they belong to.
func byField(all []cupi.Object, of string) map[string][]cupi.Object {
	members := map[string][]cupi.Object{}
	for _, member := range all {
		members[model.Fold(member[of])] = append(members[model.Fold(member[of])], member)
	}
	return members
}

// fieldsOf lists the fields of which the columns show what a kind's members hold.
func (l Layout) fieldsOf(kind string) []string {
	var names []string
	for _, column := range l.columns {
		if name, _, _ := strings.Cut(column.Step, "/"); name == kind && exportablePart(column) {
			names = append(names, column.ShownBy()...)
		}
	}
	return names
}
