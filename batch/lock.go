package batch

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// ErrServerInUse is wrapped by the error of [LockServer] when another run on this
// computer has the server.
var ErrServerInUse = errors.New("another run is at work on this server")

// lockWords is what stands beside a lock, for the message of those who wait. It is
// a file of its own, because Windows lets nobody read a file that is locked.
type lockWords struct {
	Folder  string    `json:"folder"`
	Process int       `json:"process"`
	Account string    `json:"account"`
	Since   time.Time `json:"since"`
}

// LockServer keeps other runs on this computer away from a server until release is
// called, or the process dies. It can't see other computers. folder is the run's,
// account whom it signs in as.
func LockServer(url, folder, account string) (release func(), err error) {
	path, err := lockPath(url)
	if err != nil {
		return nil, err
	}
	lock := flock.New(path, flock.SetPermissions(0o600))
	taken, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("cannot lock the server: %w", err)
	}
	if !taken {
		return nil, fmt.Errorf("%w (%s): %s. Wait until it ends, or stop it; then type the command again", ErrServerInUse, url, readWords(path))
	}
	if err := writeWords(path, lockWords{folder, os.Getpid(), account, time.Now()}); err != nil {
		return nil, errors.Join(fmt.Errorf("cannot lock the server: %w", err), lock.Unlock())
	}
	return func() {
		_ = os.Remove(path + wordsSuffix) // or the next to lock it would seem to be this one
		_ = lock.Unlock()                 // the kernel frees what this can't
	}, nil
}

// lockPath is where the lock of a server stands: one folder for all runs of a
// person, since runs may be started anywhere.
func lockPath(url string) (string, error) {
	folder, err := lockFolder()
	if err != nil {
		return "", fmt.Errorf("cannot lock the server: %w", err)
	}
	sum := sha256.Sum256([]byte(strings.ToLower(url)))
	return filepath.Join(folder, "server-"+hex.EncodeToString(sum[:8])+".lock"), nil
}

// lockFolder is in the person's cache, or where temporary files are if there is
// none, as for a service without a home.
func lockFolder() (string, error) {
	if cache, err := os.UserCacheDir(); err == nil {
		folder := filepath.Join(cache, "cucbulk")
		if os.MkdirAll(folder, 0o700) == nil {
			return folder, nil
		}
	}
	folder := filepath.Join(os.TempDir(), fmt.Sprintf("cucbulk-%d", os.Getuid()))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	// Anybody may have made it first, with links in it to files of this person.
	about, err := os.Lstat(folder)
	if err == nil && (!about.IsDir() || !private(about)) {
		err = fmt.Errorf("%s is not this account's own, for it alone: remove it, or set HOME", folder)
	}
	return folder, err
}

// wordsSuffix makes the path of the words from that of their lock.
const wordsSuffix = ".json"

func writeWords(path string, words lockWords) error {
	text, err := json.Marshal(words)
	if err != nil {
		return err
	}
	return os.WriteFile(path+wordsSuffix, text, 0o600)
}

// readWords says who has a lock. Whoever has just got it writes its words a moment
// later; this waits until they are there, and whole.
func readWords(path string) string {
	var words lockWords
	for wait := time.Millisecond; wait < wordsPatience; wait *= 2 {
		text, err := os.ReadFile(path + wordsSuffix)
		if err == nil && json.Unmarshal(text, &words) == nil {
			return fmt.Sprintf("process %d, since %s, signed in as %s, run folder %s", words.Process, words.Since.Format("2006-01-02 15:04:05"), words.Account, words.Folder)
		}
		time.Sleep(wait)
	}
	return "it does not say which"
}

// wordsPatience bounds the last of readWords's waits, which double; they add up to
// about as much.
const wordsPatience = 4 * time.Second
