package send

import (
	"errors"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
)

// Changer is a row's way to the server by which it also changes something, and records what it does.
type Changer struct {
	Requester
	Alias     string                // of the row
	Doubted   *record.AppliedChange // what an earlier start sent, and the answer was lost
	TookFrom  int                   // the row that had claimed the user which is proven to be this row's; 0: none
	SentAt    time.Time             // when the last change was first sent
	Journaled record.RowHistory     // of the row, in all starts: its intents, and their answers
}

// refusalOf is what a change ends with that the server refused, and did not make.
func (e *Changer) refusalOf(c Change, problem *cupi.Error) error {
	switch e.table.Decide(c.Request.Method, problem) {
	case forbidden:
		return e.noPermission(problem)
	case Misplaced:
		many := ""
		if model.Creates(c.Step, c.Request.Method) {
			many = model.KindOf(c.Step).About.Many()
		}
		return e.noPlace(many, problem)
	}
	no := &Failure{record.Failed, codeOf(problem), problem.Error()} // a look has not shown that it is gone
	if e.table.Decide(c.Request.Method, problem) == Refused {
		return &Refusal{no}
	}
	return no
}

// Note records what became of an intent. A journal that failed shows at the next
// intent, before anything more is sent, and when it is closed.
func (e *Changer) Note(sent record.Intent, answer record.Answer) {
	answer.Number, answer.Row, answer.Step, answer.Attempt = sent.Number, sent.Row, sent.Step, sent.Attempt
	e.Journaled.Answered(answer, 0)
	_ = e.Journal.Post(record.RecordAnswer, answer)
}

// NotBegun is told when a look has shown that a change did not reach the server. If
// nothing else of the row did, its job ends, and goes once more when those have gone that
// were begun: the error is ErrNotBegun then.
func (e *Changer) NotBegun() error {
	if e.Journaled.Begun() {
		return nil
	}
	e.Place.sent()
	e.Place.end()
	return ErrNotBegun
}

// ErrNotBegun ends the job of a row that seemed to be begun, and is not.
var ErrNotBegun = errors.New("nothing of the row was begun")
