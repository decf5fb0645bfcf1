package input

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/encoding/charmap"

	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// icelandic weighs a file with letters that Windows-1252 has for Iceland and the Faroes only: at
// the same places the encodings of Turkey and of the Baltic states have letters that are everywhere
// in their names. Sigurður is Icelandic, Þahin is Şahin and Bçrziòð is Bērziņš.
type icelandic struct {
	first  rawWord // the first word with such letters; without text if there is none
	fit    int     // words that can be read as they are
	others []codePage
}

// codePage is an encoding that differs from Windows-1252 in a few letters.
type codePage struct {
	name      string
	charset   *charmap.Charmap
	languages []string // the letters beyond ASCII of each language that is written in it
	fit       int      // words that can be of one of them
}

func newIcelandic() icelandic {
	return icelandic{others: []codePage{
		{name: "windows-1254", charset: charmap.Windows1254, languages: []string{"çğıöşüâîû"}},
		{name: "windows-1257", charset: charmap.Windows1257, languages: []string{"āčēģīķļņōŗšūž", "ąčęėįšųūž", "äõöüšž"}},
	}}
}

// add weighs a word.
func (f *icelandic) add(word rawWord) {
	text, _ := charmap.Windows1252.NewDecoder().String(string(word.text))
	lower := strings.ToLower(text)
	if f.first.text == nil && (strings.ContainsAny(lower, "ðþ") || strings.HasPrefix(text, "Ý") || strings.Count(lower, "ý") > 1) {
		f.first = word
	}
	if !strings.ContainsAny(lower, "ðþ") || isWritten(lower, []string{"áðéíóúýþæö", "áðíóúýæø"}) {
		f.fit++
	}
	for i := range f.others {
		other := &f.others[i]
		read, err := other.charset.NewDecoder().String(string(word.text))
		if err == nil && isWritten(strings.ToLower(strings.ReplaceAll(read, "İ", "i")), other.languages) {
			other.fit++
		}
	}
}

// isWritten reports whether one of the languages has all the letters of a word.
func isWritten(word string, languages []string) bool {
	for _, letters := range languages {
		if !strings.ContainsFunc(word, func(r rune) bool {
			return r > unicode.MaxASCII && unicode.IsLetter(r) && !strings.ContainsRune(letters, r)
		}) {
			return true
		}
	}
	return false
}

// problem says which encodings fit no worse than Windows-1252; none if that fits best.
func (f *icelandic) problem() (problem Foreign, found bool) {
	most := f.fit
	for _, other := range f.others {
		most = max(most, other.fit)
	}
	if f.first.text == nil || most == 0 {
		return Foreign{}, false
	}
	var reads []string
	var likely string
	for _, other := range f.others {
		if other.fit == most {
			read, _ := other.charset.NewDecoder().String(string(f.first.text))
			reads, likely = append(reads, fmt.Sprintf("--encoding %s reads this as %q", other.name, read)), other.name
		}
	}
	if reads == nil {
		return Foreign{}, false
	}
	if f.fit == most {
		read, _ := charmap.Windows1252.NewDecoder().String(string(f.first.text))
		reads = append(reads, fmt.Sprintf("--encoding %s as %q", Windows1252, read))
	}
	looks := "looks like " + likely
	if len(reads) > 1 {
		looks, likely = "can be read in more than one way", ""
	}
	return Foreign{validate.Problem{Line: f.first.line, Code: codes.Windows1252,
		Message: "the file is no UTF-8, and " + looks + ": " + strings.Join(reads, ", ") +
			"; give the one that is right, or open the file in the program that wrote it, and save it as CSV UTF-8"},
		f.first.cell, likely}, true
}
