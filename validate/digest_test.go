package validate

import (
	"fmt"
	"testing"
)

func TestDigestTableKeepsTheFirstValue(t *testing.T) {
	t.Parallel()
	digester, table := newDigester(), digestTable[uint32]{}
	const texts = 20_000
	for i := range uint32(texts) {
		if known, is := table.putNew(digester.of("realm", fmt.Sprint("Text", i)), i); is {
			t.Fatalf("text %d is known as %d, want it new", i, known)
		}
	}
	for i := range uint32(texts) {
		if known, is := table.putNew(digester.of("realm", fmt.Sprint("tEXT", i)), i+1); !is || known != i {
			t.Fatalf("text %d: got %d, %t, want %d, true", i, known, is, i)
		}
	}
	if _, is := table.putNew(digester.of("another realm", "text1"), 0); is {
		t.Error("a text of another realm is known, want it new")
	}
}

func TestDigestsKnowNoCase(t *testing.T) {
	t.Parallel()
	digester := newDigester()
	for _, same := range [][2]string{{"JDOE", "jdoe"}, {"Éclair", "éCLAIR"}, {"aÉb", "AéB"}} {
		if digester.of("r", same[0]) != digester.of("r", same[1]) {
			t.Errorf("%q and %q differ, want them the same", same[0], same[1])
		}
	}
	if digester.of("r", "ab") == digester.of("ra", "b") {
		t.Error("a realm runs into its text")
	}
}
