package roster

import (
	"fmt"
	"strconv"
	"strings"
)

// Ranges are those from which new people get their extensions, in the order in which they are used.
type Ranges []extensionRange

type extensionRange struct {
	first, last uint64
	digits      int // 0700 keeps its zero
}

// ParseRanges reads "7000-7999,8100-8199".
func ParseRanges(text string) (Ranges, error) {
	var ranges Ranges
	for _, part := range strings.Split(text, ",") {
		from, to, is := strings.Cut(strings.TrimSpace(part), "-")
		if !is {
			to = from
		}
		first, err := strconv.ParseUint(from, 10, 63)
		last, wrong := strconv.ParseUint(to, 10, 63)
		if err != nil || wrong != nil || len(from) != len(to) || first > last {
			return nil, fmt.Errorf("%q is no range of extensions: write the first and the last with as many digits, as in "+
				"7000-7999,8100-8199", part)
		}
		ranges = append(ranges, extensionRange{first, last, len(from)})
	}
	return ranges, nil
}

// free goes through the extensions that are not taken, in order, each once.
type free struct {
	ranges Ranges
	taken  map[string]bool
	next   uint64 // of the first range, counted from its first
	used   int
}

// take takes the next; false: there is none.
func (f *free) take() (string, bool) {
	for len(f.ranges) > 0 {
		r := f.ranges[0]
		for ; f.next <= r.last-r.first; f.next++ {
			extension := fmt.Sprintf("%0*d", r.digits, r.first+f.next)
			if !f.taken[extension] {
				f.taken[extension] = true
				f.next++
				f.used++
				return extension, true
			}
		}
		f.ranges, f.next = f.ranges[1:], 0
	}
	return "", false
}
