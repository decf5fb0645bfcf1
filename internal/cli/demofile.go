package cli

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"cucbulk/samples"
	"cucbulk/validate"
)

// demoTemplate makes the demo's users.
const demoTemplate = "voicemailusertemplate"

// How many rows of each kind the demo makes.
const (
	demoCreates   = 350 // no two of the same name
	demoUpdates   = 70
	demoDeletes   = 20
	demoUpserts   = 40 // half of them of users that are there
	demoUnchanged = 20
)

// rowCounts is how many rows of a file ask for what.
type rowCounts map[validate.Operation]int

func (c rowCounts) total() int {
	total := 0
	for _, n := range c {
		total += n
	}
	return total
}

// The names of the demo's people.
var (
	demoFirstNames = strings.Fields("Aisha Bente Carlos Dagny Emre Freya Gianni Hiro Ingrid João Kofi Leila Marek Nadia " +
		"Oisín Priya Ruben Sofía Tomasz Yara")
	demoLastNames = strings.Fields("Acheampong Bergström Calloway Demir Eriksen Fontaine Grünwald Horváth Iglesias " +
		"Jovanović Kaur Larsen Moreau Novák Okafor Petrov Quispe Romano")
	demoTitles = []string{"Account Manager", "Analyst", "Developer", "Team Lead", "Voice Engineer"}
)

// writeDemoFile writes the demo's input: the rows of the sample with every
// operation, many more of the same kinds, and a few that can't be done.
func writeDemoFile(folder string) (path string, counts rowCounts, err error) {
	sample, err := samples.Files.ReadFile("mixed.csv")
	if err != nil {
		return "", nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(sample)).ReadAll()
	if err != nil {
		return "", nil, err
	}
	rows = append(rows, demoRows()...)
	counts = rowCounts{}
	for _, cells := range rows[1:] {
		counts[validate.Operation(cells[0])]++
	}
	var text bytes.Buffer
	if err := csv.NewWriter(&text).WriteAll(rows); err != nil {
		return "", nil, err
	}
	path = filepath.Join(folder, "demo.csv")
	if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
		return "", nil, fmt.Errorf("the demo's file can't be written: %w", err)
	}
	return path, counts, nil
}

// demoRows are in the columns of the sample: Operation, Alias, DtmfAccessId,
// FirstName, LastName, DisplayName, Department, Title, EmployeeId, TemplateAlias.
func demoRows() [][]string {
	var rows [][]string
	person := func(operation string, n int) []string {
		first, last := demoFirstNames[n%len(demoFirstNames)], demoLastNames[n/len(demoFirstNames)%len(demoLastNames)]
		alias := fmt.Sprintf("%s.%s", strings.ToLower(first), strings.ToLower(last))
		return []string{operation, alias, strconv.Itoa(6000 + n), first, last, first + " " + last, "Engineering",
			demoTitles[n%len(demoTitles)], strconv.Itoa(710000 + n), demoTemplate}
	}
	known := func(operation string, number int, title string) []string {
		return []string{operation, fmt.Sprintf("user%05d", number), strconv.Itoa(9999 + number), "", "", "", "", title, "", demoTemplate}
	}
	for n := range demoCreates {
		rows = append(rows, person("create", n))
	}
	for n := range demoUpdates {
		row := known("update", 101+n, demoTitles[n%len(demoTitles)])
		row[len(row)-1] = ""
		rows = append(rows, row)
	}
	for n := range demoDeletes {
		rows = append(rows, []string{"delete", fmt.Sprintf("user%05d", 181+n), "", "", "", "", "", "", "", ""})
	}
	for n := range demoUpserts / 2 {
		rows = append(rows, known("upsert", 61+n, "Team Lead"), known("upsert", 81+n%demoUnchanged, ""))
	}
	return append(rows, impossibleRows()...)
}

// impossibleRows can't be done, each for a reason of its own.
func impossibleRows() [][]string {
	return [][]string{
		{"create", "operator", "6901", "Olga", "Parker", "", "", "", "", demoTemplate},                    // the alias is taken
		{"create", "late.comer", "10000", "Late", "Comer", "", "", "", "", demoTemplate},                  // the extension is taken
		{"create", "long.name", "6903", strings.Repeat("Long", 20), "Name", "", "", "", "", demoTemplate}, // too long
		{"create", "wrong.template", "6904", "Wrong", "Template", "", "", "", "", "voicemailusertemplat"}, // no such template
		{"update", "nobody.here", "", "Nobody", "Here", "", "", "", "", ""},                               // no such user
		{"delete", "operator", "", "", "", "", "", "", "", ""},                                            // one of the server's own
	}
}
