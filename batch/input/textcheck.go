package input

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// TextCheck is given a whole file as it is written to it, and then tells whether
// its bytes are Windows-1252: some are no UTF-8, none together are a letter of
// UTF-8, and each is a character. Bytes that are both stay UTF-8, whose rules then
// report each cell that is damaged.
type TextCheck struct {
	Whole     bool   // look at all of it: an encoding is named, and counts if some bytes are no UTF-8
	lines     int    // line feeds so far
	open      []byte // the start of what may be one character
	recent    []byte // the end of the last write, while open is not empty
	utf8      bool   // a character of UTF-8 beyond ASCII was seen
	damaged   bool   // after that, something was seen that is no UTF-8
	letters   int    // of UTF-8 beyond ASCII, as far as it was looked at
	wrong     int    // bytes that are no UTF-8
	undefined bool   // a byte was seen that Windows-1252 does not have
	first     int    // line of the first byte that is no UTF-8; 0: none
	example   []byte // what stands around it
}

// Write never fails.
func (c *TextCheck) Write(text []byte) (int, error) {
	if c.utf8 && !c.Whole { // no byte can change what the file is
		c.lines += bytes.Count(text, []byte{'\n'})
		c.damaged = c.damaged || !utf8.Valid(inner(text))
		return len(text), nil
	}
	for at := 0; at < len(text); {
		plain := asciiPrefix(text[at:])
		if len(c.open) > 0 {
			plain = 0
		}
		c.lines += bytes.Count(text[at:at+plain], []byte{'\n'})
		if at += plain; at < len(text) {
			c.open = append(c.open, text[at])
			at++
			c.settle(text, at, false)
		}
	}
	if len(c.open) > 0 {
		c.recent = bytes.Clone(text[max(0, len(text)-aroundBytes):])
	}
	return len(text), nil
}

// settle decides about the open bytes as soon as they are known to be a character
// or none. text[:at] has been taken.
func (c *TextCheck) settle(text []byte, at int, atEnd bool) {
	for len(c.open) > 0 && (atEnd || utf8.FullRune(c.open)) {
		r, size := utf8.DecodeRune(c.open)
		switch {
		case r == utf8.RuneError && size == 1:
			c.undefined = c.undefined || bytes.IndexByte([]byte{0x81, 0x8D, 0x8F, 0x90, 0x9D}, c.open[0]) >= 0
			if c.wrong++; c.first == 0 {
				c.first = c.lines + 1
				from := max(0, at-len(c.open))
				c.example = around(text, from)
			}
		case r == '\n':
			c.lines++
		case size > 1:
			c.utf8, c.letters = true, c.letters+1
		}
		c.open = c.open[size:]
	}
}

// end settles what waited for more bytes.
func (c *TextCheck) end() { c.settle(c.recent, len(c.recent), true) }

// Lines is how many line ends the text has.
func (c *TextCheck) Lines() int { return c.lines }

// IsWindows1252 tells, after the last byte was written.
func (c *TextCheck) IsWindows1252() bool {
	c.end()
	return c.first > 0 && !c.utf8 && !c.undefined
}

// Doubtful tells, after the last byte was written, whether some of the file is no UTF-8, and so
// much of it that what is may be chance. Of a file that begins as UTF-8 only a look at all of it
// can tell.
func (c *TextCheck) Doubtful() bool {
	c.end()
	return c.damaged || c.wrong > c.letters
}

// inner is a text without what may be a part of a character at its ends.
func inner(text []byte) []byte {
	for n := 0; n < utf8.UTFMax-1 && len(text) > 0 && !utf8.RuneStart(text[0]); n++ {
		text = text[1:]
	}
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if at := len(text) - n; utf8.RuneStart(text[at]) {
			if !utf8.FullRune(text[at:]) {
				return text[:at]
			}
			break
		}
	}
	return text
}

// IsUTF8 tells, after the last byte was written, whether it is all UTF-8, and whether some of it
// is more than ASCII.
func (c *TextCheck) IsUTF8() (is, more bool) {
	c.end()
	return c.first == 0, c.utf8
}

// Problem says how the file was read, with a text by which people see whether that
// is right.
func (c *TextCheck) Problem() validate.Problem {
	example, _ := charmap.Windows1252.NewDecoder().Bytes(c.example) // every byte is a character
	return validate.Problem{Line: c.first, Code: codes.Windows1252, Warning: true,
		Message: fmt.Sprintf("the file is no UTF-8, and is read as Windows-1252: is %q right? If not, save it as CSV "+
			"UTF-8, or name its encoding with --encoding", example)}
}

// asciiPrefix is how many bytes at the start are ASCII.
func asciiPrefix(text []byte) int {
	at := 0
	for ; at+8 <= len(text); at += 8 {
		if binary.LittleEndian.Uint64(text[at:])&0x8080808080808080 != 0 {
			break
		}
	}
	for ; at < len(text) && text[at] < utf8.RuneSelf; at++ {
	}
	return at
}

// aroundBytes is how much is shown on each side of a byte.
const aroundBytes = 20

// around gives the cell, as far as it is at hand, that a byte stands in.
func around(text []byte, at int) []byte {
	const ends = ",;\t\r\n\""
	at = min(at, len(text)-1)
	if at < 0 {
		return nil
	}
	from, to := at, at
	for from > 0 && at-from < aroundBytes && bytes.IndexByte([]byte(ends), text[from-1]) < 0 {
		from--
	}
	for to < len(text) && to-at < aroundBytes && bytes.IndexByte([]byte(ends), text[to]) < 0 {
		to++
	}
	return bytes.Clone(text[from:to])
}
