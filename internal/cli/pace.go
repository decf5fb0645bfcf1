package cli

import (
	"fmt"
	"time"
)

// pace measures how fast rows end, and so how long the rest takes. It looks at the
// last rows only, because a server is not as fast at noon as at night; and at the work
// that rows are, because a file may begin with the easy ones. Not safe for concurrent
// use.
type pace struct {
	left  int        // work, in requests, of the rows that have not ended
	ended []endedRow // the last ones, oldest first
	since time.Time  // when it began to measure
}

type endedRow struct {
	at   time.Time
	work int
}

// How much of the past counts: so long, and at least and at most so many rows.
const (
	paceSpan     = 30 * time.Second
	paceRows     = 20
	paceMostRows = 1000
)

// begin starts to measure anew, at the start and after a pause.
func (p *pace) begin(now time.Time) {
	p.since, p.ended = now, nil
}

// row notes that a row ended that was so much work.
func (p *pace) row(now time.Time, work int) {
	p.left = max(0, p.left-work)
	p.ended = append(p.ended, endedRow{now, work})
	p.forget(now)
}

// forget drops what is too long ago to count.
func (p *pace) forget(now time.Time) {
	old := 0
	for old < len(p.ended)-paceMostRows || old < len(p.ended)-paceRows && now.Sub(p.ended[old].at) > paceSpan {
		old++
	}
	if old > 0 {
		p.since, p.ended = p.ended[old-1].at, p.ended[old:]
	}
}

// quiet is how long no row has ended.
func (p *pace) quiet(now time.Time) time.Duration {
	if n := len(p.ended); n > 0 {
		return now.Sub(p.ended[n-1].at)
	}
	return now.Sub(p.since)
}

// perSecond is how many rows end in a second, 0 while that is not known.
func (p *pace) perSecond(now time.Time) float64 {
	p.forget(now)
	if span := now.Sub(p.since); span > 0 {
		return float64(len(p.ended)) / span.Seconds()
	}
	return 0
}

// remaining is how long the rest takes; known is false before there is anything to
// go by.
func (p *pace) remaining(now time.Time) (rest time.Duration, known bool) {
	p.forget(now)
	work := 0
	for _, row := range p.ended {
		work += row.work
	}
	if work == 0 || !now.After(p.since) {
		return 0, false
	}
	return time.Duration(float64(p.left) / float64(work) * float64(now.Sub(p.since))), true
}

// restText writes a time that is left as a person would say it.
func restText(rest time.Duration) string {
	switch {
	case rest < time.Minute:
		return fmt.Sprintf("%d s", max(1, int(rest.Seconds()+0.5)))
	case rest < 10*time.Minute:
		return fmt.Sprintf("%d min %02d s", int(rest.Minutes()), int(rest.Seconds())%60)
	case rest < time.Hour:
		return fmt.Sprintf("%d min", int(rest.Minutes()+0.5))
	}
	minutes := int(rest.Minutes() + 0.5)
	return fmt.Sprintf("%d h %02d min", minutes/60, minutes%60)
}

// rateText writes a rate so that slow ones can be told apart too.
func rateText(perSecond float64) string {
	switch {
	case perSecond == 0:
		return "–"
	case perSecond < 1:
		return fmt.Sprintf("%.0f rows/min", perSecond*60)
	case perSecond < 10:
		return fmt.Sprintf("%.1f rows/s", perSecond)
	}
	return fmt.Sprintf("%.0f rows/s", perSecond)
}
