package reports

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/internal/codes"
)

// The numbers of the page are those of summary.json.
func TestPageHasTheNumbersOfTheSummary(t *testing.T) {
	t.Parallel()
	folder := recordedRun(t, 2000)
	text := string(read(t, folder, PageFile))
	var summary Summary
	must(t, json.Unmarshal(read(t, folder, SummaryFile), &summary))
	shown := map[string]string{}
	for _, match := range regexp.MustCompile(`<span class="number">([0-9,]+)</span> <span class="what">([a-z]+)</span>`).FindAllStringSubmatch(text, -1) {
		shown[match[2]] = strings.ReplaceAll(match[1], ",", "")
	}
	if got, want := shown["rows"], "2000"; got != want {
		t.Errorf("the page has %s rows, want %s", got, want)
	}
	for status, n := range summary.Statuses {
		if got, want := shown[string(status)], regexp.MustCompile(`\D`).ReplaceAllString(Grouped(n), ""); got != want {
			t.Errorf("the page has %s rows %s, the summary %s", got, status, want)
		}
	}
	for name, want := range map[string]string{
		"Requests": "2,012 (12 GET, 2,000 POST)", "Tried again": "20", "Answers “503 server busy”": "20", "Signed in as": "apiuser",
		"Server": "https://cuc.example.com:8443", "At work": length(summary.Seconds), "SHA-256": summary.Input.SHA256,
		"Requests at a time": "2 for 12.5 s, 4 for 2 min 30 s", "Throttled": "2 times",
	} {
		if fact := "<dt>" + name + "</dt><dd>" + want + "</dd>"; !strings.Contains(text, fact) {
			t.Errorf("the page lacks %s", fact)
		}
	}
	if !strings.Contains(text, "exit code 4") {
		t.Error("the page does not tell the exit code")
	}
}

// Whatever the input or the server says stays text.
func TestPageIsInert(t *testing.T) {
	t.Parallel()
	text := read(t, recordedRun(t, 1000), PageFile)
	if n := bytes.Count(text, []byte("</script>")); n != 2 { // the data's end and the script's
		t.Errorf("got %d ends of scripts, want 2", n)
	}
	for _, danger := range []string{`<img src=x`, `<script>document`, "\x1b", "\u202e"} {
		if bytes.Contains(text, []byte(danger)) {
			t.Errorf("the page holds %q", danger)
		}
	}
	if !bytes.Contains(text, []byte("document.title")) {
		t.Error("the message is not in the page at all, so this test shows nothing")
	}
}

func TestPageLinksOnlyToWhatIsThere(t *testing.T) {
	t.Parallel()
	s, folder := runEveryStatus(t)
	write(t, folder)
	for _, folder := range []string{folder, s.undo(folder)} {
		write(t, folder)
		links := regexp.MustCompile(`href="([^"]+)"`).FindAllStringSubmatch(string(read(t, folder, PageFile)), -1)
		if len(links) < 3 {
			t.Errorf("only %d links", len(links))
		}
		for _, link := range links {
			if link[1] == "data:," {
				continue
			}
			if _, err := os.Stat(filepath.Join(folder, link[1])); err != nil {
				t.Errorf("the page links to %s: %v", link[1], err)
			}
		}
	}
}

func TestPageSaysWhatStaysLost(t *testing.T) {
	t.Parallel()
	_, folder := runEveryStatus(t)
	write(t, folder)
	text := string(read(t, folder, PageFile))
	if got := regexp.MustCompile(`<strong>1 row</strong>: [^<]*do not come back`).FindString(text); got == "" {
		t.Errorf("the page does not say what is lost with the deleted user")
	}
	text = string(read(t, recordedRun(t, 100), PageFile))
	if strings.Contains(text, `id="lost"`) {
		t.Errorf("the page of a run that only creates speaks of losses")
	}
}

// A run that sent nothing, and one whose input is gone, have a page too.
func TestPageOfARefusedRun(t *testing.T) {
	t.Parallel()
	folder := refused(t, []byte("Alias,DtmfAccessId\n,4001\n"))
	write(t, folder)
	text := string(read(t, folder, PageFile))
	for _, want := range []string{"Nothing was sent", "exit code 3", "so there is no time line"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// The page says what to do about every code, and about the server's own codes what to do
// about rows of that status.
func TestThereIsAdviceAboutEveryRow(t *testing.T) {
	t.Parallel()
	for _, section := range codes.Table() {
		for _, entry := range section.Entries {
			if got := adviceFor(entry.Code, record.Failed); got != entry.Advice {
				t.Errorf("the advice about %s is %q", entry.Code, got)
			}
		}
	}
	for _, status := range record.Statuses() {
		if got := adviceFor("INVALID_PARAMETER", status); (got == "") == !(status.Done() || status == record.Pending) {
			t.Errorf("the advice about rows %s is %q", status, got)
		}
	}
}

// Who opens the page, or reads the summary, sees what to type.
func TestFilesSayWhatToTypeNext(t *testing.T) {
	t.Parallel()
	folder := refused(t, []byte("Alias,DtmfAccessId\n,4001\n"))
	writer := Writer{Next: func(history *record.History) []Suggestion {
		return []Suggestion{{"Look at " + history.Folder + ":", "cucbulk report 'a & b'"}}
	}}
	if _, _, err := writer.Write(folder); err != nil {
		t.Fatal(err)
	}
	if page := string(read(t, folder, PageFile)); !strings.Contains(page, "<dd><code>cucbulk report &#39;a &amp; b&#39;</code>") {
		t.Errorf("the page should have the command: %s", regexp.MustCompile(`(?s)id="next".*?</section>`).FindString(page))
	}
	var summary Summary
	must(t, json.Unmarshal(read(t, folder, SummaryFile), &summary))
	if len(summary.Next) != 1 || summary.Next[0].Command != "cucbulk report 'a & b'" {
		t.Errorf("the summary says %v", summary.Next)
	}
}
