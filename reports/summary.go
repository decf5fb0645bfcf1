package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"cucbulk/batch/record"
	"cucbulk/internal/codes"
)

// Summary is summary.json: what a script needs to know of a run.
type Summary struct {
	Kind     string                `json:"kind"` // "run" or "rollback"
	Tool     string                `json:"tool"`
	ExitCode int                   `json:"exitCode"`
	Ended    bool                  `json:"ended"`             // false: the run was killed; resume goes on with it
	Running  bool                  `json:"running,omitempty"` // true: the run was still at work when this was written
	Records  int64                 `json:"journalRecords"`    // so many had the journal
	Code     codes.Code            `json:"code,omitempty"`    // why it ended before the last row: for scripts
	Reason   string                `json:"reason,omitempty"`  // and for people
	Rows     int                   `json:"rows"`
	Statuses map[record.Status]int `json:"statuses"`
	// Rows that were begun and cut off, which resume goes on with; Statuses has them as partial or
	// uncertain.
	Interrupted int `json:"interrupted,omitempty"`
	// Rows that are as in the run Since, and were not looked at; Statuses has them as unchanged.
	AsLastRun int    `json:"asLastRun,omitempty"`
	Since     string `json:"since,omitempty"`
	// Rows whose users have from their template some of what the row wants, so that it was not
	// sent.
	AsTemplate int `json:"asTemplate,omitempty"`
	// Of these: no user that was made later was looked at, so resume sends it.
	Unconfirmed int `json:"unconfirmed,omitempty"`
	// Rows that went without something that they want and the server does not have: see LeftOut.
	WentWithout   int            `json:"wentWithout,omitempty"`
	LeftOut       []string       `json:"leftOut,omitempty"`
	Started       time.Time      `json:"started"`
	Finished      time.Time      `json:"finished,omitzero"`
	Seconds       float64        `json:"seconds"` // at work, pauses between resumes left out
	RowsPerSecond float64        `json:"rowsPerSecond"`
	Requests      map[string]int `json:"requests"` // really sent, by method; only of starts that ended by themselves
	TotalRequests int            `json:"totalRequests"`
	// What the pre-flights of all starts said of it; 0: they did not, or a start was killed.
	Foreseen int `json:"foreseenRequests,omitempty"`
	// Of these: those that a run does not need whose templates give what the rows want.
	MaySpare  int             `json:"maySpare,omitempty"`
	Retries   int             `json:"retries"`
	Busy      int             `json:"busy"`                // answers "503 server busy"
	Throttled int             `json:"throttled,omitempty"` // times that fewer requests at a time were sent from then on
	SecondsAt map[int]float64 `json:"secondsAt,omitempty"` // how long so many requests at a time could be sent
	SignIns   int             `json:"signIns"`
	Starts    int             `json:"starts"` // 1, and 1 more for each resume
	// Of these: killed, or cut off by a full disk; what they sent is not counted.
	Killed  int              `json:"startsKilled,omitempty"`
	Workers int              `json:"workers,omitempty"`
	Server  *record.Identity `json:"server,omitempty"` // missing when none was asked
	Account string           `json:"account,omitempty"`
	Input   record.Input     `json:"input"`
	Of      string           `json:"of,omitempty"`   // rollback: the run's folder
	Next    []Suggestion     `json:"next,omitempty"` // what to type next
}

