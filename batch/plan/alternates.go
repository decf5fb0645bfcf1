package plan

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

// learnFreed reads the alternate extensions of the users that rows may free, where
// other rows take extensions. It reports whether it read any.
func (d *takenExtensions) learnFreed(ctx context.Context, session *send.Session, freers map[string]int) (bool, error) {
	unread := map[string]bool{}
	for id := range freers {
		if !d.Alternates.asked[id] {
			unread[id] = true
		}
	}
	if len(unread) == 0 || d.Alternates.doubted {
		return false, nil
	}
	if len(unread) > mostRead {
		d.Alternates.doubted = true
		d.noteUnchecked("which alternate extensions the rows free: more than 1,000 users would be read for it, and " +
			"--deep does; a row that takes one of them may come too early")
		return false, nil
	}
	return true, d.readAlternates(ctx, session, unread)
}

// ReadAlternates gives the extensions of users, by their ObjectIds, as far as the server tells them: a
// request a user.
func (d *takenExtensions) ReadAlternates(ctx context.Context, session *send.Session, users map[string]bool) (
	map[string][]cupi.Object, error) {
	err := d.readAlternates(ctx, session, users)
	return d.Alternates.Members, err
}

// readAlternates asks for the alternate extensions of users, a request each. They are
// in the way of a row as any other extension is.
func (d *takenExtensions) readAlternates(ctx context.Context, session *send.Session, users map[string]bool) error {
	a := &d.Alternates
	if a.asked == nil {
		a.Taken, a.asked, a.Members = time.Now(), map[string]bool{}, map[string][]cupi.Object{}
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
		d.noteUnchecked(UncheckedAlternates + ": the server does not tell them all")
	}
	return err
}

// readAlternatesOf notes one user's extensions. IdIndex 0 is the primary one, which the
// listing has. It reports whether the server told them.
func (d *takenExtensions) readAlternatesOf(ctx context.Context, session *send.Session, userID string) (told bool, err error) {
	e := &send.Requester{Session: session, Optional: true}
	members, told, err := e.All(ctx, cupi.AlternateExtensionsOf(userID), cupi.Query{})
	d.paid(e)
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if err != nil || !told {
		return false, err
	}
	d.Alternates.mutex.Lock()
	defer d.Alternates.mutex.Unlock()
	d.Alternates.Members[userID] = members
	for _, alternate := range members {
		key := extensionKey(alternate["DtmfAccessId"], alternate["PartitionObjectId"])
		if key != "" && alternate["IdIndex"] != "0" {
			d.otherExtensions[key] = otherExtension{userID, "an alternate extension of the user with ObjectId " + userID}
		}
	}
	return true, nil
}
