package cupi

import (
	"html"
	"regexp"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// span is a part of a text.
type span struct{ from, to int }

// reading is a text as it looks when its escapes are read. Of each of its bytes it knows
// what the text had for it.
type reading struct {
	text []byte
	of   []span // nil: the text itself
}

func asItIs(text string) reading { return reading{text: []byte(text)} }

// source is the part of the text that a part of the reading was made of.
func (r reading) source(part span) span {
	if r.of == nil {
		return part
	}
	return span{r.of[part.from].from, r.of[part.to-1].to}
}

// deepest is how often a text may have been escaped, and one more: a server may quote a
// body in a message, and a page may hold that.
const deepest = 4

// unescaped reads the escapes of JSON, XML, HTML, addresses and program texts, and reports
// whether there were any.
func (r reading) unescaped() (next reading, escaped bool) {
	for at := 0; at < len(r.text); {
		meaning, size := unescape(r.text[at:])
		if size == 0 {
			meaning, size = string(r.text[at:at+1]), 1
		} else {
			escaped = true
		}
		source := r.source(span{at, at + size})
		for i := range len(meaning) {
			next.text = append(next.text, meaning[i])
			next.of = append(next.of, source)
		}
		at += size
	}
	return next, escaped && len(next.text) > 0
}

// entity is how long one of HTML is at most.
const entity = 12

// unescape reads the escape with which a text begins; size 0: there is none.
func unescape(text []byte) (meaning string, size int) {
	switch {
	case len(text) < 3 && !(len(text) == 2 && text[0] == '\\'):
		return "", 0
	case text[0] == '%':
		return code(text, 1, 2)
	case text[0] == '&':
		for end := 1; end < min(len(text), entity); end++ {
			if text[end] == ';' {
				token := string(text[:end+1])
				if meaning = html.UnescapeString(token); meaning != token {
					return meaning, end + 1
				}
				break
			}
		}
		return "", 0
	case text[0] != '\\':
		return "", 0
	}
	switch text[1] {
	case 'u':
		return code(text, 2, 4)
	case 'U':
		return code(text, 2, 8)
	case 'x':
		return code(text, 2, 2)
	case 'n', 'r', 't', 'b', 'f', 'v', 'a':
		return " ", 2
	case '"', '\'', '\\', '/':
		return string(text[1:2]), 2
	}
	return "", 0
}

// code reads so many hexadecimal digits behind so many other bytes: two are a byte, more a
// character.
func code(text []byte, behind, digits int) (meaning string, size int) {
	size = behind + digits
	if len(text) < size {
		return "", 0
	}
	number, err := strconv.ParseUint(string(text[behind:size]), 16, 32)
	if err != nil {
		return "", 0
	}
	if digits == 2 {
		return string([]byte{byte(number)}), size
	}
	return string(rune(number)), size
}

// plain is a reading in which texts that people take for the same are the same: small
// letters, one blank for all that is blank or a plus, and nothing for what has no width.
type plain struct {
	form     []byte
	from, to []int // of each byte of it in the reading
	read     []byte
}

func plainly(read reading) plain {
	p := plain{read: read.text}
	for at := 0; at < len(read.text); {
		r, size := rune(read.text[at]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(read.text[at:])
		}
		switch {
		case r == 0, unicode.Is(unicode.Cf, r):
		case r == '+', unicode.IsSpace(r), unicode.IsControl(r):
			if last := len(p.form) - 1; last >= 0 && p.form[last] == ' ' {
				p.to[last] = at + size
			} else {
				p.add(" ", at, size)
			}
		case 'A' <= r && r <= 'Z':
			p.add(string(r+'a'-'A'), at, size)
		default:
			p.add(string(r), at, size) // of what is no character, one that stands for it
		}
		at += size
	}
	return p
}

func (p *plain) add(text string, at, size int) {
	for i := range len(text) {
		p.form, p.from, p.to = append(p.form, text[i]), append(p.from, at), append(p.to, at+size)
	}
}

// partOfMore reports whether a number goes on in digits, or a word in letters, before or
// behind a part.
func (p *plain) partOfMore(from, to int) bool {
	before, _ := utf8.DecodeLastRune(p.read[:p.from[from]])
	first, _ := utf8.DecodeRune(p.form[from:])
	last, _ := utf8.DecodeLastRune(p.form[:to])
	behind, _ := utf8.DecodeRune(p.read[p.to[to-1]:])
	return p.from[from] > 0 && alike(before, first) || p.to[to-1] < len(p.read) && alike(last, behind)
}

func alike(a, b rune) bool { return isDigit(a) && isDigit(b) || isLetter(a) && isLetter(b) }

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// isLetter takes all beyond ASCII for letters, but for what is blank or not seen.
func isLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	return !unicode.IsControl(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r)
}

var codeText = regexp.MustCompile(`[A-Za-z0-9+/_-]{5,}={0,2}`)

// codesIn finds what may be base64 or hex.
func codesIn(text []byte) (codes []span) {
	for _, match := range codeText.FindAllIndex(text, -1) {
		codes = append(codes, span{match[0], match[1]})
	}
	return codes
}
