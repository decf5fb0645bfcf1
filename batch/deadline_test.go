package batch_test

import (
	"fmt"
	"net/http"
	"path"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// A row may spend five minutes on trying: then nothing of it is tried again, and what
// is left of its steps is sent once. Waiting for a busy server does not count.
func TestARowTriesForFiveMinutes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		fault func(times int) cupitest.Fault // of each of a credential's requests
		want  map[string]int                 // requests by the credential
		ends  string
	}{
		{"answers are lost", func(int) cupitest.Fault { return cupitest.Reset }, map[string]int{"pin": 3, "password": 1}, "partial row-deadline"},
		{"the server is busy", func(times int) cupitest.Fault {
			if times < 20 {
				return cupitest.Busy
			}
			return cupitest.NoFault
		}, map[string]int{"pin": 20, "password": 20}, "created"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				sent := map[string]int{}
				simulator := &cupitest.Server{RetryAfter: time.Minute, Fault: func(r *http.Request) cupitest.Fault {
					credential := path.Base(r.URL.Path)
					if r.Method != "PUT" || (credential != "pin" && credential != "password") {
						return cupitest.NoFault
					}
					sent[credential]++
					return test.fault(sent[credential])
				}}
				server, end := inBubble(t, newMemoryNet(), simulator, 1)
				defer end()
				options := options(validate.Create)
				options.DoubtWindow, options.MaxOutage = 110*time.Second, time.Hour
				p := preflightFile(t, server, folder, "Alias,DtmfAccessId,PIN,Password\nfresh,4711,92746183,kT7!wq2Zp9\n", options)
				if _, err := p.Run(t.Context(), batch.Recorder{Folder: folder, Tool: "test"}); err != nil {
					t.Fatal(err)
				}
				history, err := record.ReadHistory(folder)
				if err != nil {
					t.Fatal(err)
				}
				if got := statuses(t, history); got != test.ends || fmt.Sprint(sent) != fmt.Sprint(test.want) {
					t.Errorf("got %s after %v requests, want %s after %v: %+v", got, sent, test.ends, test.want, results(t, history))
				}
			})
		})
	}
}
