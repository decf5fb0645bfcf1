package batch

import (
	"context"
	"time"

	"cucbulk/cupi"
)

// readAlternates asks for the alternate extensions of users, a request each. They are
// in the way of a row as any other extension is.
func (d *directory) readAlternates(ctx context.Context, engine *engine, workers int, users map[string]bool) error {
	a := &d.alternates
	if a.asked == nil {
		a.taken, a.asked, a.members = time.Now(), map[string]bool{}, map[string][]cupi.Object{}
	}
	refused := false
	err := atOnce(workers, func(yield func(func() error) bool) {
		for id := range users {
			if !a.asked[id] && !yield(func() error {
				told, err := d.readAlternatesOf(ctx, engine, id)
				d.mutex.Lock()
				defer d.mutex.Unlock()
				refused = refused || !told
				return err
			}) {
				return
			}
		}
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
func (d *directory) readAlternatesOf(ctx context.Context, engine *engine, userID string) (told bool, err error) {
	e := &errand{engine: engine, optional: true}
	members, told, err := e.all(ctx, cupi.AlternateExtensionsOf(userID), cupi.Query{})
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.requests += e.requests
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
