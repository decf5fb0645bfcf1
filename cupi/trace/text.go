package trace

import (
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// token is a piece of a sentence that is kept or replaced as a whole: an id, an address of a person, of a network card or of
// a computer, or a word.
var token = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}` +
		`|[\pL\pN._%+-]+@[\pL\pN.-]+` +
		`|\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b` +
		`|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\.[0-9]+)*` +
		`|[\pL\pN_-]+(?:\.[\pL\pN_-]+)+` +
		`|[\pL\pN\pM_]+`)
})

var macAddress = regexp.MustCompile(`(?i)^(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}$`)

const (
	mostText     = 4 << 10 // bytes of a text that are shown
	mostSearched = 64 << 10
)

// text masks sentences: of them only plain words and the names of fields are kept. It reports
// whether it cut the text.
func (k *masking) text(text string) (masked string, cut bool) {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if cut = len(text) > mostSearched; cut {
		text = text[:mostSearched]
	}
	masked = token().ReplaceAllStringFunc(k.clean(text), k.token)
	if len(masked) > mostText {
		masked, cut = masked[:mostText], true
		for !utf8.ValidString(masked) {
			masked = masked[:len(masked)-1]
		}
	}
	return masked, cut
}

// token masks one piece.
func (k *masking) token(piece string) string {
	_, notAnAddress := netip.ParseAddr(piece)
	switch {
	case isObjectID(piece):
		return k.mark("id", piece)
	case strings.Contains(piece, "@"):
		return k.mark("address", piece)
	case notAnAddress == nil, k.known[folded(piece)] != "" && strings.ContainsAny(piece, ".-:"):
		return k.mark("host", piece)
	case macAddress.MatchString(piece):
		return k.mark("text", piece)
	case strings.Contains(piece, ":"): // a time, or what stands between two colons
		parts := strings.Split(piece, ":")
		for i, part := range parts {
			if part != "" {
				parts[i] = k.word(part)
			}
		}
		return strings.Join(parts, ":")
	case strings.Contains(piece, "."):
		for part := range strings.SplitSeq(piece, ".") {
			if !plain(part) {
				return k.mark("host", piece)
			}
		}
		return piece
	}
	return k.word(piece)
}

// word masks one word, or a number.
func (k *masking) word(word string) string {
	digits := isNumber(word)
	mark := k.known[folded(word)]
	switch {
	case len(word) == 1 && digits:
		return word
	case len(word) > 2 && mark != "" && !strings.HasPrefix(mark, "word-"): // it is also somebody's name
		return mark
	case !digits && (plain(word) || k.names[folded(word)]):
		return word
	case digits:
		return k.mark("number", word)
	}
	return k.mark("word", word)
}

// plain reports whether a word, or each part of one that is joined by _, is in the list.
func plain(word string) bool {
	for part := range strings.SplitSeq(strings.ToLower(word), "_") {
		if _, is := plainWords()[part]; !is && part != "" {
			return false
		}
	}
	return true
}
