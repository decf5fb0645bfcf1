package reports

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"cucbulk/batch"
	"cucbulk/batch/record"
)

// bytesOf writes a text in an encoding, with a byte order mark if marked.
func bytesOf(text, encoding string, marked bool) []byte {
	if marked {
		text = "\uFEFF" + text
	}
	if encoding == "utf-8" {
		return []byte(text)
	}
	var encoded []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		if encoding == "utf-16le" {
			encoded = binary.LittleEndian.AppendUint16(encoded, unit)
		} else {
			encoded = binary.BigEndian.AppendUint16(encoded, unit)
		}
	}
	return encoded
}

// rejectsCases are inputs with the rejects.csv that they lead to, in which <n>
// stands for the reason of row n. Rows without an extension are invalid.
var rejectsCases = []struct{ name, encoding, bom, input, want string }{
	{"plain", "utf-8", "",
		"Alias,DtmfAccessId,DisplayName\njdoe,,Jane\nfine,4711,Fine\nmsmith,,\"Smith, M\"\n",
		"FailureReason,Alias,DtmfAccessId,DisplayName\n<1>,jdoe,,Jane\n<3>,msmith,,\"Smith, M\"\n"},
	{"byte order mark, semicolons, CRLF", "utf-8", "bom",
		"Alias;DtmfAccessId;DisplayName\r\njdoe;;Müller, J\r\nfine;4711;Fine\r\nmsmith;;\"a;b\"\r\n",
		"FailureReason;Alias;DtmfAccessId;DisplayName\r\n<1>;jdoe;;Müller, J\r\n<3>;msmith;;\"a;b\"\r\n"},
	{"UTF-16LE, tabs", "utf-16le", "bom",
		"Alias\tDtmfAccessId\tDisplayName\r\njdoe\t\tChloë 𝄞\r\nfine\t4711\tFine\r\n",
		"FailureReason\tAlias\tDtmfAccessId\tDisplayName\r\n<1>\tjdoe\t\tChloë 𝄞\r\n"},
	{"UTF-16BE without a mark", "utf-16be", "",
		"Alias,DtmfAccessId\njdoe,\n",
		"FailureReason,Alias,DtmfAccessId\n<1>,jdoe,\n"},
	{"newlines in quotes", "utf-8", "",
		"\"Alias\",DtmfAccessId ,\"DisplayName\"\n\"jdoe\",,\" two\r\nlines, \"\"quoted\"\"\n\"\nmsmith,  , 0042 \n",
		"FailureReason,\"Alias\",DtmfAccessId ,\"DisplayName\"\n<1>,\"jdoe\",,\" two\r\nlines, \"\"quoted\"\"\n\"\n<2>,msmith,  , 0042 \n"},
	{"last line without a line end", "utf-8", "",
		"Alias,DtmfAccessId\r\nfine,4711\r\njdoe,",
		"FailureReason,Alias,DtmfAccessId\r\n<2>,jdoe,\r\n"},
	{"blank lines, short and long rows", "utf-8", "",
		"\n\nAlias,DtmfAccessId,DisplayName\n\njdoe\n,,\nmsmith,,,,\n",
		"FailureReason,Alias,DtmfAccessId,DisplayName\n<1>,jdoe\n<2>,msmith,,,,\n"},
	{"too many cells", "utf-8", "",
		"Alias,DtmfAccessId,FailureReason\njdoe,4711,old,more\n",
		"FailureReason,Alias,DtmfAccessId\n<1>,jdoe,4711,more\n"},
	{"one column", "utf-8", "",
		"Alias\njdoe\n\"m,smith\"\n",
		"FailureReason,Alias\n<1>,jdoe\n<2>,\"m,smith\"\n"},
	{"FailureReason in front", "utf-8", "",
		"FailureReason,Alias,DtmfAccessId\n\"old, \"\"very\"\"\nold\",jdoe,\n,msmith,\nonly the reason\n",
		"FailureReason,Alias,DtmfAccessId\n<1>,jdoe,\n<2>,msmith,\n<3>,\n"},
	{"FailureReason in the middle", "utf-8", "",
		"Alias;failurereason;DtmfAccessId\njdoe;\"old; reason\";\nmsmith;;\nshort\n",
		"FailureReason;Alias;DtmfAccessId\n<1>;jdoe;\n<2>;msmith;\n<3>;short\n"},
	{"FailureReason at the end", "utf-8", "",
		"Alias,DtmfAccessId, FailureReason \njdoe,,\"old\nreason\"\nmsmith,,\nshort\n",
		"FailureReason,Alias,DtmfAccessId\n<1>,jdoe,\n<2>,msmith,\n<3>,short\n"},
	{"formulas stay what they are", "utf-8", "",
		"Alias,DtmfAccessId,DisplayName,Title\n=cmd(),,+49,\"@x\"\n-1,,=1+1,'=x\n",
		"FailureReason,Alias,DtmfAccessId,DisplayName,Title\n<1>,=cmd(),,+49,\"@x\"\n<2>,-1,,=1+1,'=x\n"},
	{"broken quotes", "utf-8", "",
		"Alias,DtmfAccessId,FailureReason\njd\"oe,4711,\nfine,4712,\nmsmith,,old\n",
		"FailureReason,Alias,DtmfAccessId\n<1>,jd\"oe,4711,\n<3>,msmith,\n"},
}

