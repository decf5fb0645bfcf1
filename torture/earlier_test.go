package torture

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cucbulk/batch/journal"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
)

// earlierRuns is where run folders are that an earlier program wrote.
const earlierRuns = "testdata/earlier"

// earlierLocation is that of the server of those runs.
const earlierLocation = "42a9ab40-490d-4819-9bfb-8ddce4f430ff"

// TestEarlierJournals goes on with what an earlier program left: its reports are whole,
// a resume ends every row, and a rollback makes the server as it was before.
func TestEarlierJournals(t *testing.T) {
	t.Parallel()
	program, err := theProgram()
	must(t, err)
	for _, test := range []struct {
		name    string
		rows    int
		done    map[string]int // statuses of rows that had ended, as a report tells them
		resumed bool           // what is left of the run is to be done
		circle  bool           // of the rows
		doubted []string       // whose rows are uncertain: hours later somebody else can have done what they ask for
	}{
		{name: "finished", rows: 16, done: map[string]int{"created": 8, "updated": 4, "deleted": 3, "unchanged": 1}},
		{name: "partial", rows: 16, done: map[string]int{"created": 4, "updated": 4, "deleted": 3, "unchanged": 1, "failed": 2, "partial": 2}},
		{name: "rolled-back-half-way", rows: 16, done: map[string]int{"created": 8, "updated": 4, "deleted": 3, "unchanged": 1}},
		{name: "interrupted", rows: 16, done: map[string]int{"created": 4, "updated": 2, "unchanged": 1}, resumed: true},
		{name: "killed", rows: 16, done: map[string]int{"created": 2, "updated": 2, "deleted": 3, "unchanged": 1}, resumed: true, doubted: []string{"user00004", "fresh05"}},
		{name: "circle-interrupted", rows: 10, resumed: true, circle: true},
		{name: "circle-killed", rows: 10, resumed: true, circle: true},
	} {
		t.Run(test.name, func(t *testing.T) { // one after the other: they are all on one server
			e := newEarlier(t, program, test.name)
			defer e.end()
			run := filepath.Join(e.folder, "run")
			e.do(record.ExitDone, "report", run)
			got := map[string]int{}
			for _, r := range rowsOf(t, run) {
				got[r.status]++
			}
			if total := sum(got); total != test.rows {
				t.Errorf("the report has %d rows, want %d", total, test.rows)
			}
			for status, want := range test.done {
				if got[status] < want || !test.resumed && got[status] != want {
					t.Errorf("the report says %v, want %d %s", got, want, status)
				}
			}
			exit := record.ExitDone
			if len(test.doubted) > 0 {
				exit = record.ExitUncertain
			}
			if test.resumed {
				e.do(exit, append([]string{"resume", run}, limits...)...)
				checkJournal(t, run, test.rows)
				if want := e.people("finished/server.json"); test.circle {
					e.checkCircle()
				} else if difference := cmp.Diff(without(want, test.doubted), without(people(e.simulator), test.doubted)); difference != "" {
					t.Errorf("after the resume the server is not as without the interruption (- want, + is):\n%s", difference)
				}
				for _, r := range rowsOf(t, run) {
					if (r.status == "uncertain") != slices.Contains(test.doubted, r.alias) {
						t.Errorf("after the resume: %+v", r)
					}
				}
			}
			if test.name != "rolled-back-half-way" && exit == record.ExitDone {
				e.do(record.ExitDone, "verify", run)
			}
			rollback := filepath.Join(e.folder, "rollback")
			if test.name == "rolled-back-half-way" {
				e.do(record.ExitDone, "report", rollback)
				e.do(record.ExitDone, append([]string{"resume", rollback}, limits...)...)
			} else {
				e.watch(filepath.Join(rollback, record.JournalFile))
				e.do(exit, append([]string{"rollback", run, "--yes", "--out", rollback}, limits[4:]...)...)
			}
			after, before := people(e.simulator), e.people("before.json")
			if test.name == "partial" { // somebody else's, of an alias that a row wanted
				before["fresh06"] = e.people("partial/server.json")["fresh06"]
			}
			if difference := cmp.Diff(without(before, test.doubted), without(after, test.doubted)); difference != "" {
				t.Errorf("after the rollback the server is not as before (- before, + after):\n%s", difference)
			}
		})
	}
}

