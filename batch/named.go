package batch

import (
	"hash/maphash"
	"strings"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// named is what the rows name: what the pre-flight must ask the server for. Of
// the values that are as many as rows it keeps hashes. Where two texts meet in
// one hash, a user more is kept or a row more waits: nothing is done wrong.
type named struct {
	seed       maphash.Seed
	keys       map[uint64]struct{} // what rows find their users by, and the aliases they create
	extensions map[uint64]struct{} // that rows set
	aliases    map[uint64]tally    // what rows do to them
	matches    map[string]bool     // the columns by which rows find their users
	templates  map[string]bool     // template aliases of rows that may create, folded
	names      map[string]bool     // collections in which names are looked up
}

// tally counts rows of one alias, up to manyRows.
type tally struct{ named, moved uint8 }

const manyRows = 255

// learn reads the rows that no rule settled, for what they name.
func (c *Checked) learn() error {
	c.named = named{
		seed: maphash.MakeSeed(), keys: map[uint64]struct{}{}, extensions: map[uint64]struct{}{}, aliases: map[uint64]tally{},
		matches: map[string]bool{}, templates: map[string]bool{}, names: map[string]bool{},
	}
	for record, err := range c.records() {
		if err != nil {
			return err
		}
		if _, settled := c.verdicts[record.Row]; !settled {
			c.named.add(record)
		}
	}
	return nil
}

func (n *named) add(record validate.Record) {
	for _, key := range keysOf(record) {
		n.keys[n.hash(key.column, key.value)] = struct{}{}
		n.matches[key.column] = true
	}
	if mayCreate(record) {
		n.templates[strings.ToLower(record.TemplateAlias)] = true
	}
	if renames(record) {
		n.count(record.NewAlias, true)
	}
	if record.Alias != "" {
		n.count(record.Alias, movesAlias(record))
	}
	if record.DtmfAccessId != "" && record.Operation != validate.Delete {
		n.extensions[n.hash("", record.DtmfAccessId)] = struct{}{}
	}
	for step, fields := range record.Steps {
		if extension := fields["DtmfAccessId"]; extension != "" && step != validate.StepUser {
			n.extensions[n.hash("", extension)] = struct{}{}
		}
	}
	for _, name := range record.Names {
		if name.Collection != cupi.Users.Name {
			n.names[name.Collection] = true
		}
	}
}

func (n *named) count(alias string, moved bool) {
	hash := n.hash("", alias)
	t := n.aliases[hash]
	t.named = min(t.named, manyRows-1) + 1
	if moved {
		t.moved = min(t.moved, manyRows-1) + 1
	}
	n.aliases[hash] = t
}

func (n *named) hash(column, value string) uint64 {
	return maphash.String(n.seed, matchKey(column, value))
}

// hasKey reports whether some row finds its user by this value of the column.
func (n *named) hasKey(column, value string) bool {
	_, is := n.keys[n.hash(column, value)]
	return is
}

// setsExtension reports whether some row gives a user this extension.
func (n *named) setsExtension(extension string) bool {
	_, is := n.extensions[n.hash("", extension)]
	return is
}

// rowsNaming is how many rows name an alias.
func (n *named) rowsNaming(alias string) int { return int(n.aliases[n.hash("", alias)].named) }

// movedByOthers reports whether another row of the file may change who has the
// row's alias, so that only the row's turn can tell what it finds.
func (n *named) movedByOthers(record validate.Record) bool {
	moves := n.aliases[n.hash("", record.Alias)].moved
	if movesAlias(record) && moves > 0 {
		moves--
	}
	return moves > 0
}

// renames reports whether a row gives its user another alias.
func renames(record validate.Record) bool {
	return record.NewAlias != "" && fold(record.NewAlias) != fold(record.Alias)
}

// movesAlias reports whether a row may change who has its alias.
func movesAlias(record validate.Record) bool {
	return record.Alias != "" && (record.Operation != validate.Update || record.NewAlias != "")
}

// mayCreate reports whether a row may make a user that a template tells of.
func mayCreate(record validate.Record) bool {
	return record.Operation.MakesUsers() || record.Operation == validate.Upsert
}

// userKey is a column and a value by which a user is looked up.
type userKey struct{ column, value string }

// keysOf gives what a row looks users up by.
func keysOf(record validate.Record) []userKey {
	var keys []userKey
	if record.Key != validate.KeyPerson { // which no user shows
		keys = append(keys, userKey{record.Key, record.KeyValue})
	}
	if mayCreate(record) && record.Key != "Alias" && record.Alias != "" {
		keys = append(keys, userKey{"Alias", record.Alias})
	}
	if renames(record) {
		keys = append(keys, userKey{"Alias", record.NewAlias})
	}
	for _, name := range record.Names {
		if name.Collection == cupi.Users.Name {
			keys = append(keys, userKey{"Alias", name.Name})
		}
	}
	return keys
}

// fold gives the form in which the server compares aliases and names.
func fold(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

// matchKey is a column and a value, in the form in which they are looked up.
func matchKey(column, value string) string { return column + "\x00" + fold(value) }
