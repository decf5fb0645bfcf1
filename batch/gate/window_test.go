package gate

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// Where clocks go forward or back, a window opens once a day, or never and then it says so.
func TestWindowsInTheNightsOfTheClocks(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		zone, window, from string
		opens, closes      string // the first time that it does; "": clocks leave it out
	}{
		{"Europe/Berlin", "02:00-02:45", "2026-03-28 12:00 +0100", "", ""},
		{"Europe/Berlin", "02:00-03:00", "2026-03-28 12:00 +0100", "", ""},
		{"Europe/Berlin", "02:00-03:00", "2026-03-27 12:00 +0100", "2026-03-28 02:00 +0100", "2026-03-28 03:00 +0100"},
		{"Europe/Berlin", "02:30-04:00", "2026-03-28 12:00 +0100", "2026-03-29 03:00 +0200", "2026-03-29 04:00 +0200"},
		{"Europe/Berlin", "01:30-02:30", "2026-03-28 12:00 +0100", "2026-03-29 01:30 +0100", "2026-03-29 03:00 +0200"},
		{"Europe/Berlin", "02:15-02:45", "2026-10-24 12:00 +0200", "2026-10-25 02:15 +0200", "2026-10-25 02:45 +0200"},
		{"Europe/Berlin", "02:15-02:45", "2026-10-25 02:50 +0200", "2026-10-26 02:15 +0100", "2026-10-26 02:45 +0100"},
		{"Europe/Berlin", "02:15-02:45", "2026-10-25 02:20 +0100", "2026-10-26 02:15 +0100", "2026-10-26 02:45 +0100"},
		{"Europe/Berlin", "02:30-03:30", "2026-10-24 12:00 +0200", "2026-10-25 02:30 +0200", "2026-10-25 03:30 +0100"},
		{"Europe/Berlin", "22:00-02:30", "2026-10-24 12:00 +0200", "2026-10-24 22:00 +0200", "2026-10-25 02:30 +0200"},
		{"Europe/Berlin", "22:00-02:30", "2026-03-28 12:00 +0100", "2026-03-28 22:00 +0100", "2026-03-29 03:00 +0200"},
		{"America/New_York", "02:10-02:50", "2026-03-07 12:00 -0500", "", ""},
		{"America/New_York", "01:10-01:50", "2026-11-01 01:55 -0400", "2026-11-02 01:10 -0500", "2026-11-02 01:50 -0500"},
		{"Australia/Lord_Howe", "02:00-02:20", "2026-10-03 12:00 +1030", "", ""},
		{"America/Santiago", "00:00-00:30", "2026-09-05 12:00 -0400", "", ""},
		{"America/Santiago", "23:30-00:30", "2026-09-05 12:00 -0400", "2026-09-05 23:30 -0400", "2026-09-06 01:00 -0300"},
		{"Asia/Tokyo", "22:00-05:30", "2026-03-28 12:00 +0900", "2026-03-28 22:00 +0900", "2026-03-29 05:30 +0900"},
	} {
		zone, err := time.LoadLocation(test.zone)
		if err != nil {
			t.Fatal(err)
		}
		window, err := ParseWindow(test.window)
		if err != nil {
			t.Fatal(err)
		}
		const layout = "2006-01-02 15:04 -0700"
		now, err := time.ParseInLocation(layout, test.from, zone)
		if err != nil {
			t.Fatal(err)
		}
		now = now.In(zone)
		if when, is := window.LeftOut(now); is != (test.opens == "") {
			t.Errorf("%s %s from %s: left out is %v, at %v", test.zone, test.window, test.from, is, when)
		}
		if test.opens == "" {
			continue
		}
		opens := now.Add(window.until(now))
		if got := opens.Format(layout); got != test.opens {
			t.Errorf("%s %s from %s: opens %s, want %s", test.zone, test.window, test.from, got, test.opens)
		}
		closes := opens
		for window.open(closes) && closes.Before(opens.Add(12*time.Hour)) {
			closes = closes.Add(time.Minute)
		}
		if got := closes.Format(layout); got != test.closes {
			t.Errorf("%s %s from %s: closes %s, want %s", test.zone, test.window, test.from, got, test.closes)
		}
		for moment := now; moment.Before(opens); moment = moment.Add(time.Minute) {
			if window.open(moment) {
				t.Errorf("%s %s: is open at %s too", test.zone, test.window, moment.Format(layout))
				break
			}
		}
	}
}

// A run for a window that never comes ends at once, and says so.
func TestAGateTellsOfAWindowThatNeverComes(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	g := &Gate{schedule: Schedule{Window: Window{2 * 60, 3 * 60}}}
	_, _, err = g.held(time.Date(2026, 3, 28, 20, 0, 0, 0, berlin))
	var closed *Closed
	if !errors.As(err, &closed) || closed.Code != "window" || closed.Failed || !strings.Contains(closed.Reason, "02:00-03:00 does not come on 2026-03-29, because clocks go forward") {
		t.Errorf("got %v", err)
	}
}
