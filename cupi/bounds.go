package cupi

import (
	"fmt"
	"io"
)

// The most that is taken of a server's answers. No server of CUPI comes near to them,
// and one that goes beyond can't use up this computer.
const (
	maxHeaderBytes = 256 << 10 // of an answer's headers, with those of all interim answers
	maxErrorBytes  = 64 << 10  // of an answer that is no success; what is longer is cut
	maxObjectBytes = 1 << 20
	maxPageBytes   = 32 << 20
	maxSmallBytes  = 2 << 20 // answers that are larger are read one at a time
	maxTokenBytes  = 4 << 20 // a value, a name, or a start tag with all its attributes
	maxDepth       = 64      // elements within elements
	maxFields      = 1000    // of a resource; a user has some 150
	maxElements    = 20_000  // of a page, whatever was asked for
	maxTotal       = 500_000 // of a list; a network of servers has 100,000 users
	maxPageMemory  = 16 << 20
)

// What the elements of a page take in memory, beside their texts.
const (
	objectMemory = 200
	fieldMemory  = 80
)

// excess is an answer that goes beyond a bound.
type excess string

func (e excess) Error() string { return "the answer is larger than any that CUPI sends: " + string(e) }

// size is a number of bytes for people.
func size(bytes int) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d KiB", bytes>>10)
	}
	return fmt.Sprintf("%d MiB", bytes>>20)
}

// meter gives a document to a decoder, and measures what is made of it.
type meter struct {
	rest   []byte // what the decoder has not had yet
	token  int    // bytes since the last token
	depth  int
	fields int // of the resource that is being read
	items  int
	memory int
}

// Read is for decoders that take many bytes at a time.
func (m *meter) Read(into []byte) (int, error) {
	if len(m.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(into[:min(len(into), 4<<10)], m.rest)
	return n, m.give(n)
}

// ReadByte is for those that take one.
func (m *meter) ReadByte() (byte, error) {
	if len(m.rest) == 0 {
		return 0, io.EOF
	}
	first := m.rest[0]
	return first, m.give(1)
}

func (m *meter) give(n int) error {
	m.rest = m.rest[n:]
	if m.token += n; m.token > maxTokenBytes {
		return excess("a value of more than " + size(maxTokenBytes))
	}
	return nil
}

// nest notes that something opens (1) or closes (-1).
func (m *meter) nest(by int) error {
	if m.depth += by; m.depth > maxDepth {
		return excess(fmt.Sprintf("elements within elements, more than %d deep", maxDepth))
	}
	return nil
}

// item notes that one more element of a list begins.
func (m *meter) item() error {
	if m.items++; m.items > maxElements {
		return excess(fmt.Sprintf("more than %d elements on a page", maxElements))
	}
	return nil
}

// object notes that a resource begins.
func (m *meter) object() error {
	m.fields = 0
	return m.keep(objectMemory)
}

// field notes a field of the resource.
func (m *meter) field(name, value string) error {
	if m.fields++; m.fields > maxFields {
		return excess(fmt.Sprintf("more than %d fields of one element", maxFields))
	}
	return m.keep(fieldMemory + len(name) + len(value))
}

func (m *meter) keep(bytes int) error {
	if m.memory += bytes; m.memory > maxPageMemory {
		return excess("more than " + size(maxPageMemory) + " of fields")
	}
	return nil
}
