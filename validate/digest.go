package validate

import (
	"hash/maphash"
	"math/bits"
	"unicode/utf8"
)

// digest stands for a text. It has 96 bits, so that among a million texts two
// different ones do not meet in one digest in practice.
type digest struct {
	head uint64 // never 0
	tail uint32
}

// digester makes digests. The seeds differ from process to process, so no file
// can be written that makes them meet.
type digester [2]maphash.Seed

func newDigester() digester { return digester{maphash.MakeSeed(), maphash.MakeSeed()} }

// of gives the digest of a text, whatever its case.
func (d digester) of(text string) digest {
	var room [128]byte
	key := appendFolded(room[:0], text)
	return digest{head: maphash.Bytes(d[0], key) | 1, tail: uint32(maphash.Bytes(d[1], key))}
}

// in gives the digest of the same text in a realm of texts, which has one of its own:
// texts of two realms are never the same. Nothing stays nothing.
func (d digest) in(realm digest) digest {
	if d.head == 0 {
		return d
	}
	return digest{head: d.head ^ realm.head | 1, tail: d.tail ^ realm.tail}
}

// appendFolded appends what fold makes of a text.
func appendFolded(key []byte, text string) []byte {
	for i := range len(text) {
		c := text[i]
		if c >= utf8.RuneSelf {
			return append(key[:len(key)-i], fold(text)...)
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		key = append(key, c)
	}
	return key
}

// digestTable remembers a value for each digest in little memory: Go's maps would take
// twice as much, and a file may have a million rows. It is cut into shards, so
// that only a small part of it is ever copied to grow.
type digestTable[V any] struct {
	shards   [shardCount]shard[V]
	expected int // how many values may come; 0: nobody knows
}

const shardCount = 64

// sureAt is how many times the room that is needed by now may be made at once.
const sureAt = 16

type shard[V any] struct {
	entries []entry[V]
	used    int
}

type entry[V any] struct {
	head  uint64 // 0: no entry
	tail  uint32
	value V
}

// putNew stores the value of a digest that has none. If it has one, that is
// returned and kept.
func (t *digestTable[V]) putNew(d digest, value V) (known V, is bool) {
	s := &t.shards[d.tail%shardCount]
	if s.used*5 >= len(s.entries)*4 {
		s.grow(t.expected)
	}
	place := s.find(d)
	if place.head != 0 {
		return place.value, true
	}
	*place = entry[V]{d.head, d.tail, value}
	s.used++
	return value, false
}

// near reads the place where a digest belongs, so that putNew finds it at hand. What it returns
// means nothing.
func (t *digestTable[V]) near(d digest) uint64 {
	s := &t.shards[d.tail%shardCount]
	if len(s.entries) == 0 || d.head == 0 {
		return 0
	}
	start, _ := bits.Mul64(d.head, uint64(len(s.entries)))
	return s.entries[start].head
}

// find gives the place of a digest, or the free place where it belongs.
func (s *shard[V]) find(d digest) *entry[V] {
	start, _ := bits.Mul64(d.head, uint64(len(s.entries)))
	for i := int(start); ; {
		if e := &s.entries[i]; e.head == 0 || e.head == d.head && e.tail == d.tail {
			return e
		}
		if i++; i == len(s.entries) {
			i = 0
		}
	}
}

// grow makes room for more. Growing step by step costs more than all the rest, so
// once it is sure that there is something in what is expected in the whole table,
// room for all of it is made.
func (s *shard[V]) grow(expected int) {
	old := s.entries
	size := max(16, len(old)*3/2)
	if all := expected / shardCount * 3 / 2; all <= size*sureAt {
		size = max(size, all)
	}
	s.entries = make([]entry[V], size)
	clear(s.entries) // a page of new memory that is read before it is written costs twice
	for _, e := range old {
		if e.head != 0 {
			*s.find(digest{e.head, e.tail}) = e
		}
	}
}
