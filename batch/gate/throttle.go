package gate

import (
	"errors"
	"fmt"
	"math"
	"time"

	"cucbulk/cupi"
)

// Slot is the place of one request in flight, from [Gate.Pass] to [Gate.Answered].
type Slot struct {
	epoch int  // of the throttle, when it was taken
	full  bool // it was the last one
}

// throttle decides how many requests may be in flight. Left to find the number by
// itself, it goes by what requests take: with n at once a server that has room
// answers n in the time of one, and one that has none lets them wait. So it tries
// one more, and keeps it if that brought most of what it should; when requests get
// slower, it tries one less, and keeps that if it cost less than most of what it
// should: what remains came at the cost of others. How far single requests differ
// tells how far a mean may be off, and what can't be told from chance changes nothing.
//
// A server that says it is busy halves the number, whoever chose it. It then goes up
// to where it was, or one less where that one was refused as soon as it was there.
//
// It is not safe for concurrent use.
type throttle struct {
	auto  bool
	most  int
	limit int
	epoch int // counts the changes of limit: answers to what was sent before tell nothing

	phase   phase
	base    times // what requests took before the limit changed
	now     times // what they take now
	skip    int   // answers that do not count yet: when those were sent, fewer were in flight
	strange int   // answers of a kind that base does not have
	sure    bool  // one less was tried, or is where it came from: it is not worth it
	late    bool  // requests took longer in the last window that it held
	held    int   // windows since the last try of one more
	hold    int   // windows until the next

	goal      int  // where a recovery ends
	successes int  // since the limit changed
	slow      int  // a recovery that is cut down again takes its time
	unproven  bool // a recovery came here, and no window went by yet

	throttled int // times that it went down, and stayed there
	told      int // the limit that people know; 0: none
}

// phase is what the throttle is doing.
type phase string

const (
	measuring  phase = "measuring"  // what requests take here
	oneMore    phase = "oneMore"    // it tries one more
	oneLess    phase = "oneLess"    // it tries one less
	holding    phase = "holding"    // it watches for change
	recovering phase = "recovering" // from a cut, up to where it was
	resting    phase = "resting"    // the number is fixed
)

// noTime is what a request takes at least, for the throttle: below it, differences are
// those of this computer and of the network, and say nothing of the server.
const noTime = 20 * time.Millisecond

// What the throttle goes by.
const (
	autoStart   = 2       // requests at once, before anything is known
	worthIt     = 2.0 / 3 // of what one more should bring
	plainly     = 1.0 / 2 // of that is surely there: enough to go up at the beginning
	vague       = 1.0 / 4 // of that is in doubt: what goes beyond speaks for more at once
	drift       = 0.15    // requests surely take so much longer, or less long: look again
	longestTry  = 2       // windows, where a try is close
	firstHold   = 1       // windows
	longestHold = 6
	slowest     = 16
	afterCut    = 2 // answers for each slot, until one more
)

// window is how many answers it takes to judge a limit, and glance how many may show
// at the beginning that one more is plainly worth it.
func window(limit int) int { return 4 + 6*limit }
func glance(limit int) int { return 2 + 2*limit }

func newThrottle(workers int, auto bool) throttle {
	workers = max(workers, 1)
	t := throttle{auto: auto, most: workers, limit: workers, phase: resting, hold: firstHold, slow: 1}
	if auto {
		t.limit, t.told = min(autoStart, workers), workers
		t.measure()
	}
	return t
}

// answered learns from a request that ended. news, if not nil, is for people.
func (t *throttle) answered(taken Slot, kind requestKind, took time.Duration, err error) (news *Notice) {
	if why := sayingBusy(err); why != "" {
		return t.cut(taken, why)
	}
	if err != nil || taken.epoch != t.epoch {
		return nil
	}
	if t.phase == recovering {
		return t.recover()
	}
	if t.phase == resting || !taken.full {
		return nil
	}
	if t.skip > 0 {
		t.skip--
		return nil
	}
	return t.learn(kind, took)
}

// sayingBusy tells in what words a server asked for less: it said so, or it did not
// answer in time. It is "" for anything else.
func sayingBusy(err error) string {
	var problem *cupi.Error
	switch {
	case !errors.As(err, &problem):
		return ""
	case problem.Status == 503, problem.Status == 429:
		return fmt.Sprintf("the server says that it is busy (%d)", problem.Status)
	case problem.Status == 0 && problem.Kind == cupi.KindTimeout:
		return "the server does not answer in time"
	}
	return ""
}

// cut halves the limit, once for all that was in flight, and says where the recovery
// ends. What is refused at a limit that was not known to go, goes with one less.
func (t *throttle) cut(taken Slot, why string) *Notice {
	if taken.epoch != t.epoch {
		return nil
	}
	t.successes = 0
	if t.limit == 1 {
		return nil
	}
	switch {
	case t.phase == recovering:
		t.slow = min(2*t.slow, slowest)
	case t.phase == oneMore, t.unproven:
		t.goal, t.slow, t.hold = t.limit-1, 1, min(2*t.hold, longestHold)
	case t.phase == oneLess:
		t.goal, t.slow = t.limit+1, 1
	default:
		t.goal, t.slow = t.limit, 1
	}
	if t.unproven {
		t.base, t.unproven = nil, false // it is of a limit that does not go
	}
	t.phase = recovering
	t.throttled++
	t.change(t.limit / 2)
	return t.slowed(why)
}

