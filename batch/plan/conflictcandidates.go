package plan

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
)

// conflictCandidates finds the rows whose order may matter, so that only their uses are
// held: those that name, free or take what another row does too, or take what
// somebody has. Of all others it keeps one hash for each thing. Where two hashes
// meet, a use more is looked at: nothing is done wrong.
type conflictCandidates struct {
	seed    maphash.Seed
	touches []touch
	rows    map[int]bool // see meet

	extensions bool            // some row takes one
	members    bool            // some row takes a member that only one user may have
	owners     map[string]bool // ObjectIds of users who have one that a row takes
	takers     [2]int          // the first two rows that do
	freers     map[string]int  // ObjectIds of users whose alternate extensions a row may free, and a row that may
}

// touch is that a row frees or takes a thing.
type touch struct {
	thing uint64 // its hash
	row   int
}

func newConflictCandidates() *conflictCandidates {
	return &conflictCandidates{seed: maphash.MakeSeed(), rows: map[int]bool{}, freers: map[string]int{}, owners: map[string]bool{}}
}

// add looks at the use of the next row.
func (n *conflictCandidates) add(d *Snapshot, c resourceUse) {
	if len(c.sharedNames) > 0 {
		n.rows[c.row] = true
	}
	n.touchAll(c)
	for _, key := range c.takes {
		if strings.HasPrefix(key, "extension ") {
			n.extensions = true
			n.take(c.row)
		}
		n.members = n.members || isMember(key)
		if holder, _ := d.holder(key); c.blocked(key, holder) {
			n.rows[c.row] = true
			if isMember(key) {
				n.owners[holder] = true
			}
		}
	}
}

// touchAll notes what a row frees and takes.
func (n *conflictCandidates) touchAll(c resourceUse) {
	for _, keys := range [][]string{c.frees, c.takes} {
		for _, key := range keys {
			n.touch(c.row, key)
		}
	}
}

// take notes that a row takes an extension.
func (n *conflictCandidates) take(row int) {
	switch {
	case n.takers[0] == 0:
		n.takers[0] = row
	case n.takers[0] != row && n.takers[1] == 0:
		n.takers[1] = row
	}
}

// takesFromOthers reports whether some row takes an extension that another may free.
func (n *conflictCandidates) takesFromOthers() bool {
	for _, row := range n.freers {
		if n.takers[0] != 0 && (n.takers[0] != row || n.takers[1] != 0) {
			return true
		}
	}
	return false
}

// touch notes that a row frees or takes a thing. An extension is one thing in
// whatever partition, since a partition may turn out to be another's.
func (n *conflictCandidates) touch(row int, key string) {
	if strings.HasPrefix(key, "extension ") {
		key = key[:strings.LastIndexByte(key, ' ')]
	}
	n.touches = append(n.touches, touch{maphash.String(n.seed, key), row})
}

// meet finds the rows that free or take what another does too, when all have been added.
func (n *conflictCandidates) meet() {
	slices.SortFunc(n.touches, func(a, b touch) int { return cmp.Compare(a.thing, b.thing) })
	for i, t := range n.touches[min(1, len(n.touches)):] {
		if before := n.touches[i]; t.thing == before.thing && t.row != before.row {
			n.rows[before.row], n.rows[t.row] = true, true
		}
	}
	n.touches = nil
}
