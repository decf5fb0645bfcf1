package plan

import (
	"sync"
	"time"

	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// takenExtensions are extensions that others have than the users whom the listing shows, as far as
// they were read.
type takenExtensions struct {
	*inquiry
	otherExtensions     map[string]otherExtension // extension key -> what else has it
	otherExtensionsRead bool                      // see learnOtherExtensions
	Alternates          Alternates
}

// otherExtension is something that has an extension, and that the rows are not about.
type otherExtension struct{ objectID, description string }

// Which alternate extensions a user has, only a request for each user tells.

// Alternates are the extensions of users, with the primary one, as far as they were
// read. Workers share them.
type Alternates struct {
	mutex   sync.Mutex
	Taken   time.Time                // when the first of them were read, by this machine's clock
	asked   map[string]bool          // ObjectIds of users
	Members map[string][]cupi.Object // by ObjectId of the user, where the server told
	changed map[string]bool          // ObjectIds of users whose extensions this run changes
	doubted bool                     // too many would have to be read
}

// of gives the extensions of a user; nil when they are not known.
func (a *Alternates) of(userID string) []cupi.Object {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.Members[userID]
}

// Fresh gives them where they are still as the server has them: read not long ago, and
// not changed by this run since.
func (a *Alternates) Fresh(userID string) (members []cupi.Object, known bool) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	members, known = a.Members[userID]
	return members, known && !a.changed[userID] && time.Since(a.Taken) < send.FreshFor
}

// reads is how many requests it costs to know the extensions of a row's user.
func (a *Alternates) reads(plan Plan) int {
	if _, known := a.Fresh(plan.Target["ObjectId"]); known {
		return 0
	}
	return 1
}

// Change notes that the run changes a user's extensions.
func (a *Alternates) Change(userID string) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.changed == nil {
		a.changed = map[string]bool{}
	}
	a.changed[userID] = true
}

// mostRead bounds for how many users a pre-flight asks that, beside what the options
// say.
const mostRead = 1000

// MostLooked is how many rows that take an extension a forecast looks at for their own user's
// alternate ones, which a run of them does not read.
const MostLooked = 100
