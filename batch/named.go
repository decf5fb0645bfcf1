package batch

import (
	"hash/maphash"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/validate"
)

// named is what the rows name: what the pre-flight must ask the server for. Of
// the values that are as many as rows it keeps hashes. Where two texts meet in
// one hash, a user more is kept or a row more waits: nothing is done wrong.
type named struct {
	about      *model.Object
	seed       maphash.Seed
	keys       hashes           // what rows find their users by, and the aliases they create
	extensions hashes           // that rows set
	nears      hashes           // what keys have in common with others that are near them, see nearForm
	match      string           // the column of --match
	naming     []uint64         // while it learns: the aliases and keys of each row, with a last bit of 1 if it moves them
	shared     map[uint64]tally // what rows do to those that more than one names
	matches    map[string]bool  // the columns by which rows find their users
	templates  map[string]bool  // template aliases of rows that may create, folded
	names      map[string]bool  // collections in which names are looked up
}

// hashes are a set in little memory, which holds nothing before settle.
type hashes []uint64

func (h *hashes) settle() {
	slices.Sort(*h)
	*h = slices.Clone(slices.Compact(*h)) // without the room that they grew in
}

func (h hashes) has(hash uint64) bool {
	_, is := slices.BinarySearch(h, hash)
	return is
}

// tally counts rows that name one alias, or one value of the column of --match.
type tally struct{ named, moved int }

// learn reads the rows that no rule settled, for what they name. hide is told their
// secrets, which an earlier start may have sent.
func (c *Checked) learn(hide func(secret string)) error {
	c.named = named{
		about: model.UserObject,
		seed:  maphash.MakeSeed(), match: validate.MatchColumn(c.Options.Match), shared: map[uint64]tally{},
		matches: map[string]bool{}, templates: map[string]bool{}, names: map[string]bool{},
	}
	for record, err := range c.records() {
		if err != nil {
			return err
		}
		if _, settled := c.verdicts[record.Row]; !settled {
			c.named.add(record)
			for _, fields := range record.Steps {
				for name, value := range fields {
					if value != "" && model.Secret(name) {
						hide(value)
					}
				}
			}
		}
	}
	c.named.settle()
	return nil
}

// settle makes what was learned ready to be asked.
func (n *named) settle() {
	n.keys.settle()
	n.extensions.settle()
	n.nears.settle()
	slices.Sort(n.naming)
	for from, to := 0, 0; from < len(n.naming); from = to {
		name, moved := n.naming[from]>>1, 0
		for to = from; to < len(n.naming) && n.naming[to]>>1 == name; to++ {
			moved += int(n.naming[to] & 1)
		}
		if to-from > 1 {
			n.shared[name] = tally{named: to - from, moved: moved}
		}
	}
	n.naming = nil
}

func (n *named) add(record validate.Record) {
	for _, key := range keysOf(n, record) {
		n.keys = append(n.keys, n.hash(key.Column, key.Value))
		n.matches[key.Column] = true
		if form := nearForm(key.Value); form != "" {
			n.nears = append(n.nears, n.hash(nearKey(key.Column, form), ""))
		}
	}
	if mayCreate(record) {
		n.templates[strings.ToLower(record.TemplateAlias)] = true
	}
	if renames(record) {
		n.count(n.about.Key(record.NewAlias), true)
	}
	if record.Alias != "" {
		n.count(n.about.Key(record.Alias), movesAlias(record))
	}
	if key := n.keyGiven(record); key.Value != "" {
		n.count(key, movesKey(record))
	}
	if record.DtmfAccessId != "" && record.Operation != validate.Delete {
		n.extensions = append(n.extensions, n.hash("", record.DtmfAccessId))
	}
	for step, fields := range record.Steps {
		if extension := fields["DtmfAccessId"]; extension != "" && !model.IsMain(step) {
			n.extensions = append(n.extensions, n.hash("", extension))
		}
	}
	for _, name := range record.Names {
		if name.Collection != n.about.Collection.Name {
			n.names[name.Collection] = true
		}
	}
}

func (n *named) count(key model.UserKey, moved bool) {
	row := n.hash(key.Column, key.Value) << 1
	if moved {
		row |= 1
	}
	n.naming = append(n.naming, row)
}

// keyGiven is what a row names its user by besides the Alias, or gives a new one: its
// value in the column of --match. Without one the value is "".
func (n *named) keyGiven(record validate.Record) model.UserKey {
	switch {
	case n.match == n.about.Collection.NameField:
		return model.UserKey{}
	case record.Key == n.match:
		return model.UserKey{Column: n.match, Value: record.KeyValue}
	}
	return model.UserKey{Column: n.match, Value: record.Steps[n.about.Main.Name][n.match]}
}

// tally tells of an alias or a key that more than one row names; of others, nothing.
func (n *named) tally(key model.UserKey) tally { return n.shared[n.hash(key.Column, key.Value)<<1>>1] }

func (n *named) hash(column, value string) uint64 {
	return maphash.String(n.seed, model.MatchKey(column, value))
}

// hasKey reports whether some row finds its user by this value of the column.
func (n *named) hasKey(column, value string) bool {
	return n.keys.has(n.hash(column, value))
}

// setsExtension reports whether some row gives a user this extension.
func (n *named) setsExtension(extension string) bool {
	return n.extensions.has(n.hash("", extension))
}

// rowsNaming is how many rows name an alias; of one that a single row names, 0.
func (n *named) rowsNaming(alias string) int { return n.tally(n.about.Key(alias)).named }

// sharesKeys reports whether other rows name what a row names its user by.
func (n *named) sharesKeys(record validate.Record) bool {
	return n.rowsNaming(record.Alias) > 1 || n.rowsNaming(record.NewAlias) > 1 || n.tally(n.keyGiven(record)).named > 1
}

// movedByOthers reports whether another row of the file may change who has the
// row's alias or its key, so that only the row's turn can tell what it finds.
func (n *named) movedByOthers(record validate.Record) bool {
	moved := func(key model.UserKey, itself bool) bool {
		moves := n.tally(key).moved
		return moves > 1 || moves == 1 && !itself
	}
	return moved(n.about.Key(record.Alias), movesAlias(record)) || moved(n.keyGiven(record), movesKey(record))
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
func saidToBeAbsent(n *named, record validate.Record) []model.UserKey {
	return slices.DeleteFunc(keysOf(n, record), func(key model.UserKey) bool {
		switch {
		case key == model.UserKey{Column: record.Key, Value: record.KeyValue} && key.Column == n.about.Collection.NameField:
			return record.Operation != validate.Update && record.Operation != validate.Delete || n.movedByOthers(record)
		case key == model.UserKey{Column: record.Key, Value: record.KeyValue}:
			return false
		}
		return !slices.ContainsFunc(record.Names, func(name validate.NameReference) bool {
			return name.Collection == n.about.Collection.Name && name.Name == key.Value
		})
	})
}

// keysOf gives what a row looks users up by.
func keysOf(n *named, record validate.Record) []model.UserKey {
	var keys []model.UserKey
	if record.Key != validate.KeyPerson { // which no user shows
		keys = append(keys, model.UserKey{Column: record.Key, Value: record.KeyValue})
	}
	if mayCreate(record) && record.Key != n.about.Collection.NameField && record.Alias != "" {
		keys = append(keys, n.about.Key(record.Alias))
	}
	if renames(record) {
		keys = append(keys, n.about.Key(record.NewAlias))
	}
	for _, name := range record.Names {
		if name.Collection == n.about.Collection.Name {
			keys = append(keys, n.about.Key(name.Name))
		}
	}
	return keys
}
