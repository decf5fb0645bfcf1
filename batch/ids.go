package batch

import (
	"hash/maphash"
	"strings"
	"sync"
)

// claims are ObjectIds, and the row of the run that has each: 0 for what was there before.
// Of an id only a hash is kept: a run of 100,000 rows has as many. The zero value is empty.
type claims struct {
	mutex sync.Mutex
	seed  maphash.Seed
	rows  map[uint64]int32
}

// hash is that of an id. No two ids differ only in the case of letters.
func (c *claims) hash(id string) uint64 {
	if c.rows == nil {
		c.seed, c.rows = maphash.MakeSeed(), map[uint64]int32{}
	}
	return maphash.String(c.seed, strings.ToLower(id))
}

// claim gives an id to a row, if nothing had it.
func (c *claims) claim(id string, row int) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	hash := c.hash(id)
	_, known := c.rows[hash]
	if !known {
		c.rows[hash] = int32(row)
	}
	return !known
}

// take gives an id to the row that is proven to have made what has it. from is the other row
// that had claimed it, 0 if none had.
func (c *claims) take(id string, row int) (from int) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	hash := c.hash(id)
	if from = int(c.rows[hash]); from == row {
		from = 0
	}
	c.rows[hash] = int32(row)
	return from
}

// has reports whether a row has an id.
func (c *claims) has(id string, row int) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	holder, known := c.rows[c.hash(id)]
	return known && int(holder) == row
}
