package input

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
)

// Spool copies the whole input, byte for byte, and returns its SHA-256 in
// hexadecimal and its length in bytes.
func Spool(dst io.Writer, src io.Reader) (sha256hex string, bytes int64, err error) {
	sum := sha256.New()
	bytes, err = io.Copy(io.MultiWriter(dst, sum), src)
	if err != nil {
		return "", bytes, fmt.Errorf("copying the input after %d bytes: %w", bytes, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), bytes, nil
}

// Open opens a file that can be read again and again. A folder, a pipe or a device can't:
// it may never end, and hold something else each time.
func Open(path string) (*os.File, error) {
	about, err := os.Stat(path)
	if err == nil && !about.Mode().IsRegular() {
		err = fmt.Errorf("%s is no file, but a folder, a pipe or a device", path)
	}
	if err != nil {
		return nil, err
	}
	return os.Open(path)
}
