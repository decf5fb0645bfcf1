package validate

import (
	"fmt"
	"testing"
)

func TestDigestTableKeepsTheFirstValue(t *testing.T) {
	t.Parallel()
	const texts = 20_000
	for _, expected := range []int{0, 10, texts, 100 * texts} {
		digester, table := newDigester(), digestTable[uint32]{expected: expected}
		realm := digester.of("realm")
		for i := range uint32(texts) {
			if known, is := table.putNew(digester.of(fmt.Sprint("Text", i)).in(realm), i); is {
				t.Fatalf("expecting %d: text %d is known as %d, want it new", expected, i, known)
			}
		}
		for i := range uint32(texts) {
			if known, is := table.putNew(digester.of(fmt.Sprint("tEXT", i)).in(realm), i+1); !is || known != i {
				t.Fatalf("expecting %d: text %d: got %d, %t, want %d, true", expected, i, known, is, i)
			}
		}
		if _, is := table.putNew(digester.of("text1").in(digester.of("another realm")), 0); is {
			t.Errorf("expecting %d: a text of another realm is known, want it new", expected)
		}
	}
}

// TestDigestTableTakesNoMoreThanItMayNeed expects far more texts than come, as for a
// file of blank lines.
func TestDigestTableTakesNoMoreThanItMayNeed(t *testing.T) {
	t.Parallel()
	const texts, expected = 1000, 10_000_000
	digester, table := newDigester(), digestTable[uint32]{expected: expected}
	for i := range uint32(texts) {
		table.putNew(digester.of(fmt.Sprint(i)), i)
	}
	room := 0
	for i := range table.shards {
		room += len(table.shards[i].entries)
	}
	if most := texts * 40; room > most {
		t.Errorf("room for %d texts was made when %d came, want at most %d", room, texts, most)
	}
}

func TestDigestsKnowNoCase(t *testing.T) {
	t.Parallel()
	digester := newDigester()
	for _, same := range [][2]string{{"JDOE", "jdoe"}, {"Éclair", "éCLAIR"}, {"aÉb", "AéB"}} {
		if digester.of(same[0]) != digester.of(same[1]) {
			t.Errorf("%q and %q differ, want them the same", same[0], same[1])
		}
	}
	if got := (digest{}).in(digester.of("r")); got != (digest{}) {
		t.Errorf("nothing is %v in a realm, want nothing", got)
	}
}
