package cli

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/reports"
)

// The flags of rows that are not looked at, and what is told of them.

func setSince(a *asked, texts []string) error {
	if texts[0] == "" {
		return misused("--since takes the folder of a run, or last")
	}
	a.since().Run = texts[0]
	return nil
}

func getSince(a *asked) []string {
	if a.batch.Since == nil {
		return nil
	}
	return some(a.batch.Since.Run)
}

func setLookEvery(a *asked, texts []string) error {
	span, err := parseSpan(texts[0])
	if err != nil || span <= 0 {
		return misused("--look-every takes a span of time such as 7d or 36h, not %q", texts[0])
	}
	a.since().LookEvery = span
	return nil
}

func getLookEvery(a *asked) []string {
	if a.batch.Since == nil || a.batch.Since.LookEvery == 0 {
		return nil
	}
	return []string{spanText(a.batch.Since.LookEvery)}
}

// since is what is asked of rows that need not be looked at.
func (a *asked) since() *record.Since {
	if a.batch.Since == nil {
		a.batch.Since = &record.Since{}
	}
	return a.batch.Since
}

const day = 24 * time.Hour

// parseSpan reads a span of time that may be so many days.
func parseSpan(text string) (time.Duration, error) {
	if days, is := strings.CutSuffix(text, "d"); is {
		n, err := strconv.ParseUint(days, 10, 16)
		return time.Duration(n) * day, err
	}
	return time.ParseDuration(text)
}

// spanText writes a span as it is read.
func spanText(span time.Duration) string {
	switch {
	case span%day == 0:
		return strconv.Itoa(int(span/day)) + "d"
	case span%time.Hour == 0:
		return strconv.Itoa(int(span/time.Hour)) + "h"
	}
	return span.String()
}

// checkSince checks what the flags say together, and says where runs are. out is the folder
// that the run makes; "": one under runs.
func (a *asked) checkSince(out string) error {
	since := a.batch.Since
	if since == nil {
		return nil
	}
	if since.Run == "" {
		return misused("--look-every says how often rows are looked at that --since leaves out: give --since too")
	}
	among := []string{runsFolder}
	if out != "" {
		among = append(among, filepath.Dir(out))
	}
	if since.Run != record.SinceLast {
		among = append(among, since.Run)
	}
	for i := range among {
		path, err := filepath.Abs(among[i])
		if err != nil {
			return err
		}
		among[i] = path
	}
	if since.Run != record.SinceLast {
		since.Run, among = among[len(among)-1], among[:len(among)-1]
	}
	since.Among = among
	return nil
}

// sinceText says how many rows are not looked at; "" where all were to be.
func sinceText(preparation *batch.Preparation) string {
	since := preparation.Options.Since
	switch n := preparation.AsLastRun(); {
	case since == nil:
		return ""
	case since.Run == "":
		return fmt.Sprintf("every row is looked at, because no finished run of %s with these flags is in %s",
			filepath.Base(preparation.Input.Name), strings.Join(since.Among, " or "))
	case n == 0:
		return fmt.Sprintf("every row is looked at, because none is as in %s", since.Run)
	default:
		return reports.NotLookedAt(n, since.Run)
	}
}
