package trace

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"time"
)

// Marks replaces what is personal. The same value gets the same mark for as long as the Marks
// live. It is safe for concurrent use.
type Marks struct {
	Elements int // of a list that are shown, at most; set it before the first exchange

	began time.Time
	seed  maphash.Seed

	mutex  sync.Mutex
	known  map[string]string // value, in small letters, to its mark
	counts map[string]int    // marks of each kind
	names  map[string]bool   // of fields that bodies had, in small letters
	again  map[uint64]int    // how often a request was sent without success
}

const mostElements = 3 // of a list that are shown, mostly

// NewMarks knows no value yet. Exchanges are timed from began.
func NewMarks(began time.Time) *Marks {
	return &Marks{Elements: mostElements, began: began, seed: maphash.MakeSeed(), known: map[string]string{},
		counts: map[string]int{}, names: usualNames(), again: map[uint64]int{}}
}

// Keep has a text stand in place of a value where a mark would: the value itself, of one that
// was made up and tells of nobody, or one that every server has and that is of its kind.
func (m *Marks) Keep(value, as string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if folded(value) != "" && m.known[folded(value)] == "" {
		m.known[folded(value)] = as
	}
}

// mark gives the value's mark; a new one is of the kind.
func (m *Marks) mark(kind, value string) string {
	value = folded(value)
	mark, known := m.known[value]
	if !known {
		for mark == "" || standard(mark) { // MWI-1 is what every server calls one
			m.counts[kind]++
			mark = fmt.Sprintf("%s-%d", kind, m.counts[kind])
		}
		m.known[value] = mark
	}
	return mark
}

func folded(value string) string { return strings.ToLower(strings.TrimSpace(value)) }

// masking is the masking of one exchange.
type masking struct {
	*Marks
	clean   func(string) string
	closely bool     // each text that is kept is searched for secrets; else all of a body are at once
	kept    []string // those of the body
	fields  []string // names that bodies had not before, in small letters
}

// hides reports whether a text that would be kept holds a secret.
func (k *masking) hides(text string) bool {
	if !k.closely {
		if !slices.Contains(k.kept, text) {
			k.kept = append(k.kept, text)
		}
		return false
	}
	return k.clean(text) != text
}
