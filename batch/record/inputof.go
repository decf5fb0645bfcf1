package record

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// The input of a run, as its journal tells of it.

// SourceInput opens the bytes that the run read: the folder's copy, else the
// original if it has not changed since. It opens them once for all who ask.
func (h *History) SourceInput() (Input, error) {
	if h.input.heading != nil {
		return h.input, nil
	}
	in, err := h.findInput()
	if err == nil {
		h.input = in
	}
	return in, err
}

// HasRead tells that the run's input is at hand, if it is: a run that has just ended read it.
func (h *History) HasRead(in Input) {
	if in.held != nil && in.SHA256 == h.Header.Input.SHA256 {
		h.input = in
	}
}

func (h *History) findInput() (Input, error) {
	read, copied := h.Header.Input, filepath.Join(h.Folder, InputFile)
	if in, err := OpenRows(read.Name, copied, As{read.Sheet, h.Header.Options.Encoding}); err == nil && in.SHA256 == read.SHA256 {
		return in, nil
	}
	if in, err := h.Header.InputFrom(read.Name); err == nil && in.SHA256 == read.SHA256 {
		return in, nil
	}
	lost := "has no copy of it"
	if h.Spooled() {
		lost = "has a copy that is not what was run"
	}
	return Input{}, fmt.Errorf("the input of this run is gone: %s %s, and %s is not the file that was run (SHA-256 %s); "+
		"give it with --input", h.Folder, lost, read.Name, read.SHA256)
}

// InputFrom opens a file that is said to be the run's input: of a workbook, the
// sheet that the run read.
func (h Header) InputFrom(path string) (Input, error) {
	as := As{h.Input.Sheet, h.Options.Encoding}
	in, _, err := OpenFile(path, path, as)
	if errors.Is(err, ErrNoWorkbook) { // it may hold the rows of the sheet
		return OpenInput(path, path)
	}
	return in, err
}

// Spooled reports whether the run folder has a copy of the input.
func (h *History) Spooled() bool {
	_, err := os.Stat(filepath.Join(h.Folder, InputFile))
	return err == nil
}

// AsUndone is the input as a rollback of its run has it: nobody leaves by that.
func (in Input) AsUndone() Input {
	if in.Leavers != nil {
		in.Leavers = &Leavers{FirstRow: in.Leavers.FirstRow, Aliases: in.Leavers.Aliases}
	}
	return in
}
