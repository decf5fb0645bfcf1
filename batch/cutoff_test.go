package batch_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/reports"
	"cucbulk/validate"
)

// people is a file of n rows of four requests each.
func people(n int) string {
	text := "Alias,DtmfAccessId,PIN,Extension_Alt1,Extension_Alt2\n"
	for i := range n {
		text += fmt.Sprintf("person%03d,%d,%d,%d,%d\n", i+1, 40000+i, 736251+i, 770001+2*i, 770002+2*i)
	}
	return text
}

// interruptedAt runs a file and interrupts it at its nth change.
func (s *site) interruptedAt(change int, name, text string, options record.Options, workers int) (batch.Summary, *record.History) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	s.atChange(change, cancel)
	recorder := s.recorder(name)
	checked := s.prepare(recorder, text, options)
	p, err := batch.Preflight(s.t.Context(), s.server(workers), checked, func(validate.Problem) {})
	if err != nil {
		s.t.Fatal(err)
	}
	summary, err := p.Run(ctx, recorder)
	if err != nil {
		s.t.Fatal(err)
	}
	return summary, s.history(recorder.Folder)
}

// atChange does something when the nth change from now reaches the server.
func (s *site) atChange(change int, do func()) {
	var mutex sync.Mutex
	s.simulator.OnChange = func(c cupitest.Change) error {
		mutex.Lock()
		defer mutex.Unlock()
		if change--; change == 0 {
			do()
		}
		return s.guard.CheckChange(c.Method, c.Path, c.Fields)
	}
}

// compareResults holds what a history tells of rows that make people against the server.
// It gives how many rows were begun and have not ended.
func (s *site) compareResults(t *testing.T, history *record.History) (begun int) {
	t.Helper()
	counts := record.Counts{}
	snapshot := s.simulator.Snapshot()
	for _, r := range results(t, history) {
		counts[r.Status]++
		user := s.simulator.UserByAlias(r.Alias)
		extensions := 0
		if user != nil {
			for path := range snapshot {
				if strings.HasPrefix(path, "users/"+user["ObjectId"]+"/alternateextensions/") {
					extensions++
				}
			}
		}
		if r.Code == "interrupted" {
			begun++
		} else if r.Status == record.Partial || r.Status == record.Failed {
			continue // that is their end
		}
		switch r.Status {
		case record.Created:
			if user == nil || r.ObjectID != user["ObjectId"] || extensions != 2 {
				t.Errorf("row %d is created, and the server has %v with %d extensions", r.Row, user["ObjectId"], extensions)
			}
		case record.Partial:
			done := 0
			for _, step := range r.StepsDone {
				if strings.HasPrefix(step, "alternateextensions") {
					done++
				}
			}
			if user == nil || r.ObjectID != user["ObjectId"] || extensions != done || r.Code != "interrupted" || r.Requests == 0 || r.StepsDone[0] != "user" || r.Reversible != record.FullyReversible || r.DtmfAccessID == "" {
				t.Errorf("row %d: %+v, and the server has %v with %d extensions", r.Row, r, user["ObjectId"], extensions)
			}
		case record.Pending:
			if user != nil || r.Code != "" || r.Requests != 0 {
				t.Errorf("row %d: %+v, and the server has %s", r.Row, r, user["ObjectId"])
			}
		case record.Uncertain:
			if r.Code != "interrupted" || r.Message == "" {
				t.Errorf("row %d: %+v", r.Row, r)
			}
		default:
			t.Errorf("row %d: %+v", r.Row, r)
		}
	}
	if fmt.Sprint(counts) != fmt.Sprint(history.Counts()) || counts.Total() != history.Header.Rows || begun != history.CutOff() {
		t.Errorf("the rows are %v, and the history counts %v of %d, %d of them begun, not %d", counts, history.Counts(), history.Header.Rows, history.CutOff(), begun)
	}
	return begun
}

