package probe

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

// moment is what a kill leaves: the state of the server, and the probe's file, nil if there is none.
type moment struct {
	about  string
	server []byte
	own    []byte
}

// TestNothingIsLeftAfterAKill takes what a kill before and after each change of a walk would leave, and cleans up.
func TestNothingIsLeftAfterAKill(t *testing.T) {
	t.Parallel()
	server := &cupitest.Server{}
	server.AddUsers(2)
	before := server.Snapshot()
	var mutex sync.Mutex
	var moments []moment
	var current atomic.Pointer[cupitest.Server]
	var path string
	current.Store(server)
	keep := func(about string) {
		var state bytes.Buffer
		if err := server.Save(&state); err != nil {
			t.Error(err)
		}
		own, err := os.ReadFile(Owned(path))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Error(err)
		}
		mutex.Lock()
		defer mutex.Unlock()
		if n := len(moments); n == 0 || !bytes.Equal(moments[n-1].server, state.Bytes()) || !bytes.Equal(moments[n-1].own, own) {
			moments = append(moments, moment{about, state.Bytes(), own})
		}
	}
	killing := true
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !killing || r.Method == "GET" {
			current.Load().ServeHTTP(w, r)
			return
		}
		keep("before " + r.Method + " " + r.URL.Path)
		answer := httptest.NewRecorder()
		server.ServeHTTP(answer, r)
		keep("after " + r.Method + " " + r.URL.Path)
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	defer web.Close()
	client := clientOf(t, web.URL, cupi.JSON)
	path = filepath.Join(t.TempDir(), "probe.json")
	result := run(t, Options{Client: client, Path: path, Simulator: simulated(t, cupi.JSON), Doubt: time.Hour, only: func(part string) bool { return part != "lists" }})
	if text := lines(result); text != "" || result.Unclean != nil {
		t.Fatalf("%v\n%s", result.Unclean, text)
	}
	killing = false
	if len(moments) < 60 {
		t.Fatalf("only %d moments", len(moments))
	}
	for i, m := range moments {
		if m.own == nil {
			t.Fatalf("%s: the file is not there yet", m.about)
		}
		after := &cupitest.Server{}
		if err := after.Load(bytes.NewReader(m.server)); err != nil {
			t.Fatal(err)
		}
		current.Store(after)
		left := filepath.Join(t.TempDir(), "probe.json")
		if err := os.WriteFile(Owned(left), m.own, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Clean(client, left, 0); err != nil {
			t.Fatalf("killed %s (%d): %v", m.about, i, err)
		}
		if _, err := os.Stat(Owned(left)); err == nil {
			t.Errorf("killed %s: the file is there still", m.about)
		}
		asBefore(t, before, after)
	}
}

// TestACutOffFileIsClean: a kill while the file itself is made or written.
func TestACutOffFileIsClean(t *testing.T) {
	t.Parallel()
	server := &cupitest.Server{}
	before := server.Snapshot()
	o := optionsOn(t, server, cupi.JSON)
	for _, text := range []string{"", `{"probe":1,"server":"` + o.Client.Server() + `","aliases":["cucbulkpr`, `{"probe":1,"server":"` + o.Client.Server() + `","aliases":["cucbulkprobex"],"mark":"m"}` + "\n" + `{"sent":"20`} {
		if err := os.WriteFile(Owned(o.Path), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Clean(o.Client, o.Path, time.Hour); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	asBefore(t, before, server)
	if err := os.WriteFile(Owned(o.Path), []byte(`{"probe":1,"server":"https://other.example.com","aliases":["x"]}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Clean(o.Client, o.Path, time.Hour); err == nil || !strings.Contains(err.Error(), "of another server") {
		t.Errorf("got %v", err)
	}
	if server.Total() > 0 {
		t.Errorf("%d requests for nothing", server.Total())
	}
}

// TestInterruptedAnywhere ends the walk at each of its requests, and while it cleans up.
func TestInterruptedAnywhere(t *testing.T) {
	t.Parallel()
	reference := walked(t, parts("user", "privatelists"))
	for n := 1; n < 24; n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			server := &cupitest.Server{}
			before := server.Snapshot()
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			var arrived atomic.Int32
			web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if arrived.Add(1) == int32(n) {
					cancel()
				}
				server.ServeHTTP(w, r)
			}))
			defer web.Close()
			o := Options{Client: clientOf(t, web.URL, cupi.JSON), Path: filepath.Join(t.TempDir(), "probe.json"), Doubt: time.Hour}
			result, err := reference.beside(ctx, o)
			if err != nil || result.Unclean != nil || n < 20 && !errors.Is(result.Ended, context.Canceled) {
				t.Errorf("%v: %+v", err, result)
			}
			if _, err := os.Stat(Owned(o.Path)); err == nil {
				t.Error("the file is there still")
			}
			asBefore(t, before, server)
		})
	}
}

// TestServersThatFail: whatever goes wrong, the user is deleted, or it is said that it may be there; then Clean does it.
func TestServersThatFail(t *testing.T) {
	t.Parallel()
	reference := walked(t, parts("user", "delete"))
	for _, fault := range cupitest.FaultNames() {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			server := &cupitest.Server{LateBy: 20 * time.Millisecond, SlowBy: time.Millisecond}
			server.AddUsers(2)
			before := server.Snapshot()
			if err := server.SetFault(fault, 0.4); err != nil {
				t.Fatal(err)
			}
			o := optionsOn(t, server, cupi.JSON)
			server.OnChange = func(change cupitest.Change) error {
				if change.Alias != "" && !strings.HasPrefix(change.Alias, aliasPrefix) {
					t.Errorf("%s %s changes %s", change.Method, change.Path, change.Alias)
				}
				return nil
			}
			result, err := reference.beside(context.Background(), o)
			if err != nil {
				t.Fatal(err)
			}
			server.Wait()
			for _, name := range cupitest.FaultNames() {
				if err := server.SetFault(name, 0); err != nil {
					t.Fatal(err)
				}
			}
			if result.Unclean != nil {
				if !errors.Is(result.Unclean, ErrUncertain) {
					t.Error(result.Unclean)
				}
				if _, err := Clean(o.Client, o.Path, 0); err != nil {
					t.Error(err)
				}
			}
			asBefore(t, before, server)
		})
	}
}
