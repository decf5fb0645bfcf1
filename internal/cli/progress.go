package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"cucbulk/batch/gate"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
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
	textEvery  = 500 * time.Millisecond // behind the bar: faster can't be read
	plainEvery = 10 * time.Second
	jsonEvery  = time.Second
)

// lostAfter is how long no row must end until people see which answers are waited for:
// till then others go on, and their pace says more.
const lostAfter = 5 * time.Second

// progress shows how far a run is, and why it is slow. The engine calls result from
// one goroutine, and notice from any.
type progress struct {
	kind     string
	messages io.Writer // stderr
	terminal io.Writer // stderr as it is, for the bar
	columns  func() int
	stop     func() // ends the ticking; nil when nothing ticks
	writes   writes // to messages, and of the bar: posted while the mutex is held, done without it

	mutex  sync.Mutex // guards what follows
	bar    *bar       // nil: no bar; only writes draw it
	worded time.Time  // when the text beside it was made
	counts record.Counts
	total  int
	began  time.Time
	work   plan.Workload // of each row; nil: not known
	pace   pace
	still  gate.Notice // why it stands still; zero when it does not
	slowed gate.Notice // how it is throttled; zero when it is not
	lost   gate.Notice // how many answers were lost, and until when they are waited for, or that none is
}

// checkProgress refuses an unknown kind.
func checkProgress(kind string) error {
	switch kind {
	case progressAuto, progressBar, progressPlain, progressJSON, progressNone:
		return nil
	}
	return misused("--progress takes auto, bar, plain, json or none, not %q", kind)
}

// progress makes what shows a run. A bar is for terminals only, also when it was
// asked for: elsewhere it would fill a log with its frames.
func (p *program) progress(kind string) *progress {
	if kind == progressAuto && p.Getenv("CI") != "" {
		kind = progressPlain
	}
	if kind == progressAuto || kind == progressBar {
		kind = progressPlain
		if p.StderrIsTerminal {
			kind = progressBar
		}
	}
	return &progress{kind: kind, messages: p.Stderr, terminal: p.terminal, columns: p.errorColumns, counts: record.Counts{}}
}

// begin starts to show so many rows. Until planned tells better, each of them is as
// much work as the others.
func (s *progress) begin(total int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.total, s.began = total, time.Now()
	s.pace.left = total
	s.pace.begin(s.began)
	switch {
	case total == 0 || s.kind == progressNone:
	case s.kind == progressBar:
		s.bar = newBar(s.terminal, s.columns, total)
		s.tick(barEvery, s.drawBar)
	case s.kind == progressJSON:
		s.tick(jsonEvery, s.writeJSON)
	default:
		s.tick(plainEvery, s.writePlain)
	}
}

// planned takes how much work each row is, when that is known.
func (s *progress) planned(work plan.Workload) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.work, s.pace.left = work, work.Total()
	s.pace.begin(time.Now())
}

// tick calls show every so often.
func (s *progress) tick(interval time.Duration, show func()) {
	s.stop = every(interval, func() { s.update(show) })
}

// update changes what is known, and writes what that posts.
func (s *progress) update(change func()) {
	func() {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		change()
	}()
	s.writes.flush()
}

// result counts a row that ended. It writes nothing: the run waits for it.
func (s *progress) result(r record.Result) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.counts[r.Status]++
	work := 1
	if s.work != nil {
		work = s.work.Of(r.Row)
	}
	if work > 0 && r.Status != record.Invalid && r.Status != record.Skipped { // those cost no time
		s.pace.row(time.Now(), work)
		if s.still.State == gate.Waiting {
			s.goOn()
		}
	}
}

// notice takes what the engine says of its pace, see [batch.Server]. A run may stand
// still and be throttled at once, and either may end first. A throttle is only shown;
// that a run stands still is also said.
func (s *progress) notice(news gate.Notice) { s.update(func() { s.take(news) }) }

// take takes a notice. The mutex is held.
func (s *progress) take(news gate.Notice) {
	news.Text = oneLine(news.Text)
	said, told := false, news.State == gate.Throttled && s.slowed.State == gate.Throttled
	switch news.State {
	case gate.Settling, gate.Settled:
		s.lost = news
		return
	case gate.Throttled:
		s.slowed = news
	case gate.Recovered:
		s.slowed = gate.Notice{}
		s.pace.begin(time.Now())
	case gate.GoingOn:
		said = s.still.State != ""
		s.goOn()
	case gate.Waiting, gate.Paused:
		s.still, said = news, true
	}
	switch {
	case told && s.kind != progressJSON: // it is only another number of workers
	case s.began.IsZero() || s.kind == progressNone:
		s.print(s.sentence(news.Text))
	case s.kind == progressJSON:
		s.writeJSON()
	case said:
		s.write(s.sentence(news.Text))
	}
}

// goOn forgets why the run stood still, and how slow it was.
func (s *progress) goOn() {
	s.still = gate.Notice{}
	s.pace.begin(time.Now())
}

// why says why the run is slow or waits; it has no text when it does not.
func (s *progress) why(now time.Time) gate.Notice {
	if s.reconciles(now) {
		return cmp.Or(s.still, s.lost)
	}
	return cmp.Or(s.still, s.slowed)
}

// reconciles reports whether nothing is left but to wait for the answers that were lost.
func (s *progress) reconciles(now time.Time) bool {
	return s.lost.State == gate.Settling && s.pace.quiet(now) >= lostAfter
}

// say writes a line for people, above the bar if there is one.
func (s *progress) say(line string) { s.update(func() { s.write(line) }) }

func (s *progress) write(line string) {
	if s.bar == nil {
		s.print(line)
		return
	}
	bar := s.bar
	s.writes.post(func() { bar.above(func() { fmt.Fprintln(s.messages, line) }) })
}

// print writes a line where there is no bar.
func (s *progress) print(line string) {
	s.writes.post(func() { fmt.Fprintln(s.messages, line) })
}

// end shows the last state to programs, and takes the bar away. Nothing may be
// counted after it.
func (s *progress) end() {
	if s.stop != nil {
		s.stop()
	}
	s.update(func() {
		switch {
		case s.bar != nil:
			bar, ended := s.bar, s.counts.Total()
			s.writes.post(func() { bar.set(ended); bar.end() })
		case s.kind == progressJSON && s.total > 0:
			s.writeJSON()
		}
	})
}

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
	line := fmt.Sprintf("%d of %s after %s: %s; %s", s.counts.Total(), rowsText(s.total), now.Sub(s.began).Round(time.Second), countsText(s.counts), rateText(s.pace.perSecond(now)))
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
