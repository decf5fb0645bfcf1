package torture

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"cucbulk/cupi/cupitest"
)

// TestCommitAfterAllDoubt lets the run die with a request on its way, and the server
// carry it out only when the resume has looked twice and sends it again. What the
// server then says of the second one is no sign that the first was somebody else's.
func TestCommitAfterAllDoubt(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		row        wish
		method     string
		want, back string
	}{
		{wish{operation: "create", alias: "fresh", extension: "70000", displayName: "Fresh"}, http.MethodPost, "created", "deleted"},
		{wish{operation: "update", alias: "user00001", displayName: "Changed"}, http.MethodPut, "updated", "restored"},
		{wish{operation: "delete", alias: "user00001"}, http.MethodDelete, "deleted", "recreated"},
	} {
		t.Run(test.row.operation, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBubble(t, &cupitest.Server{})
				defer b.end()
				b.simulator.AddUsers(2)
				before := people(b.simulator)
				changes := 0
				b.meet = func(w http.ResponseWriter, r *http.Request) {
					if r.Method == test.method {
						changes++
					}
					switch {
					case r.Method == test.method && changes == 1:
						b.die()
						cut(w, nil)
						return
					case r.Method == test.method && changes == 2: // the first one, which is the same
						body, err := io.ReadAll(r.Body)
						must(t, err)
						r.Body = io.NopCloser(bytes.NewReader(body))
						first := httptest.NewRequest(r.Method, r.URL.String(), bytes.NewReader(body))
						first.Header = r.Header.Clone()
						b.carryOut(first)
					}
					b.simulator.ServeHTTP(w, r)
				}
				folder, _, died, err := b.run("run", fileOf([]wish{test.row}))
				if !died {
					t.Fatalf("it did not die: %v", err)
				}
				_, err = b.resume(folder)
				must(t, err)
				if r := b.results(folder)[0]; ended(r) != test.want {
					t.Errorf("%s, want %s: %+v", ended(r), test.want, r)
				}
				b.meet = nil
				for _, r := range b.rollback(folder) {
					if ended(r) != test.back {
						t.Errorf("rolled back: %s, want %s: %+v", ended(r), test.back, r)
					}
				}
				if difference := cmp.Diff(before, people(b.simulator)); difference != "" {
					t.Errorf("the server is not as before (- before, + after):\n%s", difference)
				}
			})
		})
	}
}
