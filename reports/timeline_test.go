package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch/journal"
	"cucbulk/batch/record"
)

func TestTimelineOfARecordedRun(t *testing.T) {
	t.Parallel()
	folder := recordedRun(t, 1000)
	history, err := record.ReadHistory(folder)
	must(t, err)
	line, err := newTimeline(history)
	must(t, err)
	if got, want := line.Slice, 2*time.Second; got != want { // 100 s in at most 60 slices
		t.Errorf("a slice is %s, want %s", got, want)
	}
	var rows, wrong, busy, changes int
	for i, s := range line.Slices {
		rows, wrong, busy, changes = rows+s.Rows, wrong+s.NotDone, busy+s.Busy, changes+s.Changes
		if i > 0 && i < len(line.Slices)-1 && (s.InFlight < 0.9 || s.InFlight > 1.0001) {
			t.Errorf("slice %d: %f changes in flight, want one, less the rows that sent none", i, s.InFlight)
		}
		if s.Changes > 0 && (s.Median != 100*time.Millisecond || s.Percentile != s.Median) {
			t.Errorf("slice %d: median %s and 95th percentile %s, want 100ms for both", i, s.Median, s.Percentile)
		}
	}
	if rows != 1000 || wrong != 20 || busy != 10 || changes != 1000-19+10 {
		t.Errorf("got %d rows, %d not done, %d busy, %d changes; want 1000, 20, 10 and 991", rows, wrong, busy, changes)
	}
}

// A run that is resumed a day later has a time line without the night.
func TestTimelineLeavesPausesOut(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		writer, err := journal.Create(filepath.Join(folder, record.JournalFile), journal.Options{Sync: func(*os.File) error { return nil }})
		must(t, err)
		must(t, writer.Append("header", record.Header{Version: record.FormatVersion, Kind: record.KindRun, Rows: 4}))
		for start := range 2 {
			must(t, writer.Append("begin", record.Begin{}))
			for row := range 2 {
				time.Sleep(time.Second)
				must(t, writer.Append("result", record.Result{Row: 2*start + row + 1, Status: record.Created}))
			}
			must(t, writer.Append("footer", record.Footer{}))
			time.Sleep(24 * time.Hour)
		}
		must(t, writer.Close())
	})
	history, err := record.ReadHistory(folder)
	must(t, err)
	line, err := newTimeline(history)
	must(t, err)
	var at []string
	for i, s := range line.Slices {
		for range s.Rows {
			at = append(at, line.clock(i))
		}
	}
	if got, want := fmt.Sprint(at), "[1.0 s 2.0 s 3.0 s 4.0 s]"; got != want {
		t.Errorf("rows ended at %s, want %s", got, want)
	}
}

func TestSliceLength(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ whole, want time.Duration }{
		{time.Millisecond, 100 * time.Millisecond},
		{6 * time.Second, 200 * time.Millisecond},
		{59 * time.Second, time.Second},
		{time.Hour, 2 * time.Minute},
		{59 * time.Hour, time.Hour},
		{30 * 24 * time.Hour, 13 * time.Hour},
	} {
		got := sliceLength(test.whole)
		if got != test.want || test.whole/got >= slicesAtMost {
			t.Errorf("%s: got slices of %s, want %s and fewer than %d", test.whole, got, test.want, slicesAtMost)
		}
	}
}

func TestScale(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		top   float64
		whole bool
		end   float64
		steps int
	}{
		{0, false, 1, 5}, {0, true, 1, 1}, {1, true, 1, 1}, {2, true, 2, 2}, {3.75, false, 4, 4}, {5, true, 5, 5}, {7, true, 8, 4},
		{0.016, false, 0.02, 4}, {330, false, 400, 4}, {1.9, false, 2, 4}, {99, false, 100, 5},
	} {
		end, steps := scale(test.top, test.whole)
		if fmt.Sprintf("%.6f", end) != fmt.Sprintf("%.6f", test.end) || steps != test.steps {
			t.Errorf("an axis for %g ends at %g in %d steps, want %g in %d", test.top, end, steps, test.end, test.steps)
		}
	}
}

func TestFigures(t *testing.T) {
	t.Parallel()
	for value, want := range map[float64]string{0: "0", 3: "3", 0.0123: "0.012", 1.26: "1.3", 12.4: "12", 250: "250"} {
		if got := figure(value); got != want {
			t.Errorf("%g is written %s, want %s", value, got, want)
		}
	}
	for value, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000"} {
		if got := Grouped(value); got != want {
			t.Errorf("%d is written %s, want %s", value, got, want)
		}
	}
	for seconds, want := range map[float64]string{0.04: "0.0 s", 59.04: "59.0 s", 61: "1 min 1 s", 7620: "2 h 7 min"} {
		if got := length(seconds); got != want {
			t.Errorf("%g seconds are written %s, want %s", seconds, got, want)
		}
	}
}

// What the page's script reads is what results.csv says, row for row.
func TestRowDataIsWhatResultsSay(t *testing.T) {
	t.Parallel()
	_, folder := runEveryStatus(t)
	write(t, folder)
	history, err := record.ReadHistory(folder)
	must(t, err)
	var text bytes.Buffer
	must(t, writeRows(&text, resultColumns(), history.Results(), nil))
	var data struct {
		Columns []rowColumn[record.Result]
		Rows    [][]any
	}
	must(t, json.Unmarshal(text.Bytes(), &data))
	headings, lines := table(t, read(t, folder, ResultsFile))
	if last := len(data.Columns) - 1; data.Columns[last].Name != "AsTemplate" { // results.csv has its columns from the first version on
		t.Errorf("the last column is %s", data.Columns[last].Name)
	} else {
		data.Columns = data.Columns[:last]
	}
	if len(data.Rows) != len(lines) || len(data.Columns) != len(headings) {
		t.Fatalf("got %d rows of %d columns, want %d of %d", len(data.Rows), len(data.Columns), len(lines), len(headings))
	}
	for i, column := range data.Columns {
		if column.Name != headings[i] {
			t.Errorf("column %d is %s, want %s", i, column.Name, headings[i])
		}
		for j, line := range lines {
			got, want := fmt.Sprint(data.Rows[j][i]), line[column.Name]
			if column.Name == "Seconds" {
				got = fmt.Sprintf("%.3f", data.Rows[j][i])
			}
			if column.Name == "StepsDone" || column.Name == "StepsFailed" {
				continue // the page lists them with commas
			}
			if got != want {
				t.Errorf("row %d, %s: got %q, want %q", j+1, column.Name, got, want)
			}
		}
	}
}
