package torture

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"cucbulk/cupi/cupitest"
)

// moment is when a second administrator makes a user of the same alias.
type moment string

// The moments, all of them after the pre-flight, which saw that the alias is free.
const (
	beforePost  moment = "before the POST"
	afterLoss   moment = "after a POST that was lost, before the look-up"
	inDoubt     moment = "between the two look-ups after a POST that was lost"
	beforeLate  moment = "before a POST that arrives late"
	beforeAgain moment = "before the second POST, after a 500 to the first"
	afterDeath  moment = "after the run died with its POST lost, before the resume"
)

// endOf is how the row must end: either the server says that the alias is taken, or
// a user is there that can't be proven to be the run's.
var endOf = map[moment]string{
	beforePost: "failed exists", afterLoss: "uncertain exists-unproven", inDoubt: "uncertain exists-unproven",
	beforeLate: "uncertain exists-unproven", beforeAgain: "uncertain exists-unproven", afterDeath: "uncertain exists-unproven",
}

// TestSecondAdministrator races every create: somebody else makes a user of the same
// alias, with one of the fields that the row sends different, at the worst moment.
// No such user is adopted, changed, or deleted by a rollback.
func TestSecondAdministrator(t *testing.T) {
	t.Parallel()
	began := time.Now()
	var raced, rejected, uncertain atomic.Int64
	t.Cleanup(func() {
		fmt.Printf("second administrator: %d creates raced: %d refused, %d uncertain, none adopted, none deleted; %.0f s\n",
			raced.Load(), rejected.Load(), uncertain.Load(), time.Since(began).Seconds())
	})
	for seed := uint64(0); raced.Load() < int64(*races) && !t.Failed(); seed++ {
		synctest.Test(t, func(t *testing.T) {
			r := newRace(t, seed)
			for _, end := range r.pass() {
				raced.Add(1)
				if strings.HasPrefix(end, "uncertain") {
					uncertain.Add(1)
				} else {
					rejected.Add(1)
				}
			}
		})
	}
}

// race is one run of which every create is raced.
type race struct {
	*bubble
	seed    uint64
	rows    []wish
	moments map[string]moment // by alias
	before  map[string]map[string]string
	later   sync.WaitGroup

	mutex     sync.Mutex
	random    *rand.Rand
	posts     map[string]int               // that arrived
	strangers map[string]map[string]string // what the administrator made
}

func newRace(t *testing.T, seed uint64) *race {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 4))
	r := &race{bubble: newBubble(t, &cupitest.Server{Seed: seed}), seed: seed, random: random, moments: map[string]moment{}, posts: map[string]int{}, strangers: map[string]map[string]string{}}
	r.simulator.AddUsers(3)
	r.before = people(r.simulator)
	r.bubble.meet = r.inTheWay
	moments := []moment{beforePost, afterLoss, inDoubt, beforeLate, beforeAgain}
	for i := range 10 {
		w := wish{operation: "create", alias: fmt.Sprint("fresh", i), extension: fmt.Sprint(70000 + i), displayName: fmt.Sprint("Wanted ", i), title: "Engineer"}
		r.rows = append(r.rows, w)
		r.moments[w.alias] = moments[random.IntN(len(moments))]
	}
	if seed%2 == 1 {
		r.moments[r.rows[random.IntN(len(r.rows))].alias] = afterDeath
	}
	return r
}

// makeStranger is the administrator: the same alias, perhaps in capitals, and one
// field of those that the row sends is different, if only in its case.
func (r *race) makeStranger(alias string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.strangers[alias] != nil {
		return
	}
	var w wish
	for _, w = range r.rows {
		if w.alias == alias {
			break
		}
	}
	fields := w.fields()
	fields["Alias"] = alias
	if r.random.IntN(3) == 0 {
		fields["Alias"] = strings.ToUpper(alias)
	}
	switch r.random.IntN(5) {
	case 0:
		fields["DisplayName"] = strings.ToLower(w.displayName)
	case 1:
		fields["DisplayName"] = "Somebody Else"
	case 2:
		fields["DtmfAccessId"] = "8" + w.extension
	case 3:
		fields["Title"] = "Manager"
	default:
		delete(fields, "Title")
	}
	if _, err := r.simulator.AddUser(maps.Clone(fields)); err != nil {
		r.t.Errorf("seed %d: the administrator: %v", r.seed, err)
	}
	r.strangers[alias] = fields
}

