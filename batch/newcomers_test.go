package batch_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"cucbulk/batch"
	"cucbulk/batch/export"
	"cucbulk/batch/record"
	"cucbulk/batch/verify"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// learning are the options of a run that learns what templates give.
func learning() record.Options {
	o := options(validate.Create)
	o.LearnFrom = 20
	return o
}

// templateParts are fields that users have from their template, and the columns that set them.
var templateParts = []struct {
	column, path, field string
	values              []string
}{
	{"MaxMsgLen", "", "MaxMsgLen", []string{"60", "120", "300"}},
	{"PlayAfterMessage", "", "PlayAfterMessage", []string{"0", "1"}},
	{"StandardTransferRings", "/transferoptions/Standard", "TransferRings", []string{"3", "4", "5"}},
	{"StandardTransferAction", "/transferoptions/Standard", "Action", []string{"0", "1"}},
	{"TransferRings", "/transferoptions/Alternate", "TransferRings", []string{"3", "4", "5"}},
	{"ClosedTransferRings", "/transferoptions/Off%20Hours", "TransferRings", []string{"3", "4", "5"}},
	{"Greeting_Alternate_PlayWhat", "/greetings/Alternate", "PlayWhat", []string{"0", "1"}},
	{"Greeting_Standard_PlayWhat", "/greetings/Standard", "PlayWhat", []string{"0", "1"}},
}

// administrator changes the template past the run.
func administrator(t rapid.TB, simulator *cupitest.Server, part int, value string) {
	t.Helper()
	const handlers = "/vmrest/callhandlerprimarytemplates/"
	id := ""
	for _, word := range strings.Split(request(t, simulator, http.MethodGet, "/vmrest/usertemplates/3c2a7f4e-815d-4fac-b9eb-40618cad2e35", ""), ",") {
		if name, value, _ := strings.Cut(word, ":"); strings.Contains(name, "CallHandlerObjectId") {
			id = strings.Trim(value, `"`)
		}
	}
	p := templateParts[part]
	path := strings.Replace(p.path, "/greetings/", "/usertemplategreetings/", 1)
	request(t, simulator, http.MethodPut, handlers+id+path, fmt.Sprintf(`{%q:%q}`, p.field, value))
}

func request(t rapid.TB, simulator *cupitest.Server, method, path, body string) string {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.SetBasicAuth("another", "administrator")
	answer := httptest.NewRecorder()
	simulator.ServeHTTP(answer, r)
	if answer.Code >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, answer.Code, answer.Body)
	}
	return answer.Body.String()
}

