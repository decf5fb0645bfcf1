package validate

import (
	"cmp"
	"sync"

	"cucbulk/internal/codes"
)

// Checker checks the rows of one file and decodes them. What is to be said of a row by
// itself, any number of goroutines find out; what it has in common with the rows before
// it is remembered, so one goroutine settles that, row after row. To check a file a
// second time takes a new Checker; to decode it does not.
type Checker struct {
	options  Options
	header   *Header
	slots    slots
	position map[string]int // column name -> index in slots
	at       places
	pairs    []pair
	demands  map[Operation]*demands
	same     bool // all rows have the same operation
	parts    bool // there are columns of more than the User resource

	destinations bool // there are columns of destinations
	sounds       bool // there are columns of recordings

	wholes   []int       // where in slots the names are without which there is nothing of their steps, where a mapping may leave them out
	keepsIn  map[int]int // where in slots the alternate extensions are that may keep the number that a row's user had
	digester digester
	realms   realms
	unique   *unique
	lines    *sync.Pool // of *dataLine
}

// places are where in slots the columns are that every row is asked for; -1: the
// file does not have it.
type places struct {
	operation, alias, newAlias, extension, objectID, template, partitionID, partitionName, inactive, person, successor, member,
	memberKind int

	alternates   []int // the alternate extensions
	privateLists []int // the names of the user's private lists
	members      []int // what else no two users share
}

// demands is what an operation asks of a row.
type demands struct {
	key                  int // where in slots the column is that finds the user, or whom it imports; -1
	needs                []need
	aliasRealm, keyRealm digest // in which an alias, and a key, may occur once
}

// dataLine is one row while it is checked or decoded.
type dataLine struct {
	*Checker
	row       Row
	values    []string // one a slot, without blanks around it
	operation Operation
	demands   *demands
	blank     bool   // around the text of some cell
	marked    bool   // some text was, see marks
	keep      string // why the old number can't be kept
	problems  []Problem
	scope     scope // the last one: most rows have the same
}

// get returns the text of a column, "" when the file has no such column.
func (l *dataLine) get(column string) string {
	if i, ok := l.position[column]; ok {
		return l.values[i]
	}
	return ""
}

// given says whether a column has a value that sets something, not %null%.
func (l *dataLine) given(column string) bool {
	text := l.get(column)
	return text != "" && !isNull(text)
}

// valueAt returns the text of the slot with this index; "" for index -1.
func (l *dataLine) valueAt(i int) string {
	if i < 0 {
		return ""
	}
	return l.values[i]
}

// givenAt says whether a slot has a value that sets something, not %null%.
func (l *dataLine) givenAt(i int) bool {
	text := l.valueAt(i)
	return text != "" && !isNull(text)
}

// successor is the alias of whom the row names as the one who takes over from its user.
func (l *dataLine) successor() string {
	return cmp.Or(l.valueAt(l.at.successor), l.options.ReassignTo)
}

func (l *dataLine) template() string {
	return cmp.Or(l.valueAt(l.at.template), l.options.Template, l.options.table().template)
}

func (l *dataLine) add(column string, code codes.Code, message string, warning bool) {
	l.problems = append(l.problems, Problem{Column: column, Code: code, Message: message, Warning: warning})
}

// need is a column that an operation can't do without.
type need struct {
	column   string
	or       string // the column that does as well; "": none
	warning  bool   // only if it turns out that the user must be created
	at, orAt int    // where in slots they are; -1: nowhere
}

// pair is a defaultPair with where its columns are in slots; -1: nowhere.
type pair struct {
	defaultPair
	useDefaultAt, overrideAt int
	sourcesAt                []int
}

// defaultPair is a setting of the user that a default of the server can replace.
type defaultPair struct {
	useDefault string   // the column that says whether the default counts
	sources    []string // the columns that give the user's own value
	override   string   // a column that, when true, makes the user's own value needless
	code       codes.Code
	thing      string
}
