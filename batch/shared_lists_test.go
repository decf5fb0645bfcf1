package batch_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/export"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// batFile is a file of n rows with every group of columns that BAT exports.
func batFile(t *testing.T, n int) string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(wholeFile(n))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	w := csv.NewWriter(&out)
	for _, row := range rows {
		var cells []string
		for i, cell := range row {
			if column, _ := validate.ColumnByHeading(rows[0][i]); column.BATHeading() != "" || rows[0][i] == "TemplateAlias" {
				cells = append(cells, cell)
			}
		}
		w.Write(cells)
	}
	w.Flush()
	return out.String()
}

// What a full row of BAT costs that is found as it is on the server, and a user whom an export
// shows: what lists show of everybody, and of several kinds at once, is not asked for singly.
func TestRequestsOfRowsAndExportsByLists(t *testing.T) {
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		const people = 12
		simulator := &cupitest.Server{}
		simulator.AddUsers(3)
		s := newSite(t, simulator)
		s.wire = wire
		text := batFile(t, people)
		s.run(t.Context(), "make", text, options(validate.Create), 4)
		foreseen, spent := s.foreseen("again", text, options(validate.Upsert))
		if most := slices.Max(spent); most > 8 || !slices.Equal(foreseen, spent) {
			t.Errorf("rows found unchanged took %v, and %v were foreseen; want 8 at most", spent, foreseen)
		}
		before := simulator.Total()
		s.run(t.Context(), "all of it", text, options(validate.Upsert), 4)
		if n := simulator.Total() - before; n > people*10 {
			t.Errorf("all of it took %d requests, want %d at most", n, people*10)
		}
		var out strings.Builder
		exported, err := export.Write(t.Context(), s.server(4), export.Options{BAT: true}, &out)
		if err != nil || exported.Requests > 9*exported.Users+15 { // names and samples
			t.Errorf("%d users were exported by %d requests, error %v", exported.Users, exported.Requests, err)
		}
		summary, history := s.run(t.Context(), "the export", out.String(), options(validate.Update), 4)
		if summary.Counts[record.Unchanged] != exported.Users {
			t.Errorf("%v: %s", summary.Counts, messages(t, history))
		}
	})
}

// listedPeople is a server of users of whom lists of everybody's show something, and a file that
// wants just that.
func listedPeople(t *testing.T, simulator *cupitest.Server, people int) (s *site, o *other, file string) {
	t.Helper()
	simulator.AddUsers(people)
	s = newSite(t, simulator)
	o = s.other()
	file = "Alias,SmtpProxyAddresses,AltFirstNames,MaxMsgLen\n"
	for i := range people {
		alias := fmt.Sprintf("user%05d", i+1)
		o.giveAddress(alias, alias+"@x.org")
		o.do(cupi.Create(cupi.AlternateNames, cupi.Object{"FirstName": "Jo", "GlobalUserObjectId": o.id(alias)}))
		o.putHandler(alias, "240")
		file += fmt.Sprintf("%s,%s@x.org,Jo,240\n", alias, alias)
	}
	return s, o, file
}

func (o *other) putHandler(alias, length string) {
	o.s.t.Helper()
	handler := o.s.simulator.UserByAlias(alias)["CallHandlerObjectId"]
	o.do(puttingHandler(handler, length))
}

func puttingHandler(id, length string) cupi.Request {
	path := cupi.Get(cupi.CallHandlers, id).Path
	return cupi.Request{Method: "PUT", Path: path, Root: "Callhandler", Fields: cupi.Object{"MaxMsgLen": length}}
}

