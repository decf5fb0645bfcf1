package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var updateDocs = flag.Bool("update-docs", false, "write the pages and tables that come from the program anew")

// written holds a page to the text that it is written from.
func written(t *testing.T, path, want string) {
	t.Helper()
	if *updateDocs {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := plainLines(read(t, path)); got != want {
		t.Errorf("%s is not what it is written from; write it anew with: go test . -run 'Docs|Documented' -update-docs", path)
	}
}

// plainLines is a text as it is without a checkout that ends lines with CRLF.
func plainLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// TestDocsHoldTheirTables holds the tables between two remarks, in pages that people
// wrote, to what they are written from.
func TestDocsHoldTheirTables(t *testing.T) {
	t.Parallel()
	run, others := exitTables(t)
	for _, table := range []struct{ path, name, text string }{
		{"README.md", "sending", benchTable(t, "Sending ")},
		{"docs/exit-codes.md", "run", run},
		{"docs/exit-codes.md", "others", others},
		{"docs/configuration.md", "flags", flagsTable(t)},
	} {
		written(t, table.path, withTable(t, table.path, table.name, table.text))
	}
}

// withTable is a page with the text of one of its tables.
func withTable(t *testing.T, path, name, text string) string {
	t.Helper()
	page := plainLines(read(t, path))
	place := regexp.MustCompile(`(?s)<!-- table: ` + name + `, [^>]* -->\n(.*?)<!-- /table -->`).FindStringSubmatchIndex(page)
	if place == nil {
		t.Fatalf("%s has no table %q", path, name)
	}
	return page[:place[2]] + "\n" + text + "\n" + page[place[3]:]
}

// benchTable is the first table of docs/bench.md whose title begins so, with its title.
func benchTable(t *testing.T, title string) string {
	t.Helper()
	table := regexp.MustCompile(`(?m)^` + title + `.*\n\n(?:\|.*\n)+`).FindString(plainLines(read(t, "docs/bench.md")))
	if table == "" {
		t.Fatalf("docs/bench.md has no table %q", title)
	}
	return table
}

// said is what the help of some commands says of one thing.
type said struct {
	what, means string
	commands    []string
}

// gather adds to what was said; what several commands say alike stands once.
func gather(list []said, what, means, command string) []said {
	i := slices.IndexFunc(list, func(s said) bool { return s.what == what && s.means == means })
	if i < 0 {
		i, list = len(list), append(list, said{what: what, means: means})
	}
	list[i].commands = append(list[i].commands, command)
	return list
}

// tableOf is what was said, in order of what it is about.
func tableOf(heading string, list []said) string {
	slices.SortStableFunc(list, func(a, b said) int { return cmp.Compare(a.what, b.what) })
	text := "| " + heading + " | means | of |\n|---|---|---|\n"
	for _, s := range list {
		means := strings.NewReplacer("|", `\|`, "<", "&lt;").Replace(s.means)
		text += fmt.Sprintf("| `%s` | %s | %s |\n", strings.ReplaceAll(s.what, "|", `\|`), means, strings.Join(s.commands, ", "))
	}
	return text
}

var exitLine = regexp.MustCompile(`(?m)^  ([0-9]+)  (.*)$`)

// exitTables are the exit codes that the help tells: those of a run, which are the
// program's own too, and those of the other commands.
func exitTables(t *testing.T) (run, others string) {
	t.Helper()
	of := func(arguments ...string) [][]string {
		_, text, _ := strings.Cut(printed(t.Context(), arguments...), "\nEXIT STATUS\n")
		text, _, _ = strings.Cut(text, "\n\n")
		return exitLine.FindAllStringSubmatch(text, -1)
	}
	usual := of("--help")
	run = "| code | means |\n|---|---|\n"
	for _, line := range usual {
		run += fmt.Sprintf("| %s | %s |\n", line[1], line[2])
	}
	var list []said
	for _, name := range commandNames(t.Context()) {
		exits := of(name, "--help")
		asARun := slices.Contains([]string{"run", "resume", "rollback"}, name)
		if asARun && fmt.Sprint(exits) != fmt.Sprint(usual) {
			t.Errorf("%s has other exit codes than a run: %v", name, exits)
		}
		for _, line := range exits {
			if !asARun {
				list = gather(list, line[1], line[2], name)
			}
		}
	}
	return run, tableOf("code", list)
}

var flagLine = regexp.MustCompile(`(?m)^      (--[a-z-]+(?: \S+)?)  +(.*(?:\n {10,}.*)*)$`)

// flagsTable lists every flag that the help of a command tells.
func flagsTable(t *testing.T) string {
	t.Helper()
	var list []said
	for _, name := range commandNames(t.Context()) {
		for _, match := range flagLine.FindAllStringSubmatch(helpOf(t.Context(), name), -1) {
			list = gather(list, match[1], strings.Join(strings.Fields(match[2]), " "), name)
		}
	}
	if len(list) < 60 {
		t.Errorf("only %d flags were found", len(list))
	}
	return tableOf("flag", list)
}