// Whatever a template gives, and whoever changes it during the run: every user ends with all
// that its row wants.
func TestNothingIsLeftToATemplateThatDoesNotGiveIt(t *testing.T) {
	t.Parallel()
	var runs atomic.Int64
	rapid.Check(t, func(r *rapid.T) {
		simulator := &cupitest.Server{}
		s := newSite(t, simulator)
		simulator.OnChange = func(c cupitest.Change) error {
			if strings.HasPrefix(c.Path, "/vmrest/callhandlerprimarytemplates/") {
				return nil
			}
			return s.guard.CheckChange(c.Method, c.Path, c.Fields)
		}
		s.wire = rapid.SampledFrom([]cupi.Wire{cupi.JSON, cupi.XML}).Draw(r, "wire")
		for part := range templateParts {
			administrator(r, simulator, part, rapid.SampledFrom(templateParts[part].values).Draw(r, "given"))
		}
		rows := rapid.IntRange(20, 40).Draw(r, "rows")
		changes := map[int64]int{}
		for range rapid.IntRange(0, 3).Draw(r, "changes") {
			changes[rapid.Int64Range(1, int64(rows)*5).Draw(r, "at")] = rapid.IntRange(0, len(templateParts)-1).Draw(r, "part")
		}
		var count atomic.Int64 // of requests
		var mutex sync.Mutex
		changed := map[int]bool{}
		front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
			part, is := changes[count.Add(1)]
			mutex.Lock()
			if is && !changed[part] { // what changes there and back between two looks, nobody can tell
				changed[part] = true
				administrator(r, simulator, part, templateParts[part].values[len(changed)%len(templateParts[part].values)])
			}
			mutex.Unlock()
			simulator.ServeHTTP(w, request)
		}))
		defer front.Close()
		s.url = front.URL
		var text strings.Builder
		text.WriteString("Alias,DtmfAccessId,FirstName,City")
		usual := make([]string, len(templateParts))
		for part, p := range templateParts {
			usual[part] = rapid.SampledFrom(p.values).Draw(r, "usual")
			text.WriteString("," + p.column)
		}
		for row := range rows {
			fmt.Fprintf(&text, "\nperson%03d,%d,Ann,Leeds %d", row, 7000+row, row)
			for part, p := range templateParts {
				cell := usual[part]
				if rapid.IntRange(0, 9).Draw(r, "odd") == 0 {
					cell = rapid.SampledFrom(append([]string{""}, p.values...)).Draw(r, "cell")
				}
				text.WriteString("," + cell)
			}
		}
		text.WriteString("\n")
		name := fmt.Sprint("run", runs.Add(1))
		_, history := s.run(t.Context(), name, text.String(), learning(), 4)
		for row, result := range byRow(t, history) {
			if result.Status != record.Created || result.Unconfirmed {
				r.Fatalf("row %d: %+v", row, result)
			}
		}
		changes = nil
		_, again := s.run(t.Context(), name+"again", text.String(), options(validate.Upsert), 4)
		for row, result := range byRow(t, again) {
			if result.Status != record.Unchanged {
				r.Fatalf("row %d was not whole: %+v", row, result)
			}
		}
	})
}

// People as a server exports them for BAT cost on another server hardly more than the requests
// that make them.
func TestRequestsOfPeopleAsTheTemplateMakesThem(t *testing.T) {
	t.Parallel()
	const people = 60
	s := newSite(t, &cupitest.Server{})
	_, history := s.run(t.Context(), "run", exportedPeople(t, people), learning(), 4)
	requests := 0
	for _, result := range byRow(t, history) {
		if result.Code == codes.AliasTaken { // the server's own users
			continue
		}
		requests += result.Requests
		if result.Status != record.Created || result.Code != "" {
			t.Errorf("%+v", result)
		}
	}
	if requests > 4*people {
		t.Errorf("%d requests for %d people", requests, people)
	}
	ended := 0
	if err := history.Events(func(e record.Event) {
		if e.Kind == record.RowEnded {
			ended++
		}
	}); err != nil || ended != history.Header.Rows {
		t.Errorf("%d of %d rows ended, %v", ended, history.Header.Rows, err)
	}
	s.verified(history)
	user := s.simulator.UserByAlias("user00050")
	s.simulator.OnChange = nil // another administrator, of the last user but some
	request(t, s.simulator, http.MethodPut, "/vmrest/handlers/callhandlers/"+user["CallHandlerObjectId"]+"/transferoptions/Standard", `{"TransferRings":"7"}`)
	all, err := verify.ReadBack(t.Context(), s.server(4), history)
	if err != nil {
		t.Fatal(err)
	}
	told := ""
	for found, err := range all {
		if err != nil {
			t.Fatal(err)
		}
		if !found.Kept {
			told += fmt.Sprint(found.Alias, found.Lost, found.Message)
		}
	}
	if !strings.Contains(told, "user00050[{transferoptions/Standard TransferRings 7 4") || !strings.Contains(told, `the template "voicemailusertemplate"`) {
		t.Errorf("verify says %q", told)
	}
}

