package batch

import (
	"path/filepath"

	"cucbulk/batch/journal"
)

// lookup opens a history's records, for reading more than one of them.
func (h *History) lookup() (*lookup, error) {
	records, err := journal.OpenLookup(filepath.Join(h.Folder, JournalFile))
	return &lookup{records, h}, err
}

// lookup reads what rows point to. One goroutine uses it.
type lookup struct {
	*journal.Lookup
	history *History
}

// result reads how a row ended; false: it has not.
func (l *lookup) result(number int) (Result, bool, error) {
	row := l.history.Rows[number]
	if row == nil || row.Status == "" {
		return Result{}, false, nil
	}
	var result Result
	err := l.at(row.result, &result)
	return result, err == nil, err
}

// intent reads what was sent, or was about to be.
func (l *lookup) intent(c DoneChange) (Intent, error) {
	var intent Intent
	err := l.at(c.offset, &intent)
	return intent, err
}

// change reads what the journal holds of a change.
func (l *lookup) change(c DoneChange) (doneChange, error) {
	intent, err := l.intent(c)
	if err != nil || c.told == 0 {
		return doneChange{DoneChange: c, intent: intent}, err
	}
	var answer Answer
	err = l.at(c.told, &answer)
	return doneChange{DoneChange: c, ObjectID: answer.ObjectID, intent: intent}, err
}

// at reads the record at an offset.
func (l *lookup) at(offset int64, v any) error {
	record, err := l.Record(offset)
	if err != nil {
		return err
	}
	return record.Decode(v)
}
