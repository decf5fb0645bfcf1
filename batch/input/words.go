package input

import (
	"fmt"

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

// rawWord is a word that has more than ASCII, as its bytes are in the file.
type rawWord struct {
	line, cell int
	text       []byte
}

// mostWord is the most bytes of a word.
const mostWord = 100

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
