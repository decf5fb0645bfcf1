package cli

import (
	"encoding/json"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"cucbulk/batch/gate"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
)

// Notices as the engine tells them.
var (
	throttled = gate.Notice{State: gate.Throttled, Text: "throttled: server busy, 2 of 4 workers", Short: "slowed to 2/4"}
	recovered = gate.Notice{State: gate.Recovered, Text: "going on, 4 of 4 workers"}
	paused    = gate.Notice{State: gate.Paused, Text: "paused: the server is out or too busy (EOF)", Short: "paused: the server is out or too busy"}
	goingOn   = gate.Notice{State: gate.GoingOn, Text: "going on: the server is back"}
	waiting   = gate.Notice{State: gate.Waiting, Text: "waiting: pause is there"}
)

// rowsIn shows the progress of rows that take a second each.
func rowsIn(p *screen, kind string, rows int) {
	shown := p.progress(kind)
	shown.begin(rows)
	for range rows {
		time.Sleep(time.Second)
		shown.result(record.Result{Status: record.Created})
	}
	synctest.Wait()
	shown.end()
}

// quiet is a screen without a terminal.
func quiet(settings map[string]string) (*screen, *output) {
	p := newProcess()
	p.settings = settings
	return newProgram(p.environment).screen, p.stderr
}

func TestPlainProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, stderr := quiet(nil)
		rowsIn(p, progressAuto, 25)
		got := stderr.String()
		if strings.Count(got, "\n") != 2 || strings.Contains(got, "\r") {
			t.Errorf("printed %q, want two lines", got)
		}
		// At 20 s a row ends in the same instant: it may be in the line or not.
		want := regexp.MustCompile(`(?m)^(19|20) of 25 rows after 20s: (19|20) created; (57 rows/min|1.0 rows/s), [56] s left$`)
		if !want.MatchString(got) {
			t.Errorf("printed %q, want a line like %s", got, want)
		}
	})
}

func TestJSONProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, stderr := quiet(nil)
		rowsIn(p, progressJSON, 3)
		lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
		var last progressLine
		if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
			t.Fatal(err)
		}
		if last.Rows != 3 || last.Ended != 3 || last.Counts[record.Created] != 3 || last.RowsPerSecond != 1 || *last.SecondsLeft != 0 || last.Seconds != 3 {
			t.Errorf("the last line is %+v, want all 3 rows, one a second, and nothing left", last)
		}
	})
}

// While a run stands still nobody knows how long the rest takes, programs neither.
func TestJSONTellsNoRestWhileNothingMoves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, stderr := quiet(nil)
		shown := p.progress(progressJSON)
		shown.begin(3)
		time.Sleep(time.Second)
		shown.result(record.Result{Status: record.Created})
		for _, test := range []struct {
			notice gate.Notice
			rest   bool
		}{{throttled, true}, {paused, false}, {waiting, false}} {
			before := len(stderr.String())
			shown.notice(test.notice)
			if line := stderr.String()[before:]; strings.Contains(line, "secondsLeft") != test.rest || !strings.Contains(line, `"why":"`+test.notice.Text+`"`) {
				t.Errorf("%q: got %s, want a rest: %t", test.notice, line, test.rest)
			}
		}
		shown.end()
	})
}

func TestBarIsForTerminalsOnly(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind, ci string
		terminal bool
		want     bool
	}{
		{progressAuto, "", true, true},
		{progressAuto, "true", true, false},
		{progressBar, "true", true, true},
		{progressAuto, "", false, false},
		{progressBar, "", false, false},
		{progressPlain, "", true, false},
		{progressNone, "", true, false},
	} {
		p, stderr := quiet(map[string]string{"CI": test.ci})
		p.StderrIsTerminal = test.terminal
		shown := p.progress(test.kind)
		shown.begin(3)
		shown.result(record.Result{Status: record.Failed})
		shown.end()
		if got := strings.Contains(stderr.String(), "/3)"); got != test.want {
			t.Errorf("%+v: a bar: %v; printed %q", test, got, stderr)
		}
	}
}

