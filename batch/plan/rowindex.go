package plan

import (
	"hash/maphash"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/validate"
)

// RowIndex is what the rows name: what the pre-flight must ask the server for. Of
// the values that are as many as rows it keeps hashes. Where two texts meet in
// one hash, a user more is kept or a row more waits: nothing is done wrong.
type RowIndex struct {
	About      *model.Object
	Seed       maphash.Seed
	Keys       hashes               // what rows find their users by, and the aliases they create
	extensions hashes               // that rows set
	members    hashes               // that rows give their users, and only one user may have
	nearForms  hashes               // what keys have in common with others that are near them, see NearForm
	inLists    hashes               // whom rows name as members of whom, see memberHash
	joining    hashes               // names of those whom rows name as members
	lastOf     map[uint64]int       // by hash of an owner's key, the last row about one of its members
	Match      string               // the column of --match
	naming     []uint64             // while it learns: the aliases and keys of each row, with a last bit of 1 if it moves them
	Shared     map[uint64]nameCount // what rows do to those that more than one names
	Matches    map[string]bool      // the columns by which rows find their users
	Templates  map[string]bool      // template aliases of rows that may create, folded
	Names      map[string]bool      // collections in which names are looked up
}

// hashes are a set in little memory, which holds nothing before it is sorted.
type hashes []uint64

func (h *hashes) sort() {
	slices.Sort(*h)
	*h = slices.Clone(slices.Compact(*h)) // without the room that they grew in
}

func (h hashes) has(hash uint64) bool {
	_, is := slices.BinarySearch(h, hash)
	return is
}

// nameCount counts rows that name one alias, or one value of the column of --match.
type nameCount struct{ named, moved int }

// Sort makes what was learned ready to be asked.
func (n *RowIndex) Sort() {
	n.Keys.sort()
	n.extensions.sort()
	n.members.sort()
	n.nearForms.sort()
	n.inLists.sort()
	n.joining.sort()
	slices.Sort(n.naming)
	for from, to := 0, 0; from < len(n.naming); from = to {
		name, moved := n.naming[from]>>1, 0
		for to = from; to < len(n.naming) && n.naming[to]>>1 == name; to++ {
			moved += int(n.naming[to] & 1)
		}
		if to-from > 1 {
			n.Shared[name] = nameCount{named: to - from, moved: moved}
		}
	}
	n.naming = nil
}

// Add notes what a row names.
func (n *RowIndex) Add(record validate.Record) {
	for _, key := range keysOf(n, record) {
		n.Keys = append(n.Keys, n.hash(key.Column, key.Value))
		n.Matches[key.Column] = true
		if form := NearForm(key.Value); form != "" {
			n.nearForms = append(n.nearForms, n.hash(nearKey(key.Column, form), ""))
		}
	}
	if mayCreate(record) {
		n.Templates[strings.ToLower(record.TemplateAlias)] = true
	}
	n.countNames(record)
	if record.DtmfAccessId != "" && record.Operation != validate.Delete {
		n.extensions = append(n.extensions, n.hash("", record.DtmfAccessId))
	}
	for step, fields := range record.Steps {
		if extension := fields["DtmfAccessId"]; extension != "" && !model.IsMain(step) {
			n.extensions = append(n.extensions, n.hash("", extension))
		}
		for _, key := range uniqueMembers(step, fields) {
			n.members = append(n.members, n.hash("", key))
		}
	}
	for _, name := range record.Names {
		if name.Collection != n.About.Collection.Name {
			n.Names[name.Collection] = true
		}
	}
}

// countNames counts whom a row names by an alias or a key. Rows about members of one owner go beside each
// other: no two are about the same.
func (n *RowIndex) countNames(record validate.Record) {
	if record.Asks != "" {
		n.inLists = append(n.inLists, n.memberHash(record.KeyValue, record.Member, record.MemberKind))
		if record.Asks != validate.Delete { // of a list into which it lets nobody, a file does not say who is in it
			n.lastOf[n.hash(record.Key, record.KeyValue)] = record.Row
		}
		n.joining = append(n.joining, n.hash("", record.Member))
		return
	}
	if renames(record) {
		n.countName(n.About.Key(record.NewAlias), true)
	}
	if record.Alias != "" {
		n.countName(n.About.Key(record.Alias), movesAlias(record))
	}
	if key := n.keyGiven(record); key.Value != "" {
		n.countName(key, movesKey(record))
	}
}

// memberHash stands for somebody as a member of an owner, both by what people call them. No kind: by the name alone,
// which then is that of one kind, or the row is in doubt.
func (n *RowIndex) memberHash(owner, member, kind string) uint64 {
	return n.hash(model.Fold(kind)+" member of "+model.Fold(owner), member)
}

// names reports whether a row names a member of an owner.
func (n *RowIndex) names(owner string, who someone) bool {
	return n.inLists.has(n.memberHash(owner, who.name, "")) || n.inLists.has(n.memberHash(owner, who.name, who.kind.Called))
}

