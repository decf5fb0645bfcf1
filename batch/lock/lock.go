// Package lock keeps the runs of one computer apart: one run at a time has a server, by
// whatever name and from whatever account. Where the system has them, the locks are objects
// that go with their process, so that none is ever left behind. It can't see other computers.
package lock

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// ErrInUse is wrapped by the error of [Take] and [Lock.Also] when another run on this
// computer has the server.
var ErrInUse = errors.New("another run is at work on this server")

// Lock keeps other runs on this computer, of whatever account, away from a server
// until it is released, or the process dies: first by the address that was typed, and as
// soon as the server has told who it is by that, because one server has many addresses. It
// can't see other computers. A nil one locks nothing.
type Lock struct {
	words    notice
	names    map[string]bool // that it holds
	releases []func()
}

// notice is what those who wait are told.
type notice struct {
	Server  string    `json:"server"`
	Folder  string    `json:"folder"`
	Process int       `json:"process"`
	Account string    `json:"account"`
	Since   time.Time `json:"since"`
}

// maxWords is more than any words take, in bytes: they may be another account's.
const maxWords = 8 << 10

// Take takes the lock of the server at an address. folder is the run's, account
// whom it signs in as.
func Take(url, folder, account string) (*Lock, error) {
	l := &Lock{words: notice{url, folder, os.Getpid(), account, time.Now()}, names: map[string]bool{}}
	return l, l.take("address " + strings.ToLower(url))
}

// Release lets others have the server.
func (l *Lock) Release() {
	if l == nil {
		return
	}
	for _, release := range l.releases {
		release()
	}
	l.releases, l.names = nil, nil
}

// Also takes the lock of the server by another of its names; one that it holds it keeps. A nil lock
// takes none.
func (l *Lock) Also(name string) error {
	if l == nil || l.names[name] {
		return nil
	}
	return l.take(name)
}

// take takes one more lock. The name is hashed: it is seen by all accounts.
func (l *Lock) take(name string) error {
	text, err := json.Marshal(l.words)
	if err != nil {
		return fmt.Errorf("cannot lock the server: %w", err)
	}
	sum := sha256.Sum256([]byte(name))
	release, words, err := seize("cucbulk-server-"+hex.EncodeToString(sum[:8]), text)
	if err != nil {
		return fmt.Errorf("cannot lock the server: %w", err)
	}
	if release == nil {
		return fmt.Errorf("%w (%s): %s. Wait until it ends, or stop it; then type the command again", ErrInUse,
			l.words.Server, l.holder(words))
	}
	l.releases, l.names[name] = append(l.releases, release), true
	return nil
}

// holder says who has a lock. Whoever has just got it tells its words a moment later;
// this waits until they are there, and whole.
func (l *Lock) holder(read func() ([]byte, error)) string {
	var words notice
	for wait := time.Millisecond; wait < wordsPatience; wait *= 2 {
		text, err := read()
		if err == nil && json.Unmarshal(text, &words) == nil && words.Process != 0 {
			at := ""
			if words.Server != l.words.Server {
				at = ", on " + words.Server
			}
			return fmt.Sprintf("process %d, since %s, signed in as %s, run folder %s%s", words.Process,
				words.Since.Format("2006-01-02 15:04:05"), words.Account, words.Folder, at)
		}
		time.Sleep(wait)
	}
	return "it does not say which"
}

// wordsPatience bounds the last of the waits for words, which double; they add up to
// about as much.
const wordsPatience = 4 * time.Second
