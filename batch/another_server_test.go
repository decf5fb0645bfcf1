package batch_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/batch/verify"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// rewriting changes what a simulator answers to reads.
func rewriting(simulator http.Handler, rewrite func(r *http.Request, body []byte) []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			simulator.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		simulator.ServeHTTP(answer, r)
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.Header().Del("Content-Length")
		w.WriteHeader(answer.Code)
		_, _ = w.Write(rewrite(r, answer.Body.Bytes())) // the client hears it or has gone
	})
}

// located lets users belong to another location; "" shows none.
func located(simulator http.Handler, location string) http.Handler {
	return rewriting(simulator, func(_ *http.Request, body []byte) []byte {
		return bytes.ReplaceAll(body, []byte(simulatorLocation), []byte(location))
	})
}

// simulatorLocation is where all users of a simulator belong.
const simulatorLocation = "42a9ab40-490d-4819-9bfb-8ddce4f430ff"

// A run belongs to its server: whatever goes on with it refuses another one, which gets
// no change. A server is known by its location, and by its address where it tells none.
func TestAnotherServerIsRefused(t *testing.T) {
	t.Parallel()
	const other = "7d7c1d3e-0f43-4c8c-8f59-0d2b3b1c9a11"
	for _, test := range []struct {
		name         string
		began, now   string // locations
		otherAddress bool
		refused      bool
	}{
		{"another location at the same address", simulatorLocation, other, false, true},
		{"another location at another address", simulatorLocation, other, true, true},
		{"another address, and no location told", "", "", true, true},
		{"another address, and no location told any more", simulatorLocation, "", true, true},
		{"the same location at another address", simulatorLocation, simulatorLocation, true, false},
		{"the same address, and no location told any more", simulatorLocation, "", false, false},
	} {
		for _, command := range []string{"resume", "rollback", "resume of a rollback", "verify", "continues"} {
			t.Run(test.name+", "+command, func(t *testing.T) {
				t.Parallel()
				simulator := &cupitest.Server{}
				simulator.AddUsers(3)
				s := newSite(t, simulator)
				web := httptest.NewServer(located(simulator, test.began))
				defer web.Close()
				s.url = web.URL
				const text = "Operation,Alias,DtmfAccessId,DisplayName,ScheduleSetName\ncreate,fresh,4711,Fresh,Weekdays\nupdate,user00001,,Changed,\ndelete,user00002,,,\n"
				history := s.killedAt(4, "run", text, options(""), cupitest.Reset)
				if command == "continues" {
					simulator.Fault = forbidHandlers
					_, history = s.run(t.Context(), "partial", "Operation,Alias,DtmfAccessId,ScheduleSetName\ncreate,other,4712,Weekdays\n", options(""), 1)
					simulator.Fault = nil
				}
				var undo *record.Undo
				recorder := s.recorder("again")
				var begun *record.History // of a rollback
				if strings.Contains(command, "rollback") {
					var err error
					if undo, err = record.PlanUndo(history, record.UndoOptions{}); err != nil {
						t.Fatal(err)
					}
				}
				if command == "resume of a rollback" {
					simulator.Fault = once(cupitest.Redirect, http.MethodPut, "/vmrest/users")
					if _, err := rollback.Run(t.Context(), undo, s.server(1), recorder, nil); err != nil {
						t.Fatal(err)
					}
					simulator.Fault = nil
					begun = s.history(recorder.Folder)
				}

				// The other server is a twin, which would let everything be done.
				twin := &cupitest.Server{}
				var state bytes.Buffer
				if err := errors.Join(simulator.Save(&state), twin.Load(&state)); err != nil {
					t.Fatal(err)
				}
				front := httptest.NewUnstartedServer(located(twin, test.now))
				if test.otherAddress {
					front.Start()
					s.url = front.URL
				} else {
					web.Config.Handler = front.Config.Handler
				}
				defer front.Close()
				changes := 0
				twin.OnChange = func(cupitest.Change) error { changes++; return nil }

				var err error
				switch command {
				case "resume":
					in, inputErr := history.SourceInput()
					if inputErr != nil {
						t.Fatal(inputErr)
					}
					_, err = batch.Resume(t.Context(), s.server(1), history, in, options(""), s.recorderIn(history.Folder))
				case "rollback", "resume of a rollback":
					_, err = rollback.Run(t.Context(), undo, s.server(1), recorder, begun)
				case "verify":
					_, err = verify.ReadBack(t.Context(), s.server(1), history)
				case "continues":
					again := options("")
					again.Continues = history.Folder
					var p *batch.Preparation
					checked := s.prepare(recorder, s.rejects(history), again)
					if p, err = batch.Preflight(t.Context(), s.server(1), checked, func(validate.Problem) {}); err == nil {
						_, err = p.Run(t.Context(), recorder)
					}
				}
				switch {
				case !test.refused && err != nil:
					t.Errorf("refused: %v", err)
				case test.refused && (err == nil || !strings.Contains(fmt.Sprint(err), "not the server of the run")):
					t.Errorf("error %v, want that this is another server", err)
				case test.refused && changes > 0:
					t.Errorf("%d changes reached the other server", changes)
				case !test.refused && changes == 0 && command != "verify":
					t.Errorf("nothing was changed: that it is refused would prove nothing")
				}
			})
		}
	}
}

// forbidHandlers lets no call handler be changed, so that rows about schedules are partial.
func forbidHandlers(r *http.Request) cupitest.Fault {
	if r.Method == http.MethodPut && strings.Contains(r.URL.Path, "callhandlers") {
		return cupitest.Forbidden
	}
	return cupitest.NoFault
}
