package cupi

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
)

// secretFields are written and never read; a server's message may repeat them.
var secretFields = []string{"Credentials", "UserPassword"}

// secrets are the texts that no message may show: the password of the account, and
// every PIN and password that was sent or is about to be. Of each it keeps a hash, so
// that many take little memory. They are found in a text in each spelling in which a
// server may repeat them.
type secrets struct {
	mutex  sync.RWMutex
	seed   maphash.Seed
	hashes map[uint64]struct{}
	sizes  []int // of their plain forms, each once
}

func newSecrets() *secrets {
	return &secrets{seed: maphash.MakeSeed(), hashes: map[uint64]struct{}{}}
}

// add keeps one more secret. One that looks as if it were escaped is kept as it reads
// then, too: who reads the escapes of a text reads those of the secret in it.
func (s *secrets) add(text string) {
	read, escaped := asItIs(text), true
	for depth := 0; depth < deepest && escaped; depth++ {
		form := strings.Trim(string(plainly(read).form), " ")
		if depth == 0 || len(form) >= shortest {
			s.addForm(form)
		}
		read, escaped = read.unescaped()
	}
}

func (s *secrets) addForm(form string) {
	if form == "" {
		return
	}
	hash := maphash.String(s.seed, form)
	s.mutex.RLock()
	_, known := s.hashes[hash]
	s.mutex.RUnlock()
	if known {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.hashes[hash] = struct{}{}
	if !slices.Contains(s.sizes, len(form)) {
		s.sizes = append(s.sizes, len(form))
	}
}

// clean takes the secrets out of a text.
func (s *secrets) clean(text string) string {
	var found []span
	read := asItIs(text)
	for range deepest {
		found = append(found, s.in(read)...)
		for _, code := range codesIn(read.text) {
			if s.inCode(read.text[code.from:code.to]) {
				found = append(found, read.source(code))
			}
		}
		next, escaped := read.unescaped()
		if !escaped {
			break
		}
		read = next
	}
	if len(found) == 0 {
		return text
	}
	slices.SortFunc(found, func(a, b span) int { return a.from - b.from })
	var b strings.Builder
	end := 0 // of what is told or taken out
	for _, hidden := range found {
		if hidden.from > end || b.Len() == 0 {
			b.WriteString(text[end:max(end, hidden.from)])
			b.WriteString("…")
		}
		end = max(end, hidden.to)
	}
	return b.String() + text[end:]
}

// shortest is how long a secret is at least that is also found as a part of a longer
// number or word. A PIN of four digits would be found in every other id.
const shortest = 6

// in finds the secrets that stand in a reading, and gives where they do in its source.
func (s *secrets) in(read reading) (found []span) {
	plain := plainly(read)
	s.mutex.RLock()
	defer s.mutex.RUnlock()
	for _, size := range s.sizes {
		for at := 0; at+size <= len(plain.form); at++ {
			if _, is := s.hashes[maphash.Bytes(s.seed, plain.form[at:at+size])]; !is {
				continue
			}
			if size < shortest && plain.partOfMore(at, at+size) {
				continue
			}
			found = append(found, read.source(span{plain.from[at], plain.to[at+size-1]}))
		}
	}
	return found
}

// inCode reports whether a text holds a secret when it is taken for hex or base64.
func (s *secrets) inCode(code []byte) bool {
	holds := func(decoded []byte) bool {
		read := asItIs(string(decoded)) // of UTF-16, the zeros are invisible
		if len(s.in(read)) > 0 {
			return true
		}
		next, escaped := read.unescaped()
		return escaped && len(s.in(next)) > 0
	}
	code = bytes.TrimRight(code, "=")
	standard := []byte(strings.NewReplacer("-", "+", "_", "/").Replace(string(code)))
	for skipped := range min(4, len(code)) { // it may begin with something else
		whole := standard[skipped:]
		if len(whole)%4 == 1 {
			whole = whole[:len(whole)-1]
		}
		decoded := make([]byte, base64.RawStdEncoding.DecodedLen(len(whole)))
		if n, _ := base64.RawStdEncoding.Decode(decoded, whole); holds(decoded[:n]) {
			return true
		}
		decoded = make([]byte, len(code)/2)
		if n, _ := hex.Decode(decoded, code[skipped:len(code)-(len(code)-skipped)%2]); holds(decoded[:n]) {
			return true
		}
	}
	return false
}

// hushed is an error whose text held a secret.
type hushed struct {
	text string
	err  error
}

func (h hushed) Error() string { return h.text }
func (h hushed) Unwrap() error { return h.err }

// hush takes secrets out of a failure that the server had a say in.
func (e *Error) hush(secrets *secrets) {
	e.Code, e.Message = secrets.clean(e.Code), secrets.clean(e.Message)
	if e.Err == nil {
		return
	}
	text := e.Err.Error()
	if clean := secrets.clean(text); clean != text {
		e.Err = hushed{clean, e.Err}
	}
}
