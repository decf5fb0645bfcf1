package plan

import (
	"strings"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// knownUsers are the users that rows name, as far as they were read, or what else the rows are about.
type knownUsers struct {
	*inquiry
	users     map[string][]cupi.Object // by matchKey; entries as the listing shows them
	Seen      map[string]bool          // ObjectIds of the users that were read
	nearUsers map[string][]cupi.Object // by nearKey, users that no row names, but some row nearly
	longer    longerExtensions         // users whose extensions begin with one that rows set
	listed    bool                     // every user was seen, so an extension not seen is free
	account   string                   // that the run signs in with
	ownID     string                   // ObjectId of its user; "" while it was not seen among the users
	Entries   entries
}

// mostOfOneKey is how many users one key may find: two are a conflict already.
const mostOfOneKey = 100

// keep takes from a page of the listing the users that the input names; page 0 is the
// answer to a query.
func (d *knownUsers) keep(page int, users []cupi.Object, rows *RowIndex) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	for _, user := range d.tenant.Its(d.About.Collection, users) {
		if !d.Seen[user["ObjectId"]] {
			d.longer.keep(user, rows)
		}
		d.Seen[user["ObjectId"]] = true
		kept := false
		keep := func(key string) {
			if kept = true; len(d.users[key]) < mostOfOneKey && !model.Holds(d.users[key], user["ObjectId"]) {
				d.users[key] = append(d.users[key], user)
			}
		}
		if d.About.IsAccount(d.account, d.About.Name(user)) {
			d.ownID = user["ObjectId"]
		}
		for name := range user {
			d.Entries.Shows[name] = true
		}
		if extension := user["DtmfAccessId"]; rows.SetsExtension(extension) {
			keep(model.MatchKey("DtmfAccessId", extension))
		}
		for column := range rows.Matches {
			value := user[column]
			if value != "" && rows.HasKey(column, value) {
				keep(model.MatchKey(column, value))
			} else if len(rows.nearForms) > 0 {
				d.keepNear(user, column, rows)
			}
		}
		if kept && page > 0 {
			d.Entries.OnPage(page, user["ObjectId"])
		}
	}
}

// mostNear is how many users beside one key are kept.
const mostNear = 3

// keepNear takes a user that no row of the input names, but some row nearly.
func (d *knownUsers) keepNear(user cupi.Object, column string, rows *RowIndex) {
	form := NearForm(user[column])
	if form == "" || !rows.nearForms.has(rows.hash(nearKey(column, form), "")) {
		return
	}
	if key := nearKey(column, form); len(d.nearUsers[key]) < mostNear && !model.Holds(d.nearUsers[key], user["ObjectId"]) {
		d.nearUsers[key] = append(d.nearUsers[key], user)
	}
}

// find gives the users that a key of the input finds.
func (d *knownUsers) find(column, value string) []cupi.Object {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return d.users[model.MatchKey(column, value)]
}

// has reports whether some user that was read has an ObjectId.
func (d *knownUsers) has(objectID string) bool {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return d.Seen[objectID] || d.Seen[strings.ToLower(objectID)]
}
