package input

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReader(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		want       []string // "number line [cells] raw" with the line end
	}{
		{"plain", "Alias,City\njdoe,Paris\nadoe,Rome\n", []string{`1 2 [jdoe|Paris] "jdoe,Paris\n"`, `2 3 [adoe|Rome] "adoe,Rome\n"`}},
		{"no line end at the end", "Alias,City\njdoe,Paris", []string{`1 2 [jdoe|Paris] "jdoe,Paris"`}},
		{"CRLF", "Alias,City\r\njdoe,Paris\r\n", []string{`1 2 [jdoe|Paris] "jdoe,Paris\r\n"`}},
		{"line ends mixed", "Alias,City\njdoe,Paris\r\nadoe,Rome\n", []string{`1 2 [jdoe|Paris] "jdoe,Paris\r\n"`, `2 3 [adoe|Rome] "adoe,Rome\n"`}},
		{"semicolons", "Alias;City\njdoe;Paris, France\n", []string{`1 2 [jdoe|Paris, France] "jdoe;Paris, France\n"`}},
		{"tabs", "Alias\tCity\njdoe\tParis; France\n", []string{`1 2 [jdoe|Paris; France] "jdoe\tParis; France\n"`}},
		{"a quoted delimiter", "Alias,City\njdoe,\"Paris, France\"\n", []string{`1 2 [jdoe|Paris, France] "jdoe,\"Paris, France\"\n"`}},
		{"a quoted quote", "Alias,City\njdoe,\"the \"\"City\"\"\"\n", []string{`1 2 [jdoe|the "City"] "jdoe,\"the \"\"City\"\"\"\n"`}},
		{"a quoted newline", "Alias,Address\njdoe,\"1 Main\nStreet\"\nadoe,x\n", []string{`1 2 [jdoe|1 Main` + "\n" + `Street] "jdoe,\"1 Main\nStreet\"\n"`, `2 4 [adoe|x] "adoe,x\n"`}},
		{"a quoted CRLF keeps its text", "Alias,Address\r\njdoe,\"1\r\n2\"\r\n", []string{"1 2 [jdoe|1\n2] " + `"jdoe,\"1\r\n2\"\r\n"`}},
		{"blank lines", "\n\r\nAlias,City\n\n\r\njdoe,Paris\n\nadoe,Rome\n\n", []string{`1 6 [jdoe|Paris] "jdoe,Paris\n"`, `2 8 [adoe|Rome] "adoe,Rome\n"`}},
		{"rows of delimiters", "Alias,City\n,\njdoe,Paris\n,,,\n\"\",\nadoe,Rome\n,,", []string{`1 3 [jdoe|Paris] "jdoe,Paris\n"`, `2 6 [adoe|Rome] "adoe,Rome\n"`}},
		{"empty columns at the end", "Alias,City,,\njdoe,Paris,,,,\nadoe,,,x,y,\n", []string{`1 2 [jdoe|Paris||] "jdoe,Paris,,,,\n"`, `2 3 [adoe|||x|y] "adoe,,,x,y,\n"`}},
		{"short rows", "Alias,City,State\njdoe\nadoe,Rome\n", []string{`1 2 [jdoe] "jdoe\n"`, `2 3 [adoe|Rome] "adoe,Rome\n"`}},
		{"more cells than headings", "Alias\njdoe,Paris,France\n", []string{`1 2 [jdoe|Paris|France] "jdoe,Paris,France\n"`}},
		{"blanks are kept", "Alias,City\n jdoe , Paris\n", []string{`1 2 [ jdoe | Paris] " jdoe , Paris\n"`}},
		{"leading zeros are kept", "Alias,Extension\njdoe,0042\n", []string{`1 2 [jdoe|0042] "jdoe,0042\n"`}},
		{"bytes that are no text", "Alias,City\njdoe,caf\xe9\n", []string{"1 2 [jdoe|caf\xe9] " + `"jdoe,caf\xe9\n"`}},
		{"the same heading twice", "City,City\nParis,Rome\n", []string{`1 2 [Paris|Rome] "Paris,Rome\n"`}},
		{"headings only", "Alias,City\n", nil},
		{"headings without a line end", "Alias,City", nil},
		{"one column", "Alias\njdoe\n", []string{`1 2 [jdoe] "jdoe\n"`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, rows, errs := readAll(t, strings.NewReader(test.text))
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			var got []string
			for _, row := range rows {
				got = append(got, fmt.Sprintf("%d %d [%s] %q", row.Number, row.Line, strings.Join(row.Cells, "|"), row.Raw+row.LineEnd))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(test.want, "\n     "))
			}
		})
	}
}

