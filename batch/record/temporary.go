package record

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/model"
)

// Where rows hand extensions round in a cycle, one user goes through a temporary extension.

// The form of it.
const (
	temporaryPrefix = "99999"
	temporaryDigits = 20
)

// MovedFirst reports whether this run moved the user to a temporary extension.
func (p Past) MovedFirst() bool {
	return slices.ContainsFunc(p.Made, func(c AppliedChange) bool { return model.KindOf(c.Step).Temporary && !c.Earlier })
}

// Temporary says that the user was left with a temporary extension, or may have been where
// a request in doubt takes it away again; "" if it was not.
func (p Past) Temporary() string {
	extension, before := p.LeftWith()
	switch {
	case extension == "":
		return ""
	case p.Open != nil && p.Open.movesExtension():
		return fmt.Sprintf("the %s may still have the temporary extension %s, in place of %s", p.one(), extension, before)
	}
	return fmt.Sprintf("the %s has the temporary extension %s, in place of %s", p.one(), extension, before)
}

// one is what people call what the row is about.
func (p Past) one() string {
	if first := p.First(); first != nil {
		return first.Intent.About().One()
	}
	return model.KindOf("").About.One()
}

// LeftWith gives the temporary extension with which the changes that were made left the
// user, and the one from before; "" if they left none.
func (p Past) LeftWith() (extension, before string) {
	for _, c := range p.Made {
		switch {
		case model.KindOf(c.Step).Temporary && !c.Earlier:
			extension, before = c.Intent.Fields["DtmfAccessId"], c.Intent.Before["DtmfAccessId"]
		case c.movesExtension():
			extension, before = "", ""
		}
	}
	return extension, before
}

// movesExtension reports whether the change writes the user's own extension.
func (c AppliedChange) movesExtension() bool {
	_, wrote := c.Intent.Fields["DtmfAccessId"]
	return wrote && model.KindOf(c.Step).Shape == model.WholeUser
}

// backTo says of a rollback's row that its user has the temporary extension of the run again,
// "" if it has not.
func (p Past) backTo() string {
	text := ""
	for _, c := range p.Made {
		if c.movesExtension() {
			text = ""
			extension := c.Intent.Fields["DtmfAccessId"]
			if len(extension) == temporaryDigits && strings.HasPrefix(extension, temporaryPrefix) {
				text = "the " + p.one() + " has the temporary extension " + extension
			}
		}
	}
	return text
}

// leaves says of a run's row, or of a rollback's, that its user has a temporary extension;
// "" if it has not.
func (p Past) leaves(kind string) string {
	if kind == KindRollback {
		return p.backTo()
	}
	return p.Temporary()
}

// TemporaryExtension is an extension that nobody has, for the user with this ObjectId, when the
// file with this SHA-256 is run: 20 digits, of which 15 are as good as drawn at random. A dry
// run shows the one that the run gives, and the run of another file gives another.
func TemporaryExtension(input, objectID string) string {
	sum := sha256.Sum256([]byte(input + " " + objectID))
	return fmt.Sprintf(temporaryPrefix+"%015d", binary.BigEndian.Uint64(sum[:])%1_000_000_000_000_000)
}
