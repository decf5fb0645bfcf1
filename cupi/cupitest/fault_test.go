package cupitest

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// TestFaults strikes one update with each fault.
func TestFaults(t *testing.T) {
	t.Parallel()
	cases := map[Fault]struct {
		status  int    // 0: no answer comes
		body    string // what the body holds
		changed bool   // the update is done by the time that the client knows
	}{
		Busy:             {503, "Server busy", false},
		Unauthorized:     {401, "requires HTTP authentication", false},
		Reset:            {0, "", false},
		Error:            {500, "<b>Exception:</b> <pre>", false},
		HTML:             {200, "Sign in", false},
		Redirect:         {302, "Moved", false},
		Forbidden:        {403, "forbidden", false},
		NotFound:         {404, "not available", false},
		TooMany:          {429, "Too many", false},
		CutAfterCommit:   {0, "", true},
		ErrorAfterCommit: {500, "<b>Exception:</b> <pre>", true},
		Gateway:          {504, "in time", true},
		Truncated:        {204, "", true}, // a 204 has nothing to cut
		RefusedAfter:     {400, "DATA_EXCEPTION", true},
		BadRequestAfter:  {400, "on its way", true},
		ForbiddenAfter:   {403, "on its way", true},
		NotFoundAfter:    {404, "on its way", true},
		ConflictAfter:    {409, "on its way", true},
		TooLargeAfter:    {413, "on its way", true},
		RedirectAfter:    {302, "Moved", true},
		ExpiredAfter:     {204, "", true}, // strikes no PUT
		AnothersID:       {204, "", true}, // tells no id
		StrangeID:        {204, "", true},
		NobodysID:        {204, "", true},
		NeighboursID:     {204, "", true},
		TwoIDs:           {204, "", true},
		Slow:             {204, "", true},
		LateCommit:       {0, "", false},
		IgnoreTitle:      {204, "", false},
		MovingList:       {204, "", true}, // those of lists strike none but lists
		RepeatPage:       {204, "", true},
		EndlessList:      {204, "", true},
		CapitalIDs:       {204, "", true},
		HugeTotal:        {204, "", true},
		HugeList:         {204, "", true},
		DeepList:         {204, "", true},
		MisreadQuery:     {204, "", true},
		Echo:             {400, `{\"Title\":\"x\"}`, false},
		EchoEarlier:      {400, "as after", false},
		AnswerTwice:      {204, "", true},
	}
	for _, name := range FaultNames() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test, known := cases[Fault(name)]
			if !known {
				t.Fatal("this fault has no case")
			}
			s := &Server{SlowBy: time.Millisecond, LateBy: 50 * time.Millisecond, RetryAfter: 1500 * time.Millisecond}
			c := serve(t, s, jsonType)
			var cookies []string
			for _, cookie := range c.expect(200, "GET", "/vmrest/users", "").header.Values("Set-Cookie") {
				value, _, _ := strings.Cut(cookie, ";")
				cookies = append(cookies, value)
			}
			if err := s.SetFault(name, 1); err != nil {
				t.Fatal(err)
			}
			answer, err := c.try("PUT", "/vmrest/users/"+operatorID, `{"Title":"x"}`, "Authorization", "", "Cookie", strings.Join(cookies, "; "))
			changed := s.User(operatorID)["Title"] == "x"
			if (err != nil) != (test.status == 0) || answer.status != test.status || !strings.Contains(answer.body, test.body) {
				t.Errorf("got status %d, error %v: %s", answer.status, err, answer.body)
			}
			if changed != test.changed && Fault(name) != LateCommit { // its time is tested below, in fake time
				t.Errorf("changed is %v, want %v", changed, test.changed)
			}
			retry := answer.header.Get("Retry-After")
			if want := map[int]string{503: "2", 429: "2"}[test.status]; retry != want {
				t.Errorf("got Retry-After %q, want %q", retry, want)
			}
			switch Fault(name) {
			case Reset:
				if runtime.GOOS == "linux" && !errors.Is(err, syscall.ECONNRESET) {
					t.Errorf("got %v, want a reset", err)
				}
			case CutAfterCommit:
				if !errors.Is(err, io.EOF) {
					t.Errorf("got %v, want the end of the connection", err)
				}
			case LateCommit:
				s.Wait()
				if s.User(operatorID)["Title"] != "x" {
					t.Error("the change never came")
				}
			case IgnoreTitle:
				c.expect(204, "PUT", "/vmrest/users/"+operatorID, `{"Title":"y","City":"z"}`)
				if user := s.User(operatorID); user["Title"] != "" || user["City"] != "z" {
					t.Errorf("got title %q and city %q, want only the city", user["Title"], user["City"])
				}
			}
			if err := s.SetFault(name, 0); err != nil {
				t.Fatal(err)
			}
			c.expect(204, "PUT", "/vmrest/users/"+operatorID, `{"Title":"x"}`)
		})
	}
}

