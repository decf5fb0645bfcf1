package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"time"
)

// job tells a process what to send: a bare loop, or the engine alone. It is a file,
// since what is measured is a process of its own, as the program is.
type job struct {
	URL, Certificate string
	Rows, Workers    int

	Input string // for the engine: the file of rows
	Disk  string // for the engine: how its journal is synced, one of disks

	// Filled in by the process: of the sending alone, from first to last.
	Took, Processor time.Duration
}

// readJob reads the file that the parent wrote.
func readJob(path string) (j job, authority []byte, err error) {
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &j)
	}
	if err == nil {
		authority, err = os.ReadFile(j.Certificate)
	}
	return j, authority, err
}

// write makes the file of a job.
func (j job) write(path string) error {
	text, err := json.Marshal(j)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}

// measure does the work of a job, and writes what it took.
func (j job) measure(path string, work func() error) error {
	began, spent := time.Now(), processorTime()
	if err := work(); err != nil {
		return err
	}
	j.Took, j.Processor = time.Since(began), processorTime()-spent
	return j.write(path)
}

// does lets this program, as a process of its own, do a job on a new server. The
// times are those of the sending alone.
func (b *bench) does(what string, j job, latency time.Duration) (c cost, err error) {
	site, err := b.newSite(latency)
	if err != nil {
		return c, err
	}
	defer site.close()
	self, err := os.Executable()
	if err != nil {
		return c, err
	}
	path := filepath.Join(site.folder, "job.json")
	j.URL, j.Certificate, j.Workers = site.listener.URL, site.certificate, workers
	if err := j.write(path); err != nil {
		return c, err
	}
	if c, err = spend(nil, self, what, path); err != nil {
		return c, err
	}
	j, _, err = readJob(path)
	c.wall, c.processor = j.Took, j.Processor
	return c, errors.Join(err, os.RemoveAll(site.folder))
}
