package batch_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// watched is a server whose services take their time. It adds up how busy its slots are as
// long as rows are left to begin, and how long people wait for their PIN.
type watched struct {
	http.Handler                      // answers
	service      func() time.Duration // nil: nothing is watched yet
	rows         int

	mutex    sync.Mutex
	inFlight int
	users    int // whose rows have begun
	began    time.Time
	last     time.Time            // when the number of requests in flight changed
	busy     time.Duration        // of all slots together, until the last row began
	whole    time.Duration        // until then
	made     map[string]time.Time // users, by ObjectId
	waits    []time.Duration      // from when a user is there until the PIN is
}

func (w *watched) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	if w.service == nil {
		w.Handler.ServeHTTP(out, r)
		return
	}
	makes := r.Method == http.MethodPost && r.URL.Path == cupi.Users.Path
	time.Sleep(w.comes(makes))
	w.Handler.ServeHTTP(out, r)
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.count(-1)
	if makes {
		w.made[path.Base(out.Header().Get("Location"))] = time.Now()
	}
	if user, is := strings.CutSuffix(r.URL.Path, "/credential/pin"); is {
		w.waits = append(w.waits, time.Since(w.made[path.Base(user)]))
	}
}

// comes takes note of a request, and tells how long its service takes.
func (w *watched) comes(makes bool) time.Duration {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.began.IsZero() {
		w.began = time.Now()
	}
	w.count(1)
	if makes {
		w.users++
	}
	return w.service()
}

// count notes that so many requests more are in flight. The mutex is held.
func (w *watched) count(more int) {
	now := time.Now()
	if w.users < w.rows {
		w.busy += time.Duration(w.inFlight) * now.Sub(w.last)
		w.whole = now.Sub(w.began)
	}
	w.last, w.inFlight = now, w.inFlight+more
}

func (w *watched) medianWait() time.Duration {
	slices.Sort(w.waits)
	return w.waits[len(w.waits)/2]
}

// varied is a third more or less, mostly; and of longTailed one in twenty takes eight times as long.
func varied(r *rand.Rand) float64 { return math.Exp(0.3*r.NormFloat64() - 0.045) }

func longTailed(r *rand.Rand) float64 {
	if r.Float64() < 0.05 {
		return 8
	}
	return 0.53 + 0.2*r.Float64()
}

// While a row of several changes is between two of them, its slot is another row's. There is
// but one row more than there are slots, and yet they are all busy, unless a sync takes much
// more than a tenth of a request; and nobody waits long for a PIN.
func TestRowsOfSeveralChangesKeepTheSlotsBusy(t *testing.T) {
	t.Parallel()
	const workers, requests, mean = 4, 600, 200 * time.Millisecond
	for _, test := range []struct {
		name    string
		varies  func(*rand.Rand) float64 // services, around their mean
		changes int                      // of a row
	}{
		{"two changes a row", varied, 2},
		{"four changes a row", varied, 4},
		{"four changes a row, and some take long", longTailed, 4},
		{"eight changes a row", varied, 8},
	} {
		for _, disk := range []struct {
			sync time.Duration
			used float64 // of the slots' time, at least
		}{{mean / 10, 0.975}, {mean / 4, 0.88}} {
			t.Run(fmt.Sprintf("%s, and a sync takes %s", test.name, disk.sync), func(t *testing.T) {
				t.Parallel()
				folder, rows := t.TempDir(), requests/test.changes
				synctest.Test(t, func(t *testing.T) {
					h := newHalves(t, 0)
					front := &watched{Handler: h.simulator, rows: rows, made: map[string]time.Time{}}
					random := rand.New(rand.NewPCG(1, 1))
					server, end := inBubbleBehind(t, front, newMemoryNet(), h.simulator, workers)
					defer end()
					p := preflightFile(t, server, folder, peopleOf(rows, test.changes), options(validate.Create))
					front.service = func() time.Duration { return time.Duration(test.varies(random) * float64(mean)) }
					recorder, syncs := h.recorder(folder), 0
					recorder.Journal.Sync = func(*os.File) error { syncs++; time.Sleep(disk.sync); return nil }
					summary, err := p.Run(t.Context(), recorder)
					if err != nil || summary.Counts[record.Created] != rows {
						t.Fatalf("counts %v, stop %v, error %v", summary.Counts, summary.Stop, err)
					}
					h.check()
					used, wait := front.busy.Seconds()/front.whole.Seconds()/workers, front.medianWait()
					t.Logf("%.3f of the slots' time, %d syncs, the median wait for a PIN is %s", used, syncs, wait)
					if used < disk.used {
						t.Errorf("%.3f of the slots' time was used, want %.3f", used, disk.used)
					}
					if wait > 2*mean {
						t.Errorf("the median wait for a PIN is %s, and a request takes %s", wait, mean)
					}
				})
			})
		}
	}
}

// peopleOf is a file of n rows of so many changes each, from two: a user, the PIN, and
// alternate extensions.
func peopleOf(n, changes int) string {
	text := "Alias,DtmfAccessId,PIN"
	for i := range changes - 2 {
		text += fmt.Sprintf(",Extension_Alt%d", i+1)
	}
	for i := range n {
		text += fmt.Sprintf("\nperson%03d,%d,739164", i+1, 40000+i)
		for j := range changes - 2 {
			text += fmt.Sprintf(",%d", 770000+10*i+j)
		}
	}
	return text + "\n"
}
