package gate

import (
	"fmt"
	"time"
)

// Window is a time of day, in local time, in which a run may work. It may span
// midnight. The zero value is no window.
type Window struct {
	From, To int // minutes since midnight
}

// ParseWindow reads "22:00-05:30".
func ParseWindow(text string) (Window, error) {
	if len(text) == len("22:00-05:30") && text[5] == '-' {
		from, wrongFrom := time.Parse("15:04", text[:5])
		to, wrongTo := time.Parse("15:04", text[6:])
		if wrongFrom == nil && wrongTo == nil && !from.Equal(to) {
			return Window{from.Hour()*60 + from.Minute(), to.Hour()*60 + to.Minute()}, nil
		}
	}
	return Window{}, fmt.Errorf("%q is no window: give it as HH:MM-HH:MM, such as 22:00-05:30", text)
}

// String gives the window as [ParseWindow] reads it.
func (w Window) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", w.From/60, w.From%60, w.To/60, w.To%60)
}

// open reports whether a moment lies in the window.
func (w Window) open(moment time.Time) bool {
	for day := -1; day <= 0; day++ { // that of yesterday may span midnight
		opens, closes := w.span(moment.AddDate(0, 0, day))
		if !moment.Before(opens) && moment.Before(closes) {
			return true
		}
	}
	return false
}

// until is how long a closed window stays closed from a moment on.
func (w Window) until(moment time.Time) time.Duration {
	for day := 0; ; day++ {
		if opens, closes := w.span(moment.AddDate(0, 0, day)); opens.Before(closes) && !opens.Before(moment) {
			return opens.Sub(moment)
		}
	}
}

// span is from when to when the window of a day is open. Where clocks go back and show an
// hour twice, the first counts, so that it opens once. Where they go forward, what they
// leave out may be all of it: then both are one moment.
func (w Window) span(day time.Time) (opens, closes time.Time) {
	opens = FirstMoment(day, w.From)
	if w.To < w.From {
		day = day.AddDate(0, 0, 1)
	}
	return opens, FirstMoment(day, w.To)
}

// LeftOut reports whether the next time that the window should open never comes, because
// clocks go forward over all of it, and when that is.
func (w Window) LeftOut(now time.Time) (when time.Time, is bool) {
	if w == (Window{}) || w.open(now) {
		return time.Time{}, false
	}
	for day := 0; ; day++ {
		if opens, closes := w.span(now.AddDate(0, 0, day)); !opens.Before(now) {
			return opens, !opens.Before(closes)
		}
	}
}

// FirstMoment is the first moment of a day at which clocks there show so many minutes
// after midnight, or more if they leave those out.
func FirstMoment(day time.Time, minute int) time.Time {
	asUTC := time.Date(day.Year(), day.Month(), day.Day(), minute/60, minute%60, 0, 0, time.UTC)
	_, before := asUTC.Add(-24 * time.Hour).In(day.Location()).Zone()
	_, after := asUTC.Add(24 * time.Hour).In(day.Location()).Zone()
	earlier, later := asUTC.Add(-time.Duration(before)*time.Second).
		In(day.Location()), asUTC.Add(-time.Duration(after)*time.Second).In(day.Location())
	if later.Before(earlier) && !shows(earlier, minute) && !shows(later, minute) { // clocks go forward over it
		leap, _ := earlier.ZoneBounds()
		return leap
	}
	if later.Before(earlier) && shows(later, minute) || !shows(earlier, minute) {
		return later
	}
	return earlier
}

func shows(moment time.Time, minute int) bool {
	return moment.Hour()*60+moment.Minute() == minute
}

// Schedule says when a run may send. The zero value is always, as fast as it can.
type Schedule struct {
	Window    Window    // it waits until this opens, and ends when it closes again
	NotAfter  time.Time // it ends then; zero: never
	PauseFile string    // it waits while this file is there; "": there is none
	Rate      float64   // requests a second; 0: as many as the workers make
}
