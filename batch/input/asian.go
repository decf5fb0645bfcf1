package input

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// In the encodings of East Asia a letter is two bytes or more, and nearly any two bytes beyond
// ASCII are one in each of them. Which it is, is told by how common the letters are.

// asianCharset is one of them.
type asianCharset struct {
	name, people string
	charset      encoding.Encoding
	usual        func(first byte) bool // whether letters that begin so are common in it
}

// asianCharsets are tried in this order, and where two are as likely, so they are told.
var asianCharsets = []asianCharset{
	{"shift_jis", "Shift-JIS", japanese.ShiftJIS, func(b byte) bool { return b == 0x82 || b == 0x83 || 0x88 <= b && b <= 0x97 }},
	{"euc-kr", "EUC-KR", korean.EUCKR, func(b byte) bool { return 0xB0 <= b && b <= 0xC8 }},
	{"big5", "Big5", traditionalchinese.Big5, func(b byte) bool { return 0xA4 <= b && b <= 0xC6 }},
	{"gbk", "GBK", simplifiedchinese.GBK, func(b byte) bool { return 0xB0 <= b && b <= 0xD7 }},
	{"euc-jp", "EUC-JP", japanese.EUCJP, func(b byte) bool { return b == 0xA4 || b == 0xA5 || 0xB0 <= b && b <= 0xCF }},
}

// asian counts what the words of a file are in each of them.
type asian struct {
	words int
	tries []asianTry
}

type asianTry struct {
	asianCharset
	whole           int // words of such letters alone
	letters, common int
	example         string
	at              rawWord // where that stands
}

func newAsian() *asian {
	a := &asian{}
	for _, charset := range asianCharsets {
		a.tries = append(a.tries, asianTry{asianCharset: charset})
	}
	return a
}

// add takes the next word. An encoding in which one is none is tried no more.
func (a *asian) add(word rawWord) {
	a.words++
	a.tries = slices.DeleteFunc(a.tries, func(try asianTry) bool { return strings.ContainsRune(try.read(word), utf8.RuneError) })
	for i := range a.tries {
		a.tries[i].count(word)
	}
}

// read is a word as the encoding has it.
func (t *asianTry) read(word rawWord) string {
	text, err := t.charset.NewDecoder().String(string(word.text))
	if err != nil {
		return string(utf8.RuneError)
	}
	return text
}

func (t *asianTry) count(word rawWord) {
	text := t.read(word)
	letters, common, others := 0, 0, false
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			letters++
			if bytes, err := t.charset.NewEncoder().String(string(r)); err == nil && t.usual(bytes[0]) {
				common++
			}
		case r >= utf8.RuneSelf && !unicode.IsPunct(r) &&
			!unicode.In(r, unicode.Latin, unicode.Common), r < utf8.RuneSelf && unicode.IsLetter(r):
			others = true
		}
	}
	t.letters, t.common = t.letters+letters, t.common+common
	if letters >= 2 && !others {
		if t.whole++; t.example == "" {
			t.example, t.at = text, word
		}
	}
}

// likely gives those in which most words are of such letters alone, the likeliest first; nil if
// the file is in none.
func (a *asian) likely() []asianTry {
	likely := slices.DeleteFunc(slices.Clone(a.tries),
		func(t asianTry) bool { return t.whole == 0 || t.whole*2 < a.words || t.common*2 < t.letters })
	slices.SortStableFunc(likely, func(s, t asianTry) int { return t.common*s.letters - s.common*t.letters })
	return likely
}

// problem says what to do about a file in one of them.
func (a *asian) problem(likely []asianTry) Foreign {
	first := likely[0]
	message := fmt.Sprintf("the file is no UTF-8, and looks like %s: --encoding %s reads this as %q", first.people,
		first.name, first.example)
	for _, other := range likely[1:] {
		if other.common*first.letters == first.common*other.letters {
			message += fmt.Sprintf(", --encoding %s as %q", other.name, other.read(first.at))
		}
	}
	if _, reads := likelyCharsets(first.at.text); reads != "" {
		message += ", " + reads
	}
	return Foreign{validate.Problem{Line: first.at.line, Code: codes.Windows1252,
		Message: message + "; give the one that is right, or open the file in the program that wrote it, and " +
			"save it as CSV UTF-8"}, first.at.cell, first.name}
}