// without leaves out some users.
func without(users map[string]map[string]string, aliases []string) map[string]map[string]string {
	rest := maps.Clone(users)
	for _, alias := range aliases {
		delete(rest, alias)
	}
	return rest
}

func sum(counts map[string]int) (total int) {
	for _, n := range counts {
		total += n
	}
	return total
}

// earlier is a copy of what an earlier program left, and the server that it left.
type earlier struct {
	*site
	program, folder string
}

func newEarlier(t *testing.T, program, name string) *earlier {
	t.Helper()
	e := &earlier{site: newSite(t, &cupitest.Server{}), program: program, folder: t.TempDir()}
	e.simulator.Location = "" // the one that it had
	e.simulator.Location = earlierLocation
	e.load(e.simulator, filepath.Join(name, "server.json"))
	must(t, os.CopyFS(e.folder, os.DirFS(filepath.Join(earlierRuns, name))))
	for _, run := range []string{"run", "rollback"} {
		folder := filepath.Join(e.folder, run)
		if _, err := os.Stat(folder); err != nil {
			continue
		}
		must(t, os.Chmod(folder, 0o700))
		entries, err := os.ReadDir(folder)
		must(t, err)
		for _, entry := range entries {
			must(t, os.Chmod(filepath.Join(folder, entry.Name()), 0o600))
		}
		path := filepath.Join(folder, record.JournalFile)
		if run == "rollback" {
			moved(t, path, filepath.Join(e.folder, "run"))
		}
		e.watch(path)
	}
	return e
}

// moved writes a rollback's journal anew, with another place of the run that it undoes.
func moved(t *testing.T, path, of string) {
	t.Helper()
	var records []journal.Record
	_, err := journal.Read(path, func(r journal.Record) error { records = append(records, r); return nil })
	must(t, err)
	must(t, os.Remove(path))
	writer, err := journal.Create(path, journal.Options{})
	must(t, err)
	for _, r := range records {
		var data map[string]any
		must(t, r.Decode(&data))
		if r.Type == "header" {
			data["of"] = of
		}
		must(t, writer.Append(r.Type, data))
	}
	must(t, writer.Close())
}

func (e *earlier) load(simulator *cupitest.Server, name string) {
	e.t.Helper()
	file, err := os.Open(filepath.Join(earlierRuns, name))
	must(e.t, err)
	defer file.Close()
	must(e.t, simulator.Load(file))
}

// people is the users of a state that was kept.
func (e *earlier) people(name string) map[string]map[string]string {
	e.t.Helper()
	simulator := &cupitest.Server{}
	e.load(simulator, name)
	return people(simulator)
}

// do runs a command to its end.
func (e *earlier) do(exit int, arguments ...string) {
	e.t.Helper()
	if got := e.start(e.program, e.folder, 0, arguments...); got.exit != exit {
		e.t.Errorf("%q: exit %d, want %d\n%s", arguments, got.exit, exit, got.output)
	}
}

// checkCircle makes sure that three users and two others have handed their extensions on.
func (e *earlier) checkCircle() {
	e.t.Helper()
	after := people(e.simulator)
	for alias, want := range map[string]string{"user00001": "10001", "user00002": "10002", "user00003": "10000", "user00004": "10004", "user00005": "10003", "user00010": "70005"} {
		if got := after[alias]["DtmfAccessId"]; got != want {
			e.t.Errorf("after the resume %s has the extension %s, want %s", alias, got, want)
		}
	}
}
