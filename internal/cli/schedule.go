package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"cucbulk/batch/gate"
	"cucbulk/batch/lock"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
)

// schedule reads the flags. zone is what the environment has for TZ.
func (o *scheduleOptions) schedule(now time.Time, zone string) (gate.Schedule, error) {
	schedule := gate.Schedule{PauseFile: o.pauseFile}
	if o.window != "" || o.notAfter != "" {
		if err := knownZone(zone); err != nil {
			return schedule, err
		}
	}
	if o.window != "" {
		window, err := gate.ParseWindow(o.window)
		if err != nil {
			return schedule, misused("--window: %v", err)
		}
		schedule.Window = window
	}
	if o.notAfter != "" {
		moment, err := parseMoment(o.notAfter, now)
		if err != nil {
			return schedule, misused("--not-after: %v", err)
		}
		schedule.NotAfter = moment
	}
	return schedule, nil
}

// knownZone refuses a time zone in the environment that this computer does not know: its
// clock would show UTC without a word, and a window would open at another time.
func knownZone(zone string) error {
	zone = strings.TrimPrefix(zone, ":")
	if runtime.GOOS == "windows" || zone == "" || filepath.IsAbs(zone) && isZone(zone) {
		return nil
	}
	if _, err := time.LoadLocation(zone); err != nil {
		return misused("TZ is %q, which is no time zone that this computer knows, so nobody can tell when the times of "+
			"--window and --not-after are: set it to a name such as Europe/Berlin, or unset it", zone)
	}
	return nil
}

// isZone reports whether a file describes a time zone.
func isZone(path string) bool {
	data, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	_, err = time.LoadLocationFromTZData("Local", data)
	return err == nil
}

// parseMoment reads "2026-11-28 05:30", or "05:30" for the next time that it is so.
func parseMoment(text string, now time.Time) (time.Time, error) {
	// As UTC, which has every hour of every day once.
	if clock, err := time.Parse("2006-01-02 15:04", text); err == nil {
		day := time.Date(clock.Year(), clock.Month(), clock.Day(), 12, 0, 0, 0, now.Location())
		return gate.FirstMoment(day, clock.Hour()*60+clock.Minute()), nil
	}
	clock, err := time.Parse("15:04", text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no time: give HH:MM, or \"2006-01-02 15:04\"", text)
	}
	for day := now; ; day = day.AddDate(0, 0, 1) {
		if moment := gate.FirstMoment(day, clock.Hour()*60+clock.Minute()); moment.After(now) {
			return moment, nil
		}
	}
}

// openToChange makes the client of a command that changes the server, keeps the
// server to itself until release is called, and lets people know when it waits.
func (c *connection) openToChange(ctx context.Context, a *access, folder string, notice func(gate.Notice)) (server send.Server,
	release func(), err error) {
	schedule, err := c.schedule.schedule(time.Now(), a.getenv("TZ"))
	if err != nil {
		return server, nil, err
	}
	a.audio.KeepIn(filepath.Join(folder, record.RecordingsFolder))
	if server, err = c.open(ctx, a); err != nil {
		return server, nil, err
	}
	if server.Lock, err = lock.Take(server.URL, folder, server.Account); err != nil {
		server.Client.Close()
		return server, nil, err
	}
	schedule.Rate = server.Schedule.Rate
	server.Schedule = schedule
	server.Notice, server.AnyState = notice, c.anyState
	return server, func() { server.Lock.Release(); server.Client.Close() }, nil
}
