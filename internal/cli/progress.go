package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"cucbulk/batch"
)

// The kinds of progress.
const (
	progressAuto  = "auto"
	progressBar   = "bar"
	progressPlain = "plain"
	progressJSON  = "json"
	progressNone  = "none"
)

const progressHelp = "`KIND` of progress on stderr: auto, bar, plain, json or none"

// How often progress shows.
const (
	barEvery   = 100 * time.Millisecond
	plainEvery = 10 * time.Second
	jsonEvery  = time.Second
)

// progress shows how far a run is. The engine calls result from one goroutine.
type progress struct {
	bar  *progressbar.ProgressBar // nil: no bar
	on   io.Writer                // where the bar is
	stop chan struct{}            // closed by end; nil when nothing ticks
	gone chan struct{}            // closed when the ticking has ended

	mutex  sync.Mutex // guards what follows
	counts batch.Counts
	total  int
	began  time.Time
}

// checkProgress refuses an unknown kind.
func checkProgress(kind string) error {
	switch kind {
	case progressAuto, progressBar, progressPlain, progressJSON, progressNone:
		return nil
	}
	return misused("--progress takes auto, bar, plain, json or none, not %q", kind)
}

// progress begins to show the progress of so many rows. A bar is for terminals
// only, also when it was asked for: elsewhere it would fill a log with its frames.
func (p *program) progress(kind string, total int) *progress {
	if kind == progressAuto && p.Getenv("CI") != "" {
		kind = progressPlain
	}
	if kind == progressAuto || kind == progressBar {
		kind = progressPlain
		if p.StderrIsTerminal {
			kind = progressBar
		}
	}
	shown := &progress{counts: batch.Counts{}, total: total, began: time.Now()}
	switch {
	case total == 0 || kind == progressNone:
	case kind == progressBar:
		shown.bar, shown.on = newBar(p.terminal, total), p.terminal
	case kind == progressJSON:
		shown.tick(jsonEvery, true, func() { shown.writeJSON(p.Stderr) })
	default:
		shown.tick(plainEvery, false, func() { shown.writePlain(p.Stderr) })
	}
	return shown
}

func newBar(terminal io.Writer, total int) *progressbar.ProgressBar {
	return progressbar.NewOptions(total,
		progressbar.OptionSetWriter(terminal), progressbar.OptionThrottle(barEvery), progressbar.OptionSetWidth(24),
		progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionSetRenderBlankState(true),
		progressbar.OptionSetTheme(progressbar.ThemeASCII))
}

// tick calls show every so often, and with atEnd once more at the end.
func (s *progress) tick(every time.Duration, atEnd bool, show func()) {
	s.stop, s.gone = make(chan struct{}), make(chan struct{})
	go func() {
		defer close(s.gone)
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				show()
			case <-s.stop:
				if atEnd {
					show()
				}
				return
			}
		}
	}()
}

// result counts a row that ended.
func (s *progress) result(r batch.Result) {
	s.mutex.Lock()
	s.counts[r.Status]++
	wrong := s.counts[batch.Failed] + s.counts[batch.Partial] + s.counts[batch.Uncertain]
	s.mutex.Unlock()
	if s.bar == nil {
		return
	}
	if wrong > 0 {
		s.bar.Describe(fmt.Sprintf("%d not done", wrong))
	}
	_ = s.bar.Add(1) // past its end it complains, and the run does not care
}

// end shows the last state. Nothing may be counted after it.
func (s *progress) end() {
	switch {
	case s.bar != nil:
		_ = s.bar.Exit()
		fmt.Fprintln(s.on) // the bar leaves the cursor behind it
	case s.stop != nil:
		close(s.stop)
		<-s.gone
	}
}

func (s *progress) writePlain(out io.Writer) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	fmt.Fprintf(out, "%d of %s after %s: %s\n", s.counts.Total(), rowsText(s.total), time.Since(s.began).Round(time.Second), countsText(s.counts))
}

func (s *progress) writeJSON(out io.Writer) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	line := struct {
		Rows    int          `json:"rows"`
		Ended   int          `json:"ended"`
		Seconds float64      `json:"seconds"`
		Counts  batch.Counts `json:"counts"`
	}{s.total, s.counts.Total(), time.Since(s.began).Seconds(), s.counts}
	_ = json.NewEncoder(out).Encode(line) // stderr may be closed; the run goes on
}