// What is as a young list shows it is not read; and before anything is written of a part, the part is
// read itself, so that a rollback gives back what somebody changed since the list was read.
func TestWhatIsWrittenIsReadItself(t *testing.T) {
	t.Parallel()
	s, o, file := listedPeople(t, &cupitest.Server{}, 6)
	file = strings.Replace(file, "user00001@x.org,Jo,240", "new@x.org,Ann,300", 1)
	recorder := s.recorder("run")
	p, err := batch.Preflight(t.Context(), s.server(2), s.prepare(recorder, file, options(validate.Update)), func(validate.Problem) {})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"alternate names", "call handlers", "SMTP proxy addresses"} {
		if got := p.Forecast().ListsRead(); len(got) != 3 || got[i] != want+": a list of everybody's, a request in place of 6" {
			t.Errorf("it says %q, want that %s were listed", got, want)
		}
	}
	o.giveAddress("user00001", "their@x.org")
	o.do(cupi.Create(cupi.AlternateNames, cupi.Object{"FirstName": "Theirs", "GlobalUserObjectId": o.id("user00001")}))
	o.putHandler("user00001", "250")
	before := s.simulator.Snapshot()
	if _, err := p.Run(t.Context(), recorder); err != nil {
		t.Fatal(err)
	}
	history := s.history(recorder.Folder)
	for row, result := range byRow(t, history) {
		if want := map[bool]int{true: 4 + 4 + 3}[row == 1]; result.Requests != want { // reads, what goes, and what is new
			t.Errorf("%+v, want %d requests", result, want)
		}
	}
	s.rollback(t.Context(), "back", history, record.UndoOptions{})
	compareSnapshots(t, byAlias(before), byAlias(s.simulator.Snapshot()))
}

// Every user has a call handler, so the number of users tells how many pages the list of all handlers has at least. Where
// there are no more rows than that, not even its first page is asked for.
func TestAListThatIsTooLongIsNotAskedFor(t *testing.T) {
	t.Parallel()
	const pages = 3 // of at least 201 handlers
	for _, rows := range []int{pages, 20} {
		t.Run(fmt.Sprint(rows, " rows"), func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(2*send.ListingRows + 1)
			s := newSite(t, simulator)
			file := "Alias,MaxMsgLen\n"
			for i := range rows {
				file += fmt.Sprintf("user%05d,240\n", i+1)
			}
			p, err := batch.Preflight(t.Context(), s.server(1), s.prepare(s.recorder("run"), file, options(validate.Update)),
				func(validate.Problem) {})
			if err != nil {
				t.Fatal(err)
			}
			lists := simulator.Requests()["GET "+cupi.CallHandlers.Path]
			if pays := rows > pages; pays != (lists > 0) {
				t.Errorf("of the list of call handlers %d pages were read, and %q was told", lists, p.Forecast().ListsRead())
			}
		})
	}
}

// Whatever a server shows in its lists, rows find what is there, and an export has it.
func TestListsThatDoNotTellAll(t *testing.T) {
	t.Parallel()
	without := func(path, pattern string) func(*http.Request, []byte) []byte {
		return func(r *http.Request, body []byte) []byte {
			if strings.HasSuffix(r.URL.Path, path) && !r.URL.Query().Has("query") {
				return regexp.MustCompile(pattern).ReplaceAll(body, nil)
			}
			return body
		}
	}
	refused := func(fault cupitest.Fault) func(r *http.Request) cupitest.Fault {
		return func(r *http.Request) cupitest.Fault {
			if !r.URL.Query().Has("query") && slices.Contains([]string{cupi.AlternateNames.Path, cupi.SmtpProxyAddresses.Path, cupi.CallHandlers.Path}, r.URL.Path) {
				return fault
			}
			return cupitest.NoFault
		}
	}
	for name, test := range map[string]struct {
		fault   cupitest.Fault
		rows    int // of a page
		rewrite func(*http.Request, []byte) []byte
		most    int // requests of a row
	}{
		"they tell":                {most: 0},
		"there are none":           {fault: cupitest.NotFound, most: 3},
		"they are forbidden":       {fault: cupitest.Forbidden, most: 3},
		"they move":                {fault: cupitest.MovingList, rows: 3, most: 3},
		"they repeat a page":       {fault: cupitest.RepeatPage, rows: 3, most: 3},
		"a field is not shown":     {rewrite: without("/callhandlers", `"MaxMsgLen":"[0-9]*",?`), most: 1},
		"it is not said whose":     {rewrite: without("/alternatenames", `"GlobalUserObjectId":"[^"]*",?`), most: 1},
		"ids are in other letters": {fault: cupitest.CapitalIDs, most: 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			s, _, file := listedPeople(t, simulator, 8)
			columns := export.Options{Columns: []string{"SmtpProxyAddresses", "AltFirstNames", "MaxMsgLen"}}
			var want, got strings.Builder
			if _, err := export.Write(t.Context(), s.server(2), columns, &want); err != nil {
				t.Fatal(err)
			}
			if test.fault != cupitest.NoFault {
				simulator.Fault = refused(test.fault)
			}
			simulator.MaxRows = test.rows
			if test.rewrite != nil {
				front := httptest.NewServer(rewriting(simulator, test.rewrite))
				t.Cleanup(front.Close)
				s.url = front.URL
			}
			_, history := s.run(t.Context(), "run", file, options(validate.Update), 2)
			for _, result := range byRow(t, history) {
				if result.Status != record.Unchanged || result.Requests > test.most {
					t.Errorf("%+v, want %d requests at most", result, test.most)
				}
			}
			if _, err := export.Write(t.Context(), s.server(2), columns, &got); err != nil || !slices.Equal(sortedLines(got.String()), sortedLines(want.String())) {
				t.Errorf("error %v, exported\n%s\nwant\n%s", err, got.String(), want.String())
			}
		})
	}
}