func TestFormatAndHeadings(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text     string
		want     Format
		headings string
		raw      string
	}{
		{"Alias,City\n", Format{UTF8, false, ',', 1}, "Alias|City", "Alias,City"},
		{"\xEF\xBB\xBFAlias;City\r\n", Format{UTF8, true, ';', 1}, "Alias|City", "Alias;City"},
		{"\xEF\xBB\xBF\"Alias\",City\n", Format{UTF8, true, ',', 1}, "Alias|City", `"Alias",City`},
		{"\n\nAlias\tCity\n", Format{UTF8, false, '\t', 3}, "Alias|City", "Alias\tCity"},
		{"\"Alias;x;y\",City\n", Format{UTF8, false, ',', 1}, "Alias;x;y|City", `"Alias;x;y",City`},
		{"\"Alias\n;;\",City\nx;y;z;,\n", Format{UTF8, false, ',', 1}, "Alias\n;;|City", "\"Alias\n;;\",City"},
		{"Alias\na;b;c\n", Format{UTF8, false, ',', 1}, "Alias", "Alias"},
		{"A;B,C;D\n", Format{UTF8, false, ';', 1}, "A|B,C|D", "A;B,C;D"},
		{"Alias", Format{UTF8, false, ',', 1}, "Alias", "Alias"},
	} {
		reader, _, errs := readAll(t, strings.NewReader(test.text))
		if len(errs) > 0 {
			t.Errorf("%q: %v", test.text, errs)
		}
		if got := reader.Format(); got != test.want {
			t.Errorf("%q: got %+v, want %+v", test.text, got, test.want)
		}
		if got := strings.Join(reader.Headings(), "|"); got != test.headings {
			t.Errorf("%q: got headings %q, want %q", test.text, got, test.headings)
		}
		if got := reader.HeaderRaw(); got != test.raw {
			t.Errorf("%q: got %q, want %q", test.text, got, test.raw)
		}
	}
}

func TestInputsThatAreRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                           "the input is empty",
		"\n\r\n\n":                   "the input is empty",
		"\xEF\xBB\xBF":               "the input is empty",
		"PK\x03\x04rest":             "an Excel workbook",
		"\xD0\xCF\x11\xE0rest":       "an old Excel workbook",
		"\x1F\x8B\x08rest":           "compressed",
		"\xFF\xFE\x00\x00A":          "UTF-32",
		"Alias,City\rjdoe,Paris\r":   "old Macintosh",
		"Alias,\"City\njdoe,Paris\n": "never closed",
		"Al\"ias,City\n":             "no quotes around it",
		"\xFF\xFEA\x00l":             "cut off",
	} {
		_, err := NewReader(strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got error %v, want one that says %q", text, err, want)
		}
	}
}

func TestBrokenQuotes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		want       string // of the error
		row        int
		raw        string
		final      bool
		rows       []int // numbers of the good rows
	}{
		{"a bare quote", "Alias,City\na,b\njdoe,5\" pipe\nadoe,Rome\n", `line 3, column 7: a quote (") stands inside a text`, 2, `jdoe,5" pipe`, false, []int{1, 3}},
		{"a quote that is not doubled", "Alias,City\njdoe,\"the \"City\"\"\nadoe,Rome\n", `a quote (") inside a quoted text is not doubled`, 1, `jdoe,"the "City""`, false, []int{2}},
		{"a quote that is not doubled, over two lines", "Alias,City\njdoe,\"one\ntwo\"three\",x\nadoe,Rome\n", `line 3, column 4: `, 1, "jdoe,\"one\ntwo\"three\",x", true, nil},
		{"a quote that is never closed", "Alias,City\na,b\njdoe,\"Paris\nadoe,Rome\n", `line 3, column 6: a quote (") is opened here and never closed`, 2, "jdoe,\"Paris\nadoe,Rome", true, []int{1}},
		{"a quote that is never closed, after others", "Alias,City\na,\"x\"\njdoe,\"Pa\"\"ris\n1\",\"\"\"Rome,\nx\ny\n", `line 4, column 4: a quote (") is opened here and never closed`, 2, "jdoe,\"Pa\"\"ris\n1\",\"\"\"Rome,\nx\ny", true, []int{1}},
		{"a quote that is never closed, in the last line", "Alias,City\na,b\njdoe,\"Paris", `line 3, column 6: a quote (") is opened here and never closed`, 2, `jdoe,"Paris`, false, []int{1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, rows, errs := readAll(t, strings.NewReader(test.text))
			var parse *ParseError
			if len(errs) != 1 || !errors.As(errs[0], &parse) {
				t.Fatalf("got errors %v, want one ParseError", errs)
			}
			if !strings.Contains(parse.Error(), test.want) {
				t.Errorf("got %q, want %q", parse, test.want)
			}
			if parse.Row.Number != test.row || parse.Row.Raw != test.raw || parse.Final != test.final {
				t.Errorf("got row %d, text %q, final %t, want %d, %q, %t", parse.Row.Number, parse.Row.Raw, parse.Final, test.row, test.raw, test.final)
			}
			var numbers []int
			for _, row := range rows {
				numbers = append(numbers, row.Number)
			}
			if !slices.Equal(numbers, test.rows) {
				t.Errorf("got rows %v, want %v", numbers, test.rows)
			}
			problem := parse.Problem("users.csv")
			if problem.File != "users.csv" || problem.Line != parse.Line || problem.Code != "bad-quotes" || problem.Warning {
				t.Errorf("got problem %+v", problem)
			}
		})
	}
}

