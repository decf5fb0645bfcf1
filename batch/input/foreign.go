package input

import (
	"bufio"
	"bytes"
	"io"

	"golang.org/x/text/encoding/charmap"
)

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
