package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"cucbulk/batch"
	"cucbulk/batch/gate"
)

// scheduleOptions say when a command may send.
type scheduleOptions struct {
	window, notAfter, pauseFile string
}

func (o *scheduleOptions) flags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&o.window, "window", "", "work only between `HH:MM-HH:MM`, local time: wait for it to open, and end when it closes")
	flags.StringVar(&o.notAfter, "not-after", "", "send nothing after this `TIME`: HH:MM, or \"2006-01-02 15:04\"")
	flags.StringVar(&o.pauseFile, "pause-file", "", "wait while a file of this `PATH` is there")
}

// schedule reads the flags.
func (o *scheduleOptions) schedule(now time.Time) (gate.Schedule, error) {
	schedule := gate.Schedule{PauseFile: o.pauseFile}
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

// parseMoment reads "2026-11-28 05:30", or "05:30" for the next time that it is so.
func parseMoment(text string, now time.Time) (time.Time, error) {
	if moment, err := time.ParseInLocation("2006-01-02 15:04", text, now.Location()); err == nil {
		return moment, nil
	}
	clock, err := time.ParseInLocation("15:04", text, now.Location())
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no time: give HH:MM, or \"2006-01-02 15:04\"", text)
	}
	moment := time.Date(now.Year(), now.Month(), now.Day(), clock.Hour(), clock.Minute(), 0, 0, now.Location())
	if !moment.After(now) {
		moment = moment.AddDate(0, 0, 1)
	}
	return moment, nil
}

// openToChange makes the client of a command that changes the server, keeps the
// server to itself until release is called, and lets people know when it waits.
func (p *program) openToChange(ctx context.Context, c connection, folder string, notice func(gate.Notice)) (server batch.Server, release func(), err error) {
	schedule, err := c.schedule.schedule(time.Now())
	if err != nil {
		return server, nil, err
	}
	if server, err = c.open(ctx, p); err != nil {
		return server, nil, err
	}
	unlock, err := batch.LockServer(server.URL, folder, server.Account)
	if err != nil {
		server.Client.Close()
		return server, nil, err
	}
	schedule.Rate = server.Schedule.Rate
	server.Schedule = schedule
	server.Notice = notice
	return server, func() { unlock(); server.Client.Close() }, nil
}
