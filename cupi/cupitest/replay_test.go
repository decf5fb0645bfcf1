package cupitest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cucbulk/cupi/cupitest"
	"cucbulk/cupi/trace"
)

// What a recording stands for where its secrets were: a PIN and a password that the simulator takes.
const (
	somePIN      = "80531642"
	badPIN       = "121212" // where it was refused
	somePassword = "Recorded-Word-17"
)

// TestRecordings sends the requests of each file in testdata/recordings to the simulator, which must answer alike: the
// same status, format and error code, and each field that was recorded. What fields hold is not compared, and a field that
// was not recorded may have been NULL.
func TestRecordings(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/recordings/*.json*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recordings: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			header, exchanges := readRecording(t, file)
			differences, sent := replay(t, header, exchanges)
			for _, difference := range differences {
				t.Error(difference)
			}
			if sent == 0 {
				t.Error("nothing was sent")
			}
		})
	}
}

func readRecording(t *testing.T, path string) (trace.Header, []trace.Exchange) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	header, exchanges, err := trace.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return header, exchanges
}

// replay sends the requests to a new simulator, and tells in which answers it differs.
func replay(t *testing.T, header trace.Header, exchanges []trace.Exchange) (differences []string, sent int) {
	t.Helper()
	server := &cupitest.Server{}
	for _, setting := range header.As {
		name, value, _ := strings.Cut(setting, "=")
		if err := server.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	web := httptest.NewServer(server)
	defer web.Close()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	var values trace.Values
	marks := trace.NewMarks(time.Now())
	sounds := map[string]string{} // what was sent for a recording, by its digest
	for _, recorded := range exchanges {
		if recorded.Status == 0 || recorded.Status == http.StatusServiceUnavailable || recorded.Answer == nil {
			continue // it depends on the moment
		}
		sent++
		hidden := somePassword
		switch pin := strings.HasSuffix(recorded.Path, "/pin"); {
		case pin && recorded.Status == http.StatusBadRequest:
			hidden = badPIN
		case pin:
			hidden = somePIN
		}
		body := values.Body(recorded.Request, hidden)
		if digest := recorded.Request.Digest; digest != "" { // of a recording no more is known
			body = "RIFF" + digest
			if recorded.Status == http.StatusBadRequest {
				body = "no sound"
			}
			sounds[digest] = body
		}
		request, err := http.NewRequest(recorded.Method, web.URL+values.Target(recorded), strings.NewReader(body))
		if err != nil {
			t.Fatalf("%s %s: %v", recorded.Method, recorded.Path, err)
		}
		for _, line := range recorded.Request.Headers {
			if name, value, _ := strings.Cut(line, ": "); name == "Accept" || name == "Content-Type" {
				request.Header.Set(name, value)
			}
		}
		if recorded.Status != http.StatusUnauthorized || slices.Contains(recorded.Request.Headers, "Authorization: secret") {
			request.SetBasicAuth("admin", "secret") // else its session had expired
		}
		answer, err := transport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		got := marks.Exchange(trace.Raw{Request: request, Began: time.Now(), Answer: answer, AnswerBody: text})
		for _, difference := range trace.Differences(recorded, got) {
			if difference.What != "further" {
				differences = append(differences, recorded.Method+" "+values.Target(recorded)+": "+difference.String()+": "+string(text[:min(len(text), 300)]))
			}
		}
		if sound := sounds[recorded.Answer.Digest]; sound != "" && string(text) != sound {
			differences = append(differences, recorded.Method+" "+values.Target(recorded)+": it is not the recording that was sent")
		}
		values.Learn(*recorded.Answer, string(text))
	}
	return differences, sent
}

// A recording that the simulator does not answer is told.
func TestRecordingsAreCompared(t *testing.T) {
	t.Parallel()
	header, exchanges := readRecording(t, "testdata/recordings/simulator-json.jsonl")
	changed := 0
	for i, e := range exchanges {
		if e.Answer == nil {
			continue
		}
		switch text := string(e.Answer.Body); {
		case e.Method == "POST" && e.Status == 201 && changed == 0:
			exchanges[i].Status = 200
			changed++
		case strings.Contains(text, `"Alias":`) && changed == 1:
			exchanges[i].Answer.Body = []byte(strings.Replace(text, `"Alias":`, `"Allias":`, 1))
			changed++
		case strings.Contains(text, "DATA_EXCEPTION") && changed == 2:
			exchanges[i].Answer.Body = []byte(strings.Replace(text, "DATA_EXCEPTION", "NOT_FOUND", 1))
			changed++
		case strings.HasPrefix(text, `{"@total"`) && changed == 3:
			exchanges[i].Answer.Headers = []string{"Content-Type: application/xml"}
			changed++
		}
	}
	differences, _ := replay(t, header, exchanges)
	if all := strings.Join(differences, "\n"); changed != 4 || len(differences) != 4 || !strings.Contains(all, "Allias") || !strings.Contains(all, "status 201, not 200") ||
		!strings.Contains(all, "code DATA_EXCEPTION, not NOT_FOUND") || !strings.Contains(all, "format") {
		t.Errorf("%d changes, %d differences:\n%s", changed, len(differences), all)
	}
}
