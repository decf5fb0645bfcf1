package plan

import (
	"maps"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// What the files before leave, where rows name it by a name in place of an id: whom they make and rename, and who is in
// lists by then. Whoever is still to be made has no id, and something else stands for it.

// foreseen is that, in a snapshot.
type foreseen struct {
	renamed map[string]map[string]cupi.Object // by collection and folded name, who has it then, of names that change; nil: nobody has
	unmade  map[string]bool                   // folded, what stands for the ids of those who are to be made
	shown   map[string]cupi.Object            // by folded ObjectId, fields of lists that change
	joins   map[string][]joining              // by folded ObjectId of a list, who gets into it, and who leaves it
}

func newForeseen() *foreseen {
	return &foreseen{map[string]map[string]cupi.Object{}, map[string]bool{}, map[string]cupi.Object{}, map[string][]joining{}}
}

// renamedTo gives who has a name then; changed is false for a name that nothing changes.
func (f *foreseen) renamedTo(collection, name string) (who cupi.Object, changed bool) {
	who, changed = f.renamed[collection][model.Fold(name)]
	return who, changed
}

// Unmade reports whether an id stands for that of something that is to be made.
func (f *foreseen) Unmade(id string) bool { return f.unmade[model.Fold(id)] }

// membersThen is a list with those of its members who are still there, as they are called then.
func (f *foreseen) membersThen(kinds []*model.StepKind, list memberList) memberList {
	then := newMemberList()
	then.why = list.why
	for _, member := range list.all {
		for _, kind := range kinds {
			id := member[kind.Key]
			who, changed := f.renamedTo(kind.Who.Name, member["Alias"])
			if id == "" || !changed || who != nil && model.Same("ObjectId", who["ObjectId"], id) {
				continue
			}
			if name, there := f.nameOf(kind.Who, id); there {
				member = maps.Clone(member)
				member["Alias"] = name
			} else {
				member = nil // the name is somebody else's, or nobody's
			}
			break
		}
		if member != nil {
			then.add(kinds, member)
		}
	}
	return then
}

// nameOf gives the name that somebody gets.
func (f *foreseen) nameOf(collection cupi.Collection, id string) (string, bool) {
	for _, who := range f.renamed[collection.Name] {
		if who != nil && model.Same("ObjectId", who["ObjectId"], id) {
			return who[collection.NameField], true
		}
	}
	return "", false
}
