package trace

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Read reads a file. A last line that is cut off is passed over: the program may have been
// killed.
func Read(file io.Reader) (Header, []Exchange, error) {
	var header Header
	var all []Exchange
	lines := bufio.NewReader(file)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			if n == 1 {
				return header, nil, errors.New("this is no trace: it has no whole line")
			}
			return header, all, nil
		}
		if err != nil {
			return header, nil, err
		}
		if n == 1 {
			if err := json.Unmarshal(line, &header); err != nil || header.Trace != Format {
				return header, nil, fmt.Errorf("this is no trace of format %d: %q", Format, bytes.TrimSpace(line[:min(len(line), 80)]))
			}
			continue
		}
		var e Exchange
		if err := json.Unmarshal(line, &e); err != nil {
			return header, nil, fmt.Errorf("line %d: %w", n, err)
		}
		if e.Method != "" {
			all = append(all, e)
		}
	}
}
