package input

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// gocsv is given the headings as the file has them, and a blank one for each cell that has none.
func TestTheDecoderReadsUnderTheHeadingsOfTheFile(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, rows string
		want       []string
	}{
		{"as wide as the headings", "a,b\nc,d\n", []string{"aLIAS", " City"}},
		{"narrower", "a\n", []string{"aLIAS", " City"}},
		{"wider", "a\nb,c,d,e\n", []string{"aLIAS", " City", "", ""}},
		{"no row", "", []string{"aLIAS", " City"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			reader, err := NewReader(strings.NewReader("aLIAS, City\n" + test.rows))
			if err != nil {
				t.Fatal(err)
			}
			records, err := (&batch{decoder: &reader.decoder}).GetCSVRows()
			if err != nil || !slices.Equal(records[0], test.want) {
				t.Errorf("got headings %q and error %v, want %q", records[0], err, test.want)
			}
			if !slices.Equal(reader.Headings(), test.want[:2]) {
				t.Errorf("the reader's headings have become %q", reader.Headings())
			}
		})
	}
}

// What gocsv would drop if rows were structs with a tagged field for each column.
func TestNoCellIsLost(t *testing.T) {
	t.Parallel()
	reader, err := NewReader(strings.NewReader("aLIAS,City,City,Unknown,\na,b,c,d,e,f\n"))
	if err != nil {
		t.Fatal(err)
	}
	row, err := reader.Next()
	if want := []string{"a", "b", "c", "d", "e", "f"}; err != nil || !slices.Equal(row.Cells, want) {
		t.Errorf("got %q and error %v, want %q", row.Cells, err, want)
	}
	if _, err := reader.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("got error %v, want the end", err)
	}
}
