package audio

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Digest names a recording by its bytes: "sha256:" and 64 hexadecimal digits. "" is none.
type Digest = string

const digestPrefix = "sha256:"

// Short is a digest as people read it: enough of it to tell recordings apart, and find their files.
func Short(digest Digest) string {
	if digits, is := strings.CutPrefix(digest, digestPrefix); is && len(digits) > shownDigits {
		return "recording " + digits[:shownDigits] + "…"
	}
	return digest
}

const shownDigits = 12

// Recording is a file that was looked through.
type Recording struct {
	Digest Digest
	Bytes  int64
	Wave
}

// Store knows where the sound of each digest is. It is safe for concurrent use.
type Store struct {
	mutex   sync.Mutex
	paths   map[Digest]string
	seen    map[string]seen // by path
	folder  string          // where recordings of the server are kept; "": nowhere
	folders []string        // where they are found
}

// seen is a file as it was when it was looked through.
type seen struct {
	size      int64
	modified  time.Time
	recording Recording
	err       error
}

// Check looks through a file, once while it does not change, and remembers where the sound is. The
// error says what is wrong with the file, and not which file it is.
func (s *Store) Check(path string) (Recording, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Recording{}, fs.ErrNotExist
	case err != nil:
		return Recording{}, err
	case !info.Mode().IsRegular():
		return Recording{}, errors.New("it is no regular file")
	}
	s.mutex.Lock()
	known, is := s.seen[path]
	s.mutex.Unlock()
	if is && known.size == info.Size() && known.modified.Equal(info.ModTime()) {
		return known.recording, known.err
	}
	known = seen{size: info.Size(), modified: info.ModTime()}
	known.recording, known.err = check(path)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.seen == nil {
		s.seen, s.paths = map[string]seen{}, map[Digest]string{}
	}
	s.seen[path] = known
	if known.err == nil {
		s.paths[known.recording.Digest] = path
	}
	return known.recording, known.err
}

func check(path string) (Recording, error) {
	file, err := os.Open(path)
	if err != nil {
		return Recording{}, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return Recording{}, err
	}
	wave, err := ReadWave(file, info.Size())
	if err != nil {
		return Recording{}, err
	}
	digest, n, err := sum(file)
	return Recording{Digest: digest, Bytes: n, Wave: wave}, err
}

// ErrTooLong is the error of a recording that has more than [MaxBytes].
var ErrTooLong = fmt.Errorf("it has more than %d bytes", MaxBytes)

// sum reads all of a recording, and no more than one can have.
func sum(r io.Reader) (Digest, int64, error) {
	hash := sha256.New()
	n, err := io.Copy(hash, io.LimitReader(r, MaxBytes+1))
	if err == nil && n > MaxBytes {
		err = ErrTooLong
	}
	return digestPrefix + hex.EncodeToString(hash.Sum(nil)), n, err
}

// KeepIn says in which folder recordings of the server are kept, as pre-images, and finds those that
// are there already.
func (s *Store) KeepIn(folder string) {
	s.FindIn(folder)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.folder = folder
}

// FindIn names a folder in which recordings were kept before.
func (s *Store) FindIn(folder string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.folders = append(s.folders, folder)
}

// Receiving is how files are called that are being received; what a process that was killed left of them
// can go.
const Receiving = ".receiving-*"

// FileName is the name of the file that keeps a recording.
func FileName(digest Digest) string { return digest[len(digestPrefix):] + ".wav" }

// Open gives the sound of a digest and its length in bytes. A file that has changed since it was
// looked through is an error: another sound is never sent.
func (s *Store) Open(digest Digest) (io.ReadCloser, int64, error) {
	s.mutex.Lock()
	path, folders := s.paths[digest], slices.Clone(s.folders)
	s.mutex.Unlock()
	if len(digest) != len(digestPrefix)+2*sha256.Size {
		return nil, 0, fmt.Errorf("%q names no recording", digest)
	}
	for _, folder := range folders {
		kept := filepath.Join(folder, FileName(digest))
		if _, err := os.Stat(kept); err == nil && path == "" {
			path = kept
		}
	}
	if path == "" {
		return nil, 0, errors.New("nobody knows where the recording is")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, fmt.Errorf("the recording can't be read: %w", err)
	}
	is, n, err := sum(file)
	if err == nil && is != digest {
		err = fmt.Errorf("%s has changed since it was checked, and is not sent: run the row again", filepath.Base(path))
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		file.Close()
		return nil, 0, err
	}
	return file, n, nil
}

// File is the file with the sound of a digest, and how many bytes it has; "" if none was checked.
func (s *Store) File(digest Digest) (path string, bytes int64) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	path = s.paths[digest]
	return path, s.seen[path].recording.Bytes
}

// Receive reads a recording of the server, keeps it where [Store.KeepIn] said, and gives its digest.
// It is on the disk when Receive returns.
func (s *Store) Receive(r io.Reader) (Digest, error) {
	s.mutex.Lock()
	folder := s.folder
	s.mutex.Unlock()
	if folder == "" {
		digest, _, err := sum(r)
		return digest, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	file, err := os.CreateTemp(folder, Receiving)
	if err != nil {
		return "", err
	}
	defer os.Remove(file.Name())
	digest, _, err := sum(io.TeeReader(r, file))
	err = errors.Join(err, file.Sync(), file.Close())
	if err != nil {
		return "", err
	}
	return digest, os.Rename(file.Name(), filepath.Join(folder, FileName(digest)))
}
