package batch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"sync"
	"time"

	"cucbulk/cupi"
)

// listingRows is how many users a page of the listing holds: more than 100 a
// page fails at busy hours.
const listingRows = 100

// directory is what a run knows of the server before it changes anything: the
// users that its rows name, and the names that they use. The LDAP directory, from which
// rows import users, is another thing: see people.
type directory struct {
	identity Identity
	taken    time.Time // by the server's clock, before the first user was read; zero if not told
	requests int       // what it cost

	mutex       sync.Mutex
	users       map[string][]cupi.Object     // by matchKey; entries as the listing shows them
	seen        map[string]bool              // ObjectIds of the users that were read
	shows       map[string]bool              // fields that some entry of the listing has
	listed      bool                         // every user was seen, so an extension not seen is free
	names       map[string]map[string]string // collection -> folded name -> id
	shown       map[string][]string          // collection -> its names as the server spells them
	ids         map[string]map[string]bool   // collection -> its ids, folded; nil for one that the server does not list
	template    map[string]cupi.Object       // by folded alias
	others      map[string]other             // extension key -> what else has it
	othersAsked bool                         // see learnOthers

	account     string            // that the run signs in with
	ownID       string            // ObjectId of its user; "" while it was not seen among the users
	total       int               // users of the server
	ldapTypes   map[string]string // ObjectId -> LdapType, of users that belong to a directory; nil while nobody asked
	undeletable map[string]bool   // ObjectIds; nil while nobody asked

	people       people                   // of the LDAP directory, whom rows import
	peopleUntold *failure                 // why the server does not list them; nil: it does, or nobody asked
	origins      map[string]string        // ObjectId -> LdapType, of users that rows would import
	holders      map[string][]cupi.Object // folded alias of a person -> who has it, of rows that name none

	entries     entries
	alternates  alternates
	memberships listMembers
	notChecked  []string // what the server did not tell, for people
}

// newDirectory is a directory that knows nothing yet.
func newDirectory() *directory {
	return &directory{
		users: map[string][]cupi.Object{}, seen: map[string]bool{}, shows: map[string]bool{},
		names: map[string]map[string]string{}, shown: map[string][]string{}, ids: map[string]map[string]bool{},
		template: map[string]cupi.Object{}, others: map[string]other{},
		people: people{}, origins: map[string]string{}, holders: map[string][]cupi.Object{},
		entries: entries{changed: map[uint64]struct{}{}, seed: maphash.MakeSeed()},
	}
}

// identify signs in with the request that is worth most: the first page of the
// users. It goes alone, so that a wrong password costs one failed sign-in.
func identify(ctx context.Context, e *errand, server string) (*directory, cupi.Page, error) {
	began := time.Now()
	answer, found, err := e.read(ctx, cupi.List(cupi.Users, cupi.Query{}, 1, listingRows))
	if err != nil {
		return nil, cupi.Page{}, err
	}
	if !found {
		return nil, cupi.Page{}, &Stop{Exit: ExitFailed, Code: "not-cupi", Reason: server + " answers, but knows no /vmrest/users: is it a Unity Connection server, and its publisher?"}
	}
	d := newDirectory()
	d.identity.URL, d.taken, d.total, d.entries.taken = server, answer.Date, answer.Page.Total, began
	if len(answer.Page.Items) > 0 {
		d.identity.Location = answer.Page.Items[0]["LocationObjectId"]
	}
	version, problem, err := e.glance(ctx, cupi.GetVersion())
	if err != nil {
		return nil, cupi.Page{}, err
	}
	if problem == nil {
		d.identity.Version = version.Object["version"]
	}
	d.requests = e.requests
	return d, answer.Page, nil
}

// snapshot fills the directory with the users that the input names: from the
// listing, or with one query for each, whichever costs fewer requests.
func (d *directory) snapshot(ctx context.Context, engine *engine, checked *Checked, first cupi.Page) error {
	pages := pagesOf(first)
	d.keep(first.Items, checked)
	if pages-1 > len(checked.keys) && !checked.Options.Deep {
		err := d.readQueries(ctx, engine, checked)
		if !errors.Is(err, errNotQueried) {
			return err
		}
	}
	return d.readListing(ctx, engine, checked, pages)
}

// pagesOf is how many pages the users fill, told by the first: a server may give
// fewer rows a page than it was asked for.
func pagesOf(first cupi.Page) int {
	if len(first.Items) == 0 || len(first.Items) >= first.Total {
		return 1
	}
	return (first.Total + len(first.Items) - 1) / len(first.Items)
}

