package torture

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

// windowSize is how many bytes of a secret must stand somewhere to be found: half a
// secret is found too.
const windowSize = 12

// finder looks for many secrets at once, however they are spelled: it knows every
// window of every spelling.
type finder struct {
	windows map[[windowSize]byte]int // the secret, by its place in the list
	likely  []uint64                 // one bit for the beginning of each window; most places of a text are no such
}

const likelyBits = 24

func newFinder(secrets []string) *finder {
	f := &finder{windows: map[[windowSize]byte]int{}, likely: make([]uint64, 1<<likelyBits/64)}
	for i, secret := range secrets {
		for _, spelling := range spellings(secret) {
			for at := 0; at+windowSize <= len(spelling); at++ {
				window := [windowSize]byte([]byte(spelling[at : at+windowSize]))
				f.windows[window] = i
				bit := beginning(window[:])
				f.likely[bit/64] |= 1 << (bit % 64)
			}
		}
	}
	return f
}

// spellings are a secret as it is, in hex, in percent signs, and what of it is certain
// in base64, wherever it begins in the text that was encoded. Secrets are letters and
// digits, so that nothing else is escaped.
func spellings(secret string) []string {
	inHex := hex.EncodeToString([]byte(secret))
	var percents strings.Builder
	for _, b := range []byte(secret) {
		fmt.Fprintf(&percents, "%%%02X", b)
	}
	all := []string{secret, inHex, strings.ToUpper(inHex), percents.String()}
	for shift := range 3 {
		encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + secret))
		first, last := (shift*8+5)/6, (shift+len(secret))*8/6
		all = append(all, encoded[first:last], strings.NewReplacer("+", "-", "/", "_").Replace(encoded[first:last]))
	}
	return all
}

// beginning is which bit says that a window may begin like this.
func beginning(text []byte) uint64 {
	return binary.LittleEndian.Uint64(text) * 0x9e3779b97f4a7c15 >> (64 - likelyBits)
}

// in gives which secrets stand in a text, and how often a window of one does.
func (f *finder) in(text []byte) (secrets map[int]bool, hits int) {
	secrets = map[int]bool{}
	for at := 0; at+windowSize <= len(text); at++ {
		bit := beginning(text[at:])
		if f.likely[bit/64]&(1<<(bit%64)) == 0 {
			continue
		}
		if secret, found := f.windows[[windowSize]byte(text[at:at+windowSize])]; found {
			secrets[secret] = true
			hits++
		}
	}
	return secrets, hits
}

// A finder that finds nothing proves nothing.
func TestTheFinderFinds(t *testing.T) {
	t.Parallel()
	secrets := []string{"73915824605128", "Qw7Er8Ty9Ui0Op1As2", "00112233445566"}
	f := newFinder(secrets)
	around := func(secret string) string { return "admin:" + secret + "\\\"&" }
	for i, secret := range secrets {
		for name, text := range map[string]string{
			"as it is":             around(secret),
			"in lower hex":         hex.EncodeToString([]byte(around(secret))),
			"in upper hex":         strings.ToUpper(hex.EncodeToString([]byte(around(secret)))),
			"in base64":            base64.StdEncoding.EncodeToString([]byte(around(secret))),
			"in base64, shifted":   base64.StdEncoding.EncodeToString([]byte("x" + around(secret))),
			"in base64, shifted 2": base64.URLEncoding.EncodeToString([]byte("xy" + around(secret))),
			"in percent signs":     "%" + strings.ToUpper(strings.Join(strings.Split(fmt.Sprintf("% x", secret), " "), "%")),
			"without its end":      secret[:windowSize],
			"without its start":    secret[len(secret)-windowSize:],
		} {
			if got, _ := f.in([]byte(strings.Repeat("- ", 50) + text)); !got[i] || len(got) != 1 {
				t.Errorf("%s %s: found %v", secret, name, got)
			}
		}
		if got, hits := f.in([]byte(secret[:windowSize-1] + "\n" + secret[1:windowSize])); hits != 0 {
			t.Errorf("%s: found %v where there is too little of it", secret, got)
		}
	}
}
