package torture

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"time"
)

// weather decides what becomes of each request. What it draws depends on the seed, on
// the request and on how often that came before, and not on the order of others.
type weather struct {
	seed uint64

	mutex sync.Mutex
	seen  map[string]uint64
	calm  bool
	grim  int            // of a thousand changes, how many go wrong
	full  map[string]int // start -> the sync at which its disk is full
	dies  map[string]int // start -> the change at which it dies
	sent  map[string]int // start -> changes that it sent
	count map[string]int // what struck, by its name
}

// bolt is what strikes one request.
type bolt struct {
	latency         time.Duration
	doubtful        bool          // the answer does not tell what became of the change
	lost            bool          // it never reaches the server
	later           time.Duration // it is carried out so much later than its connection ended
	before          func(http.ResponseWriter)
	after           func(http.ResponseWriter, *httptest.ResponseRecorder)
	dies, diesAfter func(*start)
}

func (w *weather) draw(parts ...string) *rand.Rand {
	key := strings.Join(parts, "\x00")
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.seen == nil {
		w.seen, w.count = map[string]uint64{}, map[string]int{}
	}
	w.seen[key]++
	h := fnv.New64a()
	h.Write([]byte(key))
	return rand.New(rand.NewPCG(w.seed, h.Sum64()^w.seen[key]<<40))
}

func (w *weather) note(what string) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.count[what]++
}

// disk says what the nth sync of a start's journal ends with.
func (w *weather) disk(name string, sync int) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if at := w.full[name]; at > 0 && sync >= at && !w.calm {
		if sync == at {
			w.count["full disk"]++
		}
		return syscall.ENOSPC
	}
	return nil
}

// filled reports whether a disk was full.
func (w *weather) filled() bool {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.count["full disk"] > 0
}

// choose draws what strikes a request.
func (w *weather) choose(s *start, r *http.Request, body []byte) bolt {
	random := w.draw(s.name, r.Method, r.URL.RequestURI(), string(body))
	b := bolt{latency: 50*time.Millisecond + time.Duration(random.ExpFloat64()*float64(time.Second))}
	if w.isCalm() {
		b.latency = 50 * time.Millisecond
		return b
	}
	b.latency = min(b.latency, 20*time.Second)
	grim := w.grim
	if r.Method == http.MethodGet {
		if random.IntN(5000) < grim {
			w.badRead(random, &b)
		}
		return b
	}
	w.mutex.Lock()
	w.sent[s.name]++
	dies := w.sent[s.name] == w.dies[s.name]
	w.mutex.Unlock()
	if dies {
		w.death(random, &b)
		return b
	}
	if random.IntN(1000) < grim {
		w.badChange(random, &b)
	}
	return b
}

func (w *weather) isCalm() bool {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.calm
}

// set makes it calm, or lets it be what it was.
func (w *weather) set(calm bool) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.calm = calm
}

// death lets the start die at this change, before or after it is carried out; sometimes
// it is carried out later.
func (w *weather) death(random *rand.Rand, b *bolt) {
	power := random.IntN(3) == 0
	die := func(s *start) { s.die(power) }
	switch random.IntN(4) {
	case 0:
		b.dies, b.lost = die, true
	case 1:
		b.dies, b.later = die, lateBy(random)
	case 2:
		b.dies = die // it is carried out all the same
	default:
		b.diesAfter = die
	}
	w.note("death")
}

// lateBy is how long a server may take that still has a request whose client has gone:
// less than the time-out and the queue.
func lateBy(random *rand.Rand) time.Duration {
	return time.Duration(random.Int64N(int64(doubt - 5*time.Second)))
}

func refusal(status int) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		if status == http.StatusNotFound { // in CUPI's own words it would be true: who else can know that something is gone?
			http.NotFound(w, nil)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"errors":{"code":"DATA_EXCEPTION","message":"refused with %d"}}`, status) // the client hears it or has gone
	}
}

func (w *weather) badRead(random *rand.Rand, b *bolt) {
	switch random.IntN(8) {
	case 0, 1:
		b.lost = true
		w.note("read lost")
	case 2:
		b.before = refusal(http.StatusInternalServerError)
		w.note("500 to a read")
	case 3, 4:
		b.before = refusal(http.StatusServiceUnavailable)
		w.note("503")
	case 5:
		b.after = func(w http.ResponseWriter, answer *httptest.ResponseRecorder) {
			text := answer.Body.Bytes()
			w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
			w.Header().Set("Content-Length", fmt.Sprint(len(text)+1))
			w.WriteHeader(answer.Code)
			_, _ = w.Write(text[:len(text)/2])
			panic(http.ErrAbortHandler)
		}
		w.note("read cut")
	case 6:
		b.latency = timeout + time.Second
		w.note("read late")
	default:
		b.before = func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html;charset=utf-8")
			_, _ = w.Write([]byte("<!DOCTYPE html><html><body>Sign in</body></html>")) // the client hears it or has gone
		}
		w.note("page for a read")
	}
}

func (w *weather) badChange(random *rand.Rand, b *bolt) {
	answered := func(status int) func(http.ResponseWriter, *httptest.ResponseRecorder) {
		return func(w http.ResponseWriter, _ *httptest.ResponseRecorder) { refusal(status)(w) }
	}
	switch random.IntN(10) {
	case 0:
		b.lost = true
		w.note("lost on the way there")
	case 1, 2:
		b.after = func(w http.ResponseWriter, _ *httptest.ResponseRecorder) { cut(w, nil) }
		w.note("answer lost")
	case 3, 4:
		b.later = lateBy(random)
		w.note("late")
	case 5:
		b.latency, b.doubtful = timeout+time.Duration(random.Int64N(int64(15*time.Second))), true
		w.note("later than the client waits")
	case 6:
		b.after = answered([]int{500, 502, 503, 504}[random.IntN(4)])
		w.note("5xx after commit")
	case 7:
		status := []int{500, 503, 503, 429}[random.IntN(4)]
		b.before, b.doubtful = refusal(status), status >= 500
		w.note("5xx or 429 before")
	case 8:
		b.after = answered([]int{400, 403, 404, 409, 413}[random.IntN(5)])
		w.note("4xx after commit")
	default:
		b.before = refusal([]int{400, 400, 403, 413}[random.IntN(4)])
		w.note("4xx")
	}
}
