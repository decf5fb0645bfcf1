package reports

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"cucbulk/batch"
)

// The names of the files in a run folder.
const (
	ResultsFile  = "results.csv"
	RejectsFile  = "rejects.csv"
	RollbackFile = "rollback.csv"
	SummaryFile  = "summary.json"
	PageFile     = "report.html"
)

// Notice is something that a person should know about the files written.
type Notice string

// Write writes every report of the run in folder, from its journal, and gives what
// that tells.
func Write(folder string) (*batch.History, []Notice, error) {
	history, err := batch.ReadHistory(folder)
	if err != nil {
		return nil, nil, err
	}
	notices, err := writeAll(folder, history)
	return history, notices, err
}

func writeAll(folder string, history *batch.History) (notices []Notice, err error) {
	rows := newOutcomes()
	if err := publish(folder, ResultsFile, func(w io.Writer) error { return writeResults(w, history, rows.add) }); err != nil {
		return nil, err
	}
	if history.Header.Kind == batch.KindRun {
		notice, err := publishRejects(folder, history)
		if err != nil {
			return nil, err
		}
		if notice != "" {
			notices = append(notices, notice)
		}
		if err := publish(folder, RollbackFile, func(w io.Writer) error { return writeRollback(w, history) }); err != nil {
			return nil, err
		}
	}
	if err := publish(folder, SummaryFile, func(w io.Writer) error { return writeSummary(w, history) }); err != nil {
		return nil, err
	}
	// The page comes last: it links to the other files.
	return notices, publish(folder, PageFile, func(w io.Writer) error { return writeHTML(w, history, rows) })
}

// publish writes a file whole or not at all, mode 0600.
func publish(folder, name string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(folder, "."+name+".*")
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	defer func() {
		if err != nil {
			file.Close()
			os.Remove(file.Name())
		}
	}()
	buffer := bufio.NewWriterSize(file, 1<<16)
	if err := write(buffer); err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	if err := errors.Join(buffer.Flush(), file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	if err := os.Rename(file.Name(), filepath.Join(folder, name)); err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	return nil
}
