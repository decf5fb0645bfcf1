package export

import (
	"context"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// rows are those of a user, or of whatever else is exported: one, or where rows are about members, one of each.
func (e *exporter) rows(ctx context.Context, user cupi.Object) ([][]string, error) {
	if e.layout.table.Member == nil {
		cells, err := e.cells(ctx, user)
		return [][]string{cells}, err
	}
	kind := e.layout.memberKind()
	s := e.subjectOf(user)
	members, err := s.Members(ctx, send.PartOf(kind, kind.Name, s.ObjectID))
	if err != nil {
		return nil, notShown(err)
	}
	var rows [][]string
	alike := map[string]int{} // members, by folded name
	for _, member := range members {
		alike[model.Fold(member["Alias"])]++
	}
	for _, member := range members {
		switch {
		case kind.Unnamed != "" && model.Same(kind.Unnamed, member[kind.Unnamed], "true"):
			continue
		case len(e.about.Members()) == 0: // nobody names them by who they are
		case !slices.ContainsFunc(e.about.Members(), func(kind *model.StepKind) bool { return member[kind.Key] != "" }):
			e.strangers.Add(1)
			continue
		case !e.layout.tellsKinds() && alike[model.Fold(member["Alias"])] > 1:
			e.alike.Add(1)
		}
		cells := make([]string, len(e.layout.columns))
		for i, column := range e.layout.columns {
			cells[i] = e.memberCell(column, user, member)
		}
		rows = append(rows, cells)
	}
	return rows, nil
}

// memberCell is what a column shows of a member of an owner. Without the names of both the row would be about nobody.
func (e *exporter) memberCell(column validate.Column, owner, member cupi.Object) string {
	value, table := "", e.layout.table
	switch {
	case model.IsMain(column.Step):
		value = owner[column.Field]
	case column.Name == table.Member.Among:
		for _, kind := range e.about.Members() {
			if member[kind.Key] != "" {
				value = kind.Called
			}
		}
	default:
		value = e.cell(column, []cupi.Object{member})
	}
	cell, ok := column.Cell(value)
	switch {
	case (column.Name == "Alias" || column.Name == table.Member.Column) && (!ok || e.options.BAT):
		return value
	case !ok || e.options.BAT && cell != value:
		e.leftOut.Add(1)
		return ""
	}
	return cell
}
