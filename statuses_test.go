package main

import (
	"regexp"
	"testing"

	"cucbulk/batch/record"
)

var statusLine = regexp.MustCompile(`(?m)^\| ([a-z]+) \| [^|]+ \|(.*?)\|$`)

// TestDocsListTheStatuses holds the tables of statuses to those that rows end in: each
// is there once, with whether something is left to do.
func TestDocsListTheStatuses(t *testing.T) {
	t.Parallel()
	listed := map[record.Status]string{}
	for _, table := range regexp.MustCompile(`(?m)^\| status \| means \| done \|\n(?:\|.*\n)+`).FindAllString(plainLines(read(t, "docs/results.md")), -1) {
		for _, line := range statusLine.FindAllStringSubmatch(table, -1) {
			if line[1] == "status" {
				continue
			}
			if _, twice := listed[record.Status(line[1])]; twice {
				t.Errorf("docs/results.md lists %s twice", line[1])
			}
			listed[record.Status(line[1])] = line[2]
		}
	}
	for _, status := range record.Statuses() {
		done, is := listed[status]
		if !is {
			t.Errorf("docs/results.md does not list %s", status)
		} else if want := map[bool]string{true: " yes ", false: " "}[status.Done()]; done != want {
			t.Errorf("docs/results.md says %q of whether %s is done, want %q", done, status, want)
		}
		delete(listed, status)
	}
	for status := range listed {
		t.Errorf("docs/results.md lists %s, in which no row ends", status)
	}
}
