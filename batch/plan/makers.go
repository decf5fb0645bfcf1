package plan

import (
	"fmt"
	"slices"
	"sync"

	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/internal/codes"
)

// Makers tells which user a row has made, to the rows after it that are about that
// user, and which rows are not done, to those that need them. Workers share it.
type Makers struct {
	mutex  sync.Mutex
	users  map[int]string // row -> ObjectId
	undone map[int]bool
}

// Note notes how a row has ended.
func (m *Makers) Note(result record.Result) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.users == nil {
		m.users, m.undone = map[int]string{}, map[int]bool{}
	}
	m.undone[result.Row] = !result.Status.Done()
	if (result.Status == record.Created || result.Status == record.Partial) && result.ObjectID != "" && result.Operation.MakesUsers() {
		m.users[result.Row] = result.ObjectID
	}
}

func (m *Makers) of(row int) string {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.users[row]
}

// isUndone reports whether a row has ended and is not done.
func (m *Makers) isUndone(row int) bool {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.undone[row]
}

// BindTo says which user a late row is about, once the rows before it have ended, and ends a row that needs one of them
// which is not done.
func (p *Plan) BindTo(made *Makers) {
	if p.maker != 0 {
		p.Bound = made.of(p.maker)
	}
	if slices.ContainsFunc(p.needs, made.isUndone) {
		p.Unfit = &send.Failure{Status: record.Failed, Code: codes.ListCircle,
			Message: fmt.Sprintf("the %s would hold itself in a circle: "+
				"the row that takes a list out of it before is not done", p.About.One())}
	}
}
