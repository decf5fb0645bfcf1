package validate

import (
	"fmt"

	"cucbulk/internal/codes"
)

// unique remembers which aliases and extensions a file has used, and where. It
// keeps digests, not texts: about 50 bytes a row however long the values.
type unique struct {
	where func(line, cell int) string // names a place of the file

	lines      digestTable[uint32]        // an alias or key with its use -> line
	extensions digestTable[extension]     // the first row with an extension
	members    digestTable[extension]     // the first row with an address
	scoped     map[placedDigest]extension // later rows: an extension in a scope
	scopes     map[uint64]uint32          // hash of a scope -> its number, from 1
	lastScope  struct {
		hash   uint64
		number uint32
	}
	fetched uint64 // so that what expect reads is not left out
}

// realms keep new aliases and extensions apart from what else is remembered.
type realms struct {
	newAlias, extension digest
	owner               digest            // of a member
	members             map[string]digest // by column
}

// extension is where an extension was first given.
type extension struct {
	line  uint32
	cell  uint16 // under which heading, from 1; 0: under none
	user  uint32 // hash of the alias
	scope uint32 // what surely decides the partition; 0: nothing
}

// where names the place.
func (e extension) where(u *unique) string { return u.where(int(e.line), int(e.cell)-1) }

type placedDigest struct {
	digest
	scope uint32
}

func newUnique(o Options) *unique {
	return &unique{where: o.where, scoped: make(map[placedDigest]extension), scopes: make(map[uint64]uint32)}
}

// reserve tells how many rows may come.
func (u *unique) reserve(rows int) { u.lines.expected, u.extensions.expected = rows, rows }

// use is a way in which a value may occur once in a file.
type use int

const (
	useAlias use = iota
	useKey
	useNewAlias
	useMember
)

// uses says how a second time is told.
var uses = [...]struct {
	code    codes.Code
	message string
}{
	useAlias:    {codes.DuplicateAlias, "is %s too, with the same operation: keep one of the two rows"},
	useKey:      {codes.DuplicateKey, "is %s too, with the same operation: keep one of the two rows"},
	useNewAlias: {codes.DuplicateAlias, "is the new name %s too: a name is one user's"},
	useMember:   {codes.DuplicateKey, "is %s too, of the same owner: keep one of the two rows"},
}

// uniqueKeys are what a row takes for itself. They are made apart from the other rows.
// A digest without a head claims nothing.
type uniqueKeys struct {
	once  [len(uses)]digest
	cells [len(uses)]int // under which heading each stands, from 0; -1: under none
	key   string         // the column of once[useKey] or once[useMember]

	extension  claimedExtension
	alternates []claimedExtension
	members    []claimedMember
	kinds      []digest // what else counts as once[useMember]
	user       uint32   // hash of the alias
	hasUser    bool
}

// claimedMember is what else a row gives its user, of which no two users have the same.
type claimedMember struct {
	digest
	column *Column
	cell   int
	value  string
}

// claimedExtension is an extension that a row gives its user.
type claimedExtension struct {
	digest
	column string
	cell   int
	scope  uint64 // hash of what decides the partition; 0: nothing does
}

// scope is what decides the partition of an extension.
type scope struct {
	kind, text string
	hash       uint64
}

// expect fetches the places of what a row claims.
func (u *unique) expect(c *uniqueKeys) {
	for _, claimed := range c.once {
		u.fetched += u.lines.near(claimed)
	}
	u.fetched += u.extensions.near(c.extension.digest)
	for _, alternate := range c.alternates {
		u.fetched += u.extensions.near(alternate.digest)
	}
}

// add adds what the row has in common with the rows before it, and remembers
// the row.
func (u *unique) add(problems []Problem, c *uniqueKeys, line int) []Problem {
	for use, claimed := range c.once {
		if claimed.head == 0 {
			continue
		}
		before, repeated := u.lines.putNew(claimed, uint32(line))
		if use == int(useMember) {
			for _, kind := range c.kinds {
				if also, is := u.lines.putNew(kind, uint32(line)); is && !repeated {
					before, repeated = also, true
				}
			}
		}
		if repeated {
			column := [...]string{useAlias: "Alias", useKey: c.key, useNewAlias: "NewAlias", useMember: c.key}[use]
			problems = append(problems, Problem{Column: column, Code: uses[use].code,
				Message: fmt.Sprintf(uses[use].message, u.where(int(before), c.cells[use]))})
		}
	}
	problems = u.extension(problems, c, c.extension, line)
	for _, alternate := range c.alternates {
		problems = u.extension(problems, c, alternate, line)
	}
	for _, member := range c.members {
		problems = u.member(problems, c, member, line)
	}
	return problems
}

// member adds what is wrong with a value that no two users share: an earlier row gives it to
// another user.
func (u *unique) member(problems []Problem, c *uniqueKeys, m claimedMember, line int) []Problem {
	now := extension{line: uint32(line), cell: uint16(m.cell + 1), user: c.user}
	first, repeated := u.members.putNew(m.digest, now)
	if !repeated || first.line == now.line || first.user == now.user && c.hasUser {
		return problems
	}
	message := fmt.Sprintf("%q is %s too: an address is one user's; give one of the two another", m.value, first.where(u))
	if m.column.Unique == perhapsUnique {
		message = fmt.Sprintf("%q is %s too: where the server lets no two users have one address, it refuses the second",
			m.value, first.where(u))
	}
	return append(problems, Problem{Column: m.column.Name, Code: codes.DuplicateAddress, Message: message,
		Warning: m.column.Unique == perhapsUnique})
}

// extension adds what is wrong with one of the row's extensions.
func (u *unique) extension(problems []Problem, c *uniqueKeys, e claimedExtension, line int) []Problem {
	if e.head == 0 {
		return problems
	}
	if message, warning := u.again(c, e, line); message != "" {
		problems = append(problems, Problem{Column: e.column, Code: codes.DuplicateExtension, Message: message, Warning: warning})
	}
	return problems
}

// again tells of an extension that an earlier row gives to another user. It is
// an error only if both rows surely mean one partition.
func (u *unique) again(c *uniqueKeys, e claimedExtension, line int) (message string, warning bool) {
	now := extension{line: uint32(line), cell: uint16(e.cell + 1), user: c.user, scope: u.scope(e.scope)}
	first, repeated := u.extensions.putNew(e.digest, now)
	if !repeated || first.user == now.user && c.hasUser { // the latter is one user, created and then updated
		return "", false
	}
	const one = "is %s too, in the same partition: give one of the two another extension"
	if now.scope != 0 {
		if first.scope == now.scope {
			return fmt.Sprintf(one, first.where(u)), false
		}
		key := placedDigest{e.digest, now.scope}
		if before, repeated := u.scoped[key]; repeated {
			return fmt.Sprintf(one, before.where(u)), false
		}
		u.scoped[key] = now
	}
	return fmt.Sprintf("is %s too: right only in another partition, which the pre-flight finds out", first.where(u)), true
}

// scope numbers the scopes as they come.
func (u *unique) scope(hash uint64) uint32 {
	if hash == 0 {
		return 0
	}
	if hash != u.lastScope.hash {
		number, known := u.scopes[hash]
		if !known {
			number = uint32(len(u.scopes) + 1)
			u.scopes[hash] = number
		}
		u.lastScope.hash, u.lastScope.number = hash, number
	}
	return u.lastScope.number
}
