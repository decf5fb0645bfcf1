package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// readOnly is the yardstick of validation: every cell is found, and none looked at.
func readOnly(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	reader := csv.NewReader(bufio.NewReaderSize(file, 64<<10))
	reader.ReuseRecord = true
	for {
		if _, err := reader.Read(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

const dictReader = `import csv, sys
for row in csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8")): pass`

// validation compares checking a file with only reading it.
func (b *bench) validation() error {
	rows := b.validated[len(b.validated)-1]
	path, err := b.wideFile(rows)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	names := []string{"`encoding/csv` reads it, on one core, and does nothing else",
		"`cucbulk validate`: every rule on every cell, and nothing twice"}
	things := []func() (cost, error){
		func() (cost, error) { return spend(nil, self, "-read", path) },
		func() (cost, error) { return b.validate(path) },
	}
	if python, err := exec.LookPath("python3"); err == nil {
		names = append(names, "Python's `csv.DictReader` reads it, and does nothing else")
		things = append(things, func() (cost, error) { return spend(nil, python, "-c", dictReader, path) })
	}
	medians, err := inTurns(3*b.rounds, things...)
	if err != nil {
		return err
	}
	table(fmt.Sprintf("Reading and checking %s rows of 20 columns", grouped(rows)), "what", "time", "ratio", "processor time", "memory")
	for i, m := range medians {
		row(names[i], seconds(m.wall), ratio(m.wall, medians[0].wall), seconds(m.processor), megabytes(m.memory))
	}
	return nil
}

func (b *bench) validate(path string) (cost, error) {
	return spend(nil, b.program, "validate", path, "--operation", "create", "--template", "voicemailusertemplate")
}

// start measures what a small file costs from start to exit.
func (b *bench) start() error {
	path, err := b.wideFile(5_000)
	if err != nil {
		return err
	}
	medians, err := inTurns(5*b.rounds,
		func() (cost, error) { return spend(nil, b.program, "version") },
		func() (cost, error) { return b.validate(path) })
	if err != nil {
		return err
	}
	table("From start to exit", "what", "time", "processor time")
	row("`cucbulk version`", milliseconds(medians[0].wall), milliseconds(medians[0].processor))
	row("`cucbulk validate`, 5,000 rows of 20 columns", milliseconds(medians[1].wall), milliseconds(medians[1].processor))
	return nil
}
