package cupi_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

// The simulator is written apart from the client, from the same documents: where
// the two disagree, one of them misread.

func simulate(t *testing.T, server *cupitest.Server, wire cupi.Wire) *cupi.Client {
	t.Helper()
	server.Username, server.Password = "admin", "s3cret!"
	web := httptest.NewServer(server)
	client, err := cupi.New(cupi.Config{Server: web.URL, User: "admin", Password: "s3cret!", Wire: wire, Workers: 5})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		web.Close()
		server.Wait()
		if unknown := server.Unknown(); len(unknown) > 0 {
			t.Errorf("the simulator doesn't know %v", unknown)
		}
	})
	return client
}

func do(t *testing.T, client *cupi.Client, r cupi.Request) cupi.Answer {
	t.Helper()
	answer, err := client.Do(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// servers are the ways in which the documents say that a server may behave.
func servers() map[string]*cupitest.Server {
	return map[string]*cupitest.Server{
		"as recorded":        {},
		"as the page prints": {WrappedJSON: true, DoubledBrackets: true, ExtensionOptional: true},
		"old release":        {OneClauseQueries: true, AllErrors: true},
		"tokens die at once": {TokenLife: time.Nanosecond},
	}
}

func each(t *testing.T, test func(t *testing.T, server *cupitest.Server, client *cupi.Client)) {
	t.Parallel()
	for _, wire := range []cupi.Wire{cupi.JSON, cupi.XML} {
		for name, server := range servers() {
			t.Run(string(wire)+"/"+name, func(t *testing.T) {
				t.Parallel()
				test(t, server, simulate(t, server, wire))
			})
		}
	}
}

func TestLifeOfAUser(t *testing.T) {
	each(t, func(t *testing.T, server *cupitest.Server, client *cupi.Client) {
		before := server.Snapshot()
		fields := cupi.Object{"Alias": "mholm", "DtmfAccessId": "0042", "FirstName": "Märén", "Title": `R&D <"1">`}
		made := do(t, client, cupi.CreateUser("voicemailusertemplate", "", fields))
		got := do(t, client, cupi.GetUser(made.ObjectID)).Object
		for name, want := range fields {
			if got[name] != want {
				t.Errorf("got %s %q, want %q", name, got[name], want)
			}
		}
		if got["Inactive"] != "false" || len(got) < 100 {
			t.Errorf("got Inactive %q among %d fields, want false among all of them", got["Inactive"], len(got))
		}
		do(t, client, cupi.UpdateUser(made.ObjectID, cupi.Object{"Title": "", "LastName": "Holm"}))
		found := do(t, client, cupi.List(cupi.Users, cupi.Query{Column: "alias", Op: cupi.Is, Value: "MHolm"}, 1, 100)).Page
		if found.Total != 1 || len(found.Items) != 1 || found.Items[0]["LastName"] != "Holm" || found.Items[0]["ObjectId"] != made.ObjectID {
			t.Errorf("got %+v, want the user", found)
		}
		handler := got["CallHandlerObjectId"]
		set := do(t, client, cupi.List(cupi.ScheduleSets, cupi.Query{}, 0, 0)).Page.Items[0]["ObjectId"]
		do(t, client, cupi.Update(cupi.CallHandlers, handler, cupi.Object{"ScheduleSetObjectId": set}))
		if got := do(t, client, cupi.Get(cupi.CallHandlers, handler)).Object["ScheduleSetObjectId"]; got != set {
			t.Errorf("got schedule set %q, want %q", got, set)
		}
		do(t, client, cupi.DeleteUser(made.ObjectID))
		none := do(t, client, cupi.List(cupi.Users, cupi.Query{Column: "alias", Op: cupi.Is, Value: "mholm"}, 1, 100)).Page
		if none.Total != 0 || len(none.Items) != 0 {
			t.Errorf("got %+v, want no user", none)
		}
		if after := server.Snapshot(); len(after) != len(before) {
			t.Errorf("got %d objects after, want %d as before", len(after), len(before))
		}
		if got, want := client.SignIns(), server.SignIns(); got != want || server.TokenLife == 0 && got != 1 {
			t.Errorf("got %d sign-ins by the client's count and %d by the server's, want the same, and 1 where tokens live", got, want)
		}
	})
}

func TestEveryCollection(t *testing.T) {
	each(t, func(t *testing.T, _ *cupitest.Server, client *cupi.Client) {
		for _, c := range cupi.Collections() {
			page := do(t, client, cupi.List(c, cupi.Query{}, 1, 1000)).Page
			if c == cupi.InterviewHandlers { // a new server has none
				continue
			}
			if page.Total == 0 || page.Total != len(page.Items) {
				t.Errorf("%s: got %d of %d", c.Name, len(page.Items), page.Total)
			}
			for _, item := range page.Items {
				if item[c.NameField] == "" || item[c.IDField] == "" {
					t.Errorf("%s: got an entry without %s or %s: %v", c.Name, c.NameField, c.IDField, item)
				}
			}
		}
		if got := do(t, client, cupi.GetVersion()).Object["version"]; got == "" {
			t.Error("got no version")
		}
	})
}

func TestPagesOfTheSimulator(t *testing.T) {
	each(t, func(t *testing.T, server *cupitest.Server, client *cupi.Client) {
		server.AddUsers(250)
		seen := map[string]bool{}
		for page := 1; ; page++ {
			got := do(t, client, cupi.List(cupi.Users, cupi.Query{Column: "alias", Op: cupi.StartsWith, Value: "user"}, page, 100)).Page
			if got.Total != 250 {
				t.Fatalf("got total %d, want 250", got.Total)
			}
			if len(got.Items) == 0 {
				break
			}
			for _, item := range got.Items {
				seen[item["Alias"]] = true
			}
		}
		if len(seen) != 250 {
			t.Errorf("got %d users, want 250", len(seen))
		}
	})
}

func TestRefusalsOfTheSimulator(t *testing.T) {
	const unknown = "99999999-aaaa-bbbb-cccc-dddddddddddd"
	each(t, func(t *testing.T, _ *cupitest.Server, client *cupi.Client) {
		tests := []struct {
			request cupi.Request
			status  int
			code    string
			message string
		}{
			{cupi.GetUser(unknown), 404, "NOT_FOUND", "user - ObjectId=" + unknown},
			{cupi.DeleteUser(unknown), 404, "NOT_FOUND", "user - ObjectId=" + unknown},
			{cupi.UpdateUser(unknown, cupi.Object{"Title": "x"}), 400, "DATA_EXCEPTION", "User not found"},
		}
		for _, test := range tests {
			_, err := client.Do(context.Background(), test.request)
			var got *cupi.Error
			if !errors.As(err, &got) || got.Status != test.status || got.Code != test.code || got.Message != test.message {
				t.Errorf("%s: got %v, want %d %s %s", test.request.Method, err, test.status, test.code, test.message)
			}
		}
	})
}

// Every fault of the simulator has one meaning for the client.
func TestFaults(t *testing.T) {
	t.Parallel()
	type meaning struct {
		kind cupi.Kind // "": success
		sent cupi.Sent
	}
	answered := func(kind cupi.Kind) meaning { return meaning{kind, cupi.Answered} }
	inDoubt := meaning{cupi.KindNetwork, cupi.InDoubt}
	// What a POST and a PUT become; a PUT has nothing to read, a POST needs its id.
	want := map[string][2]meaning{
		"busy":               {answered(cupi.KindStatus), answered(cupi.KindStatus)},
		"unauthorized":       {}, // one more sign-in, and done
		"reset":              {inDoubt, inDoubt},
		"error":              {answered(cupi.KindStatus), answered(cupi.KindStatus)},
		"html":               {answered(cupi.KindWebPage), answered(cupi.KindWebPage)},
		"redirect":           {answered(cupi.KindRedirect), answered(cupi.KindRedirect)},
		"forbidden":          {answered(cupi.KindStatus), answered(cupi.KindStatus)},
		"not-found":          {answered(cupi.KindStatus), answered(cupi.KindStatus)},
		"too-many-requests":  {answered(cupi.KindStatus), answered(cupi.KindStatus)},
		"cut-after-commit":   {inDoubt, inDoubt},
		"error-after-commit": {answered(cupi.KindStatus), answered(cupi.KindStatus)},
		"gateway":            {answered(cupi.KindStatus), answered(cupi.KindStatus)},
		"truncated":          {}, // the Location has the id
		"refused-after":      {answered(cupi.KindStatus), answered(cupi.KindStatus)},
		"bad-request-after":  {answered(cupi.KindStatus), answered(cupi.KindStatus)},
		"forbidden-after":    {answered(cupi.KindStatus), answered(cupi.KindStatus)},
		"not-found-after":    {answered(cupi.KindStatus), answered(cupi.KindStatus)},
		"conflict-after":     {answered(cupi.KindStatus), answered(cupi.KindStatus)},
		"too-large-after":    {answered(cupi.KindStatus), answered(cupi.KindStatus)},
		"redirect-after":     {answered(cupi.KindRedirect), answered(cupi.KindRedirect)},
		"expired-after":      {answered(cupi.KindStatus), {}}, // one more sign-in; the second sending finds what the first made
		"anothers-id":        {},                              // it is an id
		"nobodys-id":         {},                              // it has the form of one
		"neighbours-id":      {},
		"two-ids":            {answered(cupi.KindAnswer), {}},
		"strange-id":         {answered(cupi.KindAnswer), {}},
		"slow":               {},
		"late-commit":        {inDoubt, inDoubt},
		"ignore-title":       {},
		"echo":               {answered(cupi.KindStatus), answered(cupi.KindStatus)},
		"echo-earlier":       {answered(cupi.KindStatus), answered(cupi.KindStatus)},
		"answer-twice":       {},

		"moving-list": {}, "repeat-page": {}, "endless-list": {}, "capital-ids": {}, "huge-total": {}, "huge-list": {}, "deep-list": {}, "misread-query": {}, // of lists
	}
	if got := len(cupitest.FaultNames()); got != len(want) {
		t.Errorf("the simulator has %d faults, this test knows %d", got, len(want))
	}
	for _, name := range cupitest.FaultNames() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &cupitest.Server{SlowBy: time.Millisecond, LateBy: time.Millisecond, RetryAfter: 7 * time.Second}
			id, err := server.AddUser(map[string]string{"Alias": "mholm", "DtmfAccessId": "4711"})
			if err != nil {
				t.Fatal(err)
			}
			client := simulate(t, server, cupi.JSON)
			do(t, client, cupi.GetUser(id)) // sign in
			if err := server.SetFault(name, 1); err != nil {
				t.Fatal(err)
			}
			for i, request := range []cupi.Request{
				cupi.CreateUser("voicemailusertemplate", "", cupi.Object{"Alias": "ane", "DtmfAccessId": "0815"}),
				cupi.UpdateUser(id, cupi.Object{"Title": "x"}),
			} {
				_, err := client.Do(context.Background(), request)
				var got meaning
				var failed *cupi.Error
				if errors.As(err, &failed) {
					got = meaning{failed.Kind, failed.Sent}
				}
				if got != want[name][i] {
					t.Errorf("%s: got %v (%v), want %v", request.Method, got, err, want[name][i])
				}
				if name == "busy" && failed != nil && (failed.Status != http.StatusServiceUnavailable || failed.RetryAfter != 7*time.Second) {
					t.Errorf("got status %d and wait %s, want 503 and 7s", failed.Status, failed.RetryAfter)
				}
			}
		})
	}
}

