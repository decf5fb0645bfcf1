package input

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
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
