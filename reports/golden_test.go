package reports

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cucbulk/batch/journal"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// everyStatus has a row of each status; see [runEveryStatus].
const everyStatus = `Operation,Alias,NewAlias,DtmfAccessId,DisplayName,Title,ScheduleSetObjectId
create,filtered,,4700,Filtered,,
create,fresh,,4701,"Fresh, ""Jr""",Engineer,
update,user00001,renamed,,Müller,,
update,user00002,,,Changed,%null%,
delete,user00003,,,,,
update,user00004,,10003,,,
create,user00005,,4702,Taken,,
create,,,4703,Nobody,,
update,user00005,,,Refused,,
create,halfway,,4704,Halfway,,9a4b2b52-8a65-4d14-9c1a-5d4f0e6b7c22
create,lost,,4705,Lost,,
update,user00006,,,Never reached,,
create,late,,4706,Never reached,,
`

// runEveryStatus makes a run with a row of each status: the first row is filtered
// out, one user and the call handler of another are forbidden, and of a third the
// answer is lost and the look for it forbidden; then the run is interrupted.
func runEveryStatus(t *testing.T) (*site, string) {
	t.Helper()
	simulator := &cupitest.Server{Seed: 1}
	simulator.AddUsers(6)
	lost := false
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		body, _ := io.ReadAll(r.Body)
		switch {
		case r.Method == "PUT" && strings.HasPrefix(r.URL.Path, "/vmrest/handlers/"), bytes.Contains(body, []byte(`"Refused"`)):
			return cupitest.Forbidden
		case r.Method == "GET" && lost:
			lost = false
			return cupitest.Forbidden
		case r.Method == "POST" && bytes.Contains(body, []byte(`"lost"`)):
			lost = true
			return cupitest.CutAfterCommit
		}
		return cupitest.NoFault
	}
	s := newSite(t, simulator)
	options := options("")
	options.FirstRow = 2
	return s, s.run(everyStatus, options, record.Uncertain)
}

