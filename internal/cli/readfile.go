package cli

import (
	"context"
	"fmt"
	"io"
	"os"
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
