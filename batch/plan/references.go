package plan

import (
	"cucbulk/batch/model"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// reference is a field of a row that names another object of the server by its id.
type reference struct {
	field, id  string
	collection string // in which the id must be
}

// referring tells in which collection the ids of a field are. What the columns of
// names resolve to is that; languages must be installed, and not only known.
func referring(about *model.Object) map[string]string {
	fields := map[string]string{}
	for _, column := range about.Table.Columns() {
		if column.Collection != "" && column.List == "" {
			fields[column.Field] = column.Collection
		}
	}
	fields["Language"] = cupi.InstalledLanguages.Name
	return fields
}

// references lists what a plan newly refers to. What the user refers to already
// is there.
func (p Plan) references() []reference {
	var list []reference
	add := func(field, id string) {
		if collection := p.referring[field]; collection != "" && id != "" && !model.Same(field, p.Target[field], id) {
			list = append(list, reference{field, id, collection})
		}
	}
	for _, step := range p.Steps {
		for field, id := range step.Wanted {
			add(field, id)
		}
	}
	if p.Operation == validate.Create {
		add("MailboxStoreObjectId", p.MailboxStore)
	}
	return list
}

// checkIDs finds an id that the server does not have, in the lists that were read.
func (l NameLists) checkIDs(p Plan) verdict {
	for _, r := range p.references() {
		if l.lacksID(r.collection, r.id) {
			return Invalid(codes.UnknownID, "none of the server's %s has the id %s%s", r.collection, r.id,
				l.suggest(r.collection, r.id)).about(r.field)
		}
	}
	return verdict{}
}
