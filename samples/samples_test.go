package samples_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"cucbulk/batch/batchtest"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/internal/cli"
	"cucbulk/reports"
	"cucbulk/samples"
)

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == asProgram {
		os.Exit(cli.Main(context.Background(), cli.System()))
	}
	goleak.VerifyTestMain(m)
}

// sample is a line of the table in README.md.
type sample struct {
	file, command string
	exit          int
}

var tableLine = regexp.MustCompile("^\\| `([a-z-]+\\.csv)` \\|.*\\| `cucbulk ([^`]+)` \\| ([0-9]) \\|$")

// readTable reads README.md, so that what it tells is what is tested.
func readTable(t *testing.T) []sample {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var table []sample
	for line := range strings.Lines(string(text)) {
		if cells := tableLine.FindStringSubmatch(strings.TrimSpace(line)); cells != nil {
			exit, _ := strconv.Atoi(cells[3])
			table = append(table, sample{cells[1], cells[2], exit})
		}
	}
	return table
}

func TestEverySampleRunsAsTheReadmeSays(t *testing.T) {
	t.Parallel()
	files, err := samples.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	table := readTable(t)
	if got, want := len(table), len(files); got != want {
		t.Fatalf("README.md has %d samples, and there are %d files", got, want)
	}
	for _, s := range table {
		t.Run(s.file, func(t *testing.T) {
			t.Parallel()
			var guard batchtest.IntentGuard
			simulator := &cupitest.Server{OnChange: func(change cupitest.Change) error {
				return guard.CheckChange(change.Method, change.Path, change.Fields)
			}}
			simulator.AddUsers(200)
			simulator.AddDirectoryUsers(50)
			var asked changes
			web := httptest.NewServer(asked.noted(simulator))
			defer web.Close()
			simulator.Location = cupitest.LocationOf(web.URL) // or samples that run at once would be on one server
			before := fmt.Sprint(simulator.Snapshot())
			folder := filepath.Join(t.TempDir(), "run")

			arguments := strings.Fields(s.command)
			sends := arguments[0] == "run"
			if sends {
				arguments = append(arguments, "--out", folder, "--progress", "none")
			}
			exit, output := call(t, web.URL, &guard, arguments)
			if exit != s.exit {
				t.Fatalf("%s: exit code %d, want %d\n%s", s.command, exit, s.exit, output)
			}
			if !sends {
				return
			}
			if err := guard.HalfMade(); err != nil {
				t.Error(err)
			}
			for _, err := range simulator.ChangeErrors() {
				t.Error(err)
			}
			if guard.Changes() == 0 {
				t.Error("the run changed nothing")
			}
			history, err := record.ReadHistory(folder)
			if err != nil {
				t.Fatal(err)
			}
			if told := reports.Summarize(history).TotalRequests; told != simulator.Total() {
				t.Errorf("summary.json counts %d requests, and the server %d", told, simulator.Total())
			}
			if again := asked.twice(); len(again) > 0 {
				t.Errorf("without any fault these were sent twice: %q", again)
			}
			if got, want := history.Counts().Total(), history.Header.Rows; got != want {
				t.Errorf("the statuses add up to %d, and the file has %d rows", got, want)
			}
			if exit, output := call(t, web.URL, &guard, []string{"rollback", folder, "--yes", "--template", "voicemailusertemplate"}); exit != 0 {
				t.Errorf("rollback: exit code %d, want 0\n%s", exit, output)
			}
			if s.file != "deletes.csv" && s.file != "mixed.csv" && s.file != "recordings.csv" { // users made again have new ids, and a recording stays where none was
				if after := fmt.Sprint(simulator.Snapshot()); after != before {
					t.Errorf("after the rollback the server is\n%s\nand was\n%s", after, before)
				}
			}
		})
	}
}

// changes are the requests that change something, by method, address and body.
type changes struct {
	mutex sync.Mutex
	sent  map[string]int
}

// noted lets the changes that a server is asked for be noted.
func (c *changes) noted(server http.Handler) http.Handler {
	c.sent = map[string]int{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			body, _ := io.ReadAll(r.Body) // a client that leaves is the server's to see
			r.Body = io.NopCloser(bytes.NewReader(body))
			c.mutex.Lock()
			c.sent[r.Method+" "+r.URL.String()+" "+string(body)]++
			c.mutex.Unlock()
		}
		server.ServeHTTP(w, r)
	})
}

// twice gives the changes that were asked for more than once.
func (c *changes) twice() []string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var again []string
	for change, times := range c.sent {
		if times > 1 {
			again = append(again, change)
		}
	}
	return again
}

// call runs the program in this process.
func call(t *testing.T, server string, guard *batchtest.IntentGuard, arguments []string) (exit int, output string) {
	t.Helper()
	var out bytes.Buffer
	settings := map[string]string{"CUCBULK_SERVER": server, "CUCBULK_USER": "admin", "CUCBULK_PASSWORD": "any"}
	exit = cli.Main(context.Background(), cli.Environment{
		Args: arguments, Streams: cli.Streams{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out},
		Getenv:        func(name string) string { return settings[name] },
		JournalSynced: guard.Synced,
	})
	return exit, out.String()
}