// keep takes from a page the users that the input names.
func (d *directory) keep(users []cupi.Object, checked *Checked) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	for _, user := range users {
		d.seen[user["ObjectId"]] = true
		if d.account != "" && fold(user["Alias"]) == fold(d.account) {
			d.ownID = user["ObjectId"]
		}
		for name := range user {
			d.shows[name] = true
		}
		if extension := user["DtmfAccessId"]; checked.setsExtension(extension) {
			key := matchKey("DtmfAccessId", extension)
			if !holds(d.users[key], user["ObjectId"]) {
				d.users[key] = append(d.users[key], user)
			}
		}
		for column := range checked.matches {
			value := user[column]
			if value == "" || !checked.hasKey(column, value) {
				continue
			}
			if key := matchKey(column, value); !holds(d.users[key], user["ObjectId"]) {
				d.users[key] = append(d.users[key], user)
			}
		}
	}
}

// holds reports whether a user is among users already: a user that moves to
// another page while the pages are read shows twice.
func holds(users []cupi.Object, objectID string) bool {
	for _, user := range users {
		if user["ObjectId"] == objectID {
			return true
		}
	}
	return false
}

// readListing reads the pages after the first, several at once. Where they do not
// hold as many users as the server says it has (some came or went meanwhile, or
// pages are not what they seem) it asks for each key that was not found, so that
// nobody is taken for absent who is not.
func (d *directory) readListing(ctx context.Context, engine *engine, checked *Checked, pages int) error {
	rest := func(yield func(page int) bool) {
		for page := 2; page <= pages && yield(page); page++ {
		}
	}
	err := atOnce(engine.workers, rest, func(page int) error {
		_, err := d.fetch(ctx, engine, checked, cupi.List(cupi.Users, cupi.Query{}, page, listingRows))
		return err
	})
	if err != nil {
		return err
	}
	if d.listed = len(d.seen) >= d.total; d.listed {
		return nil
	}
	err = d.readQueries(ctx, engine, checked)
	if errors.Is(err, errNotQueried) {
		return &Stop{Exit: ExitFailed, Code: "listing-incomplete",
			Reason: fmt.Sprintf("the server says that it has %d users, and lists %d; nothing was changed. Type the command again", d.total, len(d.seen))}
	}
	return err
}

// errNotQueried is returned when the server refuses a query by a column, or passes
// over it and gives other users.
var errNotQueried = errors.New("the server does not answer such queries")

// readQueries asks for every key that was not found yet.
func (d *directory) readQueries(ctx context.Context, engine *engine, checked *Checked) error {
	var unread error
	asked := map[uint64]bool{}
	missing := func(yield func(userKey) bool) {
		for record, err := range checked.records() {
			if unread = err; err != nil {
				return
			}
			if _, settled := checked.verdicts[record.Row]; settled {
				continue
			}
			for _, key := range keysOf(record) {
				hash := checked.hash(key.column, key.value)
				if asked[hash] || len(d.find(key.column, key.value)) > 0 {
					continue
				}
				asked[hash] = true
				if !yield(key) {
					return
				}
			}
		}
	}
	err := atOnce(engine.workers, missing, func(key userKey) error { return d.query(ctx, engine, checked, key.column, fold(key.value)) })
	return cmp.Or(unread, err)
}

func (d *directory) query(ctx context.Context, engine *engine, checked *Checked, column, value string) error {
	users, err := d.fetch(ctx, engine, checked, cupi.List(cupi.Users, cupi.Query{Column: column, Op: cupi.Is, Value: value}, 0, 0))
	var refusal *failure
	if errors.As(err, &refusal) {
		return errNotQueried
	}
	for _, user := range users {
		if shown, is := user[column]; is && fold(shown) != value {
			return errNotQueried
		}
	}
	return err
}

func (d *directory) fetch(ctx context.Context, engine *engine, checked *Checked, request cupi.Request) ([]cupi.Object, error) {
	e := &errand{engine: engine}
	answer, _, err := e.read(ctx, request)
	if err != nil {
		return nil, fmt.Errorf("the users can't be read: %w", err)
	}
	d.keep(answer.Page.Items, checked)
	d.mutex.Lock()
	d.requests += e.requests
	d.mutex.Unlock()
	return answer.Page.Items, nil
}

// find gives the users that a key of the input finds.
func (d *directory) find(column, value string) []cupi.Object {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return d.users[matchKey(column, value)]
}

// pages reads a whole collection. One that the server does not have is a *failure.
func (d *directory) pages(ctx context.Context, engine *engine, collection cupi.Collection, query cupi.Query, visit func(cupi.Object)) error {
	e := &errand{engine: engine, optional: true}
	defer func() {
		d.mutex.Lock()
		defer d.mutex.Unlock()
		d.requests += e.requests
	}()
	found, err := e.pages(ctx, collection, query, visit)
	if err == nil && !found {
		err = &failure{Failed, "no-such-list", "the server has no " + collection.Path}
	}
	return err
}
