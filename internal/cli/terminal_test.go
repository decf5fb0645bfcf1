package cli

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
)

// hostile is what a terminal would obey: a new title, a colour, a cleared screen, a
// bell, C1, and text that runs backwards.
const hostile = "\x1b]0;owned\a\x1b[31m\x1b[2J\u009b5m\u202eback\x00\x7f"

// fileName is as much of a name as the system lets a file have.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if r == 0 || r < ' ' && runtime.GOOS == "windows" {
			return -1
		}
		return r
	}, name)
}

// A file's name, headings and cells, and what the server shows and says, command no
// terminal, whichever command prints them.
func TestNoTextCommandsATerminal(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{Username: "admin", Password: "correct-horse"}
	if _, err := simulator.AddUser(map[string]string{"Alias": "jdoe", "DtmfAccessId": "4001", "Title": "Hostile"}); err != nil {
		t.Fatal(err)
	}
	quoted, err := json.Marshal(hostile)
	if err != nil {
		t.Fatal(err)
	}
	queen := atomic.Bool{} // so is the title that is written, from then on
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		simulator.ServeHTTP(answer, r)
		body := strings.ReplaceAll(answer.Body.String(), `"Hostile"`, string(quoted))
		if queen.Load() {
			body = strings.ReplaceAll(body, `"Queen"`, string(quoted))
		}
		maps.Copy(w.Header(), answer.Header())
		w.Header().Del("Content-Length")
		w.WriteHeader(answer.Code)
		io.WriteString(w, body)
	}))
	t.Cleanup(web.Close)
	simulator.Location = cupitest.LocationOf(web.URL)
	server := []string{"--server", web.URL, "--user", "admin"}
	folder := t.TempDir()
	write := func(name string, rows ...[]string) string {
		var text strings.Builder
		if err := csv.NewWriter(&text).WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder, fileName(name)+".csv")
		if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	cells := write("cells"+hostile, []string{"Alias", "DtmfAccessId", "Title", hostile}, []string{"a" + hostile, "40" + hostile, hostile, ""})
	only := write("only"+hostile, []string{"Alias", "DtmfAccessId", "Title"}, []string{"a" + hostile, hostile, hostile})
	update := write("update", []string{"Alias", "Title"}, []string{"jdoe", "Queen"})
	run := filepath.Join(folder, "run")
	with := func(arguments ...string) []string { return append(arguments, server...) }
	all := ""
	do := func(exit int, arguments ...string) {
		p := newProcess(arguments...).atTerminal("", "correct-horse")
		p.environment.StdoutIsTerminal = true
		p.settings["CUCBULK_PASSWORD"] = "correct-horse"
		p.run(t, exit)
		printed := p.stdout.String() + strings.NewReplacer("\x1b[2K", "", "\x1b[0K", "", "\r", "").Replace(p.stderr.String())
		if i := strings.IndexFunc(printed, commandsTerminal); i >= 0 {
			t.Errorf("%q prints %q", arguments, printed[i:min(len(printed), i+40)])
		}
		all += printed
	}
	do(record.ExitInvalid, "validate", cells, "--operation", "create", "--template", "t")
	do(record.ExitInvalid, "validate", only, "--operation", "create", "--template", "t", "--format", "json")
	do(record.ExitInvalid, with("run", only, "--operation", "create", "--template", "voicemailusertemplate", "--progress", "bar", "--out", run+"-invalid")...)
	do(record.ExitUsage, hostile)
	do(record.ExitUsage, "run", update, "--set", hostile)
	do(record.ExitFailed, "report", folder+hostile)
	do(record.ExitDone, with("validate", update, "--operation", "update", "--show", "all")...)
	do(record.ExitDone, with("export", "--query", "(alias is jdoe)", "--columns", "Title")...)
	do(record.ExitDone, with("run", update, "--operation", "update", "--progress", "bar", "--out", run)...)
	queen.Store(true)
	do(record.ExitIncomplete, with("verify", run)...)
	do(record.ExitDone, "rollback", run, "--dry-run")
	do(record.ExitDone, with("rollback", run, "--yes", "--progress", "bar")...)
	if n := strings.Count(all, "owned"); n < 8 {
		t.Errorf("the text was printed %d times, which shows little:\n%s", n, all)
	}
}
