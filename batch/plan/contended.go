package plan

import (
	"hash/maphash"
	"strings"

	"cucbulk/batch/record"
)

// contended finds the rows whose order may matter, so that only their claims are
// held: those that name, free or take what another row does too, or take what
// somebody has. Of all others it keeps one hash for each thing. Where two hashes
// meet, a claim more is looked at: nothing is done wrong.
type contended struct {
	seed  maphash.Seed
	first map[uint64]int // the first row that frees or takes a thing
	rows  map[int]bool

	extensions bool           // some row takes one
	takers     [2]int         // the first two rows that do
	freers     map[string]int // ObjectIds of users whose alternate extensions a row may free, and a row that may
}

func newContended() *contended {
	return &contended{seed: maphash.MakeSeed(), first: map[uint64]int{}, rows: map[int]bool{}, freers: map[string]int{}}
}

// add looks at the claim of the next row.
func (n *contended) add(d *Snapshot, c claim) {
	if len(c.names) > 0 {
		n.rows[c.row] = true
	}
	for _, keys := range [][]string{c.frees, c.takes} {
		for _, key := range keys {
			n.touch(c.row, key)
		}
	}
	for _, key := range c.takes {
		if strings.HasPrefix(key, "extension ") {
			n.extensions = true
			n.take(c.row)
		}
		if holder, _ := d.holder(key); c.lacks(key, holder) {
			n.rows[c.row] = true
		}
	}
}

// take notes that a row takes an extension.
func (n *contended) take(row int) {
	switch {
	case n.takers[0] == 0:
		n.takers[0] = row
	case n.takers[0] != row && n.takers[1] == 0:
		n.takers[1] = row
	}
}

// takesFromOthers reports whether some row takes an extension that another may free.
func (n *contended) takesFromOthers() bool {
	for _, row := range n.freers {
		if n.takers[0] != 0 && (n.takers[0] != row || n.takers[1] != 0) {
			return true
		}
	}
	return false
}

// touch notes that a row frees or takes a thing. An extension is one thing in
// whatever partition, since a partition may turn out to be another's.
func (n *contended) touch(row int, key string) {
	if strings.HasPrefix(key, "extension ") {
		key = key[:strings.LastIndexByte(key, ' ')]
	}
	hash := maphash.String(n.seed, key)
	before, touched := n.first[hash]
	switch {
	case !touched:
		n.first[hash] = row
	case before != row:
		n.rows[before], n.rows[row] = true, true
	}
}

// claims gives the claims of the contended rows, in the order of the file.
func (p *Prepared) claims(history *record.History, contended *contended) ([]claim, error) {
	if len(contended.rows) == 0 {
		return nil, nil
	}
	var claims []claim
	for plan, err := range p.Plans(history) {
		if err != nil {
			return nil, err
		}
		if contended.rows[plan.Row] && plan.End.Status == "" {
			claims = append(claims, p.Snapshot.claimOf(plan, &p.Named))
		}
	}
	return claims, nil
}
