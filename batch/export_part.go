package batch

import (
	"context"
	"errors"
	"slices"
	"strings"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// exportablePart reports whether a column shows a part of a user as a run would write
// it: no secret, no name in place of an id, and no order that is not kept.
func exportablePart(column validate.Column) bool {
	kind := kindOf(column.Step)
	return column.Access == validate.ReadWrite && column.Collection == "" && column.Silent == "" && !column.Secret &&
		(kind.shape == single || kind.shape == slot || kind.shape == set)
}

// partRequests is how many requests a user the parts cost: one for each object and
// one for each list.
func partRequests(columns []string) int {
	var reads []string
	for _, name := range columns {
		column, _ := validate.ColumnByHeading(name)
		if !exportablePart(column) {
			continue
		}
		read := column.Step
		if kind := kindOf(column.Step); kind.shape != single {
			read = kind.name
		}
		if !slices.Contains(reads, read) {
			reads = append(reads, read)
		}
	}
	return len(reads)
}

// parts reads what the columns show of a user's parts, into fields that have the
// columns' names.
func (e *exporter) parts(ctx context.Context, user cupi.Object) (cupi.Object, error) {
	r := &rowWork{errand: errand{engine: e.engine}, target: user, objectID: user["ObjectId"]}
	singles := map[string]cupi.Object{}
	cells := cupi.Object{}
	for _, name := range e.columns {
		column, _ := validate.ColumnByHeading(name)
		if !exportablePart(column) {
			continue
		}
		members, err := r.shown(ctx, column.Step, singles)
		if err != nil {
			return nil, err
		}
		cells[name] = cellOf(column, members)
	}
	return cells, nil
}

// shown reads the objects that a step is about: those of a set, or one at most.
func (r *rowWork) shown(ctx context.Context, step string, singles map[string]cupi.Object) ([]cupi.Object, error) {
	kind := kindOf(step)
	owner, err := r.owner(ctx, kind, step)
	if err != nil {
		return nil, notShown(err)
	}
	p := part{kind, step, owner, kind.in(owner)}
	switch kind.shape {
	case single:
		object, read := singles[step]
		if !read {
			answer, _, err := r.tell(ctx, cupi.Get(p.collection, p.memberID()))
			if err != nil {
				return nil, err
			}
			object = answer.Object
			singles[step] = object
		}
		return []cupi.Object{object}, nil
	case slot:
		member, err := r.memberFor(ctx, p, nil)
		return []cupi.Object{member}, notShown(err)
	}
	members, err := r.members(ctx, p)
	return members, notShown(err)
}

// notShown passes over what the server does not show, or shows more than once.
func notShown(err error) error {
	var refusal *failure
	if errors.As(err, &refusal) {
		return nil
	}
	return err
}

// cellOf writes what objects hold of a column. A value that a run would not write so,
// because another field says that it does not count, is left out.
func cellOf(column validate.Column, objects []cupi.Object) string {
	var items []string
	for _, object := range objects {
		value := strings.TrimSpace(object[column.Field])
		if !agrees(object, column.GoesWith(value)) {
			continue
		}
		items = append(items, value)
	}
	switch {
	case column.List == validate.Commas:
		return strings.Join(items, ",")
	case column.List != "":
		return validate.JoinList(items)
	case len(items) == 0:
		return ""
	}
	return items[0]
}