func TestProgressOfNothing(t *testing.T) {
	t.Parallel()
	p, stderr := quiet(nil)
	p.StderrIsTerminal = true
	shown := p.progress(progressAuto)
	shown.begin(0)
	shown.end()
	if got := stderr.String(); got != "" {
		t.Errorf("printed %q, want nothing", got)
	}
}

// Every frame of the bar fits into 80 columns, whatever there is to say, and takes
// the line anew without clearing it first, which would flicker.
func TestBarFitsATerminal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, stderr := quiet(nil)
		p.StderrIsTerminal = true
		shown := p.progress(progressBar)
		shown.begin(100_000)
		for i := range 300 {
			time.Sleep(300 * time.Millisecond)
			status := record.Created
			if i%3 == 0 {
				status = record.Failed
			}
			shown.result(record.Result{Status: status})
			if i == 150 {
				shown.notice(throttled)
			}
			if i == 250 {
				shown.notice(recovered)
			}
		}
		synctest.Wait()
		shown.end()
		frames := strings.Split(stderr.String(), "\r")
		widest, seen := 0, map[string]bool{}
		texts := []string{"not done", "rows/s", " left", throttled.Short}
		for _, frame := range frames {
			text := regexp.MustCompile("\x1b\\[[0-9]*[A-Z]").ReplaceAllString(frame, "")
			widest = max(widest, utf8.RuneCountInString(text))
			for _, what := range texts {
				seen[what] = seen[what] || strings.Contains(text, what)
			}
		}
		if widest > 80 || len(frames) < 100 {
			t.Errorf("the widest of %d frames has %d columns, want at most 80: %q", len(frames), widest, frames[len(frames)/2])
		}
		for _, what := range texts {
			if !seen[what] {
				t.Errorf("the bar never said %q", what)
			}
		}
		if n := strings.Count(stderr.String(), "\x1b[2K"); ansi() && n != 1 {
			t.Errorf("the line was cleared %d times, want once, at the end", n)
		}
	})
}

// On a narrow terminal the text gives way, and the line stays one line.
func TestBarFitsANarrowTerminal(t *testing.T) {
	t.Parallel()
	for _, width := range []int{30, 40, 60, 79} {
		b := newBar(io.Discard, func() int { return width }, 100_000)
		least := len("  17% [....] (100000/100000) ")
		if got := least + b.room(); got > width && b.room() > 0 {
			t.Errorf("on %d columns the bar takes %d", width, got)
		}
		b.show(strings.Repeat("x", 100))
	}
	if got := newBar(io.Discard, nil, 100).room(); got != besideBar {
		t.Errorf("where the width is not known there is room for %d, want %d", got, besideBar)
	}
}

// Rows whose answers were lost end when the server is asked again, which no pace
// foretells: while nothing else ends, that time is shown in place of the rest.
func TestLostAnswersInPlaceOfTheRest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, stderr := quiet(nil)
		shown := p.progress(progressPlain)
		shown.begin(10)
		for range 8 {
			time.Sleep(time.Second)
			shown.result(record.Result{Status: record.Created})
		}
		shown.notice(gate.Notice{State: gate.Settling, Text: "2 answers lost, asks at 03:37:20"})
		time.Sleep(3 * time.Second) // until 11 s
		synctest.Wait()
		if got := stderr.String(); !strings.HasSuffix(got, " s left\n") {
			t.Errorf("while rows end it says %q, want how long the rest takes", got)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if _, got, _ := strings.Cut(stderr.String(), "\n"); strings.Contains(got, "left") || !strings.HasSuffix(got, "; 2 answers lost, asks at 03:37:20\n") {
			t.Errorf("when no row ends any more it says %q", got)
		}
		shown.notice(gate.Notice{State: gate.Settled})
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if got := stderr.String(); strings.Count(got, "answers lost") != 1 || !strings.HasSuffix(got, " s left\n") {
			t.Errorf("when they are settled it says %q", got)
		}
		shown.end()
	})
}

