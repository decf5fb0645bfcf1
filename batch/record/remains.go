package record

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"cucbulk/batch/journal"
	"cucbulk/internal/shell"
)

// What a run folder tells of a run whose journal does not: the files that people have of
// it. The engine does not write these; it knows their names.
const (
	SummaryFile  = "summary.json"
	ResultsFile  = "results.csv"
	RollbackFile = "rollback.csv"
)

// remains is what the summary in a run folder says, beside the journal.
type remains struct {
	folder  string
	told    bool
	records int64 // of the journal from which the files were made; 0: not told
	counts  Counts
	cutOff  int // rows among them that have not ended
	exit    int
}

// mostSummary is how many bytes of a summary are read: one of ours has a few thousand.
const mostSummary = 16 << 20

// remainsIn looks at a folder.
func remainsIn(folder string) remains {
	var summary struct {
		Records  int64  `json:"journalRecords"`
		Statuses Counts `json:"statuses"`
		CutOff   int    `json:"interrupted"`
		ExitCode int    `json:"exitCode"`
	}
	file, err := openRemains(filepath.Join(folder, SummaryFile))
	if err != nil {
		return remains{folder: folder}
	}
	defer file.Close()
	if json.NewDecoder(io.LimitReader(file, mostSummary)).Decode(&summary) != nil {
		return remains{folder: folder}
	}
	return remains{folder, true, summary.Records, summary.Statuses, summary.CutOff, summary.ExitCode}
}

// ReportedRecords is from how many records of the journal the files in a run folder were
// made; 0: there are none, or they do not tell.
func ReportedRecords(folder string) int64 { return remainsIn(folder).records }

// files says of each file that tells something of the run, what.
func (r remains) files() []string {
	var told []string
	if r.told {
		var counts []string
		for _, status := range Statuses() {
			if n := r.counts[status]; n > 0 {
				counts = append(counts, fmt.Sprint(n, " ", status))
			}
		}
		told = append(told, fmt.Sprintf("%s says: %s; exit code %d", SummaryFile, strings.Join(counts, ", "), r.exit))
	}
	if n, err := csvRows(filepath.Join(r.folder, ResultsFile)); err == nil {
		told = append(told, fmt.Sprintf("%s has %d rows and what became of each", ResultsFile, n))
	}
	if n, err := csvRows(filepath.Join(r.folder, RollbackFile)); err == nil {
		told = append(told, fmt.Sprintf("%s has %d rows that changed something, with the ObjectIds and the former values", RollbackFile, n))
	}
	if torn, _ := filepath.Glob(filepath.Join(r.folder, JournalFile+".*.torn")); len(torn) > 0 {
		told = append(told, fmt.Sprintf("%s has what was once cut off the journal", filepath.Base(torn[0])))
	}
	if exists(filepath.Join(r.folder, PINsFile)) {
		told = append(told, PINsFile+" has the PINs that were drawn")
	}
	return told
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// csvRows counts the rows of a file below its headings.
func csvRows(path string) (int, error) {
	file, err := openRemains(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	reader := csv.NewReader(file)
	reader.FieldsPerRecord, reader.LazyQuotes, reader.ReuseRecord = -1, true, true
	for rows := -1; ; rows++ {
		if _, err := reader.Read(); errors.Is(err, io.EOF) {
			return max(0, rows), nil
		} else if err != nil {
			return 0, err
		}
	}
}

// damaged is the error of a journal that can't be trusted: what happened, what can be
// known, what is safe, what to do.
func (r remains) damaged(cause error) error {
	known := "No other file in the folder says what the run did"
	if files := r.files(); len(files) > 0 {
		known = "What is known: " + strings.Join(files, "; ")
	}
	input := "INPUT"
	if copied := filepath.Join(r.folder, InputFile); exists(copied) {
		input = copied
	}
	advice := "put the journal as it was back from a backup, and type the command again"
	if errors.Is(cause, journal.ErrForeign) {
		advice = "save the file as UTF-8 without a byte order mark, with lines that end in LF alone, or put it back " +
			"from a backup, and type the command again"
	}
	return fmt.Errorf("%s can't be used: %w. %s. Users that the run made or changed may be on the server, and this "+
		"command has changed nothing, there or here. Do not run the file again as it is: %s. Without a backup, see what "+
		"the server has of the input with %s, and leave this folder as it is", filepath.Join(r.folder, JournalFile), cause,
		known, advice, shell.New("run").File(input).Switch("dry-run"))
}

// empty is the error of a journal without a whole record.
func (r remains) empty(torn int64) error {
	path := filepath.Join(r.folder, JournalFile)
	marked, files := journal.Marked(path), r.files()
	switch {
	case journal.InUse(path):
		return fmt.Errorf("%s holds no record yet: a run is just beginning in it; type the command again in a moment", path)
	case torn == 0 && (marked > 0 || len(files) > 0):
		return r.damaged(errors.New("the journal is empty, and it was not: somebody emptied it"))
	case torn > 0 && (len(files) > 0 || hasLines(path)):
		return r.damaged(fmt.Errorf("none of its %d bytes is a record", torn))
	case marked == journal.Unmarked && torn == 0:
		return fmt.Errorf("%s is empty, and nothing in the folder says whether it ever held more: the run ended before "+
			"it sent anything, or somebody emptied the journal, and then users that it made may be on the server. "+
			"Nothing is changed by this command. See what the server has of the input with cucbulk run INPUT --dry-run; "+
			"if it has nothing, delete the folder, and type the run's command again", path)
	}
	return fmt.Errorf("%s holds no whole record: the run ended before it sent anything, so there is nothing to go on "+
		"with; delete the folder, and type the run's command again", path)
}

// hasLines reports whether a file has a whole line. A header that a crash tore is none.
func hasLines(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	_, err = bufio.NewReader(file).ReadSlice('\n')
	return err == nil || errors.Is(err, bufio.ErrBufferFull)
}

// outrun reports by an error that files in the folder were made from more of the
// journal than there is.
func (r remains) outrun(h *History) error {
	reach := h.Tail.Sequence
	if h.Tail.Torn > 0 {
		reach++
	}
	were, are := r.counts.Total()-r.counts[Pending]-r.cutOff, h.Rows.Ended().Total()+h.Rows.Unconfirmed()
	switch {
	case r.records > reach:
		return r.damaged(fmt.Errorf("%w: %s was made from %d records, and %d are left", journal.ErrShort, SummaryFile,
			r.records, h.Tail.Sequence))
	case r.records == 0 && were > are+1:
		return r.damaged(fmt.Errorf("%w: by %s %d rows have ended, and by the journal %d", journal.ErrShort, SummaryFile, were, are))
	}
	return nil
}
