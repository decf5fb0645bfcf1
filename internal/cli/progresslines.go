package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"cucbulk/batch/record"
)

// How progress reads: on the bar, as lines for people, and as JSON.

// notDone is how many rows ended and are not done.
func (s *progress) notDone() int {
	n := 0
	for status, rows := range s.counts {
		if !status.Done() {
			n += rows
		}
	}
	return n
}

// rest is how long the rest takes, which is not known while nothing moves.
func (s *progress) rest(now time.Time) (rest time.Duration, known bool) {
	rest, known = s.pace.remaining(now)
	return rest, known && s.still.State == "" && !s.reconciles(now)
}

// restText says it to people, "" while there is nothing to say.
func (s *progress) restText(now time.Time) string {
	rest, known := s.rest(now)
	if !known || s.pace.left == 0 {
		return ""
	}
	return restText(rest) + " left"
}

// drawBar draws how many rows have ended and, less often, the text beside that.
func (s *progress) drawBar() {
	now, bar, ended := time.Now(), s.bar, s.counts.Total()
	if now.Sub(s.worded) < textEvery {
		s.writes.post(func() { bar.set(ended) })
		return
	}
	s.worded = now
	parts := []string{fmt.Sprintf("%d not done", s.notDone())}
	if s.notDone() == 0 {
		parts = nil
	}
	if rest := s.restText(now); rest != "" {
		parts = append(parts, rest)
	}
	if why := s.why(now); why.Text != "" {
		parts = append(parts, cmp.Or(why.Short, why.Text))
	} else {
		parts = append(parts, rateText(s.pace.perSecond(now)))
	}
	s.writes.post(func() { bar.set(ended); bar.show(strings.Join(parts, ", ")) })
}

func (s *progress) writePlain() {
	now := time.Now()
	line := fmt.Sprintf("%d of %s after %s: %s; %s", s.counts.Total(), rowsText(s.total),
		now.Sub(s.began).Round(time.Second), countsText(s.counts), rateText(s.pace.perSecond(now)))
	if rest := s.restText(now); rest != "" {
		line += ", " + rest
	}
	if why := s.why(now).Text; why != "" {
		line += "; " + why
	}
	s.print(strings.TrimSuffix(sentenceIn(s.width(), "", line), "\n"))
}

// sentence is a notice, in lines that fit the terminal.
func (s *progress) sentence(text string) string {
	return strings.TrimSuffix(sentenceIn(s.width(), "cucbulk: ", text), "\n")
}

// width is that of the terminal that stderr is; 0: it is none, or nobody knows.
func (s *progress) width() int {
	if s.columns == nil {
		return 0
	}
	return s.columns()
}

// progressLine is a line of --progress json. Fields may be added, none is taken away.
type progressLine struct {
	Rows          int           `json:"rows"`    // of the run, or those that were left to resume
	Ended         int           `json:"ended"`   // of them; on the last line also those that were cut off
	NotDone       int           `json:"notDone"` // of those that ended
	Counts        record.Counts `json:"counts"`
	Seconds       float64       `json:"seconds"`
	RowsPerSecond float64       `json:"rowsPerSecond"`         // lately
	SecondsLeft   *float64      `json:"secondsLeft,omitempty"` // left out while it is not known
	Why           string        `json:"why,omitempty"`         // it is slow, or waits
}

func (s *progress) writeJSON() {
	now := time.Now()
	line := progressLine{Rows: s.total, Ended: s.counts.Total(), NotDone: s.notDone(), Counts: s.counts,
		Seconds: now.Sub(s.began).Seconds(), RowsPerSecond: s.pace.perSecond(now), Why: s.why(now).Text}
	if rest, known := s.rest(now); known {
		seconds := rest.Seconds()
		line.SecondsLeft = &seconds
	}
	text, _ := json.Marshal(line) // of types that can't fail
	s.print(string(text))
}
