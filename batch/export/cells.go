package export

import (
	"context"
	"slices"
	"strings"

	"cucbulk/batch"
	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// cells writes what the columns show of a user.
func (e *exporter) cells(ctx context.Context, user cupi.Object) ([]string, error) {
	s, asking := e.subjectOf(user), &send.Requester{Session: e.Session}
	singles := map[string]cupi.Object{}
	cells := make([]string, len(e.layout.columns))
	for i, column := range e.layout.columns {
		objects := []cupi.Object{user}
		if exportablePart(column) {
			var err error
			if objects, err = e.shown(ctx, asking, s, column.Step, singles); err != nil {
				return nil, err
			}
		}
		value := e.cell(column, objects)
		var ok bool
		switch cells[i], ok = column.Cell(value); {
		case column.Name == "Alias" && (!ok || e.options.BAT): // without it the row would be nobody's
			cells[i] = value
		case !ok || e.options.BAT && cells[i] != value: // BAT knows no [validate.Literal]
			cells[i] = ""
			e.leftOut.Add(1)
		}
	}
	return cells, nil
}

// cell writes what objects hold of a column. A value that a run would not write so,
// because another field says that it does not count, is left out; and so is a list
// of which an item has no name, because a run would take the item away.
func (e *exporter) cell(column validate.Column, objects []cupi.Object) string {
	var items []string
	for _, object := range objects {
		value := model.Value(object, column.Field)
		if column.Destination != nil {
			items = append(items, column.DestinationOf(object,
				func(collection, id string) string { return e.names[collection][model.Fold(id)] }))
			continue
		}
		if column.Type != validate.String || column.Collection != "" {
			value = strings.TrimSpace(value)
		}
		if !model.Agrees(object, column.GoesWith(value)) {
			continue
		}
		if off := column.TurnsOff(); e.options.BAT && off != "" && (object[off] == "" || !model.Same(off, object[off], "false")) {
			continue
		}
		written := e.written(column, value)
		if column.List != "" && written == "" && value != "" {
			return ""
		}
		items = append(items, written)
	}
	switch {
	case column.List == validate.Commas:
		if slices.ContainsFunc(items, func(item string) bool { return strings.ContainsAny(item, ",;") }) {
			return ""
		}
		return strings.Join(items, ",")
	case column.List != "":
		return validate.JoinList(items)
	case len(items) == 0:
		return ""
	}
	return items[0]
}

// written is a value as the file has it.
func (e *exporter) written(column validate.Column, value string) string {
	switch {
	case column.Collection != "":
		return e.names[column.Collection][model.Fold(value)]
	case e.options.BAT && column.Type == validate.Boolean && value != "":
		return map[string]string{"true": "1", "false": "0"}[model.Boolean(value)]
	}
	return value
}

// shown reads the objects that a step is about: those of a set, or one at most.
func (e *exporter) shown(ctx context.Context, asking *send.Requester, s *batch.Subject, step string,
	singles map[string]cupi.Object) ([]cupi.Object, error) {
	kind := model.KindOf(step)
	p, err := s.PartOf(ctx, kind, step)
	if err != nil {
		return nil, notShown(err)
	}
	if kind.OfEverybody() {
		if parts, known, err := e.lists.Of(ctx, e.Session, p, e.layout.fieldsOf(kind.Name)); known || err != nil {
			return parts, err
		}
	}
	switch kind.Shape {
	case model.Single:
		object, read := singles[step]
		if !read {
			answer, _, err := asking.ReadIfSupported(ctx, cupi.Get(p.Collection, p.MemberID()))
			if err != nil {
				return nil, err
			}
			object = answer.Object
			singles[step] = object
		}
		return []cupi.Object{object}, nil
	case model.Slot:
		if e.mixed[kind.Name] {
			members, err := s.MixedMembers(ctx, p)
			if err != nil {
				return nil, err
			}
			if len(members) > 0 {
				s.Knows(p, members)
			}
		}
		member, err := s.MemberFor(ctx, p, nil)
		return []cupi.Object{member}, notShown(err)
	}
	members, err := s.Members(ctx, p)
	return members, notShown(err)
}
