package batch_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/gate"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// A gate that lets nothing pass ends a run with an exit code of its own: what is over
// may go on another time, what is wrong must be put right.
func TestScheduleEndsARun(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		code     string
		schedule gate.Schedule
		exit     int
		says     string
	}{
		{"not-after", gate.Schedule{NotAfter: time.Now().Add(-time.Hour)}, record.ExitInterrupted, "stopped by --not-after: it is past "},
		{"pause-file", gate.Schedule{PauseFile: "no\x00path"}, record.ExitFailed, "the pause file can't be looked for: "},
	} {
		t.Run(test.code, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, &cupitest.Server{})
			server := s.server(2)
			server.Schedule = test.schedule
			_, err := batch.Preflight(t.Context(), server, s.prepare(s.recorder("run"), creates(1), options(validate.Create)), func(validate.Problem) {})
			var stop *record.Stop
			if !errors.As(err, &stop) || stop.Exit != test.exit || string(stop.Code) != test.code || !strings.HasPrefix(stop.Error(), test.says) {
				t.Errorf("error %#v, want exit %d, code %s, %q", err, test.exit, test.code, test.says)
			}
		})
	}
}
