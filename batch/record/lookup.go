package record

import (
	"path/filepath"

	"cucbulk/batch/journal"
)

// AppliedChange is a change with its intent.
type AppliedChange struct {
	SentChange
	ObjectID string // of what was made
	Intent   Intent
	Life     lifetime // the start that sent it
	Earlier  bool     // by the run that this one continues
}

// Lookup opens a history's records, for reading more than one of them.
func (h *History) Lookup() (*Lookup, error) {
	records, err := journal.OpenLookup(filepath.Join(h.Folder, JournalFile))
	return &Lookup{records, h}, err
}

// Lookup reads what rows point to. One goroutine uses it.
type Lookup struct {
	*journal.Lookup
	history *History
}

// Result reads how a row ended; false: it has not.
func (l *Lookup) Result(number int) (Result, bool, error) {
	row := l.history.Rows[number]
	if row == nil || row.Status == "" {
		return Result{}, false, nil
	}
	var result Result
	err := l.At(row.result, &result)
	return result, err == nil, err
}

// intent reads what was sent, or was about to be.
func (l *Lookup) intent(c SentChange) (Intent, error) {
	var intent Intent
	err := l.At(c.offset, &intent)
	return intent, err
}

// change reads what the journal holds of a change.
func (l *Lookup) change(c SentChange) (AppliedChange, error) {
	intent, err := l.intent(c)
	if err != nil || c.Told == 0 {
		return AppliedChange{SentChange: c, Intent: intent}, err
	}
	var answer Answer
	err = l.At(c.Told, &answer)
	return AppliedChange{SentChange: c, ObjectID: answer.ObjectID, Intent: intent}, err
}

// At reads the record at an offset.
func (l *Lookup) At(offset int64, v any) error {
	record, err := l.Record(offset)
	if err != nil {
		return err
	}
	return record.Decode(v)
}

// Result reads the result of a row.
func (h *History) Result(number int) (result Result, found bool, err error) {
	records, err := h.Lookup()
	if err != nil {
		return Result{}, false, err
	}
	defer records.Close()
	return records.Result(number)
}