func TestRejects(t *testing.T) {
	t.Parallel()
	for _, test := range rejectsCases {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			source := bytesOf(test.input, test.encoding, test.bom != "")
			folder := refused(t, source)
			write(t, folder)
			history, err := record.ReadHistory(folder)
			must(t, err)
			want := test.want
			for row := range history.Rows {
				result, _, err := history.Result(row)
				must(t, err)
				want = strings.ReplaceAll(want, fmt.Sprintf("<%d>", row), cell(t, string(result.Code)+": "+result.Message, test.want))
			}
			if got := read(t, folder, RejectsFile); !bytes.Equal(got, bytesOf(want, test.encoding, test.bom != "")) {
				t.Errorf("got  %q\nwant %q", got, bytesOf(want, test.encoding, test.bom != ""))
			}
		})
	}
}

// cell writes a cell for a file of ours, whose first delimiter stands behind its
// first heading.
func cell(t *testing.T, text, file string) string {
	t.Helper()
	var out strings.Builder
	w := csv.NewWriter(&out)
	w.Comma = rune(strings.TrimPrefix(file, reasonColumn)[0])
	must(t, w.Write([]string{text}))
	w.Flush()
	return strings.TrimSuffix(out.String(), "\n")
}

// rejects.csv as the next input has the same rows, with the same cells and the
// same problems; rejected again it stays as it is.
func TestRejectsAreAnInput(t *testing.T) {
	t.Parallel()
	for _, test := range rejectsCases {
		if test.name == "broken quotes" || test.name == "too many cells" { // those rows have no cells, or their reason counts them
			continue
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder := refused(t, bytesOf(test.input, test.encoding, test.bom != ""))
			write(t, folder)
			rejects := read(t, folder, RejectsFile)
			again := refused(t, rejects)
			write(t, again)
			if got := read(t, again, RejectsFile); !bytes.Equal(got, rejects) {
				t.Errorf("rejected again: got\n%q\nwant\n%q", got, rejects)
			}
			history, err := record.ReadHistory(folder)
			must(t, err)
			var want [][]string
			for number, cells := range cellsOf(t, folder) {
				if history.Rows[number+1] != nil && history.Rows[number+1].Status.Rejected() {
					want = append(want, cells)
				}
			}
			if got := cellsOf(t, again); !slices.EqualFunc(got, want, slices.Equal) {
				t.Errorf("got rows\n%q\nwant\n%q", got, want)
			}
		})
	}
}

// cellsOf gives the cells of an input's rows, but for those of FailureReason.
func cellsOf(t *testing.T, folder string) (all [][]string) {
	t.Helper()
	in, err := record.OpenInput("users.csv", filepath.Join(folder, record.InputFile))
	must(t, err)
	headings, _, _, err := in.HeadingLine()
	must(t, err)
	column := slices.IndexFunc(headings, func(heading string) bool {
		return strings.EqualFold(strings.TrimSpace(heading), reasonColumn)
	})
	for row, err := range in.Rows() {
		must(t, err)
		cells := slices.Clone(row.Cells)
		if column >= 0 && column < len(cells) {
			cells = slices.Delete(cells, column, column+1)
		}
		for len(cells) < len(headings)-min(column+1, 1) { // a cell that is missing is empty
			cells = append(cells, "")
		}
		all = append(all, slices.Clip(cells))
	}
	return all
}

