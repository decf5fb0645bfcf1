package roster_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"cucbulk/batch"
	"cucbulk/batch/batchtest"
	"cucbulk/batch/journal"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/roster"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

func TestMain(m *testing.M) {
	if os.Getenv("RAPID_CHECKS") == "" {
		_ = flag.Set("rapid.checks", "1") // of thirty nights
	}
	goleak.VerifyTestMain(m)
}

// tb is a test, or one draw of a property.
type tb interface {
	rapid.TB
	Cleanup(func())
	Context() context.Context
}

// site is a server, and the folder of the nights' runs.
type site struct {
	simulator *cupitest.Server
	guard     *batchtest.IntentGuard
	url       string
	folder    string
	now       time.Time
	nights    int
	options   record.Options
	between   func()      // what others do between a night's look and its rows' run, which then looks itself; nil: nothing
	byOthers  atomic.Bool // an administrator is at work, who keeps no journal
}

func newSite(t tb, folder string, simulator *cupitest.Server) *site {
	s := &site{simulator: simulator, guard: &batchtest.IntentGuard{}, folder: folder, now: time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC)}
	simulator.OnChange = func(c cupitest.Change) error {
		if s.byOthers.Load() {
			return nil
		}
		return s.guard.CheckChange(c.Method, c.Path, c.Fields)
	}
	server := httptest.NewServer(simulator)
	t.Cleanup(func() {
		simulator.Wait()
		server.Close()
		for _, err := range simulator.ChangeErrors() {
			t.Errorf("a change without a durable intent: %v", err)
		}
	})
	s.url = server.URL
	s.options = roster.Options(record.Options{Template: "voicemailusertemplate", Match: "EmployeeId",
		Limits:   record.Limits{MaxFailures: record.Limit{Percent: 100}, MaxDeletes: record.Limit{Percent: 100}},
		Patience: record.Patience{DoubtWindow: 10 * time.Millisecond, MaxOutage: time.Minute}, SkipInvalid: true,
		Sync: &record.Sync{Scope: "Department=HR", Leavers: record.LeaversDelete, MaxShrink: record.Limit{Percent: 30}, Among: []string{folder}}})
	return s
}

