package cupi

import (
	"fmt"
	"strings"
	"time"
)

// timeLayouts are the ways in which CUPI writes a moment; all of them mean UTC.
func timeLayouts() []string {
	return []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999"}
}

// ParseTime reads a moment as CUPI writes it: "2013-03-05T10:54:38Z" or
// "2013-03-05 10:54:39.02". Both stand in answers to one request.
func ParseTime(text string) (time.Time, error) {
	for _, layout := range timeLayouts() {
		if moment, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
			return moment.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time as CUPI writes it", printable(text, 40))
}
