package cupitest

import (
	"fmt"
	"hash/fnv"
)

// hash is FNV-1a over the parts.
func hash(parts ...string) uint64 {
	h := fnv.New64a()
	for _, part := range parts {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return h.Sum64()
}

// mix spreads the bits of x (the finaliser of SplitMix64). No two numbers mix to the same one.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// objectID writes a number as an ObjectId; no two numbers have the same.
func objectID(number uint64) string {
	high, low := mix(number), mix(^number)
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", high>>32, high>>16&0xffff, high&0xfff, low>>48&0x3fff|0x8000, low&0xffffffffffff)
}
