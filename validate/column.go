package validate

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"cucbulk/cupi"
	"cucbulk/internal/codes"

	"golang.org/x/text/unicode/norm"
)

// Access says what a run may do with a column.
type Access string

// The kinds of access.
const (
	ReadWrite  Access = "read/write"  // sent on create and on update
	CreateOnly Access = "create"      // sent on create, a warning elsewhere
	ReadOnly   Access = "read"        // shown by the server, never sent
	Control    Access = "control"     // steers the row, is no field of the user
	PassedOver Access = "passed over" // allowed in a file, and not looked at

	Unsupported Access = "not supported" // the vendor names it, and no document says how it is written
)

// Range holds the limits of a number, both allowed.
type Range struct{ Least, Most int }

// holds reports whether a text is a number within the range.
func (r *Range) holds(text string) bool {
	n, err := strconv.Atoi(text)
	return err == nil && r.Least <= n && n <= r.Most
}

// anyValue stands in With for every value but "".
const anyValue = "*"

// BATRule is a limit that Cisco's Bulk Administration Tool sets and the vendor's
// API page does not. A cell that breaks it costs a warning.
type BATRule struct {
	Code       codes.Code // stable, begins with "bat-"
	MinLength  int        // characters; 0: no minimum
	MaxLength  int        // characters; 0: no maximum
	Characters string     // what BAT takes, in words; "" when all is well
	Allowed    func(rune) bool
}

// Column is one thing that a heading can name.
type Column struct {
	Name       string    // canonical heading, in CUPI's own spelling
	Also       []string  // other headings that mean the same
	Type       Type      // what the text must look like
	MaxLength  int       // characters, not bytes; 0: no limit known
	Values     []string  // the only values allowed; nil: any
	Words      []Word    // what numbers mean, in a word that is taken too; their numbers are the Values, unless there is a Range
	Range      *Range    // limits of a number; nil: none
	Sure       *Range    // the part of Range on which the vendor's documents agree; nil: all of it
	OnlyTrue   bool      // of a Boolean: it can't be turned off
	List       List      // how a cell holds several values; "": it holds one
	Default    string    // what the server takes when nothing is sent, where the vendor says so
	Access     Access    // what a run may do with it
	Secret     bool      // its values appear in no message
	Step       string    // step that writes Field: "user", "callhandler", "alternateextensions/1"; "" for none
	Field      string    // CUPI field that it sets; for a name column, the id field that the name becomes
	Collection string    // name column: the cupi collection in which the text is looked up; else ""
	Nullable   bool      // %null% may clear it
	Unique     unicity   // whether two users may have the same
	OneLine    bool      // no line break or tab; in other texts of the user they cost a warning
	Listed     bool      // an entry of the user listing shows it
	BAT        []BATRule // where BAT is stricter

	Destination *Destination // its cells are words for where a call goes; nil: they are not

	LocalPartOf string // the field of an address of which this is the part before the @; "": of none

	Silent string // the value that sends nothing; "": none

	// With holds, by the value that is sent, the fields that go with it unless the
	// row gives them. One that is called as Field takes the place of the value.
	With map[string]cupi.Object

	Note string // one sentence for people; "" when the name says it all

	holds kind   // what its texts are; 0: not worked out
	bat   string // what BAT calls it; "": it has no such column
}

// unicity says whether two users may have the same value.
type unicity int

const (
	shared        unicity = iota // they may, as far as is known
	perhapsUnique                // some servers may refuse the second
	surelyUnique                 // the server refuses the second
)

// The kinds of step that a column can belong to.
const (
	StepUser        = "user"        // the User resource
	StepCallHandler = "callhandler" // the user's own call handler
)

// table is every column of a file of users. Nothing changes it.
var table = explained(classified(slices.Concat(
	controlColumns,
	userColumns,
	nameColumns,
	extensionColumns,
	partColumns,
	answerColumns,
	unsupportedColumns,
)))

// ColumnByHeading finds a column that a heading names in a file of any object: whether it is
// one at all, and whether its cells are secrets or files, is so in all of them.
func ColumnByHeading(heading string) (column Column, known bool) {
	for _, t := range tables {
		if column, known = t.Column(heading); known {
			break
		}
	}
	return column, known
}

// fold maps texts that differ only in case to one text, as strings.EqualFold sees
// case, or only in which of Unicode's forms an accent is written: nobody sees that.
// CUPI compares aliases and names the same way, as far as case goes.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			return r
		}
		smallest := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			smallest = min(smallest, next)
		}
		return unicode.ToLower(smallest)
	}, norm.NFC.String(text))
}
