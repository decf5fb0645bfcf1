package reports

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/journal"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// A report may be asked for at any moment of a run: it tells how far the run was, counts
// no start as cut off, and its numbers add up.
func TestReportsWhileTheRunIsAtWork(t *testing.T) {
	t.Parallel()
	const rows = 12
	var text strings.Builder
	text.WriteString("Operation,Alias,DtmfAccessId,TemplateAlias\n")
	for i := range rows {
		fmt.Fprintf(&text, "create,u%02d,%d,voicemailusertemplate\n", i, 4000+i)
	}
	s := newSite(t, &cupitest.Server{})
	recorder, checked := prepare(t, []byte(text.String()), options(""))
	recorder.Journal = journal.Options{Synced: s.guard.Synced}
	summary := func() (summary Summary) {
		must(t, json.Unmarshal(read(t, recorder.Folder, SummaryFile), &summary))
		return summary
	}
	reported := 0
	recorder.Result = func(record.Result) {
		write(t, recorder.Folder)
		reported++
		got := summary()
		if !got.Running || got.Ended || got.Killed != 0 || got.Starts != 1 {
			t.Errorf("report %d: running %t, ended %t, %d of %d starts cut off", reported, got.Running, got.Ended, got.Killed, got.Starts)
		}
		if n := record.Counts(got.Statuses).Total(); n != rows {
			t.Errorf("report %d: %d rows, want %d: %v", reported, n, rows, got.Statuses)
		}
		if !strings.Contains(string(read(t, recorder.Folder, PageFile)), "still at work") {
			t.Errorf("report %d: the page does not say that the run is at work", reported)
		}
	}
	p, err := batch.Preflight(t.Context(), s.server, checked, func(validate.Problem) {})
	must(t, err)
	_, err = p.Run(t.Context(), recorder)
	must(t, err)
	write(t, recorder.Folder)
	if got := summary(); reported != rows || got.Running || !got.Ended || got.Statuses[record.Created] != rows {
		t.Errorf("after %d reports: %+v", reported, got)
	}
}

// A report of a run at work tells of nothing that a power failure takes: what is left
// afterwards can be gone on with, and its reports replace those made before.
func TestPowerFailsAfterAReportAtWork(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, record.JournalFile)
	rows := func(folder string) int {
		var summary Summary
		must(t, json.Unmarshal(read(t, folder, SummaryFile), &summary))
		return summary.Statuses[record.Created]
	}
	synctest.Test(t, func(t *testing.T) {
		writer, err := journal.Create(path, journal.Options{Sync: func(*os.File) error { return nil }})
		must(t, err)
		must(t, writer.Append("header", record.Header{Version: record.FormatVersion, Kind: record.KindRollback, Rows: 9}))
		must(t, writer.Append("begin", record.Begin{}))
		must(t, writer.Append("result", record.Result{Row: 1, Status: record.Created}))
		synced, err := os.Stat(path)
		must(t, err)
		for row := 2; row < 6; row++ {
			must(t, writer.Post("result", record.Result{Row: row, Status: record.Created}))
		}
		synctest.Wait()
		if written, err := os.Stat(path); err != nil || written.Size() <= synced.Size() {
			t.Fatalf("nothing was written after the sync: %v", err)
		}
		write(t, folder)
		if n := rows(folder); n != 1 {
			t.Errorf("the report at work tells of %d rows, want the 1 that is synced", n)
		}
		after := t.TempDir() // what a power failure leaves
		must(t, os.CopyFS(after, os.DirFS(folder)))
		must(t, os.Truncate(filepath.Join(after, record.JournalFile), synced.Size()))
		_, notices, err := Writer{}.Write(after)
		if err != nil || len(notices) > 0 {
			t.Errorf("the report after the power failure: %v %v", notices, err)
		}
		must(t, writer.Close())
	})
	write(t, folder)
	if n := rows(folder); n != 5 {
		t.Errorf("the report after the run tells of %d rows, want 5", n)
	}
}

// A run that goes on has less on the disk than was read of it before: its files stay.
func TestReportAtWorkOfLessThanBefore(t *testing.T) {
	t.Parallel()
	_, folder := runEveryStatus(t)
	write(t, folder)
	path := filepath.Join(folder, record.JournalFile)
	writer, err := journal.Continue(path, journal.Options{})
	must(t, err)
	lock, err := os.OpenFile(path+".lock", os.O_WRONLY, 0)
	must(t, err)
	_, err = fmt.Fprintf(io.NewOffsetWriter(lock, 1), "%20d\n", 3) // the start before was killed after its third sync
	must(t, errors.Join(err, lock.Close()))
	_, notices, err := Writer{}.Write(folder)
	if err != nil || len(notices) != 1 || notices[0] != newerNotice {
		t.Errorf("got %q and %v, want that the files are newer", notices, err)
	}
	must(t, writer.Close())
}

// What was read of a journal is what is told of it, however much it has grown since.
func TestTimelineOfAJournalThatGrows(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		writer, err := journal.Create(filepath.Join(folder, record.JournalFile), journal.Options{Sync: func(*os.File) error { return nil }})
		must(t, err)
		defer writer.Close()
		must(t, writer.Append("header", record.Header{Version: record.FormatVersion, Kind: record.KindRun, Rows: 9}))
		must(t, writer.Append("begin", record.Begin{}))
		row := func(number int) {
			time.Sleep(time.Minute)
			must(t, writer.Append("result", record.Result{Row: number, Status: record.Created}))
		}
		row(1)
		history, err := record.ReadHistory(folder)
		must(t, err)
		row(2)
		line, err := newTimeline(history)
		must(t, err)
		rows := 0
		for _, s := range line.Slices {
			rows += s.Rows
		}
		if rows != 1 {
			t.Errorf("the time line has %d rows, want the 1 that was read", rows)
		}
	})
}

// A report that began early and is slow does not replace the files of a later one.
func TestNewerFilesStay(t *testing.T) {
	t.Parallel()
	_, folder := runEveryStatus(t)
	write(t, folder)
	history, err := record.ReadHistory(folder)
	must(t, err)
	results := read(t, folder, ResultsFile)
	for records, want := range map[int64]bool{history.Tail.Sequence - 1: false, history.Tail.Sequence: true} {
		late := &staged{folder: folder}
		_, err = late.writeAll(history)
		must(t, err)
		must(t, os.WriteFile(late.files[1].path, []byte("late"), 0o600))
		replaced, err := late.publish(records)
		late.drop()
		if err != nil || replaced != want {
			t.Errorf("files of %d records: replaced %t, want %t: %v", records, replaced, want, err)
		}
		if is := string(read(t, folder, ResultsFile)) == string(results); is == want {
			t.Errorf("files of %d records: results.csv is the former one: %t", records, is)
		}
		must(t, os.WriteFile(filepath.Join(folder, ResultsFile), results, 0o600))
	}
	left, err := filepath.Glob(filepath.Join(folder, ".*"))
	must(t, err)
	if len(left) > 0 {
		t.Errorf("files are left behind: %v", left)
	}
}