// Whenever rows of several requests are interrupted, what is told of them is what the
// server has. A resume does the rest, and adds what they cost to what they had cost.
func TestRowsThatWereCutOff(t *testing.T) {
	t.Parallel()
	const rows = 12
	for _, workers := range []int{1, 3} {
		for at := 1; at < 4*rows-6; at += 5 {
			s := newSite(t, &cupitest.Server{})
			summary, history := s.interruptedAt(at, "run", people(rows), options(validate.Create), workers)
			if summary.Exit != record.ExitInterrupted || history.Exit() != record.ExitInterrupted || history.Finished() {
				t.Fatalf("interrupted at change %d: exit %d", at, summary.Exit)
			}
			begun := s.compareResults(t, history)
			if fmt.Sprint(summary.Counts) != fmt.Sprint(history.Counts()) {
				t.Errorf("interrupted at change %d: the run counts %v, its journal %v", at, summary.Counts, history.Counts())
			}
			if got := reports.Summarize(history); got.Interrupted != begun || got.Statuses[record.Partial] != begun {
				t.Errorf("interrupted at change %d: %d rows are cut off, and the summary says %d, %v", at, begun, got.Interrupted, got.Statuses)
			}
			if lines := strings.Count(s.rejects(history), "\n"); lines != 1 || reports.Rejected(history) != 0 {
				t.Errorf("interrupted at change %d: %d lines in rejects.csv, and resume goes on with all rows", at, lines)
			}
			summary, history = s.resume(t.Context(), history, options(validate.Create))
			if summary.Exit != record.ExitDone || summary.Counts[record.Created] != rows || len(summary.Counts) != 1 || !history.Finished() {
				t.Errorf("interrupted at change %d, and resumed: exit %d, counts %v", at, summary.Exit, summary.Counts)
			}
			s.compareResults(t, history)
			for _, r := range results(t, history) {
				if r.Requests != 4 || len(r.StepsDone) != 4 {
					t.Errorf("interrupted at change %d: row %d took %d requests, steps %v", at, r.Row, r.Requests, r.StepsDone)
				}
			}
		}
	}
}

