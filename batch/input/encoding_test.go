package input

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
	"unicode/utf8"
)

const sample = "Alias;DisplayName\r\njdoe;\"Zoë, \"\"Z\"\" 🙂\r\n界\"\r\n\r\nadoe;Ünal\nlast;row"

func TestEachEncodingRoundTrip(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		bom  string
		want Format
	}{
		{"UTF-8", "", Format{UTF8, false, ';', 1}},
		{"UTF-8 with a mark", "\xEF\xBB\xBF", Format{UTF8, true, ';', 1}},
		{"UTF-16LE", "", Format{UTF16LE, false, ';', 1}},
		{"UTF-16LE with a mark", "\xFF\xFE", Format{UTF16LE, true, ';', 1}},
		{"UTF-16BE", "", Format{UTF16BE, false, ';', 1}},
		{"UTF-16BE with a mark", "\xFE\xFF", Format{UTF16BE, true, ';', 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			encoded, err := test.want.EncodeRaw(sample)
			if err != nil {
				t.Fatal(err)
			}
			file := append([]byte(test.bom), encoded...)
			reader, rows, errs := readAll(t, iotest.HalfReader(bytes.NewReader(file)))
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			if got := reader.Format(); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			if got, want := rows[0].Cells[1], "Zoë, \"Z\" 🙂\n界"; got != want {
				t.Errorf("got cell %q, want %q", got, want)
			}
			if got, want := rows[1].Line, 5; got != want {
				t.Errorf("got line %d, want %d", got, want)
			}
			var again []byte
			write := func(text string) {
				part, err := reader.Format().EncodeRaw(text)
				if err != nil {
					t.Fatal(err)
				}
				again = append(again, part...)
			}
			if test.want.BOM {
				write("\uFEFF")
			}
			write(reader.HeaderRaw() + reader.HeaderLineEnd())
			for i, row := range rows {
				if i == 1 {
					write("\r\n") // the blank line
				}
				write(row.Raw + row.LineEnd)
			}
			if !bytes.Equal(again, file) {
				t.Errorf("got  %q\nwant %q", again, file)
			}
		})
	}
}

func TestHalfASurrogatePairIsNoText(t *testing.T) {
	t.Parallel()
	for name, order := range map[string]binary.AppendByteOrder{UTF16LE: binary.LittleEndian, UTF16BE: binary.BigEndian} {
		for _, half := range [][]uint16{{0xD83D}, {0xDE42}, {0xD83D, 0xD83D}, {0xDE42, 0xD83D}, {0xDE42, 0xDE42}, {0xDFFF}, {0xDBFF}, {0xD800}, {0xFFFD}} {
			for _, rest := range []string{"", "y,ok\nlast,ok\n"} {
				units := append(utf16.Encode([]rune("\uFEFFA,B\n🙂,\"1\n2\"\nx,")), half...)
				var file []byte
				for _, unit := range append(units, utf16.Encode([]rune(rest))...) {
					file = order.AppendUint16(file, unit)
				}
				_, rows, errs := readAll(t, iotest.OneByteReader(bytes.NewReader(file)))
				if len(errs) > 0 || len(rows) < 2 {
					t.Fatalf("%s %X: got %d rows and %v", name, half, len(rows), errs)
				}
				for i, row := range rows {
					if got, want := utf8.ValidString(strings.Join(row.Cells, "")), i != 1; got != want {
						t.Errorf("%s %X: got valid text %t in row %d, %q, want %t", name, half, got, row.Number, row.Cells, want)
					}
				}
				if got, want := rows[1].Line, 4; got != want {
					t.Errorf("%s %X: got line %d, want %d", name, half, got, want)
				}
			}
		}
	}
}

func TestAReplacementCharacterComesBackAsItWas(t *testing.T) {
	t.Parallel()
	for _, f := range []Format{{Encoding: UTF8, BOM: true}, {Encoding: UTF16LE, BOM: true}, {Encoding: UTF16BE, BOM: true}} {
		file, err := f.EncodeRaw("\uFEFFA\nx\uFFFDy")
		if err != nil {
			t.Fatal(err)
		}
		reader, rows, errs := readAll(t, bytes.NewReader(file))
		if len(errs) > 0 || len(rows) != 1 {
			t.Fatalf("%s: got %d rows and %v", f.Encoding, len(rows), errs)
		}
		got, err := reader.Format().EncodeRaw("\uFEFF" + reader.HeaderRaw() + reader.HeaderLineEnd() + rows[0].Raw)
		if err != nil || !bytes.Equal(got, file) {
			t.Errorf("%s: got %X and %v, want %X", f.Encoding, got, err, file)
		}
		if got, want := rows[0].Cells[0] == "x\uFFFDy", f.Encoding == UTF8; got != want {
			t.Errorf("%s: got cell %q", f.Encoding, rows[0].Cells[0])
		}
	}
}

func TestEncodeRawRefusesAnUnknownEncoding(t *testing.T) {
	t.Parallel()
	_, err := Format{Encoding: "ebcdic"}.EncodeRaw("x")
	if err == nil || !strings.Contains(err.Error(), `"ebcdic"`) {
		t.Errorf("got %v, want an error that names the encoding", err)
	}
}

func TestSpool(t *testing.T) {
	t.Parallel()
	var copied bytes.Buffer
	sum, n, err := Spool(&copied, strings.NewReader("abc"))
	want := "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	if sum != want || n != 3 || err != nil || copied.String() != "abc" {
		t.Errorf("Spool = %s, %d, %v and %q, want %s, 3", sum, n, err, copied.String(), want)
	}
	if _, _, err := Spool(&copied, iotest.TimeoutReader(strings.NewReader(strings.Repeat("x", 100_000)))); err == nil {
		t.Error("got no error of an input that breaks off")
	}
}

// A format is read as it was written, and as journals have it that are older than the
// names of today.
func TestFormatInJSON(t *testing.T) {
	t.Parallel()
	want := Format{Encoding: UTF8, BOM: true, Delimiter: ';', HeaderLine: 1}
	written, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if text := `{"encoding":"utf-8","byteOrderMark":true,"delimiter":";","headerLine":1}`; string(written) != text {
		t.Errorf("wrote %s, want %s", written, text)
	}
	var got Format
	if err := json.Unmarshal(written, &got); err != nil || got != want {
		t.Errorf("got %+v and error %v, want %+v", got, err, want)
	}
	got = Format{}
	want.BOM, want.HeaderLine = false, 0
	if err := json.Unmarshal([]byte(`{"Encoding":"utf-8","Delimiter":59}`), &got); err != nil || got != want {
		t.Errorf("got %+v and error %v, want %+v", got, err, want)
	}
	for _, wrong := range []string{`"ab"`, `""`, `"\ufffd"`, `true`, `1.5`} {
		if err := json.Unmarshal([]byte(`{"delimiter":`+wrong+`}`), &got); err == nil {
			t.Errorf("%s was taken for a delimiter", wrong)
		}
	}
}
