package cli

import (
	"errors"
	"fmt"
	"io/fs"

	"cucbulk/cupi/trace"
)

// openTrace begins the file of --trace, nil without one. What can't be begun ends the command
// before anything is sent; once it is begun, it stops no run.
func (p *program) openTrace(path string) (*trace.Writer, error) {
	if path == "" {
		return nil, nil
	}
	writer, err := trace.Create(path, tool())
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil, fmt.Errorf("--trace: %s is there already, and nothing is ever overwritten; nothing was sent: give a file that is not there", path)
	case err != nil:
		return nil, fmt.Errorf("--trace: %w; nothing was sent: give a file in a folder in which you may write, or leave --trace out", err)
	}
	p.trace = writer
	return writer, nil
}

// closeTrace ends the file, and says when it does not hold all.
func (p *program) closeTrace() {
	if p.trace == nil {
		return
	}
	if err := p.trace.Close(); err != nil {
		p.warn("--trace: not all of what was said is in the file: %v; what was done stands, and nothing else misses anything", err)
	}
	p.trace = nil
}
