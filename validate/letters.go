package validate

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"cucbulk/internal/codes"
)

// What became of single letters on their way: lost, encoded twice, or taken from
// another alphabet because they look alike.

// invisible are characters that nobody sees, or that look like a blank.
var invisible = map[rune]string{
	'\u00A0': "a non-breaking space, which looks like a blank", '\u2007': "a figure space, which looks like a blank",
	'\u202F': "a narrow non-breaking space, which looks like a blank",
	'\u00AD': "a soft hyphen, which nobody sees", '\u200B': "a zero-width space, which nobody sees",
	'\u2060': "a word joiner, which nobody sees", '\uFEFF': "a byte order mark, which nobody sees",
	'\u200C': "a zero-width non-joiner, which nobody sees", '\u200D': "a zero-width joiner, which nobody sees",
	'\u200E': "a left-to-right mark, which nobody sees", '\u200F': "a right-to-left mark, which nobody sees",
	'\u202A': "a mark of direction, which nobody sees", '\u202C': "a mark of direction, which nobody sees",
	'\u202B': "a mark of direction, which nobody sees", '\u202D': "a mark of direction, which nobody sees",
	'\u202E': "a mark of direction, which nobody sees",
	'\u2066': "a mark of direction, which nobody sees", '\u2067': "a mark of direction, which nobody sees",
	'\u2068': "a mark of direction, which nobody sees", '\u2069': "a mark of direction, which nobody sees",
	'\u2028': "a line separator, which nobody sees", '\u2029': "a paragraph separator, which nobody sees",
	'\u200A': "a hair space, which looks like a blank",
	'\u2009': "a thin space, which looks like a blank", '\u3000': "a wide space, which looks like a blank",
}

// typographic are characters that look like those on a keyboard.
var typographic = map[rune]string{
	'\u2018': "a typographic quote, not '", '\u2019': "a typographic quote, not '", '\u201C': "a typographic quote, not \"",
	'\u201D': "a typographic quote, not \"", '\u201E': "a typographic quote, not \"",
	'\u2010': "a typographic hyphen, not -", '\u2011': "a typographic hyphen, not -", '\u2013': "a dash, not -",
	'\u2212': "a minus sign, not -",
}

// exact reports whether users type a column's text, or are found by it: then a
// character that looks like another one is the wrong one.
func (c *Column) exact() bool {
	return c.Name != "TemplateAlias" && c.kind()&(exactTexts|address)&^pinCode != 0
}

// inTexts are the lookalikes that don't belong into any text. The others are right
// in names and sentences: O’Brien, and letters of Persian that don't join.
const inTexts = "\u00A0\u2007\u202F\u00AD\u200B\u2060\uFEFF\u2028\u2029"

// checkLetters reports the first character of a text that is not what it seems.
func checkLetters(column *Column, text string) []finding {
	kind := column.kind()
	if kind&allTexts&^codeTexts != 0 && lostLetter(text) {
		return []finding{{code: codes.LostCharacter, warning: true,
			message: column.shown(text) +
				" has a question mark inside a word, as programs write for a letter that they don't have: type the letter again"}}
	}
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return nil
	}
	if at := strings.IndexRune(text, utf8.RuneError); at >= 0 {
		return []finding{{code: codes.LostCharacter, message: fmt.Sprintf("character %d is U+FFFD, which stands for a letter "+
			"that was lost on the way: type it again", utf8.RuneCountInString(text[:at])+1)}}
	}
	if kind&allTexts == 0 {
		return nil
	}
	if meant := encodedOnce(text); meant != "" {
		message := "holds letters that were encoded twice"
		if !column.Secret {
			message = column.shown(text) + " " + message + ": " + quoted(meant) + " is meant"
		}
		return []finding{{code: codes.DoublyEncoded, message: message + "; save the file as CSV UTF-8 where they were still right"}}
	}
	if found := checkLookalikes(column, text); found != nil {
		return found
	}
	if kind&(exactTexts|address) != 0 {
		if one, other := scriptsIn(text); other != "" {
			return []finding{{code: codes.MixedScripts, warning: kind&(login|dialed) == 0,
				message: fmt.Sprintf("%s has letters of %s and of %s, which look alike: type it again", column.shown(text), one, other)}}
		}
	}
	return nil
}

func checkLookalikes(column *Column, text string) []finding {
	position := 0
	for _, r := range text {
		position++
		what, unseen := invisible[r]
		plain, looks := typographic[r]
		if !unseen && !looks || !column.exact() && !strings.ContainsRune(inTexts, r) {
			continue
		}
		if looks {
			return []finding{{code: codes.TypographicCharacter, message: fmt.Sprintf("character %d is %s: type it again, with "+
				"the plain one", position, plain), warning: column.kind()&(dialed|phone) == 0}}
		}
		return []finding{{code: codes.InvisibleCharacter, message: fmt.Sprintf("character %d is %s: type it again, with a "+
			"plain one or without it", position, what), warning: !column.exact()}}
	}
	return nil
}

// lostLetter reports whether a question mark stands between two letters.
func lostLetter(text string) bool {
	for at := strings.IndexByte(text, '?'); at >= 0; {
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+1:])
		if unicode.IsLetter(before) && unicode.IsLower(after) {
			return true
		}
		next := strings.IndexByte(text[at+1:], '?')
		if next < 0 {
			return false
		}
		at += 1 + next
	}
	return false
}

// misread are the encodings as which programs misread UTF-8.
var misread = []*charmap.Charmap{charmap.Windows1252, charmap.CodePage850, charmap.CodePage437, charmap.Macintosh}

// encodedOnce gives the text that was read in a wrong encoding, and then written in
// UTF-8: José of JosÃ©. It gives "" for nearly all texts.
func encodedOnce(text string) string {
	for _, encoding := range misread {
		found := false
		fields := strings.Split(text, " ")
		for i, field := range fields {
			if once := decodedOnce(encoding, field); once != "" {
				fields[i], found = once, true
			}
		}
		if found {
			return strings.Join(fields, " ")
		}
	}
	return ""
}

// decodedOnce takes one word. Its bytes in the encoding must be UTF-8, and of letters that
// people write: JOSÉ’S would be another word, with a letter of phonetics in it.
func decodedOnce(encoding *charmap.Charmap, word string) string {
	bytes := make([]byte, 0, len(word))
	for _, r := range word {
		b, has := encoding.EncodeRune(r)
		if !has {
			return ""
		}
		bytes = append(bytes, b)
	}
	if len(bytes) == len(word) || !utf8.Valid(bytes) {
		return ""
	}
	for _, r := range string(bytes) {
		switch {
		case r <= '\u017F' || '\u0218' <= r && r <= '\u021B' || '\u2010' <= r && r <= '\u2026':
		case encoding == charmap.Windows1252 && unicode.In(r, unicode.Greek, unicode.Cyrillic, unicode.Hebrew, unicode.Arabic,
			unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
		default:
			return ""
		}
	}
	return string(bytes)
}

// scripts are alphabets with letters that look alike.
var scripts = []struct {
	name  string
	table *unicode.RangeTable
}{{"Latin", unicode.Latin}, {"Cyrillic", unicode.Cyrillic}, {"Greek", unicode.Greek}}

// scriptsIn names two alphabets of which a text has letters; other is "" if there is one
// at most.
func scriptsIn(text string) (one, other string) {
	for _, script := range scripts {
		if !strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(script.table, r) }) {
			continue
		}
		if one != "" {
			return one, script.name
		}
		one = script.name
	}
	return one, ""
}
