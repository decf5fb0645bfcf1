package input

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// ForeignWord looks through a text that was read as Windows-1252 for a word that no
// language of western Europe has, so that the file is in another encoding: £ukasz is
// Łukasz of central Europe, Èâàí is Иван, and JosŽ is José as an old Macintosh wrote it.
func ForeignWord(text io.Reader) (problem validate.Problem, found bool, err error) {
	reader := bufio.NewReaderSize(text, bufferSize)
	var word []rune
	line, other := 1, false // the word has letters beyond ASCII
	for {
		r, _, err := reader.ReadRune()
		if err == nil && !unicode.IsSpace(r) && !strings.ContainsRune(`,;"|()/`, r) && len(word) < 100 {
			word, other = append(word, r), other || r >= 0x80
			continue
		}
		if other && isForeign(word) {
			return foreign(line, string(word)), true, nil
		}
		switch word, other = word[:0], false; {
		case err == io.EOF:
			return validate.Problem{}, false, nil
		case err != nil:
			return validate.Problem{}, false, err
		case r == '\n':
			line++
		}
	}
}

// foreign says what to do about such a word.
func foreign(line int, word string) validate.Problem {
	name := "--encoding NAME names it"
	if likely, read := likelyCharset(word); likely != "" {
		name = fmt.Sprintf("--encoding %s reads it as %q; if that is right, give it", likely, read)
	}
	return validate.Problem{Line: line, Code: codes.Windows1252,
		Message: fmt.Sprintf("the file is no UTF-8, and as Windows-1252 it has %q, which can't be a word: it is in another encoding. %s. Or open it in the program that wrote it, and save it as CSV UTF-8", word, name)}
}

// isWord reports whether a text can be a word of one alphabet, in which no capital follows a
// small letter.
func isWord(text string) bool {
	cyrillic, latin, before := false, false, rune(0)
	for _, r := range text {
		switch {
		case !unicode.IsLetter(r):
			if r >= 0x80 {
				return false
			}
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic = true
		case unicode.Is(unicode.Latin, r):
			latin = true
		default:
			return false
		}
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			return false
		}
		before = r
	}
	return cyrillic != latin && (cyrillic || !isForeign([]rune(text)))
}

// isForeign reports whether a word has letters of Windows-1252 that can't follow each other.
func isForeign(word []rune) bool {
	letters, others := 0, 0
	for i, r := range word {
		before, after := rune(0), rune(0)
		if i > 0 {
			before = word[i-1]
		}
		if i < len(word)-1 {
			after = word[i+1]
		}
		switch {
		case unicode.IsLetter(r) && r != 'ª' && r != 'º':
			if letters++; r >= 0x80 {
				others++
			}
			if r >= 0x80 && unicode.IsUpper(r) && unicode.IsLower(before) && !unicode.IsUpper(after) {
				return true // JosŽ, MŸnchen
			}
		case strings.ContainsRune("£¯¥¹³¼¾", r):
			if unicode.IsLetter(after) {
				return true // £ukasz, ¯ó³æ
			}
		case r == '“' || r == '„':
			if unicode.IsLetter(before) && unicode.IsLetter(after) {
				return true // ŽR“c, as Japanese is read
			}
		case r >= 0x80 && !strings.ContainsRune("’‘´·ªº°®©™\u00A0…“”„‚«»", r):
			if unicode.IsLetter(before) && unicode.IsLower(after) {
				return true // Mu–oz
			}
		}
	}
	return letters >= 4 && letters == others // Èâàí
}
