package input

import (
	"strings"
	"testing"
	"testing/iotest"
)

func TestWhatStandsAboveTheHeadings(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, file string
		line       int
		delimiter  rune
		problem    string
	}{
		{"nothing", "Alias,City\njdoe,Paris\n", 1, ',', ""},
		{"sep", "sep=;\r\nAlias;City\r\njdoe;Paris\r\n", 2, ';', ""},
		{"sep in quotes", "\"sep=;\"\nAlias;\"City\"\njdoe;Paris\n", 2, ';', ""},
		{"sep against the look of it", "SEP=;\nAlias;City\njdoe;\"a,b,c\"\n", 2, ';', ""},
		{"a title", "New people of March;;\nAlias;City\njdoe;Paris\n", 2, ';', ":1: warning: is taken for a title and not read: the headings stand below it (title-line)"},
		{"titles and a blank line", "New people\nfrom HR, with love\n\nAlias,City\njdoe,Paris\n", 4, ',', ":1: warning: is taken for a title and not read: the headings stand below it (title-line)"},
		{"sep and a title", "sep=,\nNew people\nAlias,City\njdoe,Paris\n", 3, ',', ":2: warning: is taken for a title and not read: the headings stand below it (title-line)"},
		{"headings that are wrong", "Aliass,Citty\njdoe,Paris\n", 1, ',', ""},
		{"one column", "Alias\njdoe\n", 1, ',', ""},
		{"a wide title of lines", "\"New\npeople\"\nAlias,City\njdoe,Paris\n", 1, ',', ""},
		{"too far below", "a\nb\nc\nd\ne\nf\ng\nAlias,City\n", 1, ',', ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			reader, rows, errs := readAll(t, iotest.HalfReader(strings.NewReader(test.file)))
			got := reader.Format()
			if len(errs) > 0 || got.HeaderLine != test.line || rune(got.Delimiter) != test.delimiter {
				t.Errorf("got %+v and %v, want line %d and %q", got, errs, test.line, test.delimiter)
			}
			problems := ""
			for _, p := range reader.Problems() {
				problems += p.String()
			}
			if problems != test.problem {
				t.Errorf("got %q, want %q", problems, test.problem)
			}
			if last := rows[len(rows)-1]; test.line > 1 && (last.Line != test.line+1 || last.Cells[0] != "jdoe" || reader.Headings()[1] != "City") {
				t.Errorf("got %+v under %v", last, reader.Headings())
			}
		})
	}
}
