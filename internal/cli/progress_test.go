package cli

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch"
)

// rowsIn shows the progress of rows that take a second each.
func rowsIn(p *program, kind string, rows int) {
	shown := p.progress(kind, rows)
	for range rows {
		time.Sleep(time.Second)
		shown.result(batch.Result{Status: batch.Created})
	}
	synctest.Wait()
	shown.end()
}

// quiet is a program without a terminal.
func quiet(settings map[string]string) (*program, *output) {
	p := newProcess()
	p.settings = settings
	return &program{Environment: p.environment, terminal: p.stderr}, p.stderr
}

func TestPlainProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, stderr := quiet(nil)
		rowsIn(p, progressAuto, 25)
		want := "of 25 rows after 20s: "
		if got := stderr.String(); strings.Count(got, "\n") != 2 || !strings.Contains(got, want) || strings.Contains(got, "\r") {
			t.Errorf("printed %q, want two lines, one with %q", got, want)
		}
	})
}

func TestJSONProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, stderr := quiet(nil)
		rowsIn(p, progressJSON, 3)
		lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
		var last struct {
			Rows, Ended int
			Counts      batch.Counts
		}
		if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
			t.Fatal(err)
		}
		if last.Rows != 3 || last.Ended != 3 || last.Counts[batch.Created] != 3 {
			t.Errorf("the last line is %+v, want all 3 rows", last)
		}
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
		shown := p.progress(test.kind, 3)
		shown.result(batch.Result{Status: batch.Failed})
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
	p.progress(progressAuto, 0).end()
	if got := stderr.String(); got != "" {
		t.Errorf("printed %q, want nothing", got)
	}
}
