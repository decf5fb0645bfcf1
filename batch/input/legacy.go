package input

import (
	"io"

	"golang.org/x/text/encoding/charmap"
)

// Windows1252 is how Excel saves "CSV" in western Europe and America. Nothing in
// such a file names it: a [TextCheck] of the whole file tells.
const Windows1252 = "windows-1252"

// DecodeWindows1252 gives the text of such a file.
func DecodeWindows1252(r io.Reader) io.Reader { return charmap.Windows1252.NewDecoder().Reader(r) }

// encodeWindows1252 writes a question mark for what the encoding does not have; in
// the file's own text that is nothing.
func encodeWindows1252(text string) []byte {
	encoded := make([]byte, 0, len(text))
	for _, r := range text {
		b, has := charmap.Windows1252.EncodeRune(r)
		if !has {
			b = '?'
		}
		encoded = append(encoded, b)
	}
	return encoded
}
