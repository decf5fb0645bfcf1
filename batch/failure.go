package batch

import (
	"cucbulk/batch/record"
	"cucbulk/internal/codes"
)

// failure is why a row, or a step of it, did not get where it should. Inside a
// row it travels as an error; the row turns it into its result.
type failure struct {
	status  record.Status
	code    codes.Code
	message string
}

func (f *failure) Error() string { return f.message }

// untold says of a list that was not read why, where a server that does not show it to
// everybody is the usual reason.
func (f *failure) untold() string {
	if f.code == codes.ListMoves || f.code == codes.Unreadable {
		return f.message
	}
	return "the server does not list them"
}
