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
