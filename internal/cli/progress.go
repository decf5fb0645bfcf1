package cli

import (
	"cmp"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/spf13/cobra"

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

// outputFlags are those of commands that show it, and end with a summary.
func outputFlags(command *cobra.Command, progress *string, json *bool) {
	command.Flags().StringVar(progress, "progress", progressAuto, progressHelp)
	command.Flags().BoolVar(json, "json", false, "print the summary as JSON on stdout, and nothing else there")
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
func (s *screen) progress(kind string) *progress {
	if kind == progressAuto && s.noBar {
		kind = progressPlain
	}
	if kind == progressAuto || kind == progressBar {
		kind = progressPlain
		if s.StderrIsTerminal {
			kind = progressBar
		}
	}
	return &progress{kind: kind, messages: s.Stderr, terminal: s.terminal, columns: s.errorColumns, counts: record.Counts{}}
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

// notice takes what the engine says of its pace, see [send.Server]. A run may stand
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
