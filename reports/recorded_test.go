package reports

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch/journal"
	"cucbulk/batch/record"
)

// recorded is a run that never was: its journal, in the folder, says that it
// created so many users. Each row takes 100 ms. Every fiftieth has an extension that
// is taken, every hundredth is first answered that the server is busy, and every
// thousandth fails with a text that is up to no good.
func recorded(t testing.TB, folder string, rows int) {
	t.Helper()
	var input strings.Builder
	input.WriteString("Operation,Alias,DtmfAccessId\n")
	for row := 1; row <= rows; row++ {
		fmt.Fprintf(&input, "create,person%05d,%d\n", row, 20000+row)
	}
	path := filepath.Join(folder, record.InputFile)
	must(t, os.WriteFile(path, []byte(input.String()), 0o600))
	in, err := record.OpenInput("users.csv", path)
	must(t, err)
	writer, err := journal.Create(filepath.Join(folder, record.JournalFile), journal.Options{Sync: func(*os.File) error { return nil }})
	must(t, err)
	write := func(kind string, record any) { must(t, writer.Append(kind, record)) }
	began := time.Now()
	write("header", record.Header{Version: record.FormatVersion, Tool: "cucbulk test", Kind: record.KindRun, Started: began, Input: in, Rows: rows,
		Options: record.Options{Template: "voicemailusertemplate", Match: "Alias", Limits: record.Limits{MaxFailures: record.DefaultMaxFailures()}}})
	write("begin", record.Begin{Server: record.Identity{URL: "https://cuc.example.com:8443", Version: "14.0.1"}, Account: "apiuser", Workers: 4})
	counts := record.Counts{}
	busy := 0
	for row := 1; row <= rows; row++ {
		result := record.Result{Row: row, Line: row + 1, Operation: "create", Alias: fmt.Sprintf("person%05d", row), DtmfAccessID: fmt.Sprint(20000 + row),
			Status: record.Created, Seconds: 0.1, Requests: 1, Attempts: 1, Reversible: record.FullyReversible}
		attempt := 1
		answer := func(status int, took time.Duration) {
			write("intent", record.Intent{Row: row, Step: "user", Attempt: attempt, Method: "POST", Path: "/vmrest/users", Alias: result.Alias})
			time.Sleep(took)
			write("answer", record.Answer{Row: row, Step: "user", Attempt: attempt, Made: status == 201, Status: status, ObjectID: result.ObjectID, Seconds: took.Seconds()})
			attempt++
		}
		switch {
		case row%1000 == 0:
			result.Status, result.Code, result.Message, result.Reversible = record.Failed, "INVALID_PARAMETER", hostile, record.FullyReversible
			answer(400, 100*time.Millisecond)
		case row%50 == 0:
			result.Status, result.Code, result.Message, result.Requests, result.Attempts, result.Seconds = record.Invalid, "extension-taken", "the extension is taken by operator", 0, 0, 0
			time.Sleep(100 * time.Millisecond)
		case row%100 == 1:
			answer(503, 50*time.Millisecond)
			busy++
			answer(201, 50*time.Millisecond)
		default:
			result.ObjectID = fmt.Sprintf("8321097e-cca4-483f-b24c-%012d", row)
			answer(201, 100*time.Millisecond)
		}
		counts[result.Status]++
		write("result", result)
	}
	write("footer", record.Footer{Exit: record.ExitIncomplete, Finished: time.Now(), Seconds: time.Since(began).Seconds(), Counts: counts,
		Requests: map[string]int{"GET": 12, "POST": rows}, Busy: busy, Retries: busy, SignIns: 1,
		Throttled: 2, SecondsAt: map[int]float64{2: 12.5, 4: 150}})
	must(t, writer.Close())
}

// hostile is what a server could say to harm who reads a report.
const hostile = `=cmd|'/c calc'!A1 </script><script>document.title="owned"</script><img src=x onerror="document.title='owned'"> ` + "\x1b[31m\u2028\u202e"

// recordedRun is a folder with the reports of a run that never was.
func recordedRun(t *testing.T, rows int) string {
	t.Helper()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) { recorded(t, folder, rows) })
	write(t, folder)
	return folder
}