// A list that is too old is read again where it has told enough, and else believed no more.
func TestListsGrowOld(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		wait  time.Duration
		takes time.Duration // a request
		rows  int           // of a page
		lists int
		asks  int
		last  record.Status
	}{
		"young":                 {wait: send.FreshFor - time.Minute, lists: 1, last: record.Unchanged},
		"old before the run":    {wait: send.FreshFor + time.Minute, lists: 2, asks: 1, last: record.Updated},
		"old at work":           {takes: 50 * time.Second, lists: 3, last: record.Unchanged},
		"old, and not worth it": {takes: 50 * time.Second, rows: 2, lists: 48, asks: 22, last: record.Unchanged}, // it is read twice, because all are as new as the reading
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				var lists, asks atomic.Int64
				simulator := &cupitest.Server{MaxRows: test.rows}
				simulator.AddUsers(40)
				front := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if id, is := strings.CutPrefix(r.URL.Path, cupi.CallHandlers.Path); is && r.Method == http.MethodGet {
						map[bool]*atomic.Int64{true: &lists, false: &asks}[id == ""].Add(1)
					}
					simulator.ServeHTTP(w, r)
				})
				server, end := inBubbleBehind(t, front, newMemoryNet(), simulator, 1)
				defer end()
				file := "Alias,Address,MaxMsgLen\n"
				for i := range 40 {
					file += fmt.Sprintf("user%05d,%%null%%,300\n", i+1)
				}
				p := preflightFile(t, server, folder, file, options(validate.Update))
				last := simulator.UserByAlias("user00040")
				time.Sleep(test.wait)
				if test.takes == 0 { // somebody changes what nobody reads again
					_, err := server.Client.Do(t.Context(), puttingHandler(last["CallHandlerObjectId"], "250"))
					if err != nil {
						t.Fatal(err)
					}
				}
				simulator.Latency = test.takes
				if _, err := p.Run(t.Context(), batch.Recorder{Folder: folder, Tool: "test"}); err != nil {
					t.Fatal(err)
				}
				history, err := record.ReadHistory(folder)
				if err != nil {
					t.Fatal(err)
				}
				all := results(t, history)
				if got := all[len(all)-1]; got.Status != test.last || int(lists.Load()) != test.lists || int(asks.Load()) != test.asks {
					t.Errorf("%d lists and %d handlers were read, and the last row ended %+v; want %+v", lists.Load(), asks.Load(), got, test)
				}
			})
		})
	}
}

func sortedLines(text string) []string { return slices.Sorted(strings.Lines(text)) }