func TestAFinalErrorStays(t *testing.T) {
	t.Parallel()
	reader, err := NewReader(strings.NewReader("Alias,City\njdoe,\"Paris\nadoe,Rome\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, first := reader.Next()
	for range 3 {
		if _, err := reader.Next(); err == nil || err != first {
			t.Errorf("got %v, want %v again", err, first)
		}
	}
}

func TestTheEndStays(t *testing.T) {
	t.Parallel()
	reader, _, _ := readAll(t, strings.NewReader("Alias\njdoe\n"))
	if _, err := reader.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want io.EOF again", err)
	}
}

func TestALongRowIsRead(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é\"\"\n", 1<<18)
	reader, rows, errs := readAll(t, strings.NewReader("Alias,City\njdoe,\""+long+"\"\nadoe,Rome\n"))
	if len(errs) > 0 || len(rows) != 2 {
		t.Fatalf("got %d rows and %v", len(rows), errs)
	}
	if got, want := rows[0].Cells[1], strings.ReplaceAll(long, `""`, `"`); got != want {
		t.Errorf("got a cell of %d bytes, want %d", len(got), len(want))
	}
	if got, want := rows[1].Line, 2+(1<<18)+1; got != want {
		t.Errorf("got line %d, want %d", got, want)
	}
	if reader.Format().Delimiter != ',' {
		t.Errorf("got delimiter %q", reader.Format().Delimiter)
	}
}

func TestARowThatIsTooLong(t *testing.T) {
	t.Parallel()
	endless := io.MultiReader(strings.NewReader("Alias,City\na,b\njdoe,\"Paris\n"), endlessLines{})
	_, rows, errs := readAll(t, endless)
	if len(rows) != 1 || len(errs) != 1 {
		t.Fatalf("got %d rows and %v, want 1 row and 1 error", len(rows), errs)
	}
	want := `line 3: this row has more than 8 MiB: most likely a quote (") in it is never closed`
	if got := errs[0].Error(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// endlessLines never ends, so that only a limit stops who reads it.
type endlessLines struct{}

func (endlessLines) Read(p []byte) (int, error) { return copy(p, "x,y\nx,y\nx,y\nx,y\n"), nil }

func TestManyRowsInSmallReads(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("Alias,Extension\r\n")
	for i := range 3000 {
		fmt.Fprintf(&text, "user%d,%d\r\n", i, i)
	}
	_, rows, errs := readAll(t, iotest.OneByteReader(strings.NewReader(text.String())))
	if len(rows) != 3000 || len(errs) > 0 {
		t.Fatalf("got %d rows and %v", len(rows), errs)
	}
	for i, row := range rows {
		if want := fmt.Sprintf("user%d", i); row.Cells[0] != want || row.Number != i+1 || row.Line != i+2 || row.Raw != fmt.Sprintf("%s,%d", want, i) {
			t.Fatalf("got row %+v, want %s", row, want)
		}
	}
}

func TestBlankRowsThatFillABatch(t *testing.T) {
	t.Parallel()
	blank := 2 * aheadBytes / len(",,\n")
	_, rows, errs := readAll(t, strings.NewReader("Alias,City\n"+strings.Repeat(",,\n", blank)+"jdoe,Paris\n"))
	if len(errs) > 0 || len(rows) != 1 || rows[0].Number != 1 || rows[0].Line != blank+2 {
		t.Errorf("got rows %v and %v, want one row, on line %d", rows, errs, blank+2)
	}
}

func TestAFailingInput(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is gone")
	if _, err := NewReader(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("got %v, want it to wrap %v", err, broken)
	}
	start := strings.NewReader("Alias,City\n" + strings.Repeat("jdoe,Paris\n", 50_000))
	reader, rows, errs := readAll(t, io.MultiReader(start, iotest.ErrReader(broken)))
	if len(rows) == 0 || len(errs) != 1 || !errors.Is(errs[0], broken) {
		t.Errorf("got %d rows and %v, want rows and then %v", len(rows), errs, broken)
	}
	if _, err := reader.Next(); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v again", err, broken)
	}
}

func TestHeadingsAreTheCallersToChange(t *testing.T) {
	t.Parallel()
	reader, _, _ := readAll(t, strings.NewReader("Alias\n"))
	reader.Headings()[0] = "changed"
	if got := reader.Headings()[0]; got != "Alias" {
		t.Errorf("got %q, want Alias", got)
	}
}
