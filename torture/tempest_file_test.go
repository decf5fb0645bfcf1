package torture

import (
	"encoding/csv"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"cucbulk/batch/record"
)

// errandRow is a row of a file: what it asks for, and of whom.
type errandRow struct {
	operation string
	alias     string            // of the user, before the row and, but for a rename, after it
	key       string            // the value by which it finds a user that is there
	cells     map[string]string // by heading
}

// headings of every file of the storm.
var headings = []string{"Operation", "Alias", "EmployeeId", "DtmfAccessId", "DisplayName", "Title", "Department", "BillingId", "PIN", "ScheduleSetName", "Extension_Alt1", "Extension_Alt2", "NewAlias"}

// family is one file, its run and all that goes on with it.
type family struct {
	name    string
	rows    []errandRow
	match   string // the column by which rows find their users
	learns  bool   // what the template gives
	workers int
	folder  string // of the run; "" while it has none
	deaths  atomic.Int64

	// under the tempest's mutex
	bound    map[string]bool // users that its rows are about
	planning *start          // the start of the run whose pre-flight may be under way
	lost     int             // answers that did not tell what became of a change
	since    int             // place in the ledger when it began
	before   map[string]map[string]string
}

// text is the file.
func (f *family) text() string {
	var text strings.Builder
	w := csv.NewWriter(&text)
	lines := [][]string{headings}
	for _, row := range f.rows {
		cells := make([]string, len(headings))
		for i, heading := range headings {
			cells[i] = row.cells[heading]
		}
		lines = append(lines, cells)
	}
	_ = w.WriteAll(lines) // a strings.Builder never fails
	return text.String()
}

func (f *family) options() record.Options {
	o := options()
	o.Match = f.match
	if f.learns {
		o.LearnFrom = 2
	}
	return o
}

// bind notes that rows mean a user, unless an earlier start has sent something of them.
func (f *family) bind(user map[string]string, s *start) {
	for i, row := range f.rows {
		if row.operation == "create" || row.operation == "import-ldap" || s.begun[i+1] {
			continue
		}
		if strings.EqualFold(user[f.match], row.key) {
			f.bound[user["ObjectId"]] = true
		}
	}
}

// about gives the rows that name a user by alias, before or after a rename.
func (f *family) about(alias string) (rows []int) {
	for i, row := range f.rows {
		if strings.EqualFold(row.alias, alias) || strings.EqualFold(row.cells["NewAlias"], alias) {
			rows = append(rows, i+1)
		}
	}
	return rows
}

// there is how many users a server of the storm has at first, besides its own.
const there = 24

