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
