package validate

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold maps texts that differ only in case to one text, as strings.EqualFold sees
// case, or only in which of Unicode's forms an accent is written: nobody sees that.
// CUPI compares aliases and names the same way, as far as case goes.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			return r
		}
		smallest := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			smallest = min(smallest, next)
		}
		return unicode.ToLower(smallest)
	}, norm.NFC.String(text))
}

// sameWord reports whether two texts are one word, whatever joins its parts: last-name-first, and
// Last name first.
func sameWord(one, other string) bool {
	return strings.EqualFold(one, other) || strings.EqualFold(joinParts(one), joinParts(other))
}

// joinParts puts a hyphen between the parts of a word.
func joinParts(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return r == ' ' || r == '-' || r == '_' || r == '\u00A0' || r == '\u2011' || r == '\u2010' || r == '\u2013'
	}), "-")
}

// trimmed takes the blanks from around a text.
func trimmed(text string) string {
	if startsAndEndsVisibly(text) {
		return text
	}
	return strings.TrimSpace(text)
}

// startsAndEndsVisibly reports whether there surely are no blanks around a text.
func startsAndEndsVisibly(text string) bool {
	return text == "" || isVisible(text[0]) && isVisible(text[len(text)-1])
}

// isVisible reports whether a byte is a character of ASCII that is no blank.
func isVisible(c byte) bool { return c-'!' <= '~'-'!' }
