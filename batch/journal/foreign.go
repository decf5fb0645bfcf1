package journal

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"os"
	"strings"
	"unicode/utf16"
)

// foreignMost bounds how much of a journal is looked at that another program saved.
const foreignMost = 64 << 20

// savedAs tells how another program saved the journal at path, and how many of its
// records are whole but for that; "" where that is not what is wrong.
func savedAs(path string) (how string, records int64) {
	file, err := os.Open(path)
	if err != nil {
		return "", 0
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, foreignMost))
	if err != nil {
		return "", 0
	}
	var ways []string
	for mark, order := range map[string]binary.ByteOrder{"\xff\xfe": binary.LittleEndian, "\xfe\xff": binary.BigEndian} {
		if rest, is := bytes.CutPrefix(text, []byte(mark)); is {
			ways, text = append(ways, "as UTF-16"), fromUTF16(rest, order)
		}
	}
	if rest, is := bytes.CutPrefix(text, []byte("\uFEFF")); is {
		ways, text = append(ways, "with a byte order mark"), rest
	}
	if bytes.Contains(text, []byte("\r\n")) {
		ways, text = append(ways, "with lines that end in CR LF"), bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	}
	tail, _ := scan(bytes.NewReader(text), math.MaxInt64, func(Record) error { return nil })
	if len(ways) == 0 || tail.Sequence == 0 {
		return "", 0
	}
	return strings.Join(ways, ", "), tail.Sequence
}

func fromUTF16(text []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(text)/2)
	for i := range units {
		units[i] = order.Uint16(text[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}
