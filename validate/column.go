package validate

import (
	"strconv"

	"cucbulk/cupi"
	"cucbulk/internal/codes"
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
	Pairs      bool      // of a List: each value goes with that of another column, so it may be empty, or there twice
	Default    string    // what the server takes when nothing is sent, where the vendor says so
	Filled     bool      // a text that servers fill by themselves, so that it tells of nobody who filled it
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

	Whole bool // without it there is nothing of its step: where a mapping leaves it out, the step is left out

	Silent string // the value that sends nothing; "": none

	// With holds, by the value that is sent, the fields that go with it unless the
	// row gives them. One that is called as Field takes the place of the value.
	With map[string]cupi.Object

	Missed string // of a column that is passed over: what that means where a cell has a value, which is told; "": it is not

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

// kind says what the texts of a column are, as far as it matters to what a spreadsheet
// or a script may have done to them. The kinds are bits, so that a rule can name several.
type kind int

const (
	freeText   kind = 1 << iota // a department, a title: any words
	personName                  // part of what a person is called
	objectName                  // the name of a class of service, a role, a list
	login                       // an alias
	address                     // a mail address
	dialed                      // an extension: what is on a phone's keys
	phone                       // a number to dial, with its pauses
	identifier                  // digits that are no number: an employee's id
	postal                      // the same, and a blank may stand between groups of digits
	pinCode                     // secret digits
	password                    // a secret that may be any text
	typed                       // its type says what it may be

	codeTexts  = dialed | phone | identifier | postal | pinCode // digits that nobody counts with
	exactTexts = codeTexts | login                              // and what else must be right to the letter
	words      = freeText | personName | objectName
	allTexts   = words | exactTexts | address
)

// Word is what a number of a field means. A cell may hold either; the number is sent.
type Word struct{ Number, Text string }

// Destination says of a column that its cells are words for where a call goes.
type Destination struct {
	Prefix  string // of the fields Action, TargetConversation and TargetHandlerObjectId
	Actions string // the numbers of the actions that there are here
	Number  bool   // and TransferNumber is a field too
}

// booleans are the two values of a Boolean, as they are sent.
var booleans = []string{"true", "false"}