// Beside the bar there is no room for what a line above it says.
func TestShortReasons(t *testing.T) {
	t.Parallel()
	for want, news := range map[string]gate.Notice{throttled.Short: throttled, paused.Short: paused, waiting.Text: waiting} {
		synctest.Test(t, func(t *testing.T) {
			p, stderr := quiet(nil)
			p.StderrIsTerminal = true
			shown := p.progress(progressBar)
			shown.begin(10)
			shown.notice(news)
			time.Sleep(2 * textEvery)
			synctest.Wait()
			frames := strings.Split(stderr.String(), "\r")
			if got := frames[len(frames)-1]; !strings.Contains(got, "(0/10) "+want+"  ") {
				t.Errorf("%q: the bar says %q, want %q", news, got, want)
			}
			shown.end()
		})
	}
}

// A terminal that stands still keeps no row from ending, and nobody from telling the next
// thing: it is shown when the terminal goes on.
func TestATerminalThatStandsStill(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{progressBar, progressPlain, progressJSON} {
		synctest.Test(t, func(t *testing.T) {
			p, stderr := quiet(nil)
			still := make(chan struct{})
			stuck := writerFunc(func(text []byte) (int, error) { <-still; return stderr.Write(text) })
			p.StderrIsTerminal, p.Stderr, p.terminal = true, stuck, stuck
			shown := p.progress(kind)
			shown.begin(3)
			time.Sleep(plainEvery + time.Second)
			synctest.Wait()
			for range 3 {
				shown.result(record.Result{Status: record.Created})
			}
			shown.notice(paused)
			shown.say("and this")
			close(still)
			shown.end()
			if got := stderr.String(); strings.Count(got, paused.Text) == 0 || !strings.Contains(got, "and this\n") {
				t.Errorf("%s: then it shows %q, want all that was said", kind, got)
			}
		})
	}
}

// writerFunc is a function that writes.
type writerFunc func(text []byte) (int, error)

func (f writerFunc) Write(text []byte) (int, error) { return f(text) }

// Where nothing is shown, that a run is slow is said once, however often its limit changes.
func TestAThrottleIsToldOnce(t *testing.T) {
	t.Parallel()
	p, stderr := quiet(nil)
	shown := p.progress(progressNone)
	for range 3 {
		shown.notice(throttled)
		shown.notice(gate.Notice{State: gate.Throttled, Text: "throttled: server busy, 3 of 4 workers"})
	}
	shown.notice(recovered)
	shown.notice(throttled)
	if got, want := stderr.String(), "cucbulk: "+throttled.Text+"\ncucbulk: "+recovered.Text+"\ncucbulk: "+throttled.Text+"\n"; got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
}

func TestNotices(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, stderr := quiet(nil)
		shown := p.progress(progressPlain)
		shown.notice(gate.Notice{State: gate.Waiting, Text: "waiting: the window is not open yet"}) // before there is anything to show
		shown.begin(100)
		slower := gate.Notice{State: gate.Throttled, Text: "throttled: the server does not answer in time, 1 of 4 workers"}
		for _, step := range []struct {
			notice    gate.Notice
			said, why string
		}{
			{paused, "cucbulk: paused: the server is out or too busy (EOF)\n", "; paused: the server is out or too busy (EOF)"},
			{goingOn, "cucbulk: going on: the server is back\n", ""},
			{throttled, "", "; throttled: server busy, 2 of 4 workers"},
			{paused, "cucbulk: paused: the server is out or too busy (EOF)\n", "; paused: the server is out or too busy (EOF)"},
			{slower, "", "; paused: the server is out or too busy (EOF)"},
			{goingOn, "cucbulk: going on: the server is back\n", "; throttled: the server does not answer in time, 1 of 4 workers"},
			{recovered, "", ""},
			{waiting, "cucbulk: waiting: pause is there\n", "; waiting: pause is there"},
		} {
			before := len(stderr.String())
			shown.notice(step.notice)
			if got := stderr.String()[before:]; got != step.said {
				t.Errorf("%q: printed %q, want %q", step.notice, got, step.said)
			}
			time.Sleep(plainEvery + time.Second)
			synctest.Wait()
			line := strings.TrimPrefix(stderr.String()[before:], step.said)
			if got := strings.Contains(line, "rows") && strings.HasSuffix(line, step.why+"\n"); !got || step.why == "" && strings.Contains(line, "; ") == false {
				t.Errorf("%q: the next line is %q, want one that ends with %q", step.notice, line, step.why)
			}
		}
		shown.result(record.Result{Status: record.Created})
		if why := shown.why(time.Now()); why.Text != "" {
			t.Errorf("after a row the run still waits, it says: %q", why.Text)
		}
		shown.end()
		if got := stderr.String(); !strings.HasPrefix(got, "cucbulk: waiting: the window is not open yet\n") {
			t.Errorf("printed %q, want what was said before the start", got)
		}
	})
}