// recover goes up by one after enough answers.
func (t *throttle) recover() *Notice {
	if t.successes++; t.successes < afterCut*t.limit*t.slow {
		return nil
	}
	if t.limit < t.goal {
		t.change(t.limit + 1)
	}
	if t.limit < t.goal {
		return nil
	}
	if !t.auto {
		t.phase = resting
		return t.news(Notice{State: Recovered, Text: "going on"})
	}
	t.unproven = true
	return t.keepLimit()
}

// learn takes an answer into account, and judges when there are enough.
func (t *throttle) learn(kind requestKind, took time.Duration) *Notice {
	took = max(took, noTime)
	if _, known := t.base[kind]; !known && t.phase != measuring {
		if t.strange++; t.phase != holding && t.strange > 2*window(t.limit) {
			t.measure() // the run does something else now
			return nil
		}
		if t.phase == holding {
			t.base.add(kind, took)
		}
		return nil
	}
	t.now.add(kind, took)
	if t.phase == oneMore && t.base.count() < window(t.limit-1) {
		return t.climb()
	}
	if count := t.now.count(); count < window(t.limit) && (t.base != nil || count < glance(t.limit)) {
		return nil
	}
	slower, doubt := t.now.against(t.base)
	switch t.phase {
	case measuring:
		t.base = t.now
		return t.try(oneMore)
	case oneMore:
		worth, decided := t.judge(t.brought(slower, doubt))
		switch {
		case !decided:
			return nil
		case worth:
			t.base, t.sure, t.hold = t.now, true, firstHold
			return t.try(oneMore)
		}
		t.hold = min(2*t.hold, longestHold)
		t.change(t.limit - 1)
		if !t.sure {
			return t.try(oneLess)
		}
		return t.keepLimit()
	case oneLess:
		kept := float64(t.limit) / slower // of the slots that there were
		worth, decided := t.judge(float64(t.limit+1)-kept, kept*doubt)
		switch {
		case !decided:
			return nil
		case !worth:
			t.base = t.now
			t.throttled++
			news := t.keepLimit()
			t.sure = false // before it goes down further, one more must fail again
			return news
		}
		t.change(t.limit + 1)
		return t.keepLimit()
	}
	return t.watch(slower, doubt)
}

// climb goes up at the beginning, when little is known: too little to go back by. What
// is not plain here is found out from here, by one less.
func (t *throttle) climb() *Notice {
	full := t.now.count() >= window(t.limit)
	if t.now.count() < glance(t.limit) {
		return nil
	}
	gain, doubt := t.brought(t.now.against(t.base))
	enough := plainly + doubt
	if full && t.limit < t.most { // there the next one shows more
		enough = worthIt
	}
	switch {
	case gain >= enough && (full || t.limit < t.most):
		t.base = t.now
		return t.try(oneMore)
	case full:
		t.base = t.now
		return t.try(oneLess)
	}
	return nil
}

// brought tells what the last slot brought: 1 if the server had room for it, 0 if it
// had none. It may be off by the doubt.
func (t *throttle) brought(slower, doubt float64) (gain, off float64) {
	share := float64(t.limit) / slower // in slots as they were before
	return share - float64(t.limit-1), share * doubt
}

// judge tells whether a slot is worth having, by what it brings.
func (t *throttle) judge(gain, doubt float64) (worth, decided bool) {
	gain += max(0, doubt-vague)
	near := math.Abs(gain-worthIt) < doubt/2
	return gain >= worthIt, !near || t.now.count() >= longestTry*window(t.limit)
}

// watch decides, after a window in which nothing was tried, whether to try.
func (t *throttle) watch(slower, doubt float64) *Notice {
	t.unproven = false
	late := slower*(1-doubt) > 1+drift
	switch {
	case late && t.late: // once may have been a moment
		t.base, t.hold, t.sure, t.late = t.now, firstHold, false, false
		return t.try(oneLess)
	case late:
		t.late, t.now = true, times{}
		return nil
	case slower*(1+doubt) < 1-drift:
		t.hold = firstHold
		t.measure()
		return nil
	}
	t.base.blend(t.now)
	t.late, t.now = false, times{}
	if t.held++; t.held < t.hold || t.limit == t.most {
		return nil
	}
	return t.try(oneMore)
}

// measure finds out what requests take with this limit, then tries one more.
func (t *throttle) measure() {
	t.phase, t.now, t.strange = measuring, times{}, 0
}

// try goes one up or one down, if that is possible, and else holds.
func (t *throttle) try(direction phase) *Notice {
	step := 1
	if direction == oneLess {
		step = -1
	}
	if t.limit+step > t.most || t.limit+step < 1 {
		return t.keepLimit()
	}
	t.phase = direction
	t.change(t.limit + step)
	return nil
}

// keepLimit holds the limit.
func (t *throttle) keepLimit() *Notice {
	t.phase, t.sure, t.late, t.now, t.strange, t.held = holding, true, false, times{}, 0, 0
	if t.limit < t.most {
		return t.slowed("server busy")
	}
	return t.news(Notice{State: Recovered, Text: "going on"})
}

// change sets the limit.
func (t *throttle) change(limit int) {
	t.limit, t.skip, t.now, t.strange, t.successes = limit, limit, times{}, 0, 0
	t.epoch++
}

// slowed tells people that less is sent at a time.
func (t *throttle) slowed(why string) *Notice {
	return t.news(Notice{Throttled, "throttled: " + why, fmt.Sprintf("slowed to %d/%d", t.limit, t.most)})
}

// news tells people a limit that they do not know.
func (t *throttle) news(news Notice) *Notice {
	if t.limit == t.told {
		return nil
	}
	t.told = t.limit
	news.Text += fmt.Sprintf(", %d of %d workers", t.limit, t.most)
	return &news
}
