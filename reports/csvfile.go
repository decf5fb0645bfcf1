package reports

import (
	"encoding/csv"
	"io"
	"reflect"
)

// csvFile takes the lines that gocsv makes of structs whose tags are the headings. It is
// given one at a time, so that a million rows need no more memory than one.
type csvFile struct {
	out    *csv.Writer
	behind []string // cells after those of the struct, whose headings only the run knows
}

func newCSVFile(w io.Writer) *csvFile { return &csvFile{out: csv.NewWriter(w)} }

// Write writes one line.
func (f *csvFile) Write(cells []string) error { return f.out.Write(append(cells, f.behind...)) }

// Flush does nothing: gocsv asks for it after each line, which would be a write to the disk.
func (f *csvFile) Flush() {}

// Error says whether a line could not be written.
func (f *csvFile) Error() error { return f.out.Error() }

// end writes what waits in memory.
func (f *csvFile) end() error {
	f.out.Flush()
	return f.out.Error()
}

// headingsOf gives the headings that the tags of a line say.
func headingsOf[Line any]() []string {
	var headings []string
	for field := range reflect.TypeFor[Line]().Fields() {
		headings = append(headings, field.Tag.Get("csv"))
	}
	return headings
}
