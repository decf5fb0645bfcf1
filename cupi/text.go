package cupi

import (
	"bytes"
	"strings"
	"unicode"
)

// printable makes text from outside safe for a terminal and a log: one line, no
// control characters (terminal escapes begin with one), no characters that
// change the direction of writing, at most limit characters.
func printable(text string, limit int) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > limit {
		text = string(runes[:limit-1]) + "…"
	}
	return text
}

// trim drops what may stand around a document: a byte order mark and blanks.
func trim(body []byte) []byte { return bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\uFEFF"))) }