func (n *RowIndex) countName(key model.UserKey, moved bool) {
	row := n.hash(key.Column, key.Value) << 1
	if moved {
		row |= 1
	}
	n.naming = append(n.naming, row)
}

// keyGiven is what a row names its user by besides the Alias, or gives a new one: its
// value in the column of --match. Without one the value is "".
func (n *RowIndex) keyGiven(record validate.Record) model.UserKey {
	switch {
	case n.Match == n.About.Collection.NameField:
		return model.UserKey{}
	case record.Key == n.Match:
		return model.UserKey{Column: n.Match, Value: record.KeyValue}
	}
	return model.UserKey{Column: n.Match, Value: record.Steps[n.About.Main.Name][n.Match]}
}

// nameCount tells of an alias or a key that more than one row names; of others, nothing.
func (n *RowIndex) countOf(key model.UserKey) nameCount {
	return n.Shared[n.hash(key.Column, key.Value)<<1>>1]
}

func (n *RowIndex) hash(column, value string) uint64 {
	return maphash.String(n.Seed, model.MatchKey(column, value))
}

// HasKey reports whether some row finds its user by this value of the column.
func (n *RowIndex) HasKey(column, value string) bool {
	return n.Keys.has(n.hash(column, value))
}

// SetsExtension reports whether some row gives a user this extension.
func (n *RowIndex) SetsExtension(extension string) bool {
	return n.extensions.has(n.hash("", extension))
}

// RowsNaming is how many rows name an alias; of one that a single row names, 0.
func (n *RowIndex) RowsNaming(alias string) int { return n.countOf(n.About.Key(alias)).named }

// sharesKeys reports whether other rows name what a row names its user by.
func (n *RowIndex) sharesKeys(record validate.Record) bool {
	return n.RowsNaming(record.Alias) > 1 || n.RowsNaming(record.NewAlias) > 1 || n.countOf(n.keyGiven(record)).named > 1
}

// MovedByOthers reports whether another row of the file may change who has the
// row's alias or its key, so that only the row's turn can tell what it finds.
func (n *RowIndex) MovedByOthers(record validate.Record) bool {
	moved := func(key model.UserKey, itself bool) bool {
		moves := n.countOf(key).moved
		return moves > 1 || moves == 1 && !itself
	}
	return moved(n.About.Key(record.Alias), movesAlias(record)) || moved(n.keyGiven(record), movesKey(record))
}

// renames reports whether a row gives its user another alias.
func renames(record validate.Record) bool {
	return record.NewAlias != "" && model.Fold(record.NewAlias) != model.Fold(record.Alias)
}

// movesAlias reports whether a row may change who has its alias.
func movesAlias(record validate.Record) bool {
	return record.Alias != "" && (record.Operation != validate.Update || record.NewAlias != "")
}

// movesKey reports whether a row may change who has its value in the column of --match.
// An update may not: it finds its user by it.
func movesKey(record validate.Record) bool { return record.Operation != validate.Update }

// mayCreate reports whether a row may make a user that a template tells of.
func mayCreate(record validate.Record) bool {
	return record.Operation.MakesUsers() || record.Operation == validate.Upsert
}

// saidToBeAbsent gives those keys of a row of which it would be said that nobody is
// there, or that would make a user anew, when nobody is found by them: a server that
// finds somebody all the same says nothing against that by itself. It does where an alias
// is to be made.
func saidToBeAbsent(n *RowIndex, record validate.Record) []model.UserKey {
	return slices.DeleteFunc(keysOf(n, record), func(key model.UserKey) bool {
		switch {
		case key == model.UserKey{Column: record.Key, Value: record.KeyValue} && key.Column == n.About.Collection.NameField:
			return record.Operation != validate.Update && record.Operation != validate.Delete || n.MovedByOthers(record)
		case key == model.UserKey{Column: record.Key, Value: record.KeyValue}:
			return false
		case key == n.About.Key(record.ReassignTo):
			return false
		}
		return !slices.ContainsFunc(record.Names, func(name validate.NameReference) bool {
			return name.Collection == n.About.Collection.Name && name.Name == key.Value
		})
	})
}

// keysOf gives what a row looks users up by.
func keysOf(n *RowIndex, record validate.Record) []model.UserKey {
	var keys []model.UserKey
	if record.Key != validate.KeyPerson { // which no user shows
		keys = append(keys, model.UserKey{Column: record.Key, Value: record.KeyValue})
	}
	if mayCreate(record) && record.Key != n.About.Collection.NameField && record.Alias != "" {
		keys = append(keys, n.About.Key(record.Alias))
	}
	if renames(record) {
		keys = append(keys, n.About.Key(record.NewAlias))
	}
	if record.ReassignTo != "" {
		keys = append(keys, n.About.Key(record.ReassignTo))
	}
	for _, name := range record.Names {
		if name.Collection == n.About.Collection.Name {
			keys = append(keys, n.About.Key(name.Name))
		}
	}
	return keys
}
