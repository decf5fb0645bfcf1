package batch

import (
	"context"
	"hash/maphash"
	"sync"
	"time"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// freshFor is how long what the listing shows may stand for a pre-image.
const freshFor = 15 * time.Minute

// entries are the users of the directory as pre-images. The directory itself
// stays as it was when the rows were planned; the entries grow old and are read
// again. Workers share them.
type entries struct {
	mutex   sync.Mutex
	taken   time.Time           // when their first was read, by this machine's clock
	changed map[uint64]struct{} // hashes of ObjectIds of users that this run changed since; where two meet, a user more is read
	seed    maphash.Seed
	renewed map[string]cupi.Object // by ObjectId; nil: they are as the directory has them
}

// change notes that a user's entry is no longer how the user is.
func (d *directory) change(objectID string) {
	d.entries.mutex.Lock()
	defer d.entries.mutex.Unlock()
	d.entries.changed[maphash.String(d.entries.seed, objectID)] = struct{}{}
}

// entryOf gives the entry of a user, if it shows every one of the fields as it is
// now. It is nil where the user must be read instead. Entries that are too old are
// read again first, all at once and by one worker while the others wait: the
// listing costs less than a request for every row that is left.
func (d *directory) entryOf(ctx context.Context, engine *engine, user, fields cupi.Object) (cupi.Object, error) {
	if len(user) < 2 || !d.lists(fields) {
		return nil, nil
	}
	e := &d.entries
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if time.Since(e.taken) > freshFor {
		if !d.listed {
			return nil, nil
		}
		if err := d.renew(ctx, engine); err != nil {
			return nil, err
		}
	}
	_, changed := e.changed[maphash.String(e.seed, user["ObjectId"])]
	switch {
	case changed:
		return nil, nil
	case e.renewed != nil:
		return e.renewed[user["ObjectId"]], nil
	}
	return user, nil
}

// lists reports whether the listing is known to show every one of the fields.
func (d *directory) lists(fields cupi.Object) bool {
	for name := range fields {
		column, known := validate.ColumnByHeading(name)
		if !known || !column.Listed || !d.shows[name] {
			return false
		}
	}
	return true
}

// renew reads the listing again, of the users that the directory has.
func (d *directory) renew(ctx context.Context, engine *engine) error {
	began := time.Now()
	known := map[string]bool{}
	for _, users := range d.users {
		for _, user := range users {
			known[user["ObjectId"]] = true
		}
	}
	renewed := map[string]cupi.Object{}
	err := d.pages(ctx, engine, cupi.Users, cupi.Query{}, func(user cupi.Object) {
		if known[user["ObjectId"]] {
			renewed[user["ObjectId"]] = user
		}
	})
	if err != nil {
		return err
	}
	e := &d.entries
	e.taken, e.renewed, e.changed = began, renewed, map[uint64]struct{}{}
	return nil
}