// What a server does not show is sent to everybody, and not asked for again and again.
func TestWhatCannotBeReadIsNotLearned(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	s := newSite(t, simulator)
	var asked sync.Map // paths
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/transferoptions") {
			asked.Store(r.URL.Path, true)
			return cupitest.NotFound
		}
		return cupitest.NoFault
	}
	var text strings.Builder
	text.WriteString("Alias,DtmfAccessId,StandardTransferRings\n")
	for row := range 30 {
		fmt.Fprintf(&text, "person%03d,%d,4\n", row, 7000+row)
	}
	_, history := s.run(t.Context(), "run", text.String(), learning(), 4)
	users := 0
	asked.Range(func(any, any) bool { users++; return true })
	if counts := history.Counts(); counts[record.Created] != 30 || history.Rows.AsTemplate() > 0 || users > 4 {
		t.Errorf("%v, %d left to the template, asked of %d users", counts, history.Rows.AsTemplate(), users)
	}
}

// A run that is cut off before it could look at a later user says so, and a resume sends what was
// left out, also where the template gives something else by now.
func TestWhatIsLeftToATemplateIsSentByAResume(t *testing.T) {
	t.Parallel()
	s, text, history := interruptedBeforeALook(t, 30)
	for row, result := range byRow(t, history) {
		if result.Unconfirmed != (result.Code == codes.TemplateUnconfirmed) || result.Unconfirmed && (result.Status != record.Created || result.Cells != "") {
			t.Errorf("row %d: %+v", row, result)
		}
	}
	summary, history := s.resume(t.Context(), history, learning())
	if summary.Exit != record.ExitDone || history.Rows.Unconfirmed() > 0 || history.Left() > 0 || history.Counts()[record.Created] != 40 {
		t.Errorf("after the resume: exit %d, %v, %d unconfirmed", summary.Exit, history.Counts(), history.Rows.Unconfirmed())
	}
	_, again := s.run(t.Context(), "again", text, options(validate.Upsert), 4)
	if counts := again.Counts(); counts[record.Unchanged] != 40 {
		t.Errorf("again: %v", counts)
	}
}

// Of a user whom somebody deleted before the resume no list of parts tells anything: the row says
// that the user is gone, and not that the server shows no devices.
func TestAResumeOfWhomSomebodyDeleted(t *testing.T) {
	t.Parallel()
	s, _, history := interruptedBeforeALook(t, 30)
	var gone record.Result
	for _, result := range byRow(t, history) {
		if result.Unconfirmed {
			gone = result
		}
	}
	s.other().do(cupi.DeleteUser(gone.ObjectID))
	_, history = s.resume(t.Context(), history, learning())
	if got := byRow(t, history)[gone.Row]; got.Status != record.Partial || got.Code != codes.TargetGone || !strings.Contains(got.Message, "the user was deleted meanwhile") {
		t.Errorf("%+v", got)
	}
}

// A resume of which nothing is left but what the template is to have given knows whose users they
// are.
func TestAResumeOfUnconfirmedRowsAlone(t *testing.T) {
	t.Parallel()
	s, _, history := interruptedBeforeALook(t, 40)
	if history.CutOff() > 0 {
		t.Fatalf("%d rows are cut off", history.CutOff())
	}
	summary, history := s.resume(t.Context(), history, learning())
	if summary.Exit != record.ExitDone || history.Rows.Unconfirmed() > 0 || history.Counts()[record.Created] != 40 {
		t.Errorf("exit %d, %v, %d unconfirmed", summary.Exit, history.Counts(), history.Rows.Unconfirmed())
	}
}

