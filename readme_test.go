package main

import (
	"bytes"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cucbulk/cupi/cupitest"
	"cucbulk/internal/cli"
)

// TestTheReadmeShowsWhatIsPrinted types the two commands of README whose screens stand there. How long anything took, and
// where, is no part of it.
func TestTheReadmeShowsWhatIsPrinted(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(200)
	server := httptest.NewServer(simulator)
	defer server.Close()
	folder := filepath.Join(t.TempDir(), "first")
	plain := func(text string) (lines []string) {
		text = strings.NewReplacer(server.URL, "http://127.0.0.1:8443", folder, "first").Replace(text)
		text = regexp.MustCompile(`in \d+\.\d s|[\dµ]+ m?s each|, \d+ days left`).ReplaceAllString(text, "…")
		for _, line := range strings.Split(text, "\n") {
			lines = append(lines, strings.TrimSpace(line))
		}
		return lines
	}
	screens := regexp.MustCompile("(?s)```text\n(.*?)```").FindAllStringSubmatch(plainLines(read(t, "README.md")), -1)
	typed := [][]string{{"--out", folder}, {"--template", "voicemailusertemplate", "--dry-run"}}
	if len(screens) != len(typed) {
		t.Fatalf("README has %d screens, want %d", len(screens), len(typed))
	}
	environment := map[string]string{"CUCBULK_SERVER": server.URL, "CUCBULK_USER": "admin", "CUCBULK_PASSWORD": "any"}
	for i, more := range slices.Backward(typed) { // the dry run first, when nobody is there
		var out bytes.Buffer
		cli.Main(t.Context(), cli.Environment{
			Args:    append([]string{"run", "samples/creates.csv", "--operation", "create"}, more...),
			Streams: cli.Streams{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out},
			Getenv:  func(name string) string { return environment[name] }})
		printed := plain(out.String())
		for _, line := range plain(screens[i][1]) {
			if !slices.Contains(printed, line) {
				t.Errorf("README shows %q, and this is printed:\n%s", line, &out)
			}
		}
	}
}