func TestTruncatedBodies(t *testing.T) {
	t.Parallel()
	inBoth(t, func() *Server { return &Server{Faults: Faults{Truncated: 1}} }, func(t *testing.T, s *Server, c *client) {
		answer, err := c.try("GET", "/vmrest/users", "")
		if !errors.Is(err, io.ErrUnexpectedEOF) || answer.status != 200 || len(answer.body) == 0 {
			t.Errorf("got status %d, %d bytes, error %v", answer.status, len(answer.body), err)
		}
		_, err = c.try("POST", "/vmrest/users?templateAlias=voicemailusertemplate", c.write("User", "Alias", "a", "DtmfAccessId", "1"))
		if !errors.Is(err, io.ErrUnexpectedEOF) || s.UserByAlias("a") == nil {
			t.Errorf("got error %v, want a user and half an answer", err)
		}
	})
}

func TestUnauthorizedStrikesCookiesOnly(t *testing.T) {
	t.Parallel()
	v := &visitor{s: &Server{Faults: Faults{Unauthorized: 1}}}
	v.want(t, 200, "a", "b")
	v.want(t, 401)
	v.want(t, 200, "a", "b")
}

func TestSlowAndLateTakeTheirTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &Server{Latency: time.Second, Faults: Faults{Slow: 1}}
		began := time.Now()
		(&visitor{s: s}).want(t, 200, "a", "b")
		if got := time.Since(began); got != 6*time.Second {
			t.Errorf("slow took %v, want 6s", got)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		s := &Server{Faults: Faults{LateCommit: 1}}
		r := httptest.NewRequest("DELETE", "/vmrest/users/"+mustAdd(t, s, "late"), nil)
		r.SetBasicAuth("a", "b")
		func() {
			defer func() {
				if got := recover(); got != http.ErrAbortHandler {
					t.Errorf("got %v, want the connection to end", got)
				}
			}()
			s.ServeHTTP(httptest.NewRecorder(), r)
		}()
		time.Sleep(1999 * time.Millisecond)
		synctest.Wait()
		if s.UserByAlias("late") == nil {
			t.Error("the change came early")
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		if s.UserByAlias("late") != nil {
			t.Error("the change is not there after 2 s")
		}
	})
}

