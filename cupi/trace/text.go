package trace

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

var token = regexp.MustCompile(`(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[\pL\pN._%+-]+@[\pL\pN.-]+|[\pL\pN\pM_]+`)

// text masks sentences: of them only plain words and the names of fields are kept. It reports
// whether it cut the text.
func (k *masking) text(text string) (masked string, cut bool) {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if cut = len(text) > mostSearched; cut {
		text = text[:mostSearched]
	}
	masked = token.ReplaceAllStringFunc(k.clean(text), k.word)
	if len(masked) > mostText {
		masked, cut = masked[:mostText], true
		for !utf8.ValidString(masked) {
			masked = masked[:len(masked)-1]
		}
	}
	return masked, cut
}

func (k *masking) word(word string) string {
	digits := number.MatchString(word)
	switch {
	case digits && len(word) <= 2:
		return word
	case !digits && (plain(word) || k.names[folded(word)]):
		return word
	case objectID.MatchString(word):
		return k.mark("id", word)
	case strings.Contains(word, "@"):
		return k.mark("address", word)
	case digits:
		return k.mark("number", word)
	}
	return k.mark("word", word)
}

// plain reports whether a word, or each part of one that is joined by _, is in the list.
func plain(word string) bool {
	for part := range strings.SplitSeq(strings.ToLower(word), "_") {
		if _, is := plainWords[part]; !is && part != "" {
			return false
		}
	}
	return true
}
