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
	minute := moment.Hour()*60 + moment.Minute()
	if w.From < w.To {
		return w.From <= minute && minute < w.To
	}
	return w.From <= minute || minute < w.To
}

// until is how long a closed window stays closed from a moment on.
func (w Window) until(moment time.Time) time.Duration {
	opens := time.Date(moment.Year(), moment.Month(), moment.Day(), w.From/60, w.From%60, 0, 0, moment.Location())
	if opens.Before(moment) {
		opens = opens.AddDate(0, 0, 1)
	}
	return opens.Sub(moment)
}
