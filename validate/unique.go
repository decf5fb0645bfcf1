package validate

import (
	"fmt"
	"hash/maphash"
)

// unique remembers which aliases and extensions a file has used, and where. It
// keeps hashes of 128 bits, not texts: about 100 bytes a row however long the
// values, and two different texts do not meet in one hash in practice.
type unique struct {
	seeds      [2]maphash.Seed
	lines      map[digest]uint32    // an alias or key with its operation -> line
	extensions map[digest]extension // the first row with an extension
	scoped     map[digest]uint32    // later rows: an extension with its scope -> line
}

type digest [2]uint64

// extension is where an extension was first given.
type extension struct {
	line         uint32
	user         uint32 // hash of the alias
	scope        uint64 // hash of what surely decides the partition
	scopeIsKnown bool
}

func newUnique() *unique {
	return &unique{
		seeds:      [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()},
		lines:      make(map[digest]uint32),
		extensions: make(map[digest]extension),
		scoped:     make(map[digest]uint32),
	}
}

func (u *unique) digest(text string) digest {
	return digest{maphash.String(u.seeds[0], text), maphash.String(u.seeds[1], text)}
}

// check reports what the row has in common with the rows before it, and then
// remembers the row.
func (u *unique) check(l *dataLine) {
	if l.operation == "" {
		return
	}
	const again = "is on line %d too, with the same operation: keep one of the two rows"
	u.once(l, "Alias", string(l.operation), "duplicate-alias", again)
	if key := keyColumn(l.operation, l.options); key != "Alias" && key != "" {
		u.once(l, key, string(l.operation), "duplicate-key", again)
	}
	if l.operation == Update {
		u.once(l, "NewAlias", "rename", "duplicate-alias", "is the new name on line %d too: a name is one user's")
	}
	if l.operation != Delete && l.given("DtmfAccessId") && keyColumn(l.operation, l.options) != "DtmfAccessId" {
		u.extension(l)
	}
}

// once reports a value that an earlier row has in the same column for the same use.
func (u *unique) once(l *dataLine, column, use, code, message string) {
	if !l.given(column) {
		return
	}
	key := u.digest(column + "\x00" + use + "\x00" + fold(l.get(column)))
	if line, repeated := u.lines[key]; repeated {
		l.add(column, code, fmt.Sprintf(message, line), false)
		return
	}
	u.lines[key] = uint32(l.row.Line)
}

// extension reports an extension that an earlier row gives to another user. It is
// an error only if both rows surely mean one partition.
func (u *unique) extension(l *dataLine) {
	text := fold(l.get("DtmfAccessId"))
	scope := l.partition()
	now := extension{
		line:         uint32(l.row.Line),
		user:         uint32(maphash.String(u.seeds[0], fold(l.get("Alias")))),
		scope:        maphash.String(u.seeds[0], scope),
		scopeIsKnown: scope != "",
	}
	first, repeated := u.extensions[u.digest(text)]
	if !repeated {
		u.extensions[u.digest(text)] = now
		return
	}
	if first.user == now.user && l.given("Alias") {
		return // one user, created and then updated
	}
	const one = "is on line %d too, in the same partition: give one of the two another extension"
	if now.scopeIsKnown {
		key := u.digest(text + "\x00" + scope)
		if first.scopeIsKnown && first.scope == now.scope {
			l.add("DtmfAccessId", "duplicate-extension", fmt.Sprintf(one, first.line), false)
			return
		}
		if line, repeated := u.scoped[key]; repeated {
			l.add("DtmfAccessId", "duplicate-extension", fmt.Sprintf(one, line), false)
			return
		}
		u.scoped[key] = now.line
	}
	l.add("DtmfAccessId", "duplicate-extension", fmt.Sprintf("is on line %d too: right only in another partition, which the pre-flight finds out", first.line), true)
}

// partition returns what surely decides the partition of the row's extension: two
// rows with the same text mean the same partition. It is "" when nothing does,
// because the row may meet a user that has a partition already.
func (l *dataLine) partition() string {
	switch {
	case l.given("PartitionObjectId"):
		return "id " + fold(l.get("PartitionObjectId"))
	case l.given("PartitionName"):
		return "name " + fold(l.get("PartitionName"))
	case l.operation.makesUsers() && l.template() != "":
		return "template " + fold(l.template())
	}
	return ""
}
