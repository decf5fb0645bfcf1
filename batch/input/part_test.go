package input

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Looking at eight bytes at once finds just the delimiters, also beside characters that
// differ from them by a bit.
func TestSplitFindsEachDelimiter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		delimiter := rapid.SampledFrom([]byte{',', ';', '\t'}).Draw(t, "delimiter")
		text := rapid.StringOf(rapid.SampledFrom([]rune{rune(delimiter), rune(delimiter ^ 1), rune(delimiter ^ 2), 'a', 'é', 0xAC, 1})).Draw(t, "text")
		p := part{delimiter: delimiter}
		if got, want := p.split([]string{"before"}, text), append([]string{"before"}, strings.Split(text, string(delimiter))...); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	})
}
