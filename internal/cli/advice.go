package cli

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"cucbulk/batch/record"
	"cucbulk/internal/codes"
)

// adviceFor says what to do about an error that ended a command, where its own words
// only tell what happened. It is "" when they say enough.
func adviceFor(err error) string {
	if errors.Is(err, record.ErrNoRun) {
		return whereRunsAre()
	}
	var stop *record.Stop
	if !errors.As(err, &stop) {
		return ""
	}
	switch stop.Code {
	case codes.Unreachable, codes.NotTLS, codes.Certificate, codes.OtherKey, codes.SignIn,
		codes.Redirect, codes.WebPage, codes.NotCUPI, codes.Forbidden, codes.Outage:
		entry, _ := codes.Lookup(stop.Code)
		return strings.TrimSuffix(entry.Advice, ".")
	}
	return "" // the reason of the others says it
}

// whereRunsAre says which folder to name in place of one that holds no run.
func whereRunsAre() string {
	advice := "Give the folder that the run named at its end"
	journals, _ := filepath.Glob(filepath.Join(runsFolder, "*", record.JournalFile)) // the pattern is a good one
	journals = slices.DeleteFunc(journals, func(path string) bool { return strings.Contains(path, rollbackSuffix) })
	if len(journals) > 0 { // their names begin with the time
		advice += "; the newest here is " + filepath.Dir(journals[len(journals)-1])
	}
	return advice
}

// sentence makes one line of an error, with what to do.
func sentence(err error) string {
	text := strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "; ")
	if advice := adviceFor(err); advice != "" {
		text = strings.TrimSuffix(text, ".") + ". " + advice
	}
	return text
}
