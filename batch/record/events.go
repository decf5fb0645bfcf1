package record

import (
	"path/filepath"
	"time"

	"cucbulk/batch/journal"
)

// Event is something that a journal dates.
type Event struct {
	Time time.Time
	Kind EventKind

	Row    int           // ChangeAnswered and RowEnded
	Code   int           // ChangeAnswered: the HTTP status, 0 if no answer came
	Took   time.Duration // ChangeAnswered: from request to answer
	Status Status        // RowEnded
}

// EventKind says what happened.
type EventKind int

// The kinds of event. Reads are not journaled, so they are no events.
const (
	WorkBegan      EventKind = iota // a run, or a resume, starts to send
	ChangeAnswered                  // a request that changes something was answered, or given up
	RowEnded                        // a row has its first result; it may get another, see [RowHistory.Unconfirmed]
	WorkEnded                       // the run ended by itself
)

// Events tells what happened when, in the order of the journal, up to where the history
// was read.
func (h *History) Events(tell func(Event)) error {
	ended := map[int]bool{}
	return journal.ReadUpTo(filepath.Join(h.Folder, JournalFile), h.Tail, func(record journal.Record) error {
		event := Event{Time: record.Time}
		switch record.Type {
		case RecordBegin:
			event.Kind = WorkBegan
		case RecordFooter:
			event.Kind = WorkEnded
		case RecordAnswer:
			var answer struct {
				Row, Status int
				Seconds     float64
			}
			if err := record.Decode(&answer); err != nil || answer.Seconds == 0 {
				return err
			}
			event.Kind, event.Row, event.Code = ChangeAnswered, answer.Row, answer.Status
			event.Took = time.Duration(answer.Seconds * float64(time.Second))
		case RecordResult:
			var result struct {
				Row    int
				Status Status
			}
			if err := record.Decode(&result); err != nil {
				return err
			}
			if ended[result.Row] {
				return nil
			}
			ended[result.Row] = true
			event.Kind, event.Row, event.Status = RowEnded, result.Row, result.Status
		default:
			return nil
		}
		tell(event)
		return nil
	})
}
