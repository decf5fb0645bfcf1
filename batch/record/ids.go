package record

import (
	"hash/maphash"
	"strings"
	"sync"
)

// IdHolders are ObjectIds, and the row of the run that has each: 0 for what was there before.
// Of an id only a hash is kept: a run of 100,000 rows has as many. The zero value is empty.
type IdHolders struct {
	mutex sync.Mutex
	seed  maphash.Seed
	rows  map[uint64]int32
}

// hash is that of an id. No two ids differ only in the case of letters.
func (h *IdHolders) hash(id string) uint64 {
	if h.rows == nil {
		h.seed, h.rows = maphash.MakeSeed(), map[uint64]int32{}
	}
	return maphash.String(h.seed, strings.ToLower(id))
}

// Claim gives an id to a row, if nothing had it.
func (h *IdHolders) Claim(id string, row int) bool {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	hash := h.hash(id)
	_, known := h.rows[hash]
	if !known {
		h.rows[hash] = int32(row)
	}
	return !known
}

// Take gives an id to the row that is proven to have made what has it. from is the other row
// that had claimed it, 0 if none had.
func (h *IdHolders) Take(id string, row int) (from int) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	hash := h.hash(id)
	if from = int(h.rows[hash]); from == row {
		from = 0
	}
	h.rows[hash] = int32(row)
	return from
}

// Has reports whether a row has an id.
func (h *IdHolders) Has(id string, row int) bool {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	holder, known := h.rows[h.hash(id)]
	return known && int(holder) == row
}
