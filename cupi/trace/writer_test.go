package trace

import (
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func aRaw(alias string) Raw {
	return Raw{Request: &http.Request{Method: "POST", URL: &url.URL{Path: "/vmrest/users"}, Header: http.Header{}}, Began: time.Now(),
		RequestBody: []byte(`{"Alias":"` + alias + `"}`), Answer: &http.Response{StatusCode: 201, Header: http.Header{}}}
}

func TestAFileIsWrittenOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "trace.jsonl")
	w, err := Create(path, "cucbulk test")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Create(path, "x"); !errors.Is(err, os.ErrExist) {
		t.Errorf("a file that is there: %v", err)
	}
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() { w.Record(aRaw(string(rune('a' + i%5)))) })
	}
	all.Wait()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w.Record(aRaw("late")) // of a request that was left behind
	about, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && about.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", about.Mode(), err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	header, exchanges, err := Read(file)
	if err != nil || header.Tool != "cucbulk test" || len(exchanges) != 50 {
		t.Fatalf("%+v, %d exchanges, %v", header, len(exchanges), err)
	}
	marks := map[string]bool{}
	for _, e := range exchanges {
		marks[e.Request.Text()] = true
	}
	if len(marks) != 5 {
		t.Errorf("5 aliases have the marks %v", marks)
	}
}

func TestAFileOfNothingIsRemoved(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "trace.jsonl")
	w, err := Create(path, "x")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is there: %v", err)
	}
}

// disk takes so many writes.
type disk struct {
	mutex sync.Mutex
	text  strings.Builder
	left  int
}

func (d *disk) Write(text []byte) (int, error) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.left--; d.left < 0 {
		return 0, errors.New("no space left on device")
	}
	return d.text.Write(text)
}

func (d *disk) Close() error { return nil }

func TestAFullDiskEndsTheTraceOnly(t *testing.T) {
	t.Parallel()
	if _, err := start(&disk{}, Header{Trace: Format}, mostBytes); err == nil {
		t.Error("a header that can't be written is no error")
	}
	full := &disk{left: 3}
	w, err := start(full, Header{Trace: Format}, mostBytes)
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		w.Record(aRaw("ann"))
	}
	if err := w.Close(); err == nil || !strings.Contains(err.Error(), "no space") {
		t.Errorf("got %v", err)
	}
	if n := strings.Count(full.text.String(), "\n"); n != 3 {
		t.Errorf("%d lines", n)
	}
}

func TestAFileGetsNoLongerThanItMay(t *testing.T) {
	t.Parallel()
	file := &disk{left: 100}
	w, err := start(file, Header{Trace: Format}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for range 90 {
		w.Record(aRaw("ann"))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	text := file.text.String()
	if !strings.HasSuffix(text, end) || len(text) > 1000+len(end) || strings.Count(text, end) != 1 {
		t.Errorf("%d bytes: %s", len(text), text[max(0, len(text)-300):])
	}
	if _, all, err := Read(strings.NewReader(text + `{"at":0`)); err != nil || len(all) < 2 {
		t.Errorf("%d exchanges, %v", len(all), err)
	}
}

func TestWhatIsNoTraceIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{}\n", `{"trace":2}` + "\n", `{"trace":1}`, `{"trace":1}` + "\nx\n"} {
		if _, _, err := Read(strings.NewReader(text)); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
