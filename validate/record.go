package validate

import (
	"slices"

	"cucbulk/cupi"
)

// Record decodes a row in which neither the header nor [Checker.CheckAcross] found an
// error. It remembers nothing and may be called from any goroutine.
func (c *Checker) Record(r Row) Record {
	l := c.open(r)
	defer c.close(l)
	key := keyColumn(l.operation, l.options)
	if l.operation == ImportLDAP && l.get("Alias") == "" {
		key = KeyPerson
	}
	record := Record{
		Row: r.Number, Line: r.Line, Operation: l.operation,
		Key: key, KeyValue: bare(l.get(key)),
		Alias: bare(l.get("Alias")), DtmfAccessId: bare(l.get("DtmfAccessId")), ObjectId: l.get("ObjectId"),
		NewAlias: bare(l.get("NewAlias")), TemplateAlias: l.template(), Pkid: l.valueAt(l.at.person),
		Steps: make(map[string]cupi.Object),
	}
	if l.marked {
		record.Literal = l.literals()
	}
	if c.options.Map != nil {
		record.Written = l.writtenCells()
	}
	member := l.options.table().Member
	if member != nil {
		record.Operation, record.Asks = Update, l.operation
		record.Member, record.MemberKind = bare(l.valueAt(l.at.member)), l.valueAt(l.at.memberKind)
	}
	switch {
	case l.operation != Delete:
		l.decodeValues(&record)
	case member != nil:
		if column := l.slots[l.at.member].column; column.Collection != "" {
			record.Names = append(record.Names, column.reference(record.Member))
			record.set(column.Step, member.Cleared, "")
			if text := l.get(member.Tells); !isNull(text) {
				record.MemberTold = bare(text)
			}
		}
	case l.options.KeepMailbox:
		record.keepMailbox(l.options.KeepNotes)
	default:
		record.ReassignTo = bare(l.successor())
	}
	return record
}

// decodeValues sets what a row that is no delete wants.
func (l *dataLine) decodeValues(record *Record) {
	for i, text := range l.values {
		column := l.slots[i].column
		switch {
		case text == "" || column.Field == "" || column.Access == ReadOnly || column.Access == Control || column.Type == File:
		case column.Access == CreateOnly && (l.operation == Update || l.operation == ImportLDAP):
		case l.operation == Update && (column.Name == record.Key || column.Name == "Alias"):
		case column.Destination != nil:
			record.goesTo(column, bare(text))
		case column.List != "" && !isNull(text):
			record.list(column, bare(text))
		case column.Collection != "" && !isNull(text):
			record.Names = append(record.Names, column.reference(bare(text)))
		case column.Access == CreateOnly:
			record.MailboxStoreObjectId = text
		case column.Silent != "" && column.sent(text) == column.Silent:
		default:
			record.set(column.Step, column.Field, column.sent(column.meantAs(text, l.options)))
		}
	}
	for i, text := range l.values {
		if column := l.slots[i].column; column.With != nil && text != "" {
			record.goesWith(column, column.sent(text))
		}
	}
	if l.sounds {
		l.recordings(record)
	}
	if record.NewAlias != "" {
		record.set(StepUser, "Alias", record.NewAlias)
	}
	for i := range l.pairs {
		if p := &l.pairs[i]; l.turnsOff(p) {
			record.set(l.options.table().Main, p.useDefault, "false")
		}
	}
}

// list sets all items of a list; the names among them are looked up one by one.
func (r *Record) list(column *Column, text string) {
	items := column.List.items(text)
	if column.Collection == "" {
		r.set(column.Step, column.Field, JoinList(items))
		return
	}
	for _, item := range items {
		if !slices.ContainsFunc(r.Names, func(n NameReference) bool { return n.Column == column.Name && fold(n.Name) == fold(item) }) {
			r.Names = append(r.Names, column.reference(item))
		}
	}
}

func (c *Column) reference(name string) NameReference {
	return NameReference{Column: c.Name, Collection: c.Collection, Name: name, Field: c.Field, Step: c.Step, List: c.List != ""}
}

// goesWith sets what follows from a value, where no column says otherwise.
func (r *Record) goesWith(column *Column, sent string) {
	for name, value := range column.GoesWith(sent) {
		if _, given := r.Steps[column.Step][name]; !given || name == column.Field {
			r.set(column.Step, name, value)
		}
	}
}

// sent returns a value as the server gets it.
func (c *Column) sent(text string) string {
	switch {
	case isNull(text):
		return ""
	case c.Type == Boolean:
		return boolean(text)
	case c.Words != nil:
		return c.number(bare(text))
	}
	return bare(text)
}
