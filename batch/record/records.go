package record

import (
	"bytes"
	"io"
	"maps"
	"net/url"
	"slices"
	"time"

	"cucbulk/batch/input"
	"cucbulk/batch/model"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// The types of the journal's records, in the order in which a run writes them.
const (
	RecordHeader = "header" // Header, once, first
	RecordBegin  = "begin"  // Begin, at the start and after each resume
	RecordOrder  = "order"  // Order, when a start has found it out
	RecordIntent = "intent" // Intent, durable before its request is sent
	RecordAnswer = "answer" // Answer
	RecordResult = "result" // Result
	RecordCost   = "cost"   // Cost, at an end, of a row that was begun and has no result
	RecordFooter = "footer" // Footer, when the run ended by itself
)

// FormatVersion is the version of the journal's records.
const FormatVersion = 1

// Header is the journal's first record: what was asked, of which input.
type Header struct {
	Version int       `json:"version"`
	Tool    string    `json:"tool"`
	Kind    string    `json:"kind"` // KindRun or KindRollback
	Started time.Time `json:"started"`
	Input   Input     `json:"input"`
	Options Options   `json:"options"`
	Rows    int       `json:"rows"`
	Secrets bool      `json:"secrets,omitempty"` // columns of the input hold secrets
	Of      string    `json:"of,omitempty"`      // rollback: the folder of the run that it undoes
	Undo    []int     `json:"undo,omitempty"`    // rollback: the rows that a rollback.csv named; nil: all
	Force   bool      `json:"force,omitempty"`   // rollback: see [UndoOptions]
	Typed   []string  `json:"typed,omitempty"`   // see batch.Recorder
}

// The kinds of journal.
const (
	KindRun      = "run"
	KindRollback = "rollback"
)

// Begin is written when a run starts to send, and again at each resume.
type Begin struct {
	Server  Identity  `json:"server"`
	Account string    `json:"account"`
	Workers int       `json:"workers"`
	Clock   time.Time `json:"clock,omitzero"`  // the server's; not in journals of earlier versions
	Typed   []string  `json:"typed,omitempty"` // of this start, see batch.Recorder

	// Foreseen is how many requests this start will send at most, those of its pre-flight
	// included. Spared may be fewer of them, where templates give what rows want.
	Foreseen int `json:"foreseen,omitempty"`
	Spared   int `json:"spared,omitempty"`

	// Targets are the ObjectIds that the rows of the first start were about, where nothing tells when
	// each was made: see [model.Object.Dated].
	Targets []string `json:"targets,omitempty"`
}

// Order says how rows that get into each other's way go. It is found out before anything
// is sent, from what the server shows then, and a resume goes by it: what the run itself
// has done meanwhile looks like conflicts. Rows that get into nobody's way are not in it.
//
// A row's own number names it. With a minus it names the row's move to a temporary
// extension, which comes before the row.
type Order struct {
	After      map[int][]int  `json:"after,omitempty"`     // what must have ended before
	MovesFirst map[int]string `json:"parks,omitempty"`     // temporary extensions, by row
	Conflicts  []Conflict     `json:"conflicts,omitempty"` // rows that can't take what they want
}

// Without is the order of the rows that are left when some have ended, or do nothing.
func (o Order) Without(gone func(row int) bool) Order {
	rowGone := func(id int) bool { return gone(max(id, -id)) }
	left := Order{After: map[int][]int{}, MovesFirst: maps.Clone(o.MovesFirst), Conflicts: o.Conflicts}
	for id, before := range o.After {
		if before = slices.DeleteFunc(slices.Clone(before), rowGone); len(before) > 0 && !rowGone(id) {
			left.After[id] = before
		}
	}
	maps.DeleteFunc(left.MovesFirst, func(row int, _ string) bool { return gone(row) })
	return left
}

// Conflict is a row that is not sent because of what others have or take.
type Conflict struct {
	Row     int        `json:"row"`
	Code    codes.Code `json:"code"`
	Message string     `json:"message"`
}

// Identity tells one Unity Connection server from another.
type Identity struct {
	URL      string `json:"url"`
	Location string `json:"location,omitempty"` // LocationObjectId of its users
	Version  string `json:"version,omitempty"`
}

// Intent says what is about to be sent. It holds no secret: fields that hold one
// are named in Secret, and their values left out.
type Intent struct {
	Number  int         `json:"number,omitempty"` // no other intent of the journal has it; 0 in journals of earlier versions
	Row     int         `json:"row"`
	Step    string      `json:"step"`
	Attempt int         `json:"attempt"`
	Method  string      `json:"method"`
	Path    string      `json:"path"`
	Query   string      `json:"query,omitempty"`
	Alias   string      `json:"alias,omitempty"`
	Fields  cupi.Object `json:"fields,omitempty"`
	Secret  []string    `json:"secret,omitempty"`
	Before  cupi.Object `json:"before,omitempty"` // the pre-image: what the request overwrites or removes
	User    string      `json:"user,omitempty"`   // ObjectId of the row's user, of a part whose path does not tell it
	More    bool        `json:"more,omitempty"`   // the step has changes after this one

	// Also is, for a DELETE, what goes with the user and rollback can bring back: under
	// "alternateextensions" and "smtpproxyaddresses" what to write again, under
	// "distributionlistmembers" the ObjectId, Alias and DisplayName of each list that
	// the user was in. A kind that the server did not tell is not there.
	Also map[string][]cupi.Object `json:"also,omitempty"`

	// AbsentSince is, for a POST that makes a user, the server's time before which the user
	// was not there: it was proven absent before the request was first sent, and what came
	// between the two is not the request's work. For a PUT of a secret it is the time before
	// which that was not written. Only with it can a lost answer be settled.
	AbsentSince time.Time `json:"absentSince,omitzero"`
}

// Same reports whether two intents are one change, sent twice.
func (i Intent) Same(other Intent) bool {
	return i.Step == other.Step && i.Method == other.Method && i.Path == other.Path && maps.Equal(i.Fields, other.Fields)
}

// About is what the request makes, changes or removes, or has a part of.
func (i Intent) About() *model.Object { return model.KindOf(i.Step).About }

// Creates reports whether the intent is to make a user.
func (i Intent) Creates() bool { return model.Creates(i.Step, i.Method) }

// Imports reports whether the intent is to import a user from the LDAP directory.
func (i Intent) Imports() bool { return i.Method == "POST" && i.Path == i.About().People.Path }

// Template is the alias of the template from which the request makes a user; "" where
// it makes none.
func (i Intent) Template() string {
	query, err := url.ParseQuery(i.Query)
	if err != nil {
		return ""
	}
	return query.Get(i.About().TemplateBy)
}

// Shown gives the fields as the object shows them that the request makes or changes.
// An import spells them its own way.
func (i Intent) Shown() cupi.Object {
	if i.Imports() {
		return i.About().Imported(i.Fields)
	}
	return i.Fields
}

// Answer says what became of the intent with its number; in journals of earlier versions,
// of the last one before it with the same row, step and attempt. An intent without an
// answer was in flight when the run died.
type Answer struct {
	Number   int       `json:"number,omitempty"`
	Row      int       `json:"row"`
	Step     string    `json:"step"`
	Attempt  int       `json:"attempt"`
	Made     bool      `json:"made"`             // the change is on the server, and this run made it
	Open     bool      `json:"open"`             // whether it was made is not known
	Unsent   bool      `json:"unsent,omitempty"` // its request never left, because the run ended before
	Status   int       `json:"status,omitempty"`
	Code     string    `json:"code,omitempty"`
	Message  string    `json:"message,omitempty"`
	ObjectID string    `json:"objectId,omitempty"`
	Date     time.Time `json:"date,omitzero"`     // the server's clock
	Seconds  float64   `json:"seconds,omitempty"` // from request to answer; 0 where a look at the server settled it
}

// Cost is what a row has cost, in all starts so far, when a start ended before the row did.
// A start that was killed tells none; then the changes that it sent are counted.
type Cost struct {
	Row      int     `json:"row"`
	Requests int     `json:"requests"`
	Attempts int     `json:"attempts"`
	Seconds  float64 `json:"seconds"`

	changes int // of the row, that it counts
}

// With adds what came later.
func (c Cost) With(requests, attempts int, seconds float64) Cost {
	c.Requests, c.Attempts, c.Seconds = c.Requests+requests, max(c.Attempts, attempts), c.Seconds+seconds
	return c
}

// Footer ends a journal whose run ended by itself.
type Footer struct {
	Exit     int            `json:"exit"`
	Finished time.Time      `json:"finished"`
	Seconds  float64        `json:"seconds"`          // since the last begin
	Code     codes.Code     `json:"code,omitempty"`   // why it stopped before the end, for scripts
	Reason   string         `json:"reason,omitempty"` // and for people
	Counts   Counts         `json:"counts"`
	Requests map[string]int `json:"requests"` // sent since the last begin, by method
	SignIns  int            `json:"signIns"`
	Retries  int            `json:"retries"`
	Busy     int            `json:"busy"` // 503 answers

	// Throttled is how often the number of requests at a time went down, and SecondsAt
	// how long it was what.
	Throttled int             `json:"throttled,omitempty"`
	SecondsAt map[int]float64 `json:"secondsAt,omitempty"`
}

// SameAs tells servers apart by their location, or by their address where one does not show it.
func (i Identity) SameAs(other Identity) bool {
	if i.Location != "" && other.Location != "" {
		return i.Location == other.Location
	}
	return i.URL == other.URL
}

// Input tells which file a run reads.
type Input struct {
	Name   string       `json:"name"` // as the user named it
	SHA256 string       `json:"sha256"`
	Bytes  int64        `json:"bytes"`
	Format input.Format `json:"format"`
	Audio  string       `json:"audio,omitempty"` // SHA-256 of the digests of all recordings that its rows name; "": they name none
	// The folder from which their paths count, unless [Options.AudioFolder] names one; in full.
	Sounds string `json:"audioFolder,omitempty"`
	Sheet  string `json:"sheet,omitempty"` // of a workbook; SHA256, Bytes and Format are then those of its rows as CSV

	Leavers *Leavers `json:"leavers,omitempty"` // nil: all its rows are those of the file

	path        string             // the file that has its bytes; "": none does, and they are held
	held        []byte             // its bytes, when they are few or no file has them; else nil
	fingerprint input.Fingerprint  // by which they are known again
	heading     *headingLine       // nil: it was not read
	Problems    []validate.Problem `json:"-"` // about the file as a whole
	continued   []int              // of a workbook, see continuations
	lines       int                // how many line ends the file has; 0: not counted
}

// Awaited gives what others come after.
func (o Order) Awaited() map[int]bool {
	awaited := map[int]bool{}
	for _, rows := range o.After {
		for _, row := range rows {
			awaited[row] = true
		}
	}
	return awaited
}

// Before gives the rows after which these rows come, and after which those come.
func (o Order) Before(rows []int) []int {
	seen := map[int]bool{}
	var before []int
	visit := func(id int) {
		for _, id := range o.After[id] {
			if !seen[id] {
				seen[id] = true
				before = append(before, id)
			}
		}
	}
	for _, row := range rows {
		visit(row)
	}
	for i := 0; i < len(before); i++ {
		visit(before[i])
	}
	for i, id := range before { // also of the move to a temporary extension
		before[i] = max(id, -id)
	}
	return before
}

// headingLine is the first line that is read of an input.
type headingLine struct {
	cells        []string
	raw, lineEnd string
}

// source opens the input's bytes: those that are held, or whatever its file has now.
func (in Input) source() (io.ReadCloser, error) {
	if in.held != nil {
		return io.NopCloser(bytes.NewReader(in.held)), nil
	}
	return input.Open(in.path)
}