// Rows that are left out cost no time: neither the rate nor the rest knows them.
func TestRestKnowsOnlyRowsThatTakeTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, _ := quiet(nil)
		shown := p.progress(progressNone)
		shown.begin(1000)
		work := make(plan.Workload, 1001)
		for row := 901; row <= 1000; row++ {
			work[row] = 1
		}
		shown.planned(work)
		for row := range 900 {
			shown.result(record.Result{Row: row + 1, Status: record.Skipped})
		}
		for row := range 40 {
			time.Sleep(2 * time.Second)
			shown.result(record.Result{Row: 901 + row, Status: record.Created})
		}
		if rest, known := shown.pace.remaining(time.Now()); !known || rest != 120*time.Second {
			t.Errorf("got %s (known: %v), want two minutes for 60 rows", rest, known)
		}
	})
}

// The rest is right within a fifth from the second minute, also when the server gets
// three times as slow, and half a minute later at that.
func TestRestIsRight(t *testing.T) {
	t.Parallel()
	const rows = 1000
	for name, took := range map[string]func(row int) time.Duration{
		"steady":   func(int) time.Duration { return 425 * time.Millisecond },
		"unsteady": func(row int) time.Duration { return time.Duration(300+row*7919%250) * time.Millisecond },
		"warming up": func(row int) time.Duration {
			return 425*time.Millisecond + time.Duration(max(0, 40-row))*20*time.Millisecond
		},
		"the easy rows first": func(row int) time.Duration { return time.Duration(workOf(row)) * 425 * time.Millisecond },
	} {
		synctest.Test(t, func(t *testing.T) {
			work := func(int) int { return 1 }
			if name == "the easy rows first" {
				work = workOf
			}
			var p pace
			for row := range rows {
				p.left += work(row)
			}
			began := time.Now()
			p.begin(began)
			guesses := map[time.Duration]time.Duration{} // by when they were made: the whole time
			for row := range rows {
				time.Sleep(took(row))
				now := time.Now()
				p.row(now, work(row))
				if rest, known := p.remaining(now); known && now.Sub(began) > time.Minute {
					guesses[now.Sub(began)] = rest
				}
			}
			whole := time.Since(began)
			for at, rest := range guesses {
				truth := whole - at
				if off := (rest - truth).Abs(); off > truth/5 && off > 2*time.Second {
					t.Errorf("%s: after %s it said %s more, and it was %s", name, at, rest, truth)
				}
			}
		})
	}
}

// workOf is the work of the rows of a file that begins with the easy ones.
func workOf(row int) int {
	if row < 600 {
		return 1
	}
	return 4
}

func TestRestText(t *testing.T) {
	t.Parallel()
	for rest, want := range map[time.Duration]string{
		0: "1 s", 59 * time.Second: "59 s", 61 * time.Second: "1 min 01 s", 42 * time.Minute: "42 min", 125 * time.Minute: "2 h 05 min",
		119*time.Minute + 50*time.Second: "2 h 00 min",
	} {
		if got := restText(rest); got != want {
			t.Errorf("%s: got %q, want %q", rest, got, want)
		}
	}
	for rate, want := range map[float64]string{0: "–", 0.5: "30 rows/min", 2.345: "2.3 rows/s", 165.2: "165 rows/s"} {
		if got := rateText(rate); got != want {
			t.Errorf("%g: got %q, want %q", rate, got, want)
		}
	}
}
