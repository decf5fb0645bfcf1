package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"

	"cucbulk/cupi/audio"
	"cucbulk/cupi/trace"
)

// access is what a command has to get at a server with: the password, and a file for what is said.
type access struct {
	screen       *screen
	getenv       func(name string) string
	readPassword func(ctx context.Context) ([]byte, error) // from the terminal, without echo
	audio        *audio.Store                              // where recordings are
	trace        *trace.Writer                             // nil: none is written
}

// passwordFrom reads the first line of a file, and warns of one that others can read.
func (a *access) passwordFrom(ctx context.Context, file string) (string, error) {
	text, err := readWhole(ctx, "--password-file", file, mostPassword)
	if err != nil {
		return "", err
	}
	if about, err := os.Stat(file); err == nil && othersCanRead(about) {
		a.screen.warn("--password-file: other accounts of this computer can read %s; type: chmod 600 %[1]s", file)
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

// openTrace begins the file of --trace, nil without one. What can't be begun ends the command
// before anything is sent; once it is begun, it stops no run.
func (a *access) openTrace(path string) (*trace.Writer, error) {
	if path == "" {
		return nil, nil
	}
	writer, err := trace.Create(path, tool())
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil, fmt.Errorf("--trace: %s is there already, and nothing is ever overwritten; nothing was sent: give a file "+
			"that is not there", path)
	case err != nil:
		return nil, fmt.Errorf("--trace: %w; nothing was sent: give a file in a folder in which you may write, or leave --trace out", err)
	}
	a.trace = writer
	return writer, nil
}

// closeTrace ends the file, and says when it does not hold all.
func (a *access) closeTrace() {
	if a.trace == nil {
		return
	}
	if err := a.trace.Close(); err != nil {
		a.screen.warn("--trace: not all of what was said is in the file: %v; what was done stands, and nothing else misses anything", err)
	}
	a.trace = nil
}
