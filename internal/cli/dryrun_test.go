package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// serverThat serves a simulator, after a look at each request. It gives the flags
// to reach it. meet reports whether it has answered the request itself.
func serverThat(t *testing.T, meet func(http.ResponseWriter, *http.Request) bool) (*cupitest.Server, []string) {
	t.Helper()
	simulator := &cupitest.Server{}
	simulator.AddUsers(20)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !meet(w, r) {
			simulator.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(web.Close)
	simulator.Location = cupitest.LocationOf(web.URL)
	return simulator, []string{"--server", web.URL, "--user", "admin"}
}

// online runs a command with a password.
func online(t *testing.T, want int, arguments []string) *process {
	t.Helper()
	p := newProcess(arguments...)
	p.settings["CUCBULK_PASSWORD"] = "correct-horse"
	return p.run(t, want)
}

func TestLdapOwned(t *testing.T) {
	t.Parallel()
	simulator, server := serverThat(t, func(http.ResponseWriter, *http.Request) bool { return false })
	if _, err := simulator.AddUser(map[string]string{"Alias": "imported", "DtmfAccessId": "4999", "FirstName": "Bruno", "LdapType": "3"}); err != nil {
		t.Fatal(err)
	}
	file := fileWith(t, "Alias,FirstName,City\nimported,Anna,Leeds\nuser00002,Berta,York\n")
	command := func(name string, flags ...string) []string {
		return append(append([]string{name, file, "--operation", "update"}, flags...), server...)
	}
	refused := online(t, record.ExitInvalid, command("validate", "--ldap-owned", "error"))
	shows(t, refused.stdout, "users.csv:2: FirstName: the LDAP directory owns these fields")
	shows(t, refused.stdout, "--ldap-owned error --server") // in the next command
	skipped := online(t, record.ExitDone, command("validate", "--show", "changes"))
	shows(t, skipped.stdout, "users.csv:2: FirstName: warning: the LDAP directory owns this field")
	shows(t, skipped.stdout, "\n2 imported: update City \"\" -> \"Leeds\"\n")
	shows(t, skipped.stdout, "\n3 user00002: update City \"\" -> \"York\", FirstName \"Chloë\" -> \"Berta\"\n")

	online(t, record.ExitInvalid, command("run", "--ldap-owned", "error", "--out", filepath.Join(t.TempDir(), "refused")))
	online(t, record.ExitDone, command("run", "--out", filepath.Join(t.TempDir(), "run")))
	if user := simulator.UserByAlias("imported"); user["FirstName"] != "Bruno" || user["City"] != "Leeds" {
		t.Errorf("FirstName %q, City %q; want Bruno, which the directory owns, and Leeds", user["FirstName"], user["City"])
	}
}

func TestNamesThatTheServerDoesNotList(t *testing.T) {
	t.Parallel()
	for column, test := range map[string]struct{ list, advice string }{
		"CosDisplayName": {"coses", "give the id in a column CosObjectId"},
		"UserRoles":      {"roles", "take the column out"},
	} {
		_, server := serverThat(t, func(w http.ResponseWriter, r *http.Request) bool {
			gone := r.URL.Path == "/vmrest/"+test.list
			if gone {
				http.NotFound(w, r)
			}
			return gone
		})
		file := fileWith(t, "Alias,"+column+"\nuser00001,Executive COS\n")
		p := online(t, record.ExitInvalid, append([]string{"validate", file, "--operation", "update"}, server...))
		shows(t, p.stdout, fmt.Sprintf("%s: this server has no list of %s; %s (names-not-shown)", column, test.list, test.advice))
	}
}

// An interruption of a look at the server says that nothing was changed.
func TestInterruptedLooks(t *testing.T) {
	t.Parallel()
	var rows strings.Builder
	for i := range 20 { // so that some are not read yet
		fmt.Fprintf(&rows, "user%05d,Boss\n", i+1)
	}
	file := fileWith(t, "Alias,Title\n"+rows.String())
	export := filepath.Join(t.TempDir(), "users.csv")
	for _, test := range []struct {
		name, at  string // the request that is interrupted
		arguments []string
	}{
		{"dry run in the pre-flight", "/vmrest/users", []string{"run", file, "--operation", "update", "--dry-run"}},
		{"dry run in the previews", "/vmrest/users/", []string{"run", file, "--operation", "update", "--dry-run"}},
		{"export", "/vmrest/users/", []string{"export", "--columns", "Title", "--out", export}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			_, server := serverThat(t, func(_ http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path == test.at || strings.HasSuffix(test.at, "/") && strings.HasPrefix(r.URL.Path, test.at) {
					cancel()
				}
				return false
			})
			p := newProcess(append(test.arguments, server...)...)
			p.settings["CUCBULK_PASSWORD"] = "correct-horse"
			if got, want := Main(ctx, p.environment), record.ExitInterrupted; got != want {
				t.Errorf("exit code %d, want %d\n%s%s", got, want, p.stdout, p.stderr)
			}
			shows(t, p.stderr, "before anything was changed; type the same command again")
		})
	}
	t.Cleanup(func() {
		if _, err := os.Stat(export); err == nil {
			t.Error("the interrupted export left a file behind")
		}
	})
}

