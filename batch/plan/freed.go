package plan

import (
	"context"
	"maps"
	"time"

	"cucbulk/batch/pool"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

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
func (d *takenExtensions) ReadAlternates(ctx context.Context, session *send.Session, users map[string]bool) (map[string][]cupi.Object, error) {
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
