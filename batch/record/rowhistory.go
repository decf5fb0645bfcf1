package record

import (
	"slices"
	"unique"

	"cucbulk/batch/model"
	"cucbulk/internal/codes"
)

// RowHistory is what the journal tells of one row.
type RowHistory struct {
	Status      Status // "" while there is no result
	result      int64  // offset of the last result
	asLast      bool   // it ended as in an earlier run, and was not looked at
	left        bool   // something of it was left to its user's template, see [Result]
	without     bool   // it went without something that the server does not have
	unconfirmed bool   // and nothing shows that the template gave it
	cost        *Cost  // as the last start told it that ended before the row; nil: none did
	Changes     []SentChange
}

// SentChange is a request that a run sent, or was about to send.
type SentChange struct {
	Number  int32 // of the intent, see [Intent]
	Attempt int32
	Step    string
	Method  string
	Made    bool // the change is on the server
	Open    bool // whether it was made is not known

	more     bool    // the step has changes after this one
	Unproven bool    // made, and perhaps by somebody else: see codes.GoneUnproven
	seconds  float32 // until it was answered
	offset   int64   // of the intent; what happened later is farther behind
	Told     int64   // offset of the answer that told the id of what was made; 0: none did
}

// Creates reports whether it makes a user.
func (c SentChange) Creates() bool { return model.Creates(c.Step, c.Method) }

// Deletes reports whether it removes a user.
func (c SentChange) Deletes() bool { return model.Deletes(c.Step, c.Method) }

// once gives one copy of a word that every row has.
func once(word string) string { return unique.Make(word).Value() }

// Intended takes note of an intent, which has no answer yet.
func (r *RowHistory) Intended(i Intent, offset int64) {
	r.Changes = append(r.Changes, SentChange{Number: int32(i.Number), Attempt: int32(i.Attempt), Step: i.Step, Method: i.Method,
		Open: true, more: i.More, offset: offset})
}

// Unsent is what the answer says to an intent whose request never left. In journals of
// earlier versions these words alone tell it.
const Unsent = "not sent: the run ended before its turn"

// Answered settles the intent that the answer is for. One that was not sent is none.
func (r *RowHistory) Answered(answer Answer, offset int64) {
	for i := len(r.Changes) - 1; i >= 0; i-- {
		c := &r.Changes[i]
		if int(c.Number) == answer.Number && c.Step == answer.Step && int(c.Attempt) == answer.Attempt {
			if answer.Unsent || answer.Status == 0 && answer.Message == Unsent {
				r.Changes = slices.Delete(r.Changes, i, i+1)
				return
			}
			c.Made, c.Open, c.seconds = answer.Made, answer.Open, c.seconds+float32(answer.Seconds)
			c.Unproven = answer.Made && answer.Code == string(codes.GoneUnproven)
			if answer.ObjectID != "" {
				c.Told = offset
			}
			return
		}
	}
}

// ended reports whether nothing is left to do for a row: it has its result, and that is no
// guess.
func (r *RowHistory) ended() bool { return r.Status != "" && !r.unconfirmed }

// Creation identifies the attempt that made the row's user.
func (r *RowHistory) Creation() (number, attempt int) {
	for _, c := range r.Changes {
		if c.Made && c.Creates() {
			number, attempt = int(c.Number), int(c.Attempt)
		}
	}
	return number, attempt
}

// Begun reports whether a row has no result, and the server has something of it, or may
// have.
func (r *RowHistory) Begun() bool {
	return r.Status == "" && (r.inDoubt() || slices.ContainsFunc(r.Changes, func(c SentChange) bool { return c.Made }))
}

// CutOff is the status of a row without a result. A rollback's row that is half undone is
// pending: no status of a rollback says that some of it is done.
func (r *RowHistory) CutOff(kind string) Status {
	switch {
	case r.unconfirmed:
		return r.Status
	case !r.Begun():
		return Pending
	case r.inDoubt():
		return Uncertain
	case kind == KindRollback:
		return Pending
	}
	return Partial
}

// Done gives the steps of which all changes are on the server.
func (r *RowHistory) Done() []string {
	var steps []string
	for _, c := range r.Changes {
		if c.Made && !c.more && !slices.Contains(steps, c.Step) {
			steps = append(steps, c.Step)
		}
	}
	return steps
}

// inDoubt reports whether the last change of a row has no answer that says what became
// of it.
func (r *RowHistory) inDoubt() bool {
	return len(r.Changes) > 0 && r.Changes[len(r.Changes)-1].Open
}

// Unconfirmed reports whether a row has a result, and the run must look yet whether its user has
// what was left to the template.
func (r *RowHistory) Unconfirmed() bool { return r.unconfirmed }

// Unproven reports whether something of a row is gone, and perhaps by somebody else.
func (r *RowHistory) Unproven() bool {
	return slices.ContainsFunc(r.Changes, func(c SentChange) bool { return c.Unproven })
}

// Spent is what a row without a result has cost so far. Reads of a start that was killed
// are not known.
func (r *RowHistory) Spent() Cost {
	var cost Cost
	if r.cost != nil {
		cost = *r.cost
	}
	for _, c := range r.Changes[cost.changes:] {
		cost = cost.With(1, int(c.Attempt), float64(c.seconds))
	}
	return cost
}

// counts reports whether a change of the row is on the server, or may be. What became of one
// that was tried again is what became of the last try.
func (r *RowHistory) counts(i int) bool {
	c := r.Changes[i]
	triedAgain := i+1 < len(r.Changes) && r.Changes[i+1].Attempt > c.Attempt
	return c.Made || c.Open && !triedAgain
}
