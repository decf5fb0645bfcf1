package input

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/encoding/charmap"

	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Foreign says that the letters of a file that is no UTF-8 are no Windows-1252 either.
type Foreign struct {
	validate.Problem
	Cell    int    // which of the headings the text stands under, from 0
	Charset string // the encoding that the file may be in; "": none is known
}

// ForeignWord looks through the bytes of a file that is no UTF-8: whether its letters are those of
// an encoding of East Asia, where all of them can be, or there is a word that no language of
// western Europe has when it is read as Windows-1252: £ukasz is Łukasz of central Europe, Èâàí is
// Иван, and JosŽ is José as an old Macintosh wrote it; or words that Turkey or the Baltic states
// have rather than Iceland.
func ForeignWord(raw io.Reader, delimiter rune) (problem Foreign, found bool, err error) {
	asian, icelandic := newAsian(), newIcelandic()
	var strange rawWord
	err = eachForeign(raw, delimiter, func(word rawWord) {
		asian.add(word)
		icelandic.add(word)
		if strange.text != nil {
			return
		}
		for part := range bytes.SplitSeq(word.text, []byte{'|'}) {
			text, _ := charmap.Windows1252.NewDecoder().Bytes(part) // every byte is a character
			if isForeign([]rune(string(text))) {
				strange = rawWord{word.line, word.cell, part}
				return
			}
		}
	})
	if err != nil {
		return Foreign{}, false, err
	}
	if likely := asian.likely(); len(likely) > 0 {
		return asian.problem(likely), true, nil
	}
	if strange.text != nil {
		return strange.problem(), true, nil
	}
	problem, found = icelandic.problem()
	return problem, found, nil
}

// rawWord is a word that has more than ASCII, as its bytes are in the file.
type rawWord struct {
	line, cell int
	text       []byte
}

// mostWord is the most bytes of a word.
const mostWord = 100

// eachForeign visits the words that have more than ASCII. In no encoding is a byte that ends a
// word here a part of a letter.
func eachForeign(raw io.Reader, delimiter rune, visit func(rawWord)) error {
	reader := bufio.NewReaderSize(raw, bufferSize)
	word, other := rawWord{line: 1}, false
	inQuotes := false
	for {
		b, err := reader.ReadByte()
		if err == nil && !bytes.ContainsRune([]byte(" ,;\"()/\t\r\n\v\f"), rune(b)) && len(word.text) < mostWord {
			word.text, other = append(word.text, b), other || b >= 0x80
			continue
		}
		if other {
			visit(rawWord{word.line, word.cell, bytes.Clone(word.text)})
		}
		switch word.text, other = word.text[:0], false; {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case b == '"':
			inQuotes = !inQuotes
		case rune(b) == delimiter && !inQuotes:
			word.cell++
		case b == '\n':
			if word.line++; !inQuotes {
				word.cell = 0
			}
		}
	}
}

// problem says what to do about a word that is no Windows-1252.
func (w rawWord) problem() Foreign {
	text, _ := charmap.Windows1252.NewDecoder().Bytes(w.text)
	name := "--encoding NAME names it"
	likely, reads := likelyCharsets(w.text)
	if likely != "" {
		name = reads + "; give the one that is right"
	}
	return Foreign{validate.Problem{Line: w.line, Code: codes.Windows1252,
		Message: fmt.Sprintf("the file is no UTF-8, and as Windows-1252 it has %q, which can't be a word: it is in "+
			"another encoding. %s. Or open it in the program that wrote it, and save it as CSV UTF-8", text, name)}, w.cell, likely}
}

// isWord reports whether a text can be a word of one alphabet, in which no capital follows a
// small letter, and marks stand over letters.
func isWord(text string) bool {
	alphabets := []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Hebrew, unicode.Arabic, unicode.Thai}
	var alphabet *unicode.RangeTable
	before := rune(0)
	for _, r := range text {
		switch {
		case unicode.IsLetter(r):
			at := slices.IndexFunc(alphabets, func(a *unicode.RangeTable) bool { return unicode.Is(a, r) })
			if at < 0 || alphabet != nil && alphabet != alphabets[at] {
				return false
			}
			alphabet = alphabets[at]
		case unicode.IsMark(r) && before != 0:
		case r >= 0x80:
			return false
		}
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			return false
		}
		before = r
	}
	return alphabet != nil && (alphabet != unicode.Latin || !isForeign([]rune(text)))
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
		case strings.ContainsRune("“”„", r):
			if unicode.IsLetter(before) && unicode.IsLetter(after) {
				return true // ŽR“c, as Japanese is read; Gr”áe, as DOS wrote Größe
			}
		case strings.ContainsRune("‚‰ˆ‹", r):
			if unicode.IsLetter(before) {
				return true // Jos‚ and Zo‰, as DOS wrote José and Zoë
			}
		case unicode.IsControl(r) && r >= 0x80:
			return true // a byte that Windows-1252 does not have
		case r >= 0x80 && !strings.ContainsRune("’‘´·ªº°®©™\u00A0…«»", r):
			if unicode.IsLetter(before) && unicode.IsLower(after) {
				return true // Mu–oz
			}
		}
	}
	return letters >= 4 && letters == others // Èâàí
}