// What a process leaves that dies, cut off behind each record: what is told of the rows is
// what the journal can know. None that may be on the server is said not to be.
func TestReportsOfAKilledRun(t *testing.T) {
	t.Parallel()
	const rows = 6
	s := newSite(t, &cupitest.Server{})
	_, whole := s.run(t.Context(), "run", people(rows), options(validate.Create), 2)
	text, err := os.ReadFile(filepath.Join(whole.Folder, record.JournalFile))
	if err != nil {
		t.Fatal(err)
	}
	killed := s.recorder("killed").Folder
	input, err := os.ReadFile(filepath.Join(whole.Folder, record.InputFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(killed, record.InputFile), input, 0o600); err != nil {
		t.Fatal(err)
	}
	end, sawPartial, sawUncertain := 0, false, false
	for line := range strings.Lines(string(text)) {
		end += len(line)
		if err := os.WriteFile(filepath.Join(killed, record.JournalFile), text[:end], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := (reports.Writer{}).Write(killed); err != nil {
			t.Fatal(err)
		}
		history := s.history(killed)
		counts := map[string]int{}
		for _, cells := range readResults(t, killed) {
			row, status, code, id, done := cells["Row"], cells["Status"], cells["Code"], cells["ObjectId"], cells["StepsDone"]
			counts[status]++
			of := fmt.Sprintf(`{"row":%s,`, row)
			numbered := fmt.Sprintf(`"row":%s,`, row)
			intents, made := 0, 0
			for record := range strings.Lines(string(text[:end])) {
				about := strings.Contains(record, of) || strings.Contains(record, numbered)
				if about && strings.Contains(record, `"type":"intent"`) {
					intents++
				}
				if about && strings.Contains(record, `"type":"answer"`) && strings.Contains(record, `"made":true`) {
					made++
				}
			}
			want := record.Status("")
			switch {
			case strings.Contains(string(text[:end]), `"type":"result","data":`+of):
				want = record.Created
			case intents > made:
				want, sawUncertain = record.Uncertain, true
			case made > 0:
				want, sawPartial = record.Partial, true
			default:
				want = record.Pending
			}
			if status != string(want) {
				t.Errorf("after %d bytes row %s is %s, want %s", end, row, status, want)
			}
			if begun := want == record.Uncertain || want == record.Partial; begun != (code == "interrupted") || (made > 0) != (id != "") || begun && (cells["Requests"] != fmt.Sprint(intents) || made > 0 && strings.Count(done, ";") != made-1) {
				t.Errorf("after %d bytes: %v; %d intents, %d made", end, cells, intents, made)
			}
		}
		for status, n := range history.Counts() {
			if counts[string(status)] != n {
				t.Errorf("after %d bytes: %d rows are %s, and the history counts %d", end, counts[string(status)], status, n)
			}
		}
		if reports.Rejected(history) != 0 {
			t.Errorf("after %d bytes rows are rejected that resume goes on with", end)
		}
	}
	if !sawPartial || !sawUncertain {
		t.Error("no row was cut off, so this proves nothing")
	}
}

// readResults reads results.csv, each row by its headings.
func readResults(t *testing.T, folder string) []map[string]string {
	t.Helper()
	file, err := os.Open(filepath.Join(folder, reports.ResultsFile))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, cells := range lines[1:] {
		row := map[string]string{}
		for i, heading := range lines[0] {
			row[heading] = cells[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// changesOfParts is a file that changes people who are there in many parts.
func changesOfParts(n int) string {
	text := "Alias,Title,Extension_Alt1,SmtpProxyAddresses,TransferRings,UserRoles\n"
	for i := range n {
		text += fmt.Sprintf("user%05d,Agent,%d,\"a%d@x.org,b%d@x.org\",7,Help Desk Administrator\n", i+1, 770001+i, i, i)
	}
	return text
}

// A run that was interrupted, and never resumed, is taken back with the rows that it had
// begun.
func TestRollbackOfRowsThatWereCutOff(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		operation  validate.Operation
		status     record.Status
		changes    int
	}{
		{"people", people(4), validate.Create, record.Deleted, 16},
		{"parts of people", changesOfParts(2), validate.Update, record.Restored, 12},
	} {
		cutOff := 0
		for at := 1; at <= test.changes-4; at++ {
			simulator := &cupitest.Server{}
			simulator.AddUsers(3)
			s := newSite(t, simulator)
			before := byAlias(simulator.Snapshot())
			_, history := s.interruptedAt(at, "run", test.text, options(test.operation), 2)
			cutOff += history.CutOff()
			rows := results(t, history)
			for _, r := range rows {
				if (r.Status == record.Pending) != (r.Code == "") && r.Code != "" || r.Status == record.Partial && (r.ObjectID == "" || r.ObjectID != simulator.UserByAlias(r.Alias)["ObjectId"]) {
					t.Errorf("%s, interrupted at change %d: %+v", test.name, at, r)
				}
			}
			summary, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
			for _, r := range results(t, of) {
				if was := rows[r.Row-1]; r.Status != test.status || r.Alias != was.Alias || r.ObjectID != was.ObjectID {
					t.Errorf("%s, interrupted at change %d, taken back: %+v, was %+v", test.name, at, r, was)
				}
			}
			if summary.Exit != record.ExitDone {
				t.Errorf("%s, interrupted at change %d, taken back: exit %d", test.name, at, summary.Exit)
			}
			compareSnapshots(t, before, byAlias(simulator.Snapshot()))
			if t.Failed() {
				return
			}
		}
		if cutOff == 0 {
			t.Errorf("%s: nothing was cut off, so this proves nothing", test.name)
		}
	}
}

// A rollback that is interrupted in the middle of a row says what of it is undone, and
// does the rest when it goes on.
func TestARowThatIsHalfUndone(t *testing.T) {
	t.Parallel()
	for at := 1; ; at++ {
		s, _ := wellEquipped(t, cupi.JSON)
		before := byAlias(s.simulator.Snapshot())
		_, history := s.run(t.Context(), "run", "Operation,Alias\ndelete,user00001\n", options(""), 1)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		s.atChange(at, cancel)
		summary, of := s.rollback(ctx, "undo", history, record.UndoOptions{})
		if summary.Exit == record.ExitDone {
			if at < 5 {
				t.Errorf("a rollback of one user has %d changes", at-1)
			}
			return
		}
		r := results(t, of)[0]
		id := s.simulator.UserByAlias("user00001")["ObjectId"]
		if summary.Exit != record.ExitInterrupted || summary.Counts[record.Pending] != 1 || summary.Counts.Total() != 1 || of.Counts()[record.Pending] != 1 || of.Finished() {
			t.Errorf("interrupted at change %d: exit %d, counts %v and %v", at, summary.Exit, summary.Counts, of.Counts())
		}
		if r.Status != record.Pending || r.Code != "interrupted" || r.ObjectID != id || len(r.StepsDone) == 0 || r.Requests < at || !strings.Contains(r.Message, "user added") {
			t.Errorf("interrupted at change %d: %+v, and the user is %s", at, r, id)
		}
		spent := r.Requests
		undo, own := s.undoing(history)
		if _, err := rollback.Run(t.Context(), undo, s.server(1), s.recorderIn(of.Folder), own); err != nil {
			t.Fatal(err)
		}
		if r := results(t, s.history(of.Folder))[0]; r.Status != record.Recreated || r.Code != "" || r.Requests <= spent {
			t.Errorf("interrupted at change %d, and resumed: %+v, after %d requests", at, r, spent)
		}
		compareSnapshots(t, before, byAlias(s.simulator.Snapshot()))
	}
}

// What stops a run at the third refusal in a row cuts off the rows that are under way.
func TestRowsThatARailCutOff(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{})
	o := options(validate.Create)
	o.MaxFailures = record.Limit{Rows: 0}
	s.simulator.Fault = func(r *http.Request) cupitest.Fault {
		if strings.HasSuffix(r.URL.Path, "/credential/pin") {
			return cupitest.Forbidden
		}
		return cupitest.NoFault
	}
	summary, history := s.run(t.Context(), "run", people(6), o, 3)
	if begun := s.compareResults(t, history); begun == 0 || summary.Exit == record.ExitDone {
		t.Errorf("exit %d, %d rows were cut off: %s", summary.Exit, begun, statuses(t, history))
	}
	s.simulator.Fault = nil
	if summary, history = s.resume(t.Context(), history, o); summary.Counts[record.Created]+summary.Counts[record.Partial] != 6 {
		t.Errorf("resumed: %v", statuses(t, history))
	}
}

// A run that was killed while a part of a user whom it had made was on its way, and never
// resumed, is taken back: the part goes with the user.
func TestRollbackOfAKilledRunTakesBackWhomItMade(t *testing.T) {
	t.Parallel()
	for _, fault := range []cupitest.Fault{cupitest.CutAfterCommit, cupitest.Reset} {
		for at := 1; at <= 4; at++ {
			s := newSite(t, &cupitest.Server{})
			before := byAlias(s.simulator.Snapshot())
			history := s.killedAt(at, "run", people(1), options(validate.Create), fault)
			if got := statuses(t, history); got != "uncertain interrupted" {
				t.Errorf("killed at change %d: %s", at, got)
			}
			_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
			if got := statuses(t, of); strings.TrimSuffix(got, " nothing-to-undo") != "deleted" {
				t.Errorf("killed at change %d, taken back: %s, want deleted: %s", at, got, messages(t, of))
			}
			compareSnapshots(t, before, byAlias(s.simulator.Snapshot()))
		}
	}
}

// A row that was begun, and can't go on because the server no longer shows what it names, is
// not said to be as nobody had touched it.
func TestARowThatCanNotGoOnTellsWhatWasDone(t *testing.T) {
	t.Parallel()
	for _, row := range []string{"update,user00001,,Changed,Weekdays", "create,fresh,4711,Changed,Weekdays"} {
		s := newSite(t, &cupitest.Server{})
		s.simulator.AddUsers(1)
		history := s.killedAt(2, "run", "Operation,Alias,DtmfAccessId,DisplayName,ScheduleSetName\n"+row+"\n", options(""), cupitest.CutAfterCommit)
		s.simulator.Fault = func(r *http.Request) cupitest.Fault {
			if strings.HasSuffix(r.URL.Path, "/schedulesets") {
				return cupitest.Forbidden
			}
			return cupitest.NoFault
		}
		_, history = s.resume(t.Context(), history, options(""))
		r := results(t, history)[0]
		if r.Status != record.Uncertain || r.Code != "names-not-shown" || !slices.Equal(r.StepsDone, []string{"user"}) || r.ObjectID != s.simulator.UserByAlias(r.Alias)["ObjectId"] {
			t.Errorf("%s: got %+v", row, r)
		}
	}
}

// A step of which a look could not tell what became of it is not forgotten when the row is cut
// off at a later one.
func TestAStepThatIsNotProvenIsNotForgotten(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{})
	s.simulator.AddUsers(1)
	faults := func(r *http.Request) cupitest.Fault {
		switch {
		case r.Method == "POST":
			return cupitest.RefusedAfter
		case r.Method == "PUT" && strings.Contains(r.URL.Path, "/handlers/callhandlers/"):
			return cupitest.CutAfterCommit
		}
		return cupitest.NoFault
	}
	history := s.killedUnder(faults, 3, "run", "Operation,Alias,DisplayName,Extension_Alt2,ScheduleSetName\nupdate,user00001,Changed,4711,Weekdays\n", options(""))
	_, undone := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if got := statuses(t, undone); got != "uncertain exists-unproven" {
		t.Errorf("taken back: %s", got)
	}
	_, history = s.resume(t.Context(), history, options(""))
	if r := results(t, history)[0]; r.Status != record.Uncertain || !slices.Equal(r.StepsFailed, []string{"alternateextensions/2"}) || !slices.Contains(r.StepsDone, "callhandler") {
		t.Errorf("resumed: %+v", r)
	}
}
