package main

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
)

// gate plays the scenes in which `--workers auto` must find the right number of
// requests by itself, on a server that works on five at a time, a second each. They are
// tests, since only in a test do minutes pass in no time; the tests log the rows of the
// tables.
func (b *bench) gate() error {
	for _, scenes := range []struct {
		test, title string
		headings    []string
	}{
		{"TestAutoIsAsFastAsTheBestChoice", "Requests at a time left to `--workers auto`, against the best fixed number " +
			"of 1 to 4 (1,200 creates of a second, played five times in simulated time; the middle one)",
			[]string{"scene", "rows a second", "with the best number", "auto of the best"}},
		{"TestAutoLeavesRoomForOthers", "How long others wait for their answer, beside a run with `--workers auto`",
			[]string{"other clients", "median wait alone", "beside the run", "of that alone"}},
	} {
		command := exec.Command("go", "test", "-count=1", "-parallel=1", "-v", "-run", "^"+scenes.test+"$", "./batch")
		output, err := command.CombinedOutput()
		if err != nil {
			return fmt.Errorf("the gate's scenes: %w\n%s", err, output)
		}
		table(scenes.title, scenes.headings...)
		var rows []string
		for line := range strings.Lines(string(output)) {
			if _, cells, is := strings.Cut(line, "make bench: "); is {
				rows = append(rows, cells)
			}
		}
		if len(rows) == 0 {
			return fmt.Errorf("the test %s logs no row of the table", scenes.test)
		}
		slices.Sort(rows) // scenes that are played side by side end in any order
		fmt.Print(strings.Join(rows, ""))
	}
	return nil
}