func (s *site) server(t tb) send.Server {
	client, err := cupi.New(cupi.Config{Server: s.url, User: "admin", Password: "secret", Wire: cupi.JSON, Workers: 2, Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return send.Server{Client: client, URL: s.url, Account: "admin", Workers: 2}
}

// byHand changes a user as an administrator does in the pages of the server.
func (s *site) byHand(t tb, method, id, fields string) {
	s.send(t, method, "/vmrest/users/"+id, fields)
}

func (s *site) post(t tb, path, fields string) { s.send(t, "POST", path, fields) }

func (s *site) send(t tb, method, path, fields string) {
	s.byOthers.Store(true)
	defer s.byOthers.Store(false)
	request, err := http.NewRequest(method, s.url+path, strings.NewReader(fields))
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth("admin", "secret")
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode >= 300 {
		t.Fatalf("%s %s %s: %s", method, path, fields, answer.Status)
	}
}

// night is one night's run of a file: what was made of it, and how it ended.
func (s *site) night(t tb, file string) (*roster.Roster, *record.History, error) {
	s.nights++
	folder := filepath.Join(s.folder, fmt.Sprintf("night%03d", s.nights))
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(folder, record.OwnFile)
	if err := os.WriteFile(own, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := record.OpenInput("hr.csv", own)
	if err != nil {
		t.Fatal(err)
	}
	checked, err := roster.Check(in, s.options)
	if err != nil {
		return nil, nil, err
	}
	if checked.Refused() {
		return nil, nil, errors.New("refused")
	}
	server := s.server(t)
	people, err := roster.Compose(t.Context(), server, checked, s.options, s.now)
	if err != nil {
		return nil, nil, err
	}
	var rows bytes.Buffer
	if err := errors.Join(people.WriteRows(&rows, s.options), people.Save(folder)); err != nil {
		t.Fatal(err)
	}
	composed, err := in.Composed("", rows.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	composed.Leavers = people.Told()
	var problems []validate.Problem
	again, err := plan.Check(composed, s.options, func(p validate.Problem) { problems = append(problems, p) })
	if err != nil || again.Rows != checked.Rows+len(people.Told().Aliases) || again.Invalid != checked.Invalid {
		t.Fatalf("%v; of %d rows and %d invalid ones, and %d leavers, became %d and %d: %v\n%s", err, checked.Rows, checked.Invalid, len(people.Told().Aliases), again.Rows, again.Invalid, problems, rows.String())
	}
	if again.Seen = people.Seen; s.between != nil {
		s.between()
		again.Seen = nil // as in a run of the rows later on
	}
	prepared, err := batch.Preflight(t.Context(), server, again, func(p validate.Problem) { problems = append(problems, p) })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := prepared.Run(t.Context(), batch.Recorder{Folder: folder, Tool: "test", Journal: journal.Options{Synced: s.guard.Synced}}); err != nil {
		t.Fatal(err)
	}
	history, err := record.ReadHistory(folder)
	if err != nil {
		t.Fatal(err)
	}
	return people, history, nil
}

// person is somebody of whom the files tell.
type person struct {
	id, alias, last, title, extension string
	employed                          bool
	since                             time.Time // when a file first did not name the person; zero: the last one did
}

const hrHeadings = "EmployeeId,Alias,DtmfAccessId,LastName,Title,Department\n"

func (p *person) row() string {
	return strings.Join([]string{p.id, p.alias, p.extension, p.last, p.title, "HR"}, ",") + "\n"
}

// Thirty nights of a file from HR: after each the server is as the file and the rules say.
func TestNights(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		simulator := &cupitest.Server{}
		simulator.AddUsers(5) // whom no file names
		s := newSite(rt, t.TempDir(), simulator)
		s.options.Sync.Grace = 3 * 24 * time.Hour
		others := func() string { return outsiders(simulator) }
		before := others()
		var staff []*person
		name := func(what string) string {
			return what + rapid.StringMatching(`[a-z]{3}`).Draw(rt, what)
		}
		join := func() {
			n := len(staff) + 1
			staff = append(staff, &person{id: fmt.Sprintf("%05d", 700+n), alias: fmt.Sprintf("hr%d", n), last: name("Mc"), title: "Clerk", extension: fmt.Sprint(7000 + n), employed: true})
		}
		for range 6 {
			join()
		}
		last := 0 // rows of the last file that was taken
		for range 30 {
			s.now = s.now.Add(24 * time.Hour)
			some := rapid.SampledFrom(staff).Draw(rt, "who")
			kind := rapid.SampledFrom([]string{"same", "join", "leave", "back", "rename", "move", "byhand", "deleted", "half", "empty"}).Draw(rt, "night")
			unclear := rapid.IntRange(0, 4).Draw(rt, "a row that can't be read") == 0
			switch kind {
			case "join":
				join()
			case "leave":
				some.employed = false
			case "back":
				some.employed = true
			case "rename":
				some.last, some.alias = name("Mac"), some.alias+"x"
			case "move":
				some.title = name("Head of ")
			case "byhand", "deleted":
				user := find(simulator, some.id)
				if user != nil && kind == "byhand" {
					s.byHand(rt, "PUT", user["ObjectId"], `{"Title":"by hand","LastName":"Changed"}`)
				} else if user != nil {
					s.byHand(rt, "DELETE", user["ObjectId"], "")
				}
			}
			var named []*person
			for _, p := range staff {
				if p.employed {
					named = append(named, p)
				}
			}
			if kind == "half" {
				named = named[:len(named)/2]
			}
			text := hrHeadings
			for _, p := range named {
				text += p.row()
			}
			rows := len(named)
			if kind == "empty" {
				text, rows, unclear = hrHeadings, 0, false
			}
			if unclear {
				text, rows = text+`"broken"x,hr99,7099,Row,Clerk,HR`+"\n", rows+1
			}
			state := whole(simulator)
			people, history, err := s.night(rt, text)
			var stop *record.Stop
			switch {
			case rows == 0:
				if !errors.As(err, &stop) || stop.Code != codes.EmptyFile {
					rt.Fatalf("an empty file: %v", err)
				}
			case last-rows > last*3/10:
				if !errors.As(err, &stop) || stop.Code != codes.MaxShrink {
					rt.Fatalf("%d rows after %d: %v", rows, last, err)
				}
			case err != nil:
				rt.Fatalf("%s: %v", kind, err)
			}
			if err != nil {
				if whole(simulator) != state {
					rt.Fatalf("%s was refused, and the server is another", kind)
				}
				continue
			}
			last = rows
			for _, p := range staff {
				switch {
				case slices.Contains(named, p):
					p.since = time.Time{}
				case !unclear && p.since.IsZero():
					p.since = s.now
				}
				user := find(simulator, p.id)
				switch due := !p.since.IsZero() && s.now.Sub(p.since) >= s.options.Sync.Grace; {
				case slices.Contains(named, p):
					if user == nil || user["Alias"] != p.alias || user["LastName"] != p.last || user["Title"] != p.title || user["DtmfAccessId"] != p.extension {
						rt.Fatalf("%s: %+v is %v", kind, p, user)
					}
				case due && !unclear && user != nil:
					rt.Fatalf("%s: %+v is there still; %+v", kind, p, people.Leavers)
				case !due && user == nil && strings.Contains(state, " "+p.id+" "):
					rt.Fatalf("%s: %+v went before the grace was over", kind, p)
				case unclear && user == nil && strings.Contains(state, " "+p.id+" "):
					rt.Fatalf("%+v went although a row could not be understood", p)
				}
			}
			if others() != before {
				rt.Fatalf("%s: users outside the scope are not as they were:\n%s\n%s", kind, before, others())
			}
			if counts := history.Counts(); counts[record.Failed]+counts[record.Partial]+counts[record.Uncertain] > 0 {
				rt.Fatalf("%s: ended as %v", kind, counts)
			}
			if kind == "same" {
				changes := s.guard.Changes()
				state = whole(simulator)
				if _, _, err := s.night(rt, text); err != nil || s.guard.Changes() != changes || whole(simulator) != state {
					rt.Fatalf("the same file again changed something: %v", err)
				}
			}
		}
	})
}

func find(simulator *cupitest.Server, employee string) map[string]string {
	for _, alias := range simulator.Aliases() {
		if user := simulator.UserByAlias(alias); user["EmployeeId"] == employee {
			return user
		}
	}
	return nil
}

// whole is everybody on the server, and what of them the files tell.
func whole(simulator *cupitest.Server) string {
	var b strings.Builder
	for _, alias := range slices.Sorted(slices.Values(simulator.Aliases())) {
		user := simulator.UserByAlias(alias)
		fmt.Fprintln(&b, alias, "", user["EmployeeId"], "", user["LastName"], user["Title"], user["DtmfAccessId"], user["Department"])
	}
	return b.String()
}

func outsiders(simulator *cupitest.Server) string {
	var lines []string
	for line := range strings.Lines(whole(simulator)) {
		if !strings.HasSuffix(line, " HR\n") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}
