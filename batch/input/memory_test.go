//go:build !race

// The race detector makes what is measured here ten times slower, and another figure.

package input

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
	"time"
)

// A small file that unpacks to much is refused, and takes little memory until then; one of
// many users is read, in little memory too. No test of this package runs beside it.
func TestWorkbooksTakeLittleMemory(t *testing.T) {
	whole := twelveRows(t)
	repeat := func(head, some string, times int, tail string) map[string]func([]byte) []byte {
		return map[string]func([]byte) []byte{sheetPartName: func([]byte) []byte { return []byte(head + strings.Repeat(some, times) + tail) }}
	}
	const head, tail = "<worksheet><sheetData>", "</sheetData></worksheet>"
	long := strings.Repeat("x", 32<<10)
	text := func(letter string) string {
		return `<row><c t="inlineStr"><is><t>` + strings.Repeat(letter, 30_000) + `</t></is></c></row>`
	}
	shared := repeat(head, `<row><c t="s"><v>0</v></c></row>`, 2500, tail)
	shared[stringPartName] = func([]byte) []byte { return []byte("<sst><si><t>" + long + "</t></si></sst>") }
	strings8 := map[string]func([]byte) []byte{stringPartName: func([]byte) []byte {
		return []byte("<sst>" + strings.Repeat("<si><t>"+long+"</t></si>", 2500) + "</sst>")
	}}
	for name, parts := range map[string]map[string]func([]byte) []byte{
		"blanks":                 repeat(head, " ", 20<<20, tail),
		"rows":                   repeat(head, "<row><c><v>1</v></c></row>", 1<<20, tail),
		"texts":                  repeat(head, text("a"), 3000, tail),
		"one text many times":    shared,
		"many shared texts":      strings8,
		"cells far to the right": repeat(head, farCells(), 1, tail),
		"elements in each other": repeat("<worksheet>", "<a>", 1<<20, ""),
		"one long text":          repeat(head+"<row><c><v>", "1", 10<<20, "</v></c></row>"+tail),
		"one long attribute":     repeat(head+`<row r="`, "1", 10<<20, `"/>`+tail),
		"one long comment":       repeat(head+`<!--`, "1", 10<<20, `-->`+tail),
	} {
		path := repacked(t, whole, parts)
		about, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		peak := peakMemory(func() { _, err = ReadWorkbook(io.Discard, path, "") })
		if err == nil || !strings.Contains(err.Error(), "refused") && !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: got %v", name, err)
		}
		if peak > 160<<20 {
			t.Errorf("%s: %d KiB took %d MiB", name, about.Size()>>10, peak>>20)
		}
	}

	const users = 100_000
	var rows strings.Builder
	rows.WriteString(head)
	for i := range users {
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%[1]d" t="inlineStr"><is><t>user%06[1]d</t></is></c><c r="B%[1]d" s="1"><v>%[1]d</v></c><c r="C%[1]d" t="s"><v>2</v></c></row>`, i+1)
	}
	rows.WriteString(tail)
	path := repacked(t, whole, map[string]func([]byte) []byte{sheetPartName: func([]byte) []byte { return []byte(rows.String()) }})
	rows.Reset()
	var out lineCounter
	var err error
	peak := peakMemory(func() { _, err = ReadWorkbook(&out, path, "") })
	if err != nil || out != users || peak > 64<<20 {
		t.Errorf("%d rows: got %d in %d MiB, and %v", users, out, peak>>20, err)
	}
}

// farCells are rows of which only the last cell that there can be holds something.
func farCells() string {
	var rows strings.Builder
	for row := range 5000 {
		fmt.Fprintf(&rows, `<row r="%d"><c r="XFD%[1]d" t="str"><v>a</v></c></row>`, row+2)
	}
	return rows.String()
}

type lineCounter int

func (c *lineCounter) Write(text []byte) (int, error) {
	*c += lineCounter(bytes.Count(text, []byte("\n")))
	return len(text), nil
}

// peakMemory is how much the heap grew while something was done, in bytes.
func peakMemory(work func()) (peak uint64) {
	defer debug.SetGCPercent(debug.SetGCPercent(25)) // beside other work garbage stays longer, and it is not what is measured
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	now := func() uint64 {
		metrics.Read(heap)
		return heap[0].Value.Uint64()
	}
	before, done := now(), make(chan struct{})
	go func() {
		defer close(done)
		work()
	}()
	for {
		select {
		case <-done:
			return peak
		case <-time.After(time.Millisecond):
			if here := now(); here > before {
				peak = max(peak, here-before)
			}
		}
	}
}