// inTheWay lets the administrator come first, whenever a POST arrives.
func (r *race) inTheWay(w http.ResponseWriter, request *http.Request) {
	if request.Method != http.MethodPost {
		r.simulator.ServeHTTP(w, request)
		return
	}
	body, err := io.ReadAll(request.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	request.Body = io.NopCloser(bytes.NewReader(body))
	alias := ""
	for _, row := range r.rows {
		if bytes.Contains(body, []byte(`"`+row.alias+`"`)) {
			alias = row.alias
		}
	}
	r.mutex.Lock()
	r.posts[alias]++
	first := r.posts[alias] == 1
	r.mutex.Unlock()
	switch at := r.moments[alias]; {
	case !first || at == beforePost:
		r.makeStranger(alias)
		r.simulator.ServeHTTP(w, request)
	case at == beforeAgain:
		http.Error(w, "<html>Exception</html>", http.StatusInternalServerError)
	case at == afterLoss:
		r.makeStranger(alias)
		cut(w, nil)
	case at == inDoubt:
		r.afterwards(func() { r.makeStranger(alias) })
		cut(w, nil)
	case at == beforeLate:
		r.makeStranger(alias)
		r.afterwards(func() { r.carryOut(request) })
		cut(w, nil)
	case at == afterDeath:
		r.die()
		r.makeStranger(alias)
		cut(w, nil)
	}
}

// afterwards does something in the middle of the doubt window.
func (r *race) afterwards(do func()) {
	r.later.Go(func() {
		time.Sleep(doubt / 2) // of the bubble's clock
		do()
	})
}

// pass does the run, and its resume if it died, and rolls back. It tells how the rows
// ended.
func (r *race) pass() []string {
	r.t.Helper()
	defer r.end()
	folder, _, died, err := r.run("run", fileOf(r.rows))
	if died {
		_, err = r.resume(folder)
	}
	if err != nil {
		r.t.Fatalf("seed %d: %v", r.seed, err)
	}
	r.later.Wait()
	var ends []string
	for i, result := range r.results(folder) {
		at := r.moments[r.rows[i].alias]
		end := ended(result)
		ends = append(ends, end)
		// In a run that died it depends on who came first, the death or the administrator.
		either := died && at != afterDeath && slices.Contains([]string{"failed exists", "uncertain exists-unproven", "invalid alias-taken"}, end)
		if want := endOf[at]; end != want && !either {
			r.t.Errorf("seed %d, row %d, an administrator %s: %s, want %s: %+v", r.seed, i+1, at, end, want, result)
		}
	}
	checkJournal(r.t, folder, len(r.rows))
	r.checkStrangers("after the run")
	r.rollback(folder)
	r.checkStrangers("after the rollback")
	return ends
}

// checkStrangers makes sure that the server has the users of before, and those of the
// administrator as he made them, and nobody else.
func (r *race) checkStrangers(when string) {
	r.t.Helper()
	after := people(r.simulator)
	want := maps.Clone(r.before)
	for alias, fields := range r.strangers {
		user := after[fields["Alias"]]
		if user == nil {
			r.t.Errorf("seed %d, %s: the administrator's %s is gone", r.seed, when, alias)
			continue
		}
		for name, value := range fields {
			if user[name] != value {
				r.t.Errorf("seed %d, %s: %s of the administrator's %s is %q, and was %q", r.seed, when, name, alias, user[name], value)
			}
		}
		want[fields["Alias"]] = user
	}
	if len(r.strangers) != len(r.rows) {
		r.t.Errorf("seed %d: %d creates were raced, want all %d", r.seed, len(r.strangers), len(r.rows))
	}
	if difference := cmp.Diff(want, after); difference != "" {
		r.t.Errorf("seed %d, %s: the server has others (- wanted, + is):\n%s", r.seed, when, difference)
	}
}
