package batch

import (
	"context"
	"maps"
	"sync"
	"time"

	"cucbulk/batch/pool"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// Which alternate extensions a user has, only a request for each user tells.

// alternates are the extensions of users, with the primary one, as far as they were
// read. Workers share them.
type alternates struct {
	mutex   sync.Mutex
	taken   time.Time                // when the first of them were read, by this machine's clock
	asked   map[string]bool          // ObjectIds of users
	members map[string][]cupi.Object // by ObjectId of the user, where the server told
	changed map[string]bool          // ObjectIds of users whose extensions this run changes
	doubted bool                     // too many would have to be read
}

// of gives the extensions of a user; nil when they are not known.
func (a *alternates) of(userID string) []cupi.Object {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.members[userID]
}

// fresh gives them where they are still as the server has them: read not long ago, and
// not changed by this run since.
func (a *alternates) fresh(userID string) (members []cupi.Object, known bool) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	members, known = a.members[userID]
	return members, known && !a.changed[userID] && time.Since(a.taken) < freshFor
}

// reads is how many requests it costs to know the extensions of a row's user.
func (a *alternates) reads(plan Plan) int {
	if _, known := a.fresh(plan.Target["ObjectId"]); known {
		return 0
	}
	return 1
}

// change notes that the run changes a user's extensions.
func (a *alternates) change(userID string) {
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

// learnFreed reads the alternate extensions of the users that rows may free, where
// other rows take extensions. It reports whether it read any.
func (d *directory) learnFreed(ctx context.Context, session *send.Session, contended *contended) (bool, error) {
	unread := map[string]bool{}
	for id := range contended.freers {
		if !d.alternates.asked[id] {
			unread[id] = true
		}
	}
	if len(unread) == 0 || d.alternates.doubted || !contended.takesFromOthers() {
		return false, nil
	}
	if len(unread) > mostRead {
		d.alternates.doubted = true
		d.doubt("which alternate extensions the rows free: more than 1,000 users would be read for it, and --deep does; a row that takes one of them may come too early")
		return false, nil
	}
	return true, d.readAlternates(ctx, session, unread)
}

// readAlternates asks for the alternate extensions of users, a request each. They are
// in the way of a row as any other extension is.
func (d *directory) readAlternates(ctx context.Context, session *send.Session, users map[string]bool) error {
	a := &d.alternates
	if a.asked == nil {
		a.taken, a.asked, a.members = time.Now(), map[string]bool{}, map[string][]cupi.Object{}
	}
	refused := false
	err := pool.AtOnce(session.Workers, maps.Keys(users), func(id string) error {
		if a.asked[id] {
			return nil
		}
		told, err := d.readAlternatesOf(ctx, session, id)
		d.mutex.Lock()
		defer d.mutex.Unlock()
		refused = refused || !told
		return err
	})
	for id := range users {
		a.asked[id] = true
	}
	if refused {
		d.doubt(uncheckedAlternates + ": the server does not tell them all")
	}
	return err
}

// readAlternatesOf notes one user's extensions. IdIndex 0 is the primary one, which the
// listing has. It reports whether the server told them.
func (d *directory) readAlternatesOf(ctx context.Context, session *send.Session, userID string) (told bool, err error) {
	e := &send.Requester{Session: session, Optional: true}
	members, told, err := e.All(ctx, cupi.AlternateExtensionsOf(userID), cupi.Query{})
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.requests += e.Requests
	if err != nil || !told {
		return false, err
	}
	d.alternates.mutex.Lock()
	defer d.alternates.mutex.Unlock()
	d.alternates.members[userID] = members
	for _, alternate := range members {
		key := extensionKey(alternate["DtmfAccessId"], alternate["PartitionObjectId"])
		if key != "" && alternate["IdIndex"] != "0" {
			d.others[key] = other{userID, "an alternate extension of the user with ObjectId " + userID}
		}
	}
	return true, nil
}