// Summarize makes the summary of a run.
func Summarize(history *record.History) Summary {
	s := Summary{
		Kind: history.Header.Kind, Tool: history.Header.Tool, ExitCode: history.Exit(), Ended: history.Ended,
		Running: history.Running, Records: history.Tail.Sequence,
		Rows: history.Header.Rows, Statuses: history.Counts(), Interrupted: history.CutOff(), Started: history.Header.Started,
		Requests: map[string]int{}, Starts: len(history.Begins), Killed: history.Killed(), Input: history.Header.Input,
		Of:         history.Header.Of,
		AsTemplate: history.Rows.AsTemplate(), Unconfirmed: history.Rows.Unconfirmed(),
	}
	if since := history.Header.Options.Since; since != nil {
		s.AsLastRun, s.Since = history.Rows.AsLastRun(), since.Run
	}
	s.WentWithout, s.LeftOut = history.WentWithout()
	for _, begin := range history.Begins {
		if s.Killed == 0 { // what a killed start sent is not counted either
			s.Foreseen, s.MaySpare = s.Foreseen+begin.Foreseen, s.MaySpare+begin.Spared
		}
	}
	for _, footer := range history.Footers {
		for method, n := range footer.Requests {
			s.Requests[method] += n
			s.TotalRequests += n
		}
		s.Retries += footer.Retries
		s.Busy += footer.Busy
		s.SignIns += footer.SignIns
		s.Throttled += footer.Throttled
		for workers, seconds := range footer.SecondsAt {
			if s.SecondsAt == nil {
				s.SecondsAt = map[int]float64{}
			}
			s.SecondsAt[workers] += seconds
		}
		s.Seconds += footer.Seconds
	}
	if history.Ended {
		last := history.Footers[len(history.Footers)-1]
		s.Code, s.Reason, s.Finished = last.Code, last.Reason, last.Finished
	}
	if n := len(history.Begins); n > 0 {
		s.Server, s.Account, s.Workers = &history.Begins[0].Server, history.Begins[0].Account, history.Begins[n-1].Workers
	}
	if s.Seconds > 0 && s.TotalRequests > 0 {
		s.RowsPerSecond = float64(s.Rows-history.Left()) / s.Seconds
	}
	return s
}

// NotLookedAt tells of rows that are as an earlier run left them.
func NotLookedAt(rows int, run string) string {
	return asIn(rows, run) + ", not looked at"
}

// asIn says how many they are, and of which run.
func asIn(rows int, run string) string { return Count(rows, "row", "rows") + " as in " + run }

func writeSummary(w io.Writer, history *record.History, next []Suggestion) error {
	summary := Summarize(history)
	summary.Next = next
	text, err := json.MarshalIndent(summary, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, inertJSON(string(text))+"\n")
	return err
}

// inertJSON escapes what a terminal would obey, or what turns the direction of writing, in
// the names of files and servers. Such characters stand in strings only, which can hold
// their escapes.
func inertJSON(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp)) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Suggestion is a next command, and when to type it.
type Suggestion struct {
	When    string `json:"when"`
	Command string `json:"command"`
}

// Count writes a number with the noun that goes with it, as messages on the terminal do:
// without a comma at the thousands, which the page has.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// Foreseen says how many requests were foreseen; "" where that is not known.
func Foreseen(s Summary) string {
	switch {
	case s.Foreseen == 0:
		return ""
	case s.MaySpare > 0:
		return strconv.Itoa(s.Foreseen-s.MaySpare) + " to " + Count(s.Foreseen, "request", "requests")
	}
	return Count(s.Foreseen, "request", "requests")
}

// LeftToTemplate says of how many rows something was not sent, because their users have it from
// the template.
func LeftToTemplate(s Summary) string {
	text := Count(s.AsTemplate, "row wants", "rows want") + " in part what the template gives, and that was not sent"
	if s.Unconfirmed > 0 {
		return text + "; for " + strconv.Itoa(s.Unconfirmed) +
			" of them no later user has shown yet that the template gave it, and resume sends it"
	}
	return text + ": users that were made later have it"
}

// LeftOut says of how many rows something was left out, because the server does not have it.
func LeftOut(s Summary) string {
	return Count(s.WentWithout, "row", "rows") + " without what the server does not take: " + strings.Join(s.LeftOut, ", ")
}

// Rejected is how many rows rejects.csv holds. A row that was cut off is not among them,
// because resume goes on with it.
func Rejected(history *record.History) int {
	n := 0
	for status, rows := range history.Rows.Ended() {
		if status.Rejected() {
			n += rows
		}
	}
	return n
}
