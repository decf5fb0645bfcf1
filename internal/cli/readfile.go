package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"
)

// What files that flags name may hold, in bytes.
const (
	mostPassword     = 64 << 10
	mostCertificates = 16 << 20
)

// readWhole reads a file that a flag names. It may be a pipe, such as <(pass cuc): when
// ctx ends, nothing waits for the rest of it, and what never ends is refused.
func readWhole(ctx context.Context, flag, path string, most int64) ([]byte, error) {
	text, err := waitFor(ctx, func() ([]byte, error) {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		return io.ReadAll(io.LimitReader(file, most+1))
	}, func() {})
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("%w while %s was read for %s; nothing was changed", ctx.Err(), path, flag)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", flag, err)
	case int64(len(text)) > most:
		return nil, fmt.Errorf("%s: %s holds more than %d KiB: it is another file than is meant here", flag, path, most>>10)
	}
	return text, nil
}

// passwordFrom reads the first line of a file, and warns of one that others can read.
func (p *program) passwordFrom(ctx context.Context, file string) (string, error) {
	text, err := readWhole(ctx, "--password-file", file, mostPassword)
	if err != nil {
		return "", err
	}
	if about, err := os.Stat(file); err == nil && othersCanRead(about) {
		p.warn("--password-file: other accounts of this computer can read %s; type: chmod 600 %[1]s", file)
	}
	line, _, _ := bytes.Cut(bytes.TrimPrefix(text, []byte("\uFEFF")), []byte("\n"))
	password := strings.TrimSuffix(string(line), "\r")
	if password == "" {
		return "", fmt.Errorf("--password-file: the first line of %s is empty", file)
	}
	return password, nil
}

// othersCanRead tells it of a file by its mode, which says nothing on Windows.
func othersCanRead(about fs.FileInfo) bool {
	return runtime.GOOS != "windows" && about.Mode().IsRegular() && about.Mode().Perm()&0o044 != 0
}
