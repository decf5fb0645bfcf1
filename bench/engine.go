package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/journal"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// syncing is how a journal gets its lines onto the disk.
type syncing struct {
	name string
	sync func(*os.File) error // nil: as it is
}

// journal compares disks: one that costs nothing, this one, and a slow one. The
// engine runs in this process, since only a test may change how it syncs.
func (b *bench) journal() error {
	kinds := []syncing{
		{"nothing is ever synced", func(*os.File) error { return nil }},
		{"as it is, on this disk", nil},
		{"5 ms are added to every sync, as on a slow disk", func(file *os.File) error { time.Sleep(5 * time.Millisecond); return file.Sync() }},
	}
	things := make([]func() (cost, error), len(kinds))
	for i, kind := range kinds {
		things[i] = func() (cost, error) { return b.inProcess(b.sent, kind.sync) }
	}
	medians, err := inTurns(b.rounds, things...)
	if err != nil {
		return err
	}
	table(fmt.Sprintf("The journal, at %s creates of 20 ms, %d at a time", grouped(b.sent), workers), "journal", "rows a second", "against none synced")
	for i, m := range medians {
		row(kinds[i].name, fmt.Sprintf("%.1f", float64(b.sent)/m.wall.Seconds()), ratio(medians[0].wall, m.wall))
	}
	return nil
}

// inProcess runs creates of 20 ms with a journal that syncs so. The wall time is
// that of the run, without checking and pre-flight.
func (b *bench) inProcess(rows int, sync func(*os.File) error) (c cost, err error) {
	site, err := b.newSite(20 * time.Millisecond)
	if err != nil {
		return c, err
	}
	defer site.close()
	path, err := b.newUsers(rows)
	if err != nil {
		return c, err
	}
	in, err := batch.OpenInput("users.csv", path)
	if err != nil {
		return c, err
	}
	options := batch.Options{Operation: validate.Create, Template: "voicemailusertemplate", MaxFailures: batch.Limit{Percent: 100}, MaxOutage: time.Minute, DoubtWindow: time.Minute}
	checked, err := batch.Check(in, options, func(validate.Problem) {})
	if err != nil {
		return c, err
	}
	client, err := cupi.New(cupi.Config{Server: site.listener.URL, User: account, Password: password, CA: site.authority, Workers: workers})
	if err != nil {
		return c, err
	}
	defer client.Close()
	server := batch.Server{Client: client, URL: site.listener.URL, Account: account, Workers: workers}
	preparation, err := batch.Preflight(context.Background(), server, checked, func(validate.Problem) {})
	if err != nil {
		return c, err
	}
	folder := filepath.Join(site.folder, "run")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return c, err
	}
	began := time.Now()
	ended, err := preparation.Run(context.Background(), batch.Recorder{Folder: folder, Tool: "bench", Journal: journal.Options{Sync: sync}})
	c.wall = time.Since(began)
	if err == nil && ended.Counts[batch.Created] != rows {
		err = fmt.Errorf("of %d rows these came out: %v", rows, ended.Counts)
	}
	return c, errors.Join(err, os.RemoveAll(site.folder))
}

// processorTime tells what one request costs this machine: what a longer file costs
// more than a shorter one, so that starting and signing in do not count.
func (b *bench) processorTime() error {
	few, many := b.processor[0], b.processor[1]
	medians, err := inTurns(b.rounds,
		func() (cost, error) { return b.loop(few, 0) }, func() (cost, error) { return b.loop(many, 0) },
		func() (cost, error) { return b.send(few, 0) }, func() (cost, error) { return b.send(many, 0) })
	if err != nil {
		return err
	}
	each := func(few, many cost) string {
		return fmt.Sprintf("%.0f µs", float64((many.processor-few.processor).Microseconds())/float64(b.processor[1]-b.processor[0]))
	}
	table("A request over TLS to a server that takes no time", "what", "processor time a request", "requests a second")
	row("a bare Go loop that only posts", each(medians[0], medians[1]), fmt.Sprintf("%.0f", float64(many)/medians[1].wall.Seconds()))
	row("`cucbulk run`: checking, planning, journal and reports too", each(medians[2], medians[3]), fmt.Sprintf("%.0f", float64(many)/medians[3].wall.Seconds()))
	return nil
}

// memory tells how much more a longer file takes.
func (b *bench) memory() error {
	table("Memory, the most at once", "rows", "`cucbulk validate`, 20 columns", "`cucbulk run`, creates", "more than at "+grouped(b.ran[0])+" rows, a row")
	var least int64
	sizes := append([]int{}, b.ran...)
	for _, rows := range b.validated {
		if rows > sizes[len(sizes)-1] {
			sizes = append(sizes, rows)
		}
	}
	for i, rows := range sizes {
		path, err := b.users(rows)
		if err != nil {
			return err
		}
		checked, err := b.validate(path)
		if err != nil {
			return err
		}
		if rows > b.ran[len(b.ran)-1] {
			row(grouped(rows), megabytes(checked.memory), "", "")
			continue
		}
		sent, err := b.send(rows, 0)
		if err != nil {
			return err
		}
		more := ""
		if i == 0 {
			least = sent.memory
		} else if sent.memory > 0 {
			more = fmt.Sprintf("%d bytes", (sent.memory-least)/int64(rows))
		}
		row(grouped(rows), megabytes(checked.memory), megabytes(sent.memory), more)
	}
	return nil
}
