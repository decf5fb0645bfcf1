package audio

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
)

// write puts a recording into a folder.
func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// read gives the sound of a digest.
func read(s *Store, digest Digest) (string, error) {
	sound, bytes, err := s.Open(digest)
	if err != nil {
		return "", err
	}
	defer sound.Close()
	text, err := io.ReadAll(sound)
	if int64(len(text)) != bytes {
		err = errors.Join(err, errors.New("its length is another"))
	}
	return string(text), err
}

// What was checked is what is opened; what has changed since is not.
func TestWhatWasCheckedIsOpened(t *testing.T) {
	t.Parallel()
	var s Store
	path := filepath.Join(t.TempDir(), "one.wav")
	whole := file(7, 1, 8000, 8000, 40)
	write(t, path, whole)
	one, err := s.Check(path)
	if err != nil || one.Bytes != int64(len(whole)) {
		t.Fatalf("%+v, %v", one, err)
	}
	if got, err := read(&s, one.Digest); err != nil || got != string(whole) {
		t.Errorf("got %q, %v", got, err)
	}
	if file, bytes := s.File(one.Digest); file != path || bytes != one.Bytes {
		t.Errorf("its file is %s of %d bytes", file, bytes)
	}
	write(t, path, file(6, 1, 8000, 8000, 41))
	if _, err := read(&s, one.Digest); err == nil || !strings.Contains(err.Error(), "one.wav has changed since it was checked") {
		t.Errorf("got %v", err)
	}
	if two, err := s.Check(path); err != nil || two.Digest == one.Digest {
		t.Errorf("checked again: %+v, %v", two, err)
	}
	write(t, path, whole[:20])
	if _, err := s.Check(path); err == nil {
		t.Error("a file that is cut off passed")
	}
	if _, err := s.Check(path + "x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := s.Check(filepath.Dir(path)); err == nil {
		t.Error("a folder passed")
	}
	for _, digest := range []Digest{"", "?one.wav", digestPrefix + strings.Repeat("0", 64)} {
		if _, err := read(&s, digest); err == nil {
			t.Errorf("%q was opened", digest)
		}
	}
}

// What the server had is kept whole, for the owner alone, and found by a later start.
func TestWhatIsReceivedIsKept(t *testing.T) {
	t.Parallel()
	var s, later Store
	folder := filepath.Join(t.TempDir(), "recordings")
	if digest, err := s.Receive(strings.NewReader("RIFF")); err != nil || digest == "" {
		t.Errorf("without a folder: %q, %v", digest, err)
	}
	s.KeepIn(folder)
	digest, err := s.Receive(strings.NewReader("RIFF sound"))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.Receive(strings.NewReader("RIFF sound")); err != nil || again != digest {
		t.Errorf("again: %q, %v", again, err)
	}
	later.FindIn(folder)
	if got, err := read(&later, digest); err != nil || got != "RIFF sound" {
		t.Errorf("got %q, %v", got, err)
	}
	info, err := os.Stat(filepath.Join(folder, FileName(digest)))
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if _, err := s.Receive(iotest.TimeoutReader(bytes.NewReader(make([]byte, 1<<16)))); err == nil {
		t.Error("half a recording was kept")
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}
