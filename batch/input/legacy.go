package input

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
)

// The encodings, as [Format] names them.
const (
	UTF8    = "utf-8"
	UTF16LE = "utf-16le"
	UTF16BE = "utf-16be"
)

// Windows1252 is how Excel saves "CSV" in western Europe and America. Nothing in
// such a file names it: a [TextCheck] of the whole file tells.
const Windows1252 = "windows-1252"

// CharsetNamed gives the name by which [Format] has an encoding that people name: those of
// the web and of IANA, and cp1250 for windows-1250.
func CharsetNamed(name string) (string, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	switch name {
	case UTF8, "utf8":
		return UTF8, nil
	case UTF16LE, UTF16BE:
		return name, nil
	case "utf-16", "utf16":
		return "", fmt.Errorf("%q says too little: name %s or %s; a file that begins with a byte order mark needs no name",
			name, UTF16LE, UTF16BE)
	}
	if charset(name) == nil {
		return "", fmt.Errorf("%q is no encoding that this program knows: name one such as windows-1250, windows-1251, "+
			"iso-8859-2, macintosh, ibm850, shift_jis or gbk", name)
	}
	if found, err := htmlindex.Get(name); err == nil {
		return htmlindex.Name(found)
	}
	return name, nil
}

// charset finds an encoding in which ASCII is as it is; nil if there is none of this name.
// UTF-8 and UTF-16 are others: see [Format].
func charset(name string) encoding.Encoding {
	found, err := htmlindex.Get(name)
	if err != nil {
		found, err = ianaindex.IANA.Encoding(name)
	}
	if err != nil || found == nil || strings.HasPrefix(name, "utf") || strings.Contains(name, "2022") {
		return nil
	}
	const plain = "Alias,\"0042\";jdoe@example.com\t\r\n"
	if text, err := found.NewDecoder().String(plain); err != nil || text != plain {
		return nil
	}
	return found
}

// DecodeCharset gives the text of a file in an encoding that [CharsetNamed] gave; the file
// itself where that is UTF-8 or UTF-16, which a [Reader] reads.
func DecodeCharset(r io.Reader, name string) io.Reader {
	if found := charset(name); found != nil && name != UTF8 {
		return found.NewDecoder().Reader(r)
	}
	return r
}

// encodeCharset writes a question mark for what the encoding does not have; in
// the file's own text that is nothing.
func encodeCharset(to encoding.Encoding, text string) []byte {
	encoded := make([]byte, 0, len(text))
	encoder := to.NewEncoder()
	for _, r := range text {
		if r < utf8.RuneSelf {
			encoded = append(encoded, byte(r))
			continue
		}
		letter, err := encoder.String(string(r))
		if err != nil {
			letter = "?"
			encoder.Reset()
		}
		encoded = append(encoded, letter...)
	}
	return encoded
}

// likelyCharsets finds the encodings in which a word that can't be Windows-1252 can be one, with
// what each reads, three at most, the likeliest first.
func likelyCharsets(word []byte) (first, reads string) {
	var found []string
	for _, likely := range []struct {
		name    string
		charset *charmap.Charmap
	}{
		{"windows-1250", charmap.Windows1250}, {"windows-1251", charmap.Windows1251}, {"macintosh", charmap.Macintosh},
		{"windows-1253", charmap.Windows1253}, {"windows-1255", charmap.Windows1255}, {"windows-1256", charmap.Windows1256},
		{"windows-874", charmap.Windows874},
		{"koi8-r", charmap.KOI8R}, {"ibm850", charmap.CodePage850}, {"ibm866", charmap.CodePage866},
	} {
		read, err := likely.charset.NewDecoder().String(string(word))
		if err != nil || !isWord(read) || len(found) == 3 {
			continue
		}
		if first == "" {
			first = likely.name
		}
		found = append(found, fmt.Sprintf("--encoding %s reads it as %q", likely.name, read))
	}
	return first, strings.Join(found, ", ")
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