func mustAdd(t *testing.T, s *Server, alias string) string {
	t.Helper()
	id, err := s.AddUser(map[string]string{"Alias": alias, "DtmfAccessId": "1"})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// TestFaultHook chooses one request and leaves the others to the rates; it can read the body.
func TestFaultHook(t *testing.T) {
	t.Parallel()
	s := &Server{Fault: func(r *http.Request) Fault {
		if body, _ := io.ReadAll(r.Body); strings.Contains(string(body), "strike") {
			return ErrorAfterCommit
		}
		return NoFault
	}}
	c := serve(t, s, jsonType)
	c.expect(204, "PUT", "/vmrest/users/"+operatorID, `{"City":"pass"}`)
	c.expect(500, "PUT", "/vmrest/users/"+operatorID, `{"City":"strike"}`)
	if got := s.User(operatorID)["City"]; got != "strike" {
		t.Errorf("got %q: the change was made before the error", got)
	}
}

// TestRates: the same seed strikes the same requests whatever their order, another seed strikes others, and a repeated request draws anew.
func TestRates(t *testing.T) {
	t.Parallel()
	draw := func(seed uint64, backwards bool) string {
		s := &Server{Seed: seed, Faults: Faults{Error: 0.3}}
		struck := make([]byte, 200)
		for i := range struck {
			if backwards {
				i = len(struck) - 1 - i
			}
			struck[i] = '.'
			if s.chooseFault(httptest.NewRequest("GET", fmt.Sprintf("/vmrest/users/%d", i), nil), nil) == Error {
				struck[i] = 'x'
			}
		}
		return string(struck)
	}
	one := draw(1, false)
	if draw(1, true) != one {
		t.Error("the order of requests changed the draw")
	}
	if draw(2, false) == one {
		t.Error("two seeds drew the same")
	}
	if got := strings.Count(one, "x"); got < 40 || got > 80 {
		t.Errorf("got %d faults of 200, want about 60", got)
	}
	s := &Server{Faults: Faults{Error: 0.5}}
	results := map[Fault]int{}
	for range 50 {
		results[s.chooseFault(httptest.NewRequest("GET", "/vmrest/users", nil), nil)]++
	}
	if results[Error] == 0 || results[NoFault] == 0 {
		t.Errorf("got %v: the same request must not have the same luck for ever", results)
	}
}

func TestSetFaultRefuses(t *testing.T) {
	t.Parallel()
	s := &Server{}
	for name, rate := range map[string]float64{"nonsense": 0.5, "busy": 1.5, "reset": -0.1} {
		if err := s.SetFault(name, rate); err == nil {
			t.Errorf("%s=%v was taken", name, rate)
		}
	}
	if s.Faults != (Faults{}) {
		t.Errorf("got %+v", s.Faults)
	}
}

// TestOverTLS: connections can be reset under TLS and HTTP/2 too, and a new resource's address says https.
func TestOverTLS(t *testing.T) {
	t.Parallel()
	for _, second := range []bool{false, true} {
		t.Run(fmt.Sprintf("http2=%v", second), func(t *testing.T) {
			t.Parallel()
			s := &Server{}
			web := httptest.NewUnstartedServer(s)
			web.EnableHTTP2 = second
			web.Config.ErrorLog = log.New(io.Discard, "", 0)
			web.StartTLS()
			t.Cleanup(web.Close)
			c := &client{t: t, http: web.Client(), base: web.URL, wire: jsonType}
			made := c.expect(201, "POST", "/vmrest/users?templateAlias=voicemailusertemplate", `{"Alias":"a","DtmfAccessId":"1"}`)
			if got := made.header.Get("Location"); got != web.URL+"/vmrest/users"+made.body {
				t.Errorf("got Location %s", got)
			}
			if err := s.SetFault("reset", 1); err != nil {
				t.Fatal(err)
			}
			if answer, err := c.try("DELETE", made.body, ""); err == nil {
				t.Errorf("got status %d, want no answer", answer.status)
			}
			if s.UserByAlias("a") == nil {
				t.Error("the work was done")
			}
		})
	}
}

// What was made is told by another id than its own.
func TestAnswersThatNameTheWrongID(t *testing.T) {
	t.Parallel()
	s := &Server{}
	s.AddUsers(1)
	c := serve(t, s, jsonType)
	neighbour, err := s.AddUser(map[string]string{"Alias": "neighbour", "DtmfAccessId": "4710"})
	if err != nil {
		t.Fatal(err)
	}
	for i, test := range []struct {
		fault Fault
		want  string
	}{
		{NeighboursID, "/vmrest/users/" + neighbour}, // the first, so that nobody was made since
		{AnothersID, "/vmrest/users/" + s.oldestID()},
		{StrangeID, "/vmrest/users/../../etc/passwd"},
		{NobodysID, "/vmrest/users/" + nobodysID},
		{TwoIDs, "/vmrest/users/" + nobodysID},
	} {
		if err := s.SetFault(string(test.fault), 1); err != nil {
			t.Fatal(err)
		}
		alias := string(test.fault)
		answer := c.expect(201, "POST", "/vmrest/users?templateAlias=voicemailusertemplate", c.write("User", "Alias", alias, "DtmfAccessId", fmt.Sprint(4711+i)))
		made := s.UserByAlias(alias)
		if answer.body != test.want || made == nil || strings.HasSuffix(test.want, made["ObjectId"]) {
			t.Errorf("%s: the answer is %q, want %q, and made %v", test.fault, answer.body, test.want, made)
		}
		if right := strings.HasSuffix(answer.header.Get("Location"), made["ObjectId"]); right != (test.fault == TwoIDs) {
			t.Errorf("%s: Location %q", test.fault, answer.header.Get("Location"))
		}
		if err := s.SetFault(string(test.fault), 0); err != nil {
			t.Fatal(err)
		}
	}
}

// The server's clock is its own: in the header and in what it makes.
func TestTheServersClock(t *testing.T) {
	t.Parallel()
	s := &Server{ClockAhead: -time.Hour}
	c := serve(t, s, jsonType)
	for _, ahead := range []time.Duration{-time.Hour, 3 * time.Hour} {
		s.SetClock(ahead)
		alias := "at" + ahead.String()[:1]
		answer := c.expect(201, "POST", "/vmrest/users?templateAlias=voicemailusertemplate", c.write("User", "Alias", alias, "DtmfAccessId", map[bool]string{true: "4711", false: "4712"}[ahead > 0]))
		for _, text := range []string{answer.header.Get("Date"), s.UserByAlias(alias)["CreationTime"]} {
			at, err := http.ParseTime(text)
			if err != nil {
				at, err = time.Parse(time.RFC3339, text)
			}
			if off := at.Sub(time.Now().Add(ahead)).Abs(); err != nil || off > time.Minute {
				t.Errorf("%s ahead: %q is %s off: %v", ahead, text, off, err)
			}
		}
	}
}
