package torture

import (
	"encoding/csv"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cucbulk/batch/journal"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
)

// weekdays is the id of a schedule set of the simulator that no user has by default.
const weekdays = "9a4b2b52-8a65-4d14-9c1a-5d4f0e6b7c22"

// wish is what a row of a file asks for.
type wish struct {
	operation, alias, extension, displayName, title, schedule string
}

// wishes makes the rows of a file, in random order: about half of them creates and
// imports, the rest updates, deletes and upserts of the users that a simulator was
// given. No two are about the same user.
func wishes(random *rand.Rand, rows int) []wish {
	list := make([]wish, rows)
	for i := range list {
		there, fresh := fmt.Sprintf("user%05d", i+1), fmt.Sprintf("fresh%05d", i+1)
		w := wish{displayName: fmt.Sprintf("Wanted %d", i+1)}
		switch choice := random.IntN(10); {
		case choice < 1:
			w = wish{operation: "import-ldap", alias: fmt.Sprintf("ldap%05d", i+1), extension: strconv.Itoa(70000 + i)}
		case choice < 4:
			w.operation, w.alias, w.extension = "create", fresh, strconv.Itoa(70000+i)
		case choice < 5:
			w.operation, w.alias, w.extension = "upsert", fresh, strconv.Itoa(70000+i)
		case choice < 7:
			w.operation, w.alias = "update", there
		case choice < 8:
			w.operation, w.alias = "upsert", there
		default:
			w = wish{operation: "delete", alias: there}
		}
		if w.operation != "delete" && random.IntN(3) == 0 && w.operation != "import-ldap" { // the directory owns it
			w.title = fmt.Sprintf("Title %d", i+1)
		}
		if w.operation != "delete" && random.IntN(4) == 0 {
			w.schedule = weekdays
		}
		list[i] = w
	}
	random.Shuffle(rows, func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// fileOf writes the rows as CSV.
func fileOf(list []wish) string {
	var text strings.Builder
	text.WriteString("Operation,Alias,DtmfAccessId,DisplayName,Title,ScheduleSetObjectId\n")
	for _, w := range list {
		fmt.Fprintf(&text, "%s,%s,%s,%s,%s,%s\n", w.operation, w.alias, w.extension, w.displayName, w.title, w.schedule)
	}
	return text.String()
}

// people is the users of a simulator by alias, without what can't come back when a
// user is made again: ids and times. A user's schedule set is in it.
func people(simulator *cupitest.Server) map[string]map[string]string {
	snapshot := simulator.Snapshot()
	users := map[string]map[string]string{}
	for path, object := range snapshot {
		if object["Alias"] == "" || strings.Count(path, "/") > 1 {
			continue
		}
		user := maps.Clone(object)
		user["ScheduleSetObjectId"] = snapshot["handlers/callhandlers/"+object["CallHandlerObjectId"]]["ScheduleSetObjectId"]
		for _, name := range []string{"ObjectId", "CallHandlerObjectId", "CreationTime"} {
			delete(user, name)
		}
		users[object["Alias"]] = user
	}
	return users
}

// row is a line of results.csv.
type row struct{ number, alias, status, code, message string }

// rowsOf reads the results.csv of a run folder.
func rowsOf(t *testing.T, folder string) []row {
	t.Helper()
	file, err := os.Open(filepath.Join(folder, "results.csv"))
	must(t, err)
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	must(t, err)
	column := map[string]int{}
	for i, name := range records[0] {
		column[name] = i
	}
	var rows []row
	for _, r := range records[1:] {
		rows = append(rows, row{r[column["Row"]], r[column["Alias"]], r[column["Status"]], r[column["Code"]], r[column["Message"]]})
	}
	return rows
}

// checkRun compares the results of a run that has ended with what its rows asked for,
// and with the server as it was and is. It gives how many rows ended in each status.
func checkRun(t *testing.T, folder string, list []wish, before, after map[string]map[string]string) map[string]int {
	t.Helper()
	rows := rowsOf(t, folder)
	if len(rows) != len(list) {
		t.Fatalf("%d rows in results.csv, want %d", len(rows), len(list))
	}
	checkJournal(t, folder, len(list))
	statuses := map[string]int{}
	want := maps.Clone(before)
	for i, w := range list {
		r := rows[i]
		if r.number != strconv.Itoa(i+1) || fold(r.alias) != w.alias {
			t.Fatalf("line %d of results.csv is row %s, %s; want row %d, %s", i+1, r.number, r.alias, i+1, w.alias)
		}
		statuses[r.status]++
		switch r.status {
		case "created":
			if before[w.alias] != nil {
				t.Errorf("row %d: created, but %s was there before", i+1, w.alias)
			}
			want[w.alias] = after[w.alias] // whose fields are compared below
		case "updated":
			want[w.alias] = maps.Clone(before[w.alias])
			for name, value := range w.fields() {
				want[w.alias][name] = value
			}
		case "deleted":
			delete(want, w.alias)
		case "failed":
			if r.code != "gave-up" { // after three lost answers in a row; the server is as before then
				t.Errorf("row %d, %s %s: %+v", i+1, w.operation, w.alias, r)
			}
			continue
		case "partial":
			want[w.alias] = after[w.alias]
			continue
		default:
			t.Errorf("row %d, %s %s: %+v", i+1, w.operation, w.alias, r)
		}
		for name, value := range w.fields() {
			if got := after[w.alias][name]; got != value {
				t.Errorf("row %d, %s %s: %s, but %s is %q and not %q", i+1, w.operation, w.alias, r.status, name, got, value)
			}
		}
	}
	if difference := cmp.Diff(want, after); difference != "" {
		t.Errorf("the server is not as the results say (- said, + is):\n%s", difference)
	}
	return statuses
}

// fields is what the user of a row shows when it is done.
func (w wish) fields() map[string]string {
	fields := map[string]string{}
	for name, value := range map[string]string{"DtmfAccessId": w.extension, "DisplayName": w.displayName, "Title": w.title, "ScheduleSetObjectId": w.schedule} {
		if value != "" {
			fields[name] = value
		}
	}
	return fields
}

// checkJournal makes sure that each row has one result and no more, whatever
// happened on the way, and that the last counts add up to the rows.
func checkJournal(t *testing.T, folder string, rows int) {
	t.Helper()
	results := map[int]int{}
	total := 0
	tail, err := journal.Read(filepath.Join(folder, record.JournalFile), func(r journal.Record) error {
		var data struct {
			Row    int
			Counts record.Counts
		}
		switch r.Type {
		case "result":
			if err := r.Decode(&data); err != nil {
				return err
			}
			results[data.Row]++
		case "footer":
			if err := r.Decode(&data); err != nil {
				return err
			}
			total = data.Counts.Total()
		}
		return nil
	})
	must(t, err)
	if tail.Torn > 0 {
		t.Errorf("the journal of a run that has ended has %d torn bytes", tail.Torn)
	}
	for number, n := range results {
		if n != 1 {
			t.Errorf("row %d has %d results", number, n)
		}
	}
	if len(results) != rows || total != rows {
		t.Errorf("the journal has results of %d rows, and counts of %d, want %d", len(results), total, rows)
	}
}

// intentsOf counts the intents to create a user in a journal, by alias.
func intentsOf(t *testing.T, folder string) map[string]int {
	t.Helper()
	intents := map[string]int{}
	_, err := journal.Read(filepath.Join(folder, record.JournalFile), func(r journal.Record) error {
		var intent record.Intent
		if r.Type != "intent" {
			return nil
		}
		err := r.Decode(&intent)
		if intent.Method == "POST" {
			intents[fold(intent.Fields["Alias"]+intent.Fields["alias"])]++ // an import has the latter
		}
		return err
	})
	must(t, err)
	return intents
}

// checkPosts makes sure that no more POSTs arrived than the journals tell of, and
// that none made a user twice.
func (s *site) checkPosts(folders ...string) {
	s.t.Helper()
	intents := map[string]int{}
	for _, folder := range folders {
		for alias, n := range intentsOf(s.t, folder) {
			intents[alias] += n
		}
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for alias, n := range s.arrived {
		if n > intents[alias] {
			s.t.Errorf("%d POSTs of %s arrived, and the journals have %d intents", n, alias, intents[alias])
		}
	}
	for alias, methods := range s.done {
		made := 0
		for _, method := range methods {
			switch method {
			case "POST":
				made++
			case "DELETE":
				made--
			}
		}
		if made > 1 {
			s.t.Errorf("%s was made %d times more than it was deleted: %v", alias, made, methods)
		}
	}
}