// interruptedBeforeALook is a run of 40 rows that is cut off when so many users were made: some have
// left something to the template, and no later user was looked at.
func interruptedBeforeALook(t *testing.T, at int) (s *site, file string, history *record.History) {
	t.Helper()
	simulator := &cupitest.Server{}
	s = newSite(t, simulator)
	var text strings.Builder
	text.WriteString("Alias,DtmfAccessId,Active_HomePhone,StandardTransferRings,MaxMsgLen\n")
	for row := range 40 {
		fmt.Fprintf(&text, "person%03d,%d,no,4,300\n", row, 7000+row)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	var made atomic.Int32
	simulator.OnChange = func(c cupitest.Change) error {
		if c.Method == http.MethodPost && made.Add(1) == int32(at) && at < 40 {
			interrupt()
		}
		return s.guard.CheckChange(c.Method, c.Path, c.Fields)
	}
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		if r.Method == http.MethodGet && made.Load() == 40 && strings.HasPrefix(r.URL.Path, "/vmrest/users/") {
			interrupt()
			return cupitest.Reset
		}
		return cupitest.NoFault
	}
	summary, history := s.run(ctx, "run", text.String(), learning(), 4)
	unconfirmed := history.Rows.Unconfirmed()
	if summary.Exit != record.ExitInterrupted || unconfirmed == 0 || history.Left() != 40-history.Counts()[record.Created]+unconfirmed {
		t.Fatalf("exit %d, %d unconfirmed, %d left, %v", summary.Exit, unconfirmed, history.Left(), history.Counts())
	}
	made.Store(1000) // from here on nothing is lost
	return s, text.String(), history
}

// exportedPeople is a file as export --bat writes it of a server with so many people.
func exportedPeople(t *testing.T, people int) string {
	t.Helper()
	simulator := &cupitest.Server{}
	simulator.AddUsers(people)
	s := newSite(t, simulator)
	var text strings.Builder
	if _, err := export.Write(t.Context(), s.server(4), export.Options{BAT: true}, &text); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// A row whose user is proven to be another row's stays uncertain, also when a look at a later user
// confirms what it left to the template.
func TestADisputedRowIsNotConfirmed(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{})
	taught, made, look := make(chan bool), make(chan bool), make(chan bool)
	var mutex sync.Mutex
	looks := 0
	s.simulator.Fault = func(r *http.Request) cupitest.Fault {
		body, _ := io.ReadAll(r.Body)
		switch {
		case r.Method == http.MethodPost && strings.Contains(string(body), "first"):
			<-taught
			return cupitest.Gateway
		case r.Method == http.MethodPost && strings.Contains(string(body), "second"):
			<-made
			return cupitest.NeighboursID
		case strings.Contains(r.URL.RawQuery, "first") && s.simulator.UserByAlias("first") != nil:
			mutex.Lock()
			looks++
			turn := looks
			mutex.Unlock()
			if turn == 1 {
				close(made)
				<-look
			}
		}
		return cupitest.NoFault
	}
	recorder := s.recorder("run")
	teachers := 0
	recorder.Result = func(got record.Result) {
		switch got.Alias {
		case "second":
			close(look)
		case "first":
		default:
			if teachers++; teachers == 6 {
				close(taught)
			}
		}
	}
	o := learning()
	o.LearnFrom = 8
	rings := "Alias,DtmfAccessId,StandardTransferRings\n"
	for i, alias := range []string{"one", "two", "three", "four", "five", "six", "first", "second"} { // so many that the last begin when some have ended
		rings += fmt.Sprintf("%s,%d,4\n", alias, 4711+i)
	}
	p, err := batch.Preflight(t.Context(), s.server(4), s.prepare(recorder, rings, o), func(p validate.Problem) { t.Error(p) })
	if err != nil {
		t.Fatal(err)
	}
	summary, err := p.Run(t.Context(), recorder)
	if err != nil {
		t.Fatal(err)
	}
	history := s.history(recorder.Folder)
	if got := statuses(t, history); got != strings.Repeat("created, ", 7)+"uncertain exists-unproven" || history.Rows.AsTemplate() == 0 || history.Rows.Unconfirmed() > 0 {
		t.Errorf("%s, %d left to the template: %s", got, history.Rows.AsTemplate(), messages(t, history))
	}
	if fmt.Sprint(summary.Counts) != fmt.Sprint(history.Counts()) {
		t.Errorf("counts %v, and of the journal %v", summary.Counts, history.Counts())
	}
}
