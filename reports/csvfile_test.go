package reports

import (
	"bufio"
	"bytes"
	"slices"
	"testing"

	"github.com/gocarina/gocsv"
)

func TestLinesOfACSVFile(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		lines []rollbackLine
		want  string
	}{
		{"no line", nil, "Operation,ObjectId,Alias,Reversible,Note,Title,Speed\n"},
		{"cells to quote", []rollbackLine{
			{"update", "", ` a"b`, "yes", "one, two\r\nthree"},
			{"delete", `\.`, "=1+1", "no", "semi;colon"},
		}, "Operation,ObjectId,Alias,Reversible,Note,Title,Speed\n" +
			"update,,\" a\"\"b\",yes,\"one, two\r\nthree\",\"\n\",\n" +
			"delete,\"\\.\",=1+1,no,semi;colon,\"\n\",\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var text bytes.Buffer
			file := newCSVFile(&text)
			file.behind = []string{"Title", "Speed"}
			must(t, gocsv.MarshalCSV([]rollbackLine{}, file))
			file.behind = []string{"\n", ""}
			for _, line := range test.lines {
				must(t, gocsv.MarshalCSVWithoutHeaders([]rollbackLine{line}, file))
			}
			must(t, file.end())
			if got := text.String(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// writes counts how often the disk is written to.
type writes struct{ count int }

func (w *writes) Write(p []byte) (int, error) {
	w.count++
	return len(p), nil
}

func TestACSVFileIsNotWrittenLineByLine(t *testing.T) {
	t.Parallel()
	var disk writes
	file := newCSVFile(bufio.NewWriterSize(&disk, 1<<16)) // as staged.write gives it
	for range 1000 {
		must(t, gocsv.MarshalCSVWithoutHeaders([]rollbackLine{{Operation: "update", Alias: "jdoe"}}, file))
	}
	must(t, file.end())
	if disk.count != 1 {
		t.Errorf("1,000 short lines took %d writes, want 1", disk.count)
	}
}

// Scripts read results.csv by these headings, and rollback knows its file by its own.
func TestHeadings(t *testing.T) {
	t.Parallel()
	if got, want := headingsOf[resultLine](), []string{"Row", "Line", "Operation", "Alias", "DtmfAccessId", "ObjectId", "Status", "Code", "Message",
		"StepsDone", "StepsFailed", "Requests", "Attempts", "Seconds", "Reversible"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := headingsOf[rollbackLine](), []string{"Operation", "ObjectId", "Alias", "Reversible", "Note"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