func TestSessionsOfTheSimulator(t *testing.T) {
	t.Parallel()
	server := &cupitest.Server{CookieLife: 20 * time.Millisecond, LockAfter: 3}
	server.AddUsers(1)
	client := simulate(t, server, cupi.XML)
	for server.SignIns() < 5 {
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				if _, err := client.Do(context.Background(), cupi.OneUser()); err != nil {
					var failed *cupi.Error
					if !errors.As(err, &failed) || failed.Kind != cupi.KindStatus || failed.Status != 401 { // fresh cookies can expire too
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
	}
	if server.FailedSignIns() != 0 || server.SignIns() != client.SignIns() {
		t.Errorf("got %d bad sign-ins, %d good ones, %d by the client's count", server.FailedSignIns(), server.SignIns(), client.SignIns())
	}
}

func TestNeverMoreConnectionsThanWorkers(t *testing.T) {
	t.Parallel()
	server := &cupitest.Server{Latency: 3 * time.Millisecond}
	client := simulate(t, server, cupi.JSON) // 5 workers
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			if _, err := client.Do(context.Background(), cupi.GetVersion()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := server.MaxInFlight(); got != 5 {
		t.Errorf("got %d requests at once, want 5", got)
	}
}

func TestWrongPasswordDoesNotLock(t *testing.T) {
	t.Parallel()
	server := &cupitest.Server{LockAfter: 2}
	client := simulate(t, server, cupi.JSON)
	server.Password = "another"
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			_, err := client.Do(context.Background(), cupi.GetVersion())
			var failed *cupi.Error
			if !errors.As(err, &failed) || failed.Kind != cupi.KindSignIn {
				t.Errorf("got %v, want a sign-in error", err)
			}
		})
	}
	all.Wait()
	if server.Total() != 1 || server.FailedSignIns() != 1 {
		t.Errorf("got %d requests and %d bad sign-ins, want 1", server.Total(), server.FailedSignIns())
	}
}