// Secrets may stand in the copy of the input and in rejects.csv, which is the
// input's own cells, and nowhere else.
func TestSecretsAreOnlyInTheInputsOwnCells(t *testing.T) {
	t.Parallel()
	const pin, password = "73519284", "s3cr3t-Correct-Horse"
	folder := refused(t, []byte("Alias,DtmfAccessId,PIN,Password,FailureReason\njdoe,4711,"+pin+","+password+",old\nmsmith,,=\""+pin+","+password+",\n"))
	write(t, folder)
	entries, err := os.ReadDir(folder)
	must(t, err)
	for _, entry := range entries {
		text := read(t, folder, entry.Name())
		own := entry.Name() == record.InputFile || entry.Name() == RejectsFile
		for _, secret := range []string{pin, password} {
			if found := bytes.Contains(text, []byte(secret)); found != own {
				t.Errorf("%s holds %s: %v, want %v", entry.Name(), secret, found, own)
			}
		}
	}
	if len(entries) != 8 {
		t.Errorf("got %d files, want the input, the journal, its lock and 5 reports", len(entries))
	}
}

func TestRejectsWithoutTheInput(t *testing.T) {
	t.Parallel()
	folder := refused(t, []byte("Alias,DtmfAccessId\njdoe,\nfine,4711\n"))
	must(t, batch.DropInput(folder))
	_, notices, err := Writer{}.Write(folder)
	if err != nil || len(notices) != 1 || !strings.Contains(string(notices[0]), RejectsFile) {
		t.Fatalf("got %q and %v, want a notice about %s", notices, err, RejectsFile)
	}
	_, lines := table(t, read(t, folder, ResultsFile))
	if len(lines) != 2 || lines[0]["Row"] != "1" || lines[0]["Status"] != "invalid" || lines[0]["Alias"] != "jdoe" || lines[1]["Row"] != "2" || lines[1]["Status"] != "pending" {
		t.Errorf("got %v, want row 1 with its result and row 2 pending", lines)
	}
	earlier := []byte("written while the input was there")
	must(t, os.WriteFile(filepath.Join(folder, RejectsFile), earlier, 0o600))
	write(t, folder)
	if got := read(t, folder, RejectsFile); !bytes.Equal(got, earlier) {
		t.Errorf("got %q, want the only copy kept", got)
	}
}

// The server's text can't become a formula, a second line or a terminal's command.
func TestReason(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		result record.Result
		want   string
	}{
		{record.Result{Code: "required", Message: "Alias: is empty"}, "required: Alias: is empty"},
		{record.Result{Code: "x", Message: "two\r\nlines\tand \x1b[2J"}, "x: two lines and  [2J"},
		{record.Result{Code: "=cmd|' /C calc'!A1", Message: "m"}, "'=cmd|' /C calc'!A1: m"},
		{record.Result{Code: "x", Message: "m", StepsDone: []string{"user"}, StepsFailed: []string{"pin", "callhandler"}}, "x: m (done: user; not done: pin, callhandler)"},
	} {
		if got := reason(test.result); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

// FuzzWithout cuts each column out of a line that a CSV writer wrote.
func FuzzWithout(f *testing.F) {
	f.Add("plain", "with, comma", "with \"quotes\"", uint8(0), false)
	f.Add("", "", "", uint8(1), true)
	f.Add("two\r\nlines", ";", "\"", uint8(2), true)
	f.Fuzz(func(t *testing.T, first, second, third string, column uint8, semicolon bool) {
		delimiter := ','
		if semicolon {
			delimiter = ';'
		}
		cells := []string{first, second, third}
		at := int(column) % len(cells)
		line := func(cells []string) string {
			var quotedCells []string
			for _, cell := range cells {
				quotedCells = append(quotedCells, quoted(cell, delimiter))
			}
			return strings.Join(quotedCells, string(delimiter))
		}
		reader := csv.NewReader(strings.NewReader(line([]string{"x", first})))
		reader.Comma = delimiter
		if got, err := reader.Read(); err != nil || got[1] != strings.ReplaceAll(first, "\r\n", "\n") {
			t.Errorf("quoted: got %q and %v, want %q", got, err, first)
		}
		rest := slices.Delete(slices.Clone(cells), at, at+1)
		if got, want := without(line(cells), at, delimiter), line(rest); got != want {
			t.Errorf("without %d: got %q, want %q", at, got, want)
		}
		if got, want := without(line(cells), -1, delimiter), line(cells); got != want {
			t.Errorf("without none: got %q, want %q", got, want)
		}
		if got, want := without(line(cells), len(cells), delimiter), line(cells); got != want {
			t.Errorf("without one that is not there: got %q, want %q", got, want)
		}
	})
}
