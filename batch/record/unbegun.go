package record

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"cucbulk/batch/journal"
)

// Trace is what the journal in a run folder shows of a run.
type Trace int

// The traces.
const (
	NeverBegan  Trace = iota // no journal, or none that says who works on which server
	NothingSent              // a journal that can be read, and no request in it that changes anything
	MaybeSent                // anything else
)

// TraceIn looks into a run folder. It reads the journal whatever became of its end, and says
// the more careful of two things.
func TraceIn(folder string) Trace {
	trace, path := NeverBegan, filepath.Join(folder, JournalFile)
	tail, err := journal.Read(path, func(record journal.Record) error {
		switch record.Type {
		case RecordBegin:
			trace = max(trace, NothingSent)
		case RecordIntent:
			trace = MaybeSent
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) || journal.Marked(path) > tail.Sequence { // it held more once
		return MaybeSent
	}
	return trace
}

// NothingBegun reports whether it is sure that the run in a folder, whose journal tells nothing, sent
// nothing: it has no journal, or an empty one that nobody emptied.
func NothingBegun(folder string) bool {
	path := filepath.Join(folder, JournalFile)
	_, err := os.Lstat(path)
	empty := errors.Is(err, fs.ErrNotExist) || journal.Marked(path) == 0
	return empty && TraceIn(folder) == NeverBegan && ReportedRecords(folder) == 0
}
