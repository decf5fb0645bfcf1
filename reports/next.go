package reports

import (
	"strconv"

	"cucbulk/batch/record"
)

// Suggestion is a next command, and when to type it.
type Suggestion struct {
	When    string `json:"when"`
	Command string `json:"command"`
}

// Foreseen says how many requests were foreseen; "" where that is not known.
func Foreseen(s Summary) string {
	switch {
	case s.Foreseen == 0:
		return ""
	case s.MaySpare > 0:
		return strconv.Itoa(s.Foreseen-s.MaySpare) + " to " + Count(s.Foreseen, "request", "requests")
	}
	return Count(s.Foreseen, "request", "requests")
}

// LeftToTemplate says of how many rows something was not sent, because their users have it from
// the template.
func LeftToTemplate(s Summary) string {
	text := Count(s.AsTemplate, "row wants", "rows want") + " in part what the template gives, and that was not sent"
	if s.Unconfirmed > 0 {
		return text + "; for " + strconv.Itoa(s.Unconfirmed) +
			" of them no later user has shown yet that the template gave it, and resume sends it"
	}
	return text + ": users that were made later have it"
}

// Rejected is how many rows rejects.csv holds. A row that was cut off is not among them,
// because resume goes on with it.
func Rejected(history *record.History) int {
	n := 0
	for status, rows := range history.EndedRows() {
		if status.Rejected() {
			n += rows
		}
	}
	return n
}

// Count writes a number with the noun that goes with it, as messages on the terminal do:
// without a comma at the thousands, which the page has.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
