package rollback

import (
	"cmp"
	"sync"

	"cucbulk/batch/model"
)

// madeAgain is what a rollback has made again: users in the place of those that the run deleted, and
// parts of users.
type madeAgain struct {
	mutex     sync.Mutex
	gone      map[string]bool   // folded ObjectIds of those that this rollback is to make again
	recreated map[string]string // ObjectId of a deleted user -> of the one that took its place
	now       map[string]bool   // folded ObjectIds of users that this start of the rollback made again
	parts     map[string]bool   // folded ObjectIds of parts that this rollback added again
}

func newMadeAgain() *madeAgain {
	return &madeAgain{gone: map[string]bool{}, recreated: map[string]string{}, now: map[string]bool{}, parts: map[string]bool{}}
}

// goes remembers one that the run deleted, and that this rollback is to make again.
func (m *madeAgain) goes(objectID string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.gone[model.Fold(objectID)] = true
}

// awaits reports whether one is yet to be made again.
func (m *madeAgain) awaits(objectID string) bool {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.gone[model.Fold(objectID)] && m.recreated[objectID] == ""
}

// ends remembers that one is not awaited any more, whether it was made again or not.
func (m *madeAgain) ends(objectID string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	delete(m.gone, model.Fold(objectID))
}

// replaced remembers which user took the place of a deleted one.
func (m *madeAgain) replaced(old, new string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.recreated[old] = new
}

// makes remembers a user that this start of the rollback made again.
func (m *madeAgain) makes(objectID string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.now[model.Fold(objectID)] = true
}

// justMade reports whether it did: so nobody else can have done much to that user.
func (m *madeAgain) justMade(objectID string) bool {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.now[model.Fold(objectID)]
}

// givesBack remembers a part that the rollback added again.
func (m *madeAgain) givesBack(objectID string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.parts[model.Fold(objectID)] = true
}

// gaveBack reports whether this rollback, or an earlier start of it, added a part again.
func (m *madeAgain) gaveBack(objectID string) bool {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return objectID != "" && m.parts[model.Fold(objectID)]
}

// current gives the id of a user now.
func (m *madeAgain) current(id string) string {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return cmp.Or(m.recreated[id], id)
}
