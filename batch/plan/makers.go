package plan

import (
	"sync"

	"cucbulk/batch/record"
)

// Makers tells which user a row has made, to the rows after it that are about that
// user. Workers share it.
type Makers struct {
	mutex sync.Mutex
	users map[int]string // row -> ObjectId
}

// Note notes the user that a row has made.
func (m *Makers) Note(result record.Result) {
	if result.Status != record.Created && result.Status != record.Partial || result.ObjectID == "" || !result.Operation.MakesUsers() {
		return
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.users == nil {
		m.users = map[int]string{}
	}
	m.users[result.Row] = result.ObjectID
}

func (m *Makers) of(row int) string {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.users[row]
}

// BindTo says which user a late row is about, once the rows before it have ended.
func (p *AmongRows) BindTo(made *Makers) {
	if p.maker != 0 {
		p.Bound = made.of(p.maker)
	}
}