func TestGoldenFiles(t *testing.T) {
	t.Parallel()
	s, folder := runEveryStatus(t)
	write(t, folder)
	for _, name := range []string{ResultsFile, RejectsFile, RollbackFile, SummaryFile} {
		golden(t, name, normal(t, read(t, folder, name)))
		about, err := os.Stat(filepath.Join(folder, name))
		must(t, err)
		if got := about.Mode().Perm(); got != 0o600 && filepath.Separator == '/' {
			t.Errorf("%s: got mode %o, want 600", name, got)
		}
	}
	undone := s.undo(folder)
	write(t, undone)
	golden(t, "undone-"+ResultsFile, normal(t, read(t, undone, ResultsFile)))
	entries, err := os.ReadDir(undone)
	must(t, err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	if want := []string{record.JournalFile, record.JournalFile + ".lock", PageFile, ResultsFile, SummaryFile}; !slices.Equal(names, want) {
		t.Errorf("a rollback's folder holds %v, want %v", names, want)
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		must(t, os.MkdirAll("testdata", 0o755))
		must(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	must(t, err)
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (- want, + got; -update writes it anew):\n%s", name, diff)
	}
}

// normal takes out of a report what differs from run to run.
func normal(t *testing.T, text []byte) []byte {
	t.Helper()
	ids := map[string]string{}
	text = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`).ReplaceAllFunc(text, func(id []byte) []byte {
		if ids[string(id)] == "" {
			ids[string(id)] = fmt.Sprintf("<id %d>", len(ids)+1)
		}
		return []byte(ids[string(id)])
	})
	for pattern, with := range map[string]string{
		`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?`:         "<time>",
		`"(seconds|rowsPerSecond|journalRecords)": [0-9.e-]+`: `"$1": 0`,
		`"(\d+)": [0-9.e-]+`:                                  `"$1": 0`,
		`127\.0\.0\.1:\d+`:                                    "<host>",
		`,\d+\.\d{3},(yes|partly|no)`:                         ",<seconds>,$1",
	} {
		text = regexp.MustCompile(pattern).ReplaceAll(text, []byte(with))
	}
	return text
}

func TestEveryStatusIsThere(t *testing.T) {
	t.Parallel()
	_, folder := runEveryStatus(t)
	write(t, folder)
	_, lines := table(t, read(t, folder, ResultsFile))
	seen := map[record.Status]int{}
	for i, line := range lines {
		seen[record.Status(line["Status"])]++
		if line["Row"] != strconv.Itoa(i+1) || line["Line"] != strconv.Itoa(i+2) {
			t.Errorf("line %d is row %s of line %s: want the order of the input", i+1, line["Row"], line["Line"])
		}
	}
	want := map[record.Status]int{record.Created: 1, record.Updated: 2, record.Deleted: 1, record.Unchanged: 1, record.Invalid: 2,
		record.Failed: 1, record.Partial: 1, record.Uncertain: 1, record.Skipped: 1, record.Pending: 2}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("rows by status (- want, + got):\n%s", diff)
	}
}

func TestWritingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	_, folder := runEveryStatus(t)
	write(t, folder)
	first := map[string][]byte{}
	for _, name := range []string{ResultsFile, RejectsFile, RollbackFile, SummaryFile, PageFile} {
		first[name] = read(t, folder, name)
	}
	must(t, os.WriteFile(filepath.Join(folder, ResultsFile), []byte("spoilt"), 0o600))
	must(t, os.Remove(filepath.Join(folder, SummaryFile)))
	write(t, folder)
	for name, want := range first {
		if got := read(t, folder, name); !bytes.Equal(got, want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
}

// Whatever record of the journal was the last to reach the disk, the reports have
// every row: with its result if that is there, else as far as it came.
func TestJournalTornAtEveryRecord(t *testing.T) {
	t.Parallel()
	_, folder := runEveryStatus(t)
	whole, input := read(t, folder, record.JournalFile), read(t, folder, record.InputFile)
	const rows = 13
	var records []journal.Record
	_, err := journal.Read(filepath.Join(folder, record.JournalFile), func(r journal.Record) error { records = append(records, r); return nil })
	must(t, err)
	want := slices.Repeat([]record.Status{record.Pending}, rows)
	made := map[int]bool{}
	for i, entry := range records {
		var about struct {
			Row        int
			Status     any
			Made, Open bool
		}
		must(t, entry.Decode(&about))
		made[about.Row] = made[about.Row] || about.Made
		switch {
		case entry.Type == "result":
			want[about.Row-1] = record.Status(about.Status.(string))
		case entry.Type == "intent" || about.Open:
			want[about.Row-1] = record.Uncertain
		case entry.Type == "answer" && made[about.Row]:
			want[about.Row-1] = record.Partial
		case entry.Type == "answer":
			want[about.Row-1] = record.Pending
		}
		end := int64(len(whole))
		if i+1 < len(records) {
			end = records[i+1].Offset
		}
		torn := t.TempDir()
		must(t, os.WriteFile(filepath.Join(torn, record.InputFile), input, 0o600))
		must(t, os.WriteFile(filepath.Join(torn, record.JournalFile), append(bytes.Clone(whole[:end]), whole[:i]...), 0o600))
		write(t, torn)
		_, lines := table(t, read(t, torn, ResultsFile))
		var got []record.Status
		for _, line := range lines {
			got = append(got, record.Status(line["Status"]))
			if line["Alias"] == "" && line["Line"] != "9" || line["Operation"] == "" {
				t.Errorf("%d records: row %s has operation %q and alias %q", i+1, line["Row"], line["Operation"], line["Alias"])
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d records: got %v, want %v", i+1, got, want)
		}
		var summary Summary
		must(t, json.Unmarshal(read(t, torn, SummaryFile), &summary))
		if total := record.Counts(summary.Statuses).Total(); summary.Rows != rows || total != rows {
			t.Errorf("%d records: the summary has %d rows and statuses of %d, want %d", i+1, summary.Rows, total, rows)
		}
		if ended := i == len(records)-1; summary.Ended != ended || summary.ExitCode != record.ExitInterrupted {
			t.Errorf("%d records: got ended %v and exit code %d, want %v and %d", i+1, summary.Ended, summary.ExitCode, ended, record.ExitInterrupted)
		}
	}
}
