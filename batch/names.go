package batch

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// How names are compared, and small words for texts.

// fold gives the form in which aliases and names are compared. Servers do not mind the case
// of letters; whether they mind in which of Unicode's forms an accent is written is told
// nowhere, and nobody sees the difference: so those are one name here.
func fold(text string) string { return norm.NFC.String(lower(text)) }

// lower is a text as queries ask for it.
func lower(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

func orElse(text, other string) string {
	if text != "" {
		return text
	}
	return other
}

// lastPart is the id at the end of a path.
func lastPart(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// userKey is a column and a value by which a user is looked up.
type userKey struct{ column, value string }

// match is the key in the form in which it is looked up.
func (k userKey) match() string { return matchKey(k.column, k.value) }

// matchKey is a column and a value, in the form in which they are looked up.
func matchKey(column, value string) string { return column + "\x00" + fold(value) }
