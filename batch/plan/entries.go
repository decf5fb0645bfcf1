package plan

import (
	"context"
	"hash/maphash"
	"sync"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// entries are the users of the snapshot as pre-images. The snapshot itself stays as
// it was when the rows were planned; the entries grow old, and the page of the listing
// that a user was on is read again. Workers share them.
type entries struct {
	about *model.Object
	Shows map[string]bool // fields that some entry of the listing has
	mutex sync.Mutex
	Taken time.Time // when their first was read, by this machine's clock
	// Hashes of ObjectIds of users that this run changed; where two meet, a user more is read.
	changed  map[uint64]struct{}
	pages    map[uint64]int                          // hash of an ObjectId -> page of the listing that had the user
	renewed  map[string]entry                        // by folded ObjectId
	reread   map[int]time.Time                       // when pages were read again
	reads    send.SharedReads[pageReading, struct{}] // of pages, each again and again
	readings map[int]int                             // how often they were
	seed     maphash.Seed
}

// entry is how a page showed a user.
type entry struct {
	user  cupi.Object
	taken time.Time
}

// pageReading is one reading of a page.
type pageReading struct{ page, turn int }

func newEntries(about *model.Object) entries {
	return entries{about: about, Shows: map[string]bool{}, changed: map[uint64]struct{}{}, pages: map[uint64]int{},
		renewed: map[string]entry{}, reread: map[int]time.Time{}, readings: map[int]int{}, seed: maphash.MakeSeed()}
}

func (e *entries) hash(objectID string) uint64 { return maphash.String(e.seed, model.Fold(objectID)) }

// OnPage notes which page of the listing has a user.
func (e *entries) OnPage(page int, objectID string) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.pages[e.hash(objectID)] = page
}

// NoteChange notes that a user's entry is no longer how the user is.
func (e *entries) NoteChange(objectID string) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.changed[e.hash(objectID)] = struct{}{}
}

// EntryOf gives the entry of a user, if it shows every one of the fields as it is
// now. It is nil where the user must be read instead. Where it is too old, the page that
// had the user is read again, by one worker for all who need it: that costs less than a
// request for every row that is left.
func (e *entries) EntryOf(ctx context.Context, session *send.Session, user, fields cupi.Object) (cupi.Object, error) {
	if len(user) < 2 || !e.lists(fields) {
		return nil, nil
	}
	found, turn, stale := e.look(user)
	if !stale {
		return found, nil
	}
	_, err := e.reads.Get(ctx, turn, func() (struct{}, error) { return struct{}{}, e.renew(ctx, session, turn.page) })
	if err != nil {
		return nil, err
	}
	found, _, _ = e.look(user)
	return found, nil
}

// look gives the entry of a user, nil where there is none to go by; or the page to read,
// where that may bring one.
func (e *entries) look(user cupi.Object) (found cupi.Object, turn pageReading, stale bool) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	id := user["ObjectId"]
	if _, changed := e.changed[e.hash(id)]; changed {
		return nil, pageReading{}, false
	}
	if time.Since(e.Taken) <= send.FreshFor {
		return user, pageReading{}, false
	}
	if again := e.renewed[model.Fold(id)]; time.Since(again.taken) <= send.FreshFor {
		return again.user, pageReading{}, false
	}
	page := e.pages[e.hash(id)]
	if page == 0 || time.Since(e.reread[page]) <= send.FreshFor { // then it moved to another page
		return nil, pageReading{}, false
	}
	return nil, pageReading{page, e.readings[page]}, true
}

// lists reports whether the listing is known to show every one of the fields.
func (e *entries) lists(fields cupi.Object) bool {
	for name := range fields {
		column, known := e.about.Table.Column(name)
		if !known || !column.Listed || !e.Shows[name] {
			return false
		}
	}
	return true
}

// renew reads a page of the listing again, for the users that the snapshot has.
func (e *entries) renew(ctx context.Context, session *send.Session, page int) error {
	began := time.Now()
	answer, _, err := (&send.Requester{Session: session}).Read(ctx, session.List(e.about.Collection, cupi.Query{}, page, send.ListingRows))
	if err != nil {
		return err
	}
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.reread[page] = began
	e.readings[page]++
	for _, user := range answer.Page.Items {
		if hash := e.hash(user["ObjectId"]); e.pages[hash] != 0 {
			e.pages[hash], e.renewed[model.Fold(user["ObjectId"])] = page, entry{user, began}
		}
	}
	return nil
}
