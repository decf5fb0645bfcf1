package probe

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// values are what the names in the table stand for.
type values map[string]string

// aliasPrefix begins the alias of every user that a probe makes.
const aliasPrefix = "cucbulkprobe"

// drawValues makes up what both walks send. None of it has a form of a mark of a trace.
func drawValues() values {
	alias := aliasPrefix + letters(24)
	id := make([]byte, 16)
	rand.Read(id) // never fails
	text := hex.EncodeToString(id)
	return values{
		"alias": alias, "renamed": alias + "again", "odd": alias + "(x)", "mark": aliasPrefix + letters(18),
		// Long enough to be nobody's: the dial plans of this world end at 15 digits.
		"extension": digits(20), "moved": digits(20), "alternate": digits(20), "other": digits(20),
		"unknown": fmt.Sprintf("%s-%s-4%s-8%s-%s", text[:8], text[8:12], text[13:16], text[17:20], text[20:]),
		"pin":     digits(16), "password": "Aa1" + letters(20) + "9Z",
	}
}

// secret are the names of values that are shown nowhere.
var secret = map[string]bool{"pin": true, "password": true}

func letters(n int) string { return draw(n, "bcdfghjkmnpqrstvwxz") }

// digits has no two neighbours that are alike or follow each other, which rules for PINs forbid.
func digits(n int) string {
	text := draw(1, "3579")
	for len(text) < n {
		next := draw(1, "0123456789")
		if gap := int(next[0]) - int(text[len(text)-1]); gap < -1 || gap > 1 {
			text += next
		}
	}
	return text
}

func draw(n int, of string) string {
	var text strings.Builder
	some := make([]byte, 1)
	for text.Len() < n {
		rand.Read(some)
		if i := int(some[0] & 31); i < len(of) {
			text.WriteByte(of[i])
		}
	}
	return text.String()
}

var placeholder = regexp.MustCompile(`\{([a-z]+)(?::([0-9]+))?\}`)

// in puts values in place of names. missing is the first that is not known.
func (v values) in(text string, escape func(string) string) (filled, missing string) {
	filled = placeholder.ReplaceAllStringFunc(text, func(name string) string {
		match := placeholder.FindStringSubmatch(name)
		if length, err := strconv.Atoi(match[2]); err == nil {
			return strings.Repeat("x", length)
		}
		value := v[match[1]]
		if value == "" && missing == "" {
			missing = match[1]
		}
		return escape(value)
	})
	return filled, missing
}

func plainly(text string) string { return text }

// inQuery escapes as CUPI wants it: a blank is %20.
func inQuery(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
