package record

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cucbulk/batch/journal"
	"cucbulk/batch/model"
	"cucbulk/internal/codes"
)

// ErrNoRun says that a folder holds no run.
var ErrNoRun = errors.New("no run folder")

// ReadHistory reads the journal of a run folder. Without one the error is [ErrNoRun]. Of a
// run at work it reads what a power failure would leave: nobody is told of more.
func ReadHistory(folder string) (*History, error) {
	if err := refuseLinks(folder); err != nil {
		return nil, err
	}
	if IsSeries(folder) {
		return nil, refuseSeries(folder)
	}
	path := filepath.Join(folder, JournalFile)
	h := &History{Folder: folder, Rows: map[int]*RowHistory{}}
	left := remainsIn(folder) // before the journal, which may grow and have files made of it meanwhile
	read, running := journal.Read, journal.InUse(path)
	if running {
		read = journal.ReadSynced
	}
	tail, err := read(path, h.add)
	if errors.Is(err, os.ErrNotExist) {
		if _, spooled := os.Stat(filepath.Join(folder, InputFile)); spooled == nil {
			return nil, fmt.Errorf("%s holds a run that has changed nothing: it is still being checked, or ended before "+
				"it began. If no cucbulk is at work on it any more, delete the folder, and type the run's command again", folder)
		}
		return nil, fmt.Errorf("%s is %w: it has no %s", folder, ErrNoRun, JournalFile)
	}
	switch {
	case errors.Is(err, journal.ErrCorrupt), errors.Is(err, journal.ErrForeign), errors.Is(err, journal.ErrShort):
		return nil, left.damaged(err)
	case err != nil:
		return nil, err
	case tail.Sequence == 0:
		return nil, left.empty(tail.Torn)
	}
	h.Tail, h.Running = tail, running && !h.Ended
	if running { // files may tell of more: what an earlier start wrote, or the end that came meanwhile
		return h, nil
	}
	if err := left.outrun(h); err != nil {
		return nil, err
	}
	return h, nil
}

func (h *History) add(record journal.Record) error {
	h.Ended = record.Type == RecordFooter
	var clock time.Time // the server's, where the record tells it
	switch record.Type {
	case RecordHeader:
		if err := record.Decode(&h.Header); err != nil {
			return err
		}
		h.Typed = h.Header.Typed
		if h.Header.Version > FormatVersion {
			return fmt.Errorf("this journal has format %d, and this version of cucbulk reads %d: use the version "+
				"that wrote it (%s)", h.Header.Version, FormatVersion, h.Header.Tool)
		}
	case RecordBegin:
		var begin Begin
		if err := record.Decode(&begin); err != nil {
			return err
		}
		h.begin(begin, record)
		clock = begin.Clock
	case RecordOrder:
		h.order = &Order{}
		if err := record.Decode(h.order); err != nil {
			return err
		}
	case RecordFooter:
		var footer Footer
		if err := record.Decode(&footer); err != nil {
			return err
		}
		h.Footers = append(h.Footers, footer)
	case RecordIntent:
		var intent struct { // the whole of it is read when it is needed
			Number, Row, Attempt int
			Step, Method         string
			More                 bool
		}
		if err := record.Decode(&intent); err != nil {
			return err
		}
		h.Numbered = max(h.Numbered, intent.Number)
		h.Rows.of(intent.Row).Intended(Intent{Number: intent.Number, Step: once(intent.Step), Attempt: intent.Attempt,
			Method: once(intent.Method), More: intent.More}, record.Offset)
	case RecordAnswer:
		var answer Answer
		if err := record.Decode(&answer); err != nil {
			return err
		}
		clock = answer.Date
		h.Rows.of(answer.Row).Answered(answer, record.Offset)
	case RecordResult:
		var result struct {
			Row         int
			Status      string
			Code        codes.Code
			AsTemplate  map[string]struct{}
			Unconfirmed bool
			LeftOut     []string
		}
		if err := record.Decode(&result); err != nil {
			return err
		}
		row := h.Rows.of(result.Row)
		row.Status, row.result, row.cost = Status(once(result.Status)), record.Offset, nil
		row.asLast = result.Code == codes.AsLastRun
		row.without = len(result.LeftOut) > 0
		for _, name := range result.LeftOut {
			if !slices.Contains(h.lacks, name) {
				h.lacks = append(h.lacks, once(name))
			}
		}
		row.left, row.unconfirmed = len(result.AsTemplate) > 0, result.Unconfirmed
	case RecordCost:
		var cost Cost
		if err := record.Decode(&cost); err != nil {
			return err
		}
		row := h.Rows.of(cost.Row)
		cost.changes = len(row.Changes)
		row.cost = &cost
	}
	h.lived(record.Time, clock)
	return nil
}

// OrderLeft is the order of the rows that have no result, if the journal has one. There
// may be no history.
func (h *History) OrderLeft() *Order {
	if h == nil || h.order == nil {
		return nil
	}
	left := h.order.Without(h.Rows.HasResult)
	return &left
}

// Unchanged makes sure that the journal is as it was when the history was read: no start
// of the run went on meanwhile.
func (h *History) Unchanged() error {
	path := filepath.Join(h.Folder, JournalFile)
	running := journal.InUse(path)
	tail, err := journal.Read(path, func(journal.Record) error { return nil })
	if err == nil && (running || tail.Sequence != h.Tail.Sequence) {
		err = fmt.Errorf("%s went on meanwhile, so what is planned is out of date; nothing was changed: type the "+
			"command again when it has ended", h.Folder)
	}
	return err
}

// Targets are the folded ObjectIds that rows were about when the run began; nil if that is not noted.
func (h *History) Targets() map[string]bool {
	if len(h.Begins) == 0 || model.ObjectOf(h.Header.Options.Table()).Dated {
		return nil
	}
	known := map[string]bool{}
	for _, id := range h.Begins[0].Targets {
		known[model.Fold(id)] = true
	}
	return known
}
