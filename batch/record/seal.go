package record

import (
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
)

// Sealed is the ending of files that only the owner of a key can read.
const Sealed = ".age"

// PINsFile is the sealed file with the PINs that a run draws, and whose they are. Each
// start of a run that draws some makes its own: pins.csv.age, pins-2.csv.age. The
// last one that names a row counts.
const PINsFile = "pins.csv" + Sealed

// Seal encrypts what is written to it for an age recipient ("age1…"). Closing it
// writes the end, and leaves w open.
func Seal(w io.Writer, recipient string) (io.WriteCloser, error) {
	recipients, err := age.ParseRecipients(strings.NewReader(recipient))
	if err != nil {
		return nil, fmt.Errorf("%q is no age recipient: it begins with age1, and age-keygen -y prints it", recipient)
	}
	return age.Encrypt(w, recipients...)
}
