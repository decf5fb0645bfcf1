package probe

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cucbulk/cupi"
	"cucbulk/cupi/audio"
	"cucbulk/cupi/cupitest"
	"cucbulk/cupi/trace"
)

// TestSoundsAreRecordings: what the walk sends as recordings is what a run would send, or is what it would not.
func TestSoundsAreRecordings(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"mu-law": "G.711 mu-law", "pcm": "PCM", "no-sound": ""} {
		got, err := audio.ReadWave(bytes.NewReader(sounds[name]), int64(len(sounds[name])))
		if got.Format != want || (err == nil) != (want != "") || want != "" && got.Duration != 320*time.Millisecond {
			t.Errorf("%s is %+v: %v", name, got, err)
		}
	}
}

// TestRecordingsAreToldByTheirDigests: on a server that gives back another coding, what differs is told, and the file
// has no sound.
func TestRecordingsAreToldByTheirDigests(t *testing.T) {
	t.Parallel()
	reference := walked(t, parts("user", "voicename"))
	for _, recodes := range []bool{false, true} {
		server := &cupitest.Server{}
		web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if answer := httptest.NewRecorder(); recodes && r.Method == "GET" && strings.HasSuffix(r.URL.Path, "/voicename") {
				if server.ServeHTTP(answer, r); answer.Code == http.StatusOK {
					w.Header().Set("Content-Type", "audio/wav")
					_, _ = w.Write(append(answer.Body.Bytes(), "LIST"...))
					return
				}
			}
			server.ServeHTTP(w, r)
		}))
		defer web.Close()
		o := Options{Client: clientOf(t, web.URL, cupi.JSON), Path: filepath.Join(t.TempDir(), "probe.json"), Doubt: time.Hour}
		result, err := reference.beside(context.Background(), o)
		if err != nil || result.Unclean != nil {
			t.Fatalf("%v: %v", err, result.Unclean)
		}
		if got := strings.Count(lines(result), "the recording is not the same, byte by byte"); (got == 3) != recodes || !recodes && got != 0 {
			t.Errorf("recodes %v: %d recordings are told to differ\n%s", recodes, got, lines(result))
		}
		text, err := os.ReadFile(o.Path)
		if err != nil {
			t.Fatal(err)
		}
		_, exchanges, err := trace.Read(bytes.NewReader(text))
		if err != nil || bytes.Contains(text, []byte("RIFF")) || bytes.Contains(text, []byte("WAVE")) {
			t.Errorf("%v: a recording is in the file", err)
		}
		sent, came := map[string]bool{}, map[string]bool{}
		for _, e := range exchanges {
			if strings.HasSuffix(e.Path, "/voicename") && e.Method == "PUT" && e.Status == http.StatusNoContent {
				sent[e.Request.Digest] = e.Request.Body == nil && e.Request.Bytes > 2000
			}
			if strings.HasSuffix(e.Path, "/voicename") && e.Method == "GET" && e.Status == http.StatusOK {
				came[e.Answer.Digest] = e.Answer.Body == nil && e.Answer.Bytes > 2000
			}
		}
		for digest := range came {
			if !came[digest] || sent[digest] == recodes {
				t.Errorf("recodes %v: sent %v, came back %v", recodes, sent, came)
			}
		}
		if len(sent) < 2 || len(came) != 2 {
			t.Errorf("sent %v, came back %v", sent, came)
		}
	}
}
