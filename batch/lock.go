package batch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"cucbulk/cupi"
)

// ErrServerInUse is wrapped by the error of [ServerLock] when another run on this
// computer has the server.
var ErrServerInUse = errors.New("another run is at work on this server")

// ServerLock keeps other runs on this computer, of whatever account, away from a server
// until it is released, or the process dies: first by the address that was typed, and as
// soon as the server has told who it is by that, because one server has many addresses. It
// can't see other computers. A nil one locks nothing.
type ServerLock struct {
	words    lockWords
	releases []func()
}

// lockWords is what those who wait are told.
type lockWords struct {
	Server  string    `json:"server"`
	Folder  string    `json:"folder"`
	Process int       `json:"process"`
	Account string    `json:"account"`
	Since   time.Time `json:"since"`
}

// maxLockWords is more than any words take, in bytes: they may be another account's.
const maxLockWords = 8 << 10

// LockServer takes the lock of the server at an address. folder is the run's, account
// whom it signs in as.
func LockServer(url, folder, account string) (*ServerLock, error) {
	l := &ServerLock{words: lockWords{url, folder, os.Getpid(), account, time.Now()}}
	return l, l.take("address " + strings.ToLower(url))
}

// Release lets others have the server.
func (l *ServerLock) Release() {
	if l == nil {
		return
	}
	for _, release := range l.releases {
		release()
	}
	l.releases = nil
}

// identified takes the lock of the server that has told who it is.
func (l *ServerLock) identified(ctx context.Context, e *errand, identity Identity) error {
	if l == nil {
		return nil
	}
	if identity.Location != "" {
		return l.take("location " + fold(identity.Location))
	}
	ids, err := nodeIDs(ctx, e)
	if err != nil || ids == "" {
		return err
	}
	return l.take("nodes " + ids)
}

// nodeIDs tells a server without users from others, by the nodes of its cluster; "" when
// it does not show them.
func nodeIDs(ctx context.Context, e *errand) (string, error) {
	answer, problem, err := e.glance(ctx, cupi.List(cupi.ClusterMembers, cupi.Query{}, 1, listingRows))
	if err != nil || problem != nil {
		return "", err
	}
	var ids []string
	for _, node := range answer.Page.Items {
		ids = append(ids, fold(orElse(node["ObjectId"], node["VmsServerObjectId"])))
	}
	slices.Sort(ids)
	return strings.Trim(strings.Join(ids, " "), " "), nil
}

// take takes one more lock. The name is hashed: it is seen by all accounts.
func (l *ServerLock) take(name string) error {
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
		return fmt.Errorf("%w (%s): %s. Wait until it ends, or stop it; then type the command again", ErrServerInUse, l.words.Server, l.holder(words))
	}
	l.releases = append(l.releases, release)
	return nil
}

// holder says who has a lock. Whoever has just got it tells its words a moment later;
// this waits until they are there, and whole.
func (l *ServerLock) holder(read func() ([]byte, error)) string {
	var words lockWords
	for wait := time.Millisecond; wait < wordsPatience; wait *= 2 {
		text, err := read()
		if err == nil && json.Unmarshal(text, &words) == nil && words.Process != 0 {
			at := ""
			if words.Server != l.words.Server {
				at = ", on " + words.Server
			}
			return fmt.Sprintf("process %d, since %s, signed in as %s, run folder %s%s", words.Process, words.Since.Format("2006-01-02 15:04:05"), words.Account, words.Folder, at)
		}
		time.Sleep(wait)
	}
	return "it does not say which"
}

// wordsPatience bounds the last of the waits for words, which double; they add up to
// about as much.
const wordsPatience = 4 * time.Second
