package validate

import "cucbulk/cupi"

// Record decodes a row in which neither the header nor [Checker.Check] found an
// error. It remembers nothing and may be called from any goroutine.
func (c *Checker) Record(r Row) Record {
	l := c.open(r)
	key := keyColumn(l.operation, l.options)
	record := Record{
		Row: r.Number, Line: r.Line, Operation: l.operation,
		Key: key, KeyValue: l.get(key),
		Alias: l.get("Alias"), DtmfAccessId: l.get("DtmfAccessId"), ObjectId: l.get("ObjectId"),
		NewAlias: l.get("NewAlias"), TemplateAlias: l.template(),
		Steps: make(map[string]cupi.Object),
	}
	if l.operation == Delete {
		return record
	}
	for i, text := range l.values {
		column := l.slots[i].column
		switch {
		case text == "" || column.Field == "" || column.Access == ReadOnly:
		case column.Access == CreateOnly && l.operation == Update:
		case l.operation == Update && (column.Name == key || column.Name == "Alias"):
		case column.Collection != "" && !isNull(text):
			record.Names = append(record.Names, NameReference{Column: column.Name, Collection: column.Collection,
				Name: text, Field: column.Field, Step: column.Step})
		case column.Access == CreateOnly:
			record.MailboxStoreObjectId = text
		default:
			record.set(column.Step, column.Field, column.sent(text))
		}
	}
	if record.NewAlias != "" {
		record.set(StepUser, "Alias", record.NewAlias)
	}
	for _, d := range defaults {
		if l.turnsOff(d) {
			record.set(StepUser, d.useDefault, "false")
		}
	}
	return record
}

func (r *Record) set(step, field, text string) {
	if r.Steps[step] == nil {
		r.Steps[step] = make(cupi.Object)
	}
	r.Steps[step][field] = text
}

// sent returns a value as the server gets it.
func (c *Column) sent(text string) string {
	switch {
	case isNull(text):
		return ""
	case c.Type == Boolean:
		return boolean(text)
	}
	return text
}
