package send

import (
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// Failure is why a row, or a step of it, did not get where it should. Inside a
// row it travels as an error; the row turns it into its result.
type Failure struct {
	Status  record.Status
	Code    codes.Code
	Message string
}

func (f *Failure) Error() string { return f.Message }

// Refusal is the failure of a change that the server refused, and did not make.
type Refusal struct{ *Failure }

// Unwrap gives the failure.
func (r *Refusal) Unwrap() error { return r.Failure }

// Untold says of a list that was not read why, where a server that does not show it to
// everybody is the usual reason.
func (f *Failure) Untold() string {
	if f.Code == codes.ListMoves || f.Code == codes.Unreadable {
		return f.Message
	}
	return "the server does not list them"
}

// codeOf gives the server's own code as it was sent, or ours where it sends none.
func codeOf(problem *cupi.Error) codes.Code {
	if problem.Code != "" {
		return codes.Code(problem.Code)
	}
	return codes.Refused
}
