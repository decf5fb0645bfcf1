package batch

import (
	"hash/maphash"
	"strings"
	"sync"
)

// idSet is ObjectIds, of which it keeps only a hash each: a run of 100,000 rows has as many.
// Its zero value is empty.
type idSet struct {
	mutex  sync.Mutex
	seed   maphash.Seed
	hashes map[uint64]struct{}
}

// add adds an id and reports whether it is new. No two ids differ only in the case of letters.
func (s *idSet) add(id string) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.hashes == nil {
		s.seed, s.hashes = maphash.MakeSeed(), map[uint64]struct{}{}
	}
	hash := maphash.String(s.seed, strings.ToLower(id))
	_, known := s.hashes[hash]
	s.hashes[hash] = struct{}{}
	return !known
}