// newFamily draws a file. Its fresh aliases and extensions are those of its number.
func newFamily(random *rand.Rand, number int) *family {
	f := &family{name: fmt.Sprint("run ", number), workers: 1 + random.IntN(4), bound: map[string]bool{}, match: "Alias"}
	if random.IntN(4) == 0 {
		f.match = "EmployeeId"
	}
	f.learns = random.IntN(2) == 0
	free := random.Perm(there) // users that no row is about yet
	take := func() string {
		alias := fmt.Sprintf("user%05d", free[0]+1)
		free = free[1:]
		return alias
	}
	extension := func(i int) string { return strconv.Itoa(70000 + 1000*number + i) }
	for i := 0; len(f.rows) < 8+random.IntN(14+8*given(f.learns)) && len(free) > 4; i++ {
		fresh := fmt.Sprintf("fresh%d%02d", number, i)
		kind := random.IntN(14)
		if f.learns {
			kind = max(0, kind-4)
		}
		switch {
		case kind < 4:
			row := errandRow{operation: "create", alias: fresh, cells: map[string]string{"DtmfAccessId": extension(i)}}
			f.decorate(random, &row, i)
			if f.learns && random.IntN(4) > 0 {
				row.cells["ScheduleSetName"] = "Weekdays"
			}
			f.add(row)
			if random.IntN(5) == 0 { // and another row about the same user
				next := errandRow{operation: []string{"update", "delete"}[random.IntN(2)], alias: fresh, cells: map[string]string{}}
				if next.operation == "update" {
					f.decorate(random, &next, i+50)
				}
				f.add(next)
			}
		case kind < 5:
			row := errandRow{operation: "import-ldap", alias: fmt.Sprintf("ldap%05d", 1+(i+7*number)%12), cells: map[string]string{"DtmfAccessId": extension(i)}}
			if len(f.about(row.alias)) == 0 {
				f.add(row)
			}
		case kind < 8:
			row := errandRow{operation: "update", alias: take(), cells: map[string]string{}}
			f.decorate(random, &row, i)
			f.add(row)
		case kind < 9:
			row := errandRow{operation: "upsert", alias: fresh, cells: map[string]string{"DtmfAccessId": extension(i)}}
			if random.IntN(2) == 0 {
				row = errandRow{operation: "upsert", alias: take(), cells: map[string]string{}}
			}
			f.decorate(random, &row, i)
			f.add(row)
		case kind < 11:
			alias := take()
			f.add(errandRow{operation: "delete", alias: alias, cells: map[string]string{}})
			if random.IntN(3) == 0 && f.match == "Alias" { // and makes somebody of that alias
				f.add(errandRow{operation: "create", alias: alias, cells: map[string]string{"DtmfAccessId": extension(i), "DisplayName": fmt.Sprint("Wanted ", i)}})
			}
		case kind < 12: // a circle of extensions
			members := []string{take(), take()}
			if random.IntN(2) == 0 {
				members = append(members, take())
			}
			for at, alias := range members {
				next := members[(at+1)%len(members)]
				row := errandRow{operation: "update", alias: alias, cells: map[string]string{"DtmfAccessId": firstExtension(next)}}
				if random.IntN(2) == 0 {
					row.cells["Title"] = fmt.Sprint("Title ", i)
				}
				f.add(row)
			}
		case kind < 13: // a rename, and somebody else gets the alias
			alias := take()
			f.add(errandRow{operation: "update", alias: alias, cells: map[string]string{"NewAlias": fmt.Sprintf("renamed%d%02d", number, i)}})
			if random.IntN(2) == 0 && f.match == "Alias" {
				f.add(errandRow{operation: "create", alias: alias, cells: map[string]string{"DtmfAccessId": extension(i), "DisplayName": fmt.Sprint("Wanted ", i)}})
			}
		default: // an alternate extension becomes the first one
			alias := take()
			f.add(errandRow{operation: "update", alias: alias, cells: map[string]string{"DtmfAccessId": alternateOf(alias), "Extension_Alt1": firstExtension(alias)}})
		}
	}
	if f.match == "Alias" && random.IntN(2) == 0 { // what frees a thing need not come first
		f.shuffle(random)
	}
	return f
}

// given is 1 of what is so, and 0 of what is not.
func given(is bool) int {
	if is {
		return 1
	}
	return 0
}

// firstExtension and alternateOf are what a user of the storm has at first.
func firstExtension(alias string) string {
	number, _ := strconv.Atoi(strings.TrimPrefix(alias, "user"))
	return strconv.Itoa(9999 + number)
}

func alternateOf(alias string) string { return "6" + firstExtension(alias) }

// shuffle changes the order of rows, but of those that are about one alias.
func (f *family) shuffle(random *rand.Rand) {
	names := map[string]int{}
	for _, row := range f.rows {
		names[row.alias]++
	}
	var single []int
	for i, row := range f.rows {
		if names[row.alias] == 1 {
			single = append(single, i)
		}
	}
	shuffled := slices.Clone(single)
	random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	rows := slices.Clone(f.rows)
	for at, i := range single {
		f.rows[i] = rows[shuffled[at]]
	}
}

// decorate gives a row more to do.
func (f *family) decorate(random *rand.Rand, row *errandRow, i int) {
	row.cells["DisplayName"] = fmt.Sprintf("Wanted %s %d", f.name, i)
	for _, more := range [][2]string{
		{"Title", fmt.Sprintf("Title %s %d", f.name, i)}, {"Department", fmt.Sprintf("Department %d", i)}, {"ScheduleSetName", "Weekdays"},
		{"PIN", fmt.Sprintf("7391%02d", 10+i%90)}, {"Extension_Alt2", strconv.Itoa(75000 + i + 100*len(f.name))},
	} {
		if random.IntN(3) == 0 {
			row.cells[more[0]] = more[1]
		}
	}
}

// add adds a row, found by the family's key.
func (f *family) add(row errandRow) {
	row.cells = maps.Clone(row.cells)
	row.cells["Operation"], row.key = row.operation, row.alias
	if f.match == "EmployeeId" {
		row.key = "9" + row.alias
		if number, is := strings.CutPrefix(row.alias, "user"); is {
			n, _ := strconv.Atoi(number)
			row.key = strconv.Itoa(500000 + n)
		}
		row.cells["EmployeeId"] = row.key
	}
	if f.match == "Alias" || row.operation != "update" && row.operation != "delete" {
		row.cells["Alias"] = row.alias
	}
	f.rows = append(f.rows, row)
}
