package send

import (
	"net/http"
	"sync/atomic"

	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// permission is what the server's refusals say of the account and of the address, and not of the row.
type permission struct {
	forbidden [2]atomic.Int64 // 403 answers in a row: to reads, and to changes
	allowed   atomic.Bool     // a request was answered with something else than 403
	misplaced atomic.Int64    // users that could not be made, because the server has no such place
	placed    atomic.Bool     // a user was made
}

// permitted notes an answer that was not "forbidden".
func (p *permission) permitted(method string) {
	p.forbiddenTo(method).Store(0)
	p.allowed.Store(true)
}

// forbiddenTo counts the 403 answers in a row to requests of a method. Reads and changes
// have a count each, because an account may be allowed to read and not to change.
func (p *permission) forbiddenTo(method string) *atomic.Int64 {
	if method == http.MethodGet {
		return &p.forbidden[0]
	}
	return &p.forbidden[1]
}

// noPermission decides about a 403: the first answer of all, or three in a row,
// speak of the account and not of the row.
func (p *permission) noPermission(problem *cupi.Error) error {
	if count := p.forbiddenTo(problem.Method).Add(1); count >= 3 || !p.allowed.Load() {
		return &record.Stop{Exit: record.ExitFailed, Code: codes.Forbidden, Err: problem,
			Reason: "the server forbids this account what the run needs; it needs the role System Administrator or User Administrator"}
	}
	return &Failure{record.Failed, codes.Forbidden, problem.Error()}
}

// noPlace decides about a 404 to a POST, of one of those whom rows are about, such as "users", or of
// something else, "": three before any was made speak of the template or of the address, and not of the row.
func (p *permission) noPlace(many string, problem *cupi.Error) error {
	if many != "" && p.misplaced.Add(1) >= 3 && !p.placed.Load() {
		return &record.Stop{Exit: record.ExitFailed, Code: codes.NoPlace, Err: problem,
			Reason: "the server makes no " + many + " at this address; see that --server names a Unity Connection server and " +
				"that the template is there, then resume"}
	}
	return &Failure{record.Failed, codeOf(problem), problem.Error()}
}
