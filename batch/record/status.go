package record

import (
	"maps"
	"slices"
	"strings"
	"time"

	"cucbulk/batch/model"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Status says how a row ended. They are strings so that stored values outlive
// any renumbering.
type Status string

// The statuses of a run's rows.
const (
	Created   Status = "created"
	Updated   Status = "updated"
	Deleted   Status = "deleted"
	Unchanged Status = "unchanged" // the server already is as the row wants it
	Invalid   Status = "invalid"   // nothing was sent: a rule, a conflict or a guard
	Failed    Status = "failed"    // the server refused, or the retries ran out
	Partial   Status = "partial"   // some steps are done and some are not, at the end or so far
	Uncertain Status = "uncertain" // sent, the answer lost, and the truth not provable, or not yet
	Skipped   Status = "skipped"   // left out by a filter
	Pending   Status = "pending"   // the server has nothing of it; resume goes on with it
)

// The statuses that only a rollback's rows have, beside Deleted, Failed,
// Uncertain and Pending.
const (
	Restored  Status = "restored"
	Recreated Status = "recreated"
	Kept      Status = "kept" // left alone, because undoing it was not safe
)

// Statuses lists every status in the order in which summaries show them.
func Statuses() []Status {
	return []Status{Created, Updated, Deleted, Unchanged, Restored, Recreated, Kept,
		Invalid, Failed, Partial, Uncertain, Skipped, Pending}
}

// Done reports whether nothing is left to do for a row that ended so.
func (s Status) Done() bool {
	switch s {
	case Created, Updated, Deleted, Unchanged, Restored, Recreated, Skipped:
		return true
	}
	return false
}

// Rejected reports whether a row that ended so belongs into rejects.csv.
func (s Status) Rejected() bool {
	return s == Invalid || s == Failed || s == Partial
}

// Reversible says how much of a row's change rollback can undo.
type Reversible string

// The values of [Reversible].
const (
	FullyReversible  Reversible = "yes"
	PartlyReversible Reversible = "partly"
	NotReversible    Reversible = "no"
)

// Result is how one row ended. Every data row of the input has exactly one.
type Result struct {
	Row          int                `json:"row"`  // 1 for the first data row
	Line         int                `json:"line"` // where it begins in the input file
	Operation    validate.Operation `json:"operation"`
	Alias        string             `json:"alias"`
	DtmfAccessID string             `json:"dtmfAccessId,omitempty"`
	ObjectID     string             `json:"objectId,omitempty"`
	Status       Status             `json:"status"`
	Code         codes.Code         `json:"code,omitempty"`    // for scripts
	Message      string             `json:"message,omitempty"` // a sentence for people
	StepsDone    []string           `json:"stepsDone,omitempty"`
	StepsFailed  []string           `json:"stepsFailed,omitempty"`
	Requests     int                `json:"requests"` // sent for this row, reads included
	Attempts     int                `json:"attempts"` // the most that one of its requests needed
	Seconds      float64            `json:"seconds"`
	Reversible   Reversible         `json:"reversible"`

	// AsTemplate holds, by step, what the row wants of a user that it made and what was not sent,
	// because the user's template gives it. Unconfirmed: nothing read since shows that it did.
	AsTemplate  map[string]cupi.Object `json:"asTemplate,omitempty"`
	Unconfirmed bool                   `json:"unconfirmed,omitempty"`

	// Recipients are, of what sent messages to the one that the row deleted, right after that: the path, and the recipient
	// that the server gave it by itself.
	Recipients []cupi.Object `json:"recipients,omitempty"`

	// What the row wants, and the server does not have: fields, and parts by what people call them.
	LeftOut []string `json:"leftOut,omitempty"`

	// Cells is the digest of what the row asked, by which a later run knows it again; "" of one
	// that is always looked at. LookedAt is when the server was last looked at for a row that
	// this run did not look at.
	Cells    string    `json:"cells,omitempty"`
	LookedAt time.Time `json:"lookedAt,omitzero"`
}

// LeftToTemplate lists the steps of which something was left to the template.
func (r Result) LeftToTemplate() string {
	return strings.Join(slices.SortedFunc(maps.Keys(r.AsTemplate), model.CompareSteps), ", ")
}

// Short reports whether a rollback could not bring back what was recorded of a user
// that it made again.
func (r Result) Short() bool { return r.Code == codes.PartlyRecreated }

// LeftAlone reports whether a row of a run ended without a proof of what became of one of its
// requests. Who has a result is not looked after again.
func (r Result) LeftAlone() bool { return r.Status == Uncertain && r.Code != codes.Interrupted }

// Exit codes of a finished or stopped run, as the command returns them.
const (
	ExitDone        = 0 // every row done
	ExitFailed      = 1 // could not run
	ExitUsage       = 2
	ExitInvalid     = 3 // validation or the pre-flight found errors, nothing sent
	ExitIncomplete  = 4 // finished, some rows not done
	ExitRail        = 5 // stopped by a guard rail
	ExitInterrupted = 6 // interrupted or out of time; resume goes on
	ExitUncertain   = 7 // finished, some rows uncertain
)

// Counts holds how many rows ended in each status.
type Counts map[Status]int

// Total adds up all rows.
func (c Counts) Total() int {
	total := 0
	for _, n := range c {
		total += n
	}
	return total
}

// Changed adds up the rows that changed something on the server.
func (c Counts) Changed() int { return c[Created] + c[Updated] + c[Deleted] + c[Partial] }

// Exit is the exit code that the counts of a finished run ask for.
func (c Counts) Exit() int {
	switch {
	case c[Uncertain] > 0:
		return ExitUncertain
	case c[Pending] > 0:
		return ExitInterrupted
	}
	for status, n := range c {
		if n > 0 && !status.Done() {
			return ExitIncomplete
		}
	}
	return ExitDone
}
