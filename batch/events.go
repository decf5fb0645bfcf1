package batch

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
	Method string        // ChangeAnswered
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
	RowEnded                        // a row has its result
	WorkEnded                       // the run ended by itself
)

// Events tells what happened when, in the order of the journal.
func (h *History) Events(tell func(Event)) error {
	type attempt struct {
		row, number int
		step        string
	}
	methods := map[attempt]string{} // of the intents that are not answered
	_, err := journal.Read(filepath.Join(h.Folder, JournalFile), func(record journal.Record) error {
		event := Event{Time: record.Time}
		switch record.Type {
		case recordBegin:
			event.Kind = WorkBegan
		case recordFooter:
			event.Kind = WorkEnded
		case recordIntent:
			var intent Intent
			err := record.Decode(&intent)
			methods[attempt{intent.Row, intent.Attempt, intent.Step}] = intent.Method
			return err
		case recordAnswer:
			var answer Answer
			if err := record.Decode(&answer); err != nil || answer.Seconds == 0 {
				return err
			}
			sent := attempt{answer.Row, answer.Attempt, answer.Step}
			event.Kind, event.Row, event.Code, event.Method = ChangeAnswered, answer.Row, answer.Status, methods[sent]
			event.Took = time.Duration(answer.Seconds * float64(time.Second))
			delete(methods, sent)
		case recordResult:
			var result Result
			if err := record.Decode(&result); err != nil {
				return err
			}
			event.Kind, event.Row, event.Status = RowEnded, result.Row, result.Status
		default:
			return nil
		}
		tell(event)
		return nil
	})
	return err
}
