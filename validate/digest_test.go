package validate

import (
	"fmt"
	"testing"
)

func TestDigestTableKeepsTheFirstValue(t *testing.T) {
	t.Parallel()
	digester, table := newDigester(), digestTable[uint32]{}
	realm := digester.of("realm")
	const texts = 20_000
	for i := range uint32(texts) {
		if known, is := table.putNew(digester.of(fmt.Sprint("Text", i)).in(realm), i); is {
			t.Fatalf("text %d is known as %d, want it new", i, known)
		}
	}
	for i := range uint32(texts) {
		if known, is := table.putNew(digester.of(fmt.Sprint("tEXT", i)).in(realm), i+1); !is || known != i {
			t.Fatalf("text %d: got %d, %t, want %d, true", i, known, is, i)
		}
	}
	if _, is := table.putNew(digester.of("text1").in(digester.of("another realm")), 0); is {
		t.Error("a text of another realm is known, want it new")
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
