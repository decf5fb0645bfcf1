package input

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// inOrder reads rows one after the other, the way that Decode falls back to.
func inOrder(t *testing.T, text string) (rows []string, failed bool) {
	t.Helper()
	open := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
	err := decodeInOrder(open, 0, shown, func(read []Decoded[string]) bool {
		for i := range read {
			rows = append(rows, told(&read[i]))
		}
		return true
	})
	return rows, err != nil
}

func onAllCores(text string) (rows []string, failed bool) {
	open := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
	for read, err := range Decode(open, 32<<10, shown) {
		if err != nil {
			return rows, true
		}
		for i := range read {
			rows = append(rows, told(&read[i]))
		}
	}
	return rows, false
}

func shown(row Row) string { return fmt.Sprintf("%q", row.Cells) }

func told(row *Decoded[string]) string {
	return fmt.Sprintf("%d %d %s %q %q %v", row.Number, row.Line, row.Value, row.Raw, row.LineEnd, row.Broken)
}

// long makes a file of several chunks in which odd things stand far apart.
func long(odd ...string) string {
	var b strings.Builder
	b.WriteString("Alias,Note\r\n")
	for i := range 9_000 {
		fmt.Fprintf(&b, "user%d,\"a \"\"note\"\" of\ntwo, lines\"\r\n", i)
		if i%1_000 == 500 && i/1_000 < len(odd) {
			b.WriteString(odd[i/1_000])
		}
	}
	return b.String()
}

func TestDecodeGivesWhatReadingInOrderGives(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"well formed":      long(),
		"no quotes":        strings.ReplaceAll(long("\n", "\r\n", ",,\n", "x\ry,z\r\r\n"), `"`, "") + "x,y\r",
		"nothing but a CR": strings.ReplaceAll(long(), `"`, "") + "\r",
		"a quote at times": strings.ReplaceAll(long(), `"`, "") + long("x\"y,z\n") + strings.ReplaceAll(long(), `"`, ""),
		"quotes that meet": long("", "\"\"\"\",\"\n\"\n", "\"x\",\"\r\n\r\n\"\"\r\"\n"),
		"semicolons":       strings.ReplaceAll(long(";\n", "x;\"y\nz\"\n"), ",", ";"),
		"blank lines":      long("\n\r\n\n", ",\n", "\n"),
		"a bare quote":     long("", "", "x\"y,z\n", "", "x\"y,z\n"),
		"a quote too many": long("", "\"x\"y,z\n"),
		"an open quote":    long("", "", "", "\"x,z\n"),
		"a long row":       long("", "x,\""+strings.Repeat("a\n", 200_000)+"\"\n"),
		"a very long row":  long("", "x,\""+strings.Repeat("a\n", 900_000)+"\"\n"),
		"no last newline":  long() + "x,y",
		"UTF-16":           "\xFF\xFE" + twoBytes(long("", "", "x\"y,z\n")),
		"half a character": "\xFF\xFE" + twoBytes(long()) + "x",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, wantFailed := inOrder(t, text)
			got, gotFailed := onAllCores(text)
			if gotFailed != wantFailed {
				t.Errorf("got failed %t, want %t", gotFailed, wantFailed)
			}
			if len(want) < 9_000/3 {
				t.Fatalf("got %d rows in order, want thousands", len(want))
			}
			if !slices.Equal(got, want) {
				i := 0
				for i < min(len(got), len(want)) && got[i] == want[i] {
					i++
				}
				t.Errorf("got %d rows, want %d; they differ from row %d on", len(got), len(want), i+1)
			}
		})
	}
}

func twoBytes(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		b.Write([]byte{c, 0})
	}
	return b.String()
}

func TestDecodeEndsWhenTheCallerHasEnough(t *testing.T) {
	t.Parallel()
	text := long()
	open := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
	rows := 0
	for _, err := range Decode(open, 32<<10, shown) {
		if err != nil {
			t.Fatal(err)
		}
		if rows++; rows == 3 {
			break // goleak sees to it that no goroutine is left
		}
	}
	if rows != 3 {
		t.Errorf("got %d rows, want 3", rows)
	}
}

func TestDecodePassesOnThatTheFileIsGone(t *testing.T) {
	t.Parallel()
	gone := errors.New("gone")
	for _, err := range Decode(func() (io.ReadCloser, error) { return nil, gone }, 32<<10, shown) {
		if !errors.Is(err, gone) {
			t.Errorf("got %v, want %v", err, gone)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("A,B\n1,2\n", 3)
	f.Add("A,B\n\"x\ny\",2\nx\"y,1\n", 4000)
	f.Fuzz(func(t *testing.T, text string, times int) {
		text = strings.Repeat(text, 1+min(max(times, 0), 300_000/(1+len(text))))
		want, wantFailed := inOrder(t, text)
		got, gotFailed := onAllCores(text)
		if gotFailed != wantFailed || !slices.Equal(got, want) {
			t.Errorf("got %d rows (failed %t), want %d (failed %t)", len(got), gotFailed, len(want), wantFailed)
		}
	})
}

// A row of a usual file makes room once, and a short row makes little room under a million
// headings.
func TestARowMakesRoomOnce(t *testing.T) {
	t.Parallel()
	for _, headings := range []int{3, 20, 5000} {
		text := strings.Repeat("h,", headings-1) + "h\n" + strings.Repeat("c,", headings-1) + "c\na,b\n"
		open := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
		for read, err := range Decode(open, 32<<10, func(row Row) int { return cap(row.Cells) }) {
			if err != nil {
				t.Fatal(err)
			}
			for i, row := range read {
				if cells := len(row.Cells); cells <= firstRoom && row.Value != firstRoom {
					t.Errorf("%d headings, row %d: %d cells have room for %d, want %d", headings, i+1, cells, row.Value, firstRoom)
				}
			}
		}
	}
}
