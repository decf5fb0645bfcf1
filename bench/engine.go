package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/journal"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// disks are ways in which a journal gets its lines onto the disk.
func disks() []struct {
	name string
	sync func(*os.File) error // nil: as it is
} {
	return []struct {
		name string
		sync func(*os.File) error
	}{
		{"nothing is ever synced", func(*os.File) error { return nil }},
		{"as it is, on this disk", nil},
		{"5 ms are added to every sync, as on a slow disk",
			func(file *os.File) error { time.Sleep(5 * time.Millisecond); return file.Sync() }},
	}
}

// journal compares disks: one that costs nothing, this one, and a slow one. Rows of several
// requests are harder: few of them may be half made, and each needs the disk again and again.
func (b *bench) journal() error {
	const latency = 20 * time.Millisecond
	for _, load := range []struct {
		what string
		file func(rows int) (string, error)
		each int // requests of a row
	}{{"creates", b.narrowFile, 1}, {"people, four requests each,", b.peopleFile, 4}} {
		rows := b.journaled / load.each
		things := []func() (cost, error){func() (cost, error) { return b.loop(rows*load.each, latency) }}
		for _, disk := range disks() {
			things = append(things, func() (cost, error) { return b.engine(load.file, rows, latency, disk.name) })
		}
		medians, err := inTurns(b.rounds, things...)
		if err != nil {
			return err
		}
		table(fmt.Sprintf("The journal, at %s %s of 20 ms, %d at a time", grouped(rows), load.what, workers),
			"journal", "requests a second", "against none synced", "of the bare loop's")
		loop, none := medians[0].wall, medians[1].wall
		line := func(name string, wall time.Duration) {
			row(name, fmt.Sprintf("%.1f", float64(rows*load.each)/wall.Seconds()),
				fmt.Sprintf("%.3f", none.Seconds()/wall.Seconds()), fmt.Sprintf("%.3f", loop.Seconds()/wall.Seconds()))
		}
		line("a bare Go loop that only posts, and keeps none", loop)
		for i, disk := range disks() {
			line(disk.name, medians[i+1].wall)
		}
	}
	fmt.Println("\nFew rows of several requests may be half made, and each needs the disk between two of them. That " +
		"costs at most 2 % where a sync takes a tenth of a request " +
		"(`TestRowsOfSeveralChangesKeepTheSlotsBusy`), and more where it takes longer, as the last line shows. A real " +
		"server takes 1.6 to 1.9 s for each.")
	return nil
}

// engine sends a file of new users with the engine alone: planning, sending, journal
// and results, without what comes before and after. Only so can a journal be synced in
// another way.
func (b *bench) engine(file func(rows int) (string, error), rows int, latency time.Duration, disk string) (cost, error) {
	path, err := file(rows)
	if err != nil {
		return cost{}, err
	}
	return b.does("-engine", job{Rows: rows, Input: path, Disk: disk}, latency)
}

// engineOnly does an engine's job, and nothing else.
func engineOnly(path string) error {
	j, authority, err := readJob(path)
	if err != nil {
		return err
	}
	in, err := record.OpenInput("users.csv", j.Input)
	if err != nil {
		return err
	}
	options := record.Options{Operation: validate.Create, Template: "voicemailusertemplate",
		Limits:   record.Limits{MaxFailures: record.Limit{Percent: 100}, Canary: 1},
		Patience: record.Patience{MaxOutage: time.Minute, DoubtWindow: time.Minute}}
	checked, err := plan.Check(in, options, func(validate.Problem) {})
	if err != nil {
		return err
	}
	client, err := cupi.New(cupi.Config{Server: j.URL, User: account, Password: password, CA: authority, Workers: j.Workers})
	if err != nil {
		return err
	}
	defer client.Close()
	server := send.Server{Client: client, URL: j.URL, Account: account, Workers: j.Workers}
	preparation, err := batch.Preflight(context.Background(), server, checked, func(validate.Problem) {})
	if err != nil {
		return err
	}
	folder := filepath.Join(filepath.Dir(path), "run")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	recorder := batch.Recorder{Folder: folder, Tool: "bench"}
	for _, disk := range disks() {
		if disk.name == j.Disk {
			recorder.Journal = journal.Options{Sync: disk.sync}
		}
	}
	return j.measure(path, func() error {
		ended, err := preparation.Run(context.Background(), recorder)
		if err == nil && ended.Counts[record.Created] != j.Rows {
			err = fmt.Errorf("of %d rows these came out: %v", j.Rows, ended.Counts)
		}
		return err
	})
}

// processorTime tells what one request costs this machine.
func (b *bench) processorTime() error {
	few, many := b.processor[0], b.processor[1]
	medians, err := inTurns(b.rounds,
		func() (cost, error) { return b.loop(many, 0) },
		func() (cost, error) { return b.engine(b.narrowFile, many, 0, "") },
		func() (cost, error) { return b.send(few, 0) }, func() (cost, error) { return b.send(many, 0) })
	if err != nil {
		return err
	}
	bare, engine := medians[0].processor/time.Duration(many), medians[1].processor/time.Duration(many)
	// What a longer file costs more than a shorter one: starting does not count.
	whole := (medians[3].processor - medians[2].processor) / time.Duration(many-few)
	table(fmt.Sprintf("A request over TLS to a server that takes no time, of %s", grouped(many)), "what",
		"processor time a request", "of the bare loop's", "requests a second")
	line := func(name string, each, wall time.Duration) {
		row(name, fmt.Sprintf("%.0f µs", float64(each.Nanoseconds())/1e3), ratio(each, bare),
			fmt.Sprintf("%.0f", float64(many)/wall.Seconds()))
	}
	line("a bare Go loop that only posts", bare, medians[0].wall)
	line("the engine of `cucbulk run`: plans, journal, sending, results", engine, medians[1].wall)
	line("`cucbulk run` from file to reports, for each row more", whole, medians[3].wall)
	return nil
}

// memory tells how much more a longer file takes.
func (b *bench) memory() error {
	table("Memory, the most at once", "rows", "`cucbulk validate`, 20 columns", "`cucbulk run`, creates",
		"more than at "+grouped(b.ran[0])+" rows, a row")
	var least int64
	sizes := append([]int{}, b.ran...)
	for _, rows := range b.validated {
		if rows > sizes[len(sizes)-1] {
			sizes = append(sizes, rows)
		}
	}
	for i, rows := range sizes {
		path, err := b.wideFile(rows)
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
