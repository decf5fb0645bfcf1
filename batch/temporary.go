package batch

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// Where rows hand extensions round in a circle, one user goes through a temporary extension.

// The form of it.
const (
	temporaryPrefix = "99999"
	temporaryDigits = 20
)

// parked reports whether this run moved the user to a temporary extension.
func (p past) parked() bool {
	return slices.ContainsFunc(p.made, func(c doneChange) bool { return kindOf(c.Step).temporary && !c.earlier })
}

// temporary says that the user was left with a temporary extension, or may have been where
// a request in doubt takes it away again; "" if it was not.
func (p past) temporary() string {
	extension, before := p.leftWith()
	switch {
	case extension == "":
		return ""
	case p.open != nil && p.open.movesExtension():
		return fmt.Sprintf("the user may still have the temporary extension %s, in place of %s", extension, before)
	}
	return fmt.Sprintf("the user has the temporary extension %s, in place of %s", extension, before)
}

// leftWith gives the temporary extension with which the changes that were made left the
// user, and the one from before; "" if they left none.
func (p past) leftWith() (extension, before string) {
	for _, c := range p.made {
		switch {
		case kindOf(c.Step).temporary && !c.earlier:
			extension, before = c.intent.Fields["DtmfAccessId"], c.intent.Before["DtmfAccessId"]
		case c.movesExtension():
			extension, before = "", ""
		}
	}
	return extension, before
}

// movesExtension reports whether the change writes the user's own extension.
func (c doneChange) movesExtension() bool {
	_, wrote := c.intent.Fields["DtmfAccessId"]
	return wrote && kindOf(c.Step).shape == wholeUser
}

// backTo says of a rollback's row that its user has the temporary extension of the run again,
// "" if it has not.
func (p past) backTo() string {
	text := ""
	for _, c := range p.made {
		if c.movesExtension() {
			text = ""
			extension := c.intent.Fields["DtmfAccessId"]
			if len(extension) == temporaryDigits && strings.HasPrefix(extension, temporaryPrefix) {
				text = "the user has the temporary extension " + extension
			}
		}
	}
	return text
}

// leaves says of a run's row, or of a rollback's, that its user has a temporary extension;
// "" if it has not.
func (p past) leaves(kind string) string {
	if kind == KindRollback {
		return p.backTo()
	}
	return p.temporary()
}

// temporaryExtension is an extension that nobody has, for a user with this ObjectId: 20
// digits, of which 15 are as good as drawn at random. A dry run shows the one that the
// run gives.
func temporaryExtension(objectID string) string {
	sum := sha256.Sum256([]byte(objectID))
	return fmt.Sprintf(temporaryPrefix+"%015d", binary.BigEndian.Uint64(sum[:])%1_000_000_000_000_000)
}