// So does a server that is out for too long before a run has begun: there is nothing to
// resume.
func TestOutBeforeChanges(t *testing.T) {
	t.Parallel()
	cause := errors.New("503")
	err := beforeChanges(t.Context(), &record.Stop{Exit: record.ExitInterrupted, Code: "outage", Reason: "the server has been out for 3s", Err: cause})
	var stop *record.Stop
	if !errors.As(err, &stop) || stop.Exit != record.ExitInterrupted || !errors.Is(err, cause) {
		t.Errorf("got %v, want the same stop", err)
	}
	if got, want := sentence(err), "the server has been out for 3s; nothing was changed: type the same command again: 503"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	refused := &record.Stop{Exit: record.ExitFailed, Code: "sign-in", Reason: "the run can't go on"}
	if got := beforeChanges(t.Context(), refused); got != error(refused) {
		t.Errorf("got %v, want it as it was", got)
	}
}

// An export reaches a pipe byte for byte, and can't command a terminal.
func TestExportToATerminal(t *testing.T) {
	t.Parallel()
	simulator, server := simulated(t)
	if _, err := simulator.AddUser(map[string]string{"Alias": "hostile\u009b31mred\u202e", "DtmfAccessId": "4001", "City": "Graz"}); err != nil {
		t.Fatal(err)
	}
	arguments := append([]string{"export", "--query", "(alias startswith hostile)", "--columns", "City"}, server...)
	shows(t, online(t, 0, arguments).stdout, "hostile\u009b31mred\u202e,Graz\n")
	p := newProcess(arguments...)
	p.settings["CUCBULK_PASSWORD"] = "correct-horse"
	p.environment.StdoutIsTerminal = true
	shows(t, p.run(t, 0).stdout, `hostile\u009b31mred\u202e,Graz`)
}

// A character that stands where a piece of the text ends is no broken one.
func TestLongExportToATerminal(t *testing.T) {
	t.Parallel()
	simulator, server := simulated(t)
	city := strings.Repeat("日", 40)
	for i := range 100 {
		if _, err := simulator.AddUser(map[string]string{"Alias": fmt.Sprint("u", i), "DtmfAccessId": fmt.Sprint(70000 + i), "City": city}); err != nil {
			t.Fatal(err)
		}
	}
	p := newProcess(append([]string{"export", "--query", "(alias startswith u)", "--columns", "City"}, server...)...)
	p.settings["CUCBULK_PASSWORD"] = "correct-horse"
	p.environment.StdoutIsTerminal = true
	if n := strings.Count(p.run(t, 0).stdout.String(), city+"\n"); n != 100 {
		t.Errorf("%d of 100 cities are whole:\n%s", n, p.stdout)
	}
}

func TestPreviewText(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 41)
	many := make([]batch.FieldChange, 7)
	for i := range many {
		many[i] = batch.FieldChange{Step: validate.StepUser, Field: "F" + string(rune('1'+i)), New: "x"}
	}
	for _, test := range []struct {
		preview     batch.Preview
		short, full string
	}{
		{batch.Preview{Line: 2, Alias: "jdoe", Operation: validate.Delete, Status: record.Deleted, Reversible: record.PartlyReversible},
			"2 jdoe: delete (reversible: partly)", ""},
		{batch.Preview{Line: 3, Alias: "a\nb", Status: record.Invalid, Code: "no-such-user", Message: "no user"}, "3 a b: invalid: no user (no-such-user)", ""},
		{batch.Preview{Line: 4, Status: record.Unchanged}, "4: unchanged", ""},
		{batch.Preview{Line: 5, Alias: "x", Operation: validate.Update, Status: record.Updated, Reversible: record.FullyReversible,
			Changes: []batch.FieldChange{{Step: validate.StepCallHandler, Field: "Language", Old: "\x1b[31m\"", New: long}}},
			`5 x: update callhandler.Language "\x1b[31m\"" -> "` + long[:80] + `…"`, `5 x: update callhandler.Language "\x1b[31m\"" -> "` + long + `"`},
		{batch.Preview{Line: 6, Alias: "x", Operation: validate.Create, Status: record.Created, Reversible: record.FullyReversible, Changes: many},
			`6 x: create F1 "x", F2 "x", F3 "x", F4 "x", F5 "x", and 2 more`, `6 x: create F1 "x", F2 "x", F3 "x", F4 "x", F5 "x", F6 "x", F7 "x"`},
		{batch.Preview{Line: 7, Alias: "x", Operation: validate.Update, Status: record.Updated, Reversible: record.FullyReversible, Changes: many[:6],
			Removed: []batch.Removal{{Step: "alternateextensions/1", What: "the alternate extension 4711"}, {Step: "userroles", What: "the role Help\nDesk"}}},
			`7 x: update F1 "" -> "x", F2 "" -> "x", F3 "" -> "x", F4 "" -> "x", F5 "" -> "x", and 1 more, removes the alternate extension 4711, removes the role Help Desk`,
			`7 x: update F1 "" -> "x", F2 "" -> "x", F3 "" -> "x", F4 "" -> "x", F5 "" -> "x", F6 "" -> "x", removes the alternate extension 4711, removes the role Help Desk`},
	} {
		if test.full == "" {
			test.full = test.short
		}
		if got := previewText(test.preview, false); got != test.short {
			t.Errorf("got  %s\nwant %s", got, test.short)
		}
		if got := previewText(test.preview, true); got != test.full {
			t.Errorf("got  %s\nwant %s", got, test.full)
		}
	}
}

func TestTimesForPeople(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		seconds        float64
		about, latency string
	}{
		{0.0124, "under 1 s", "12 ms"}, {1.7, "about 2 s", "1.7 s"}, {90, "about 90 s", "90.0 s"}, {600, "about 10 min", "600.0 s"}, {3 * 3600, "about 3 h", "10800.0 s"},
	} {
		if about, latency := aboutText(test.seconds), latencyText(test.seconds); about != test.about || latency != test.latency {
			t.Errorf("%v: %q, %q; want %q, %q", test.seconds, about, latency, test.about, test.latency)
		}
	}
}
