package reports

import (
	"io"

	"cucbulk/batch/record"
)

// Writer writes the reports of run folders.
type Writer struct {
	Next  func(*record.History) []Suggestion // what to type next, for the summary and the page; nil: nothing
	Input record.Input                       // that a run which has just ended read; the zero Input: it is looked for
}

// Write writes every report of the run in folder, from its journal, and gives what
// that tells. The journal may grow meanwhile; what is written is as it was. Files that
// were made from more of it are not replaced: then a notice says so.
func (w Writer) Write(folder string) (*record.History, []Notice, error) {
	history, err := record.ReadHistory(folder)
	if err != nil {
		return nil, nil, err
	}
	history.HasRead(w.Input)
	defer beginWriting(folder)()
	files := &staged{folder: folder}
	if w.Next != nil {
		files.next = w.Next(history)
	}
	defer files.drop()
	notices, err := files.writeAll(history)
	if newer := record.ReportedRecords(folder); err != nil && newer > history.Tail.Sequence {
		return history, []Notice{newerNotice}, nil // the run went on, and its input may be gone
	}
	if err != nil {
		return history, nil, err
	}
	replaced, err := files.publish(history.Tail.Sequence)
	if err == nil && !replaced {
		notices = []Notice{newerNotice}
	}
	return history, notices, err
}

const newerNotice = Notice("the files that are there were made from more of the journal than this report: the run went " +
	"on meanwhile, or the end of its journal was lost; they were left as they are")

func (s *staged) writeAll(history *record.History) (notices []Notice, err error) {
	rows := newOutcomes()
	// The summary comes first: it says from how much of the journal the files are made.
	if err := s.write(SummaryFile, func(w io.Writer) error { return writeSummary(w, history, s.next) }); err != nil {
		return nil, err
	}
	if err := s.write(ResultsFile, func(w io.Writer) error { return writeResults(w, history, rows.add) }); err != nil {
		return nil, err
	}
	if history.Header.Kind == record.KindRun {
		notice, err := s.writeRejects(history)
		if err != nil {
			return nil, err
		}
		if notice != "" {
			notices = append(notices, notice)
		}
		if err := s.write(RollbackFile, func(w io.Writer) error { return writeRollback(w, history) }); err != nil {
			return nil, err
		}
	}
	// The page comes last: it links to the other files.
	return notices, s.write(PageFile, func(w io.Writer) error { return writeHTML(w, history, rows, s.next, s.named()) })
}
