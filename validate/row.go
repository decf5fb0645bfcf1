package validate

import "cucbulk/cupi"

// Row is one data row of a file, as text.
type Row struct {
	Number int      // 1 is the first data row
	Line   int      // line of the file on which the row begins, from 1
	Cells  []string // in the order of the headings; missing ones are empty
}

// NameReference is a name in a row that becomes an id before the row is sent.
type NameReference struct {
	Column     string // "CosDisplayName"
	Collection string // where the name is looked up: "coses"
	Name       string // as the row has it
	Field      string // field that takes the id: "CosObjectId"
	Step       string // step of that field; "" for MailboxStoreObjectId, a parameter of creation
	List       bool   // one of the names that the field takes; their ids are a list as [JoinList] writes it
	Shows      string // field of what has the name that is the id; "": its own id
}

// Record is a row decoded: what it asks for, in CUPI's terms.
type Record struct {
	Row, Line int
	Operation Operation

	Key      string // column by which the row finds its user; Alias where users are made, or pkid where an import has no alias
	KeyValue string // its value

	Alias, DtmfAccessId, ObjectId, NewAlias, TemplateAlias string

	// Asks is what a row asks for that is about a member of what its key finds. Its Operation is to update that.
	// "" of all other rows.
	Asks       Operation
	Member     string // which one, as its column has it
	MemberKind string // and of what kind; "": whichever there is
	MemberTold string // of one that is taken away: what tells it from others of its key; "": it is the only one

	KeepsMailbox bool // it is an update in place of a delete, see [Options.KeepMailbox]

	ReassignTo string // of a delete: the alias of whom what refers to the user shall refer to; "": nobody is named

	Pkid string // of whom an import makes a user: the directory's own key

	// MailboxStoreObjectId is a parameter of creation, not a field of the user.
	MailboxStoreObjectId string

	// Steps holds the fields to write, by step; "" clears a field, and [SplitList]
	// takes a list apart. The alias is among them on create, import-ldap and upsert
	// (where it matters only if the user must be created), and on an update that
	// renames, with the new alias. An update never holds its own match column.
	Steps map[string]cupi.Object

	Names []NameReference // in the order of the columns

	Written map[string]string // by column, the texts of cells that mean something else by a mapping

	Literal []string // columns whose values the row gives as they are, see [Literal]
}

func (r *Record) set(step, field, text string) {
	if r.Steps[step] == nil {
		r.Steps[step] = make(cupi.Object)
	}
	r.Steps[step][field] = text
}

// Operation is what a row asks for.
type Operation string

// The operations, as --operation and the column Operation spell them.
const (
	Create     Operation = "create"
	Update     Operation = "update"
	Delete     Operation = "delete"
	Upsert     Operation = "upsert"
	ImportLDAP Operation = "import-ldap"
)

// MakesUsers says whether each row of this operation makes a user, or whatever else the rows
// are about.
func (o Operation) MakesUsers() bool { return o == Create || o == ImportLDAP }
