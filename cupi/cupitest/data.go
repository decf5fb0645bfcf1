package cupitest

import (
	"slices"
	"strings"
	"time"
)

// data is everything that the server holds.
type data struct {
	seed, made uint64               // made is how many ids were handed out
	lists      map[string]*list     // by path below /vmrest/
	users      map[string]*document // by ObjectId
	aliases    map[string]*document // by alias in lower case
	extensions map[string][]*document
	handlers   map[string]*document // by ObjectId: the system's call handlers and the users'
	ownerless  map[string]*document // of these: the system's
	belongings map[string]*belongings
	directory  []*document          // people in LDAP
	recordings map[string]string    // by greeting and language, or by the name of a voice file
	voiceFiles map[string]time.Time // when they were made, by name
	newest     [2]string            // ObjectIds of the users who were made last, the last one first
	now        func() time.Time     // the server's clock, in UTC
	server     *Server              // whose switches decide what is not certain
	passesOver bool                 // fields that a resource does not have are ignored; else they are refused
	passedOver []string             // those that the request at hand gave
	sorted     []*document          // users with a mailbox, by alias in lower case
	elsewhere  []*document          // users of another location
}

// newID is the next ObjectId: unlike all others, and the same in every run with the same seed.
func (d *data) newID() string {
	d.made++
	return objectID(mix(d.seed) ^ d.made)
}

// exists is true if the list at the path has an element with the id.
func (d *data) exists(path, id string) bool {
	switch path {
	case "handlers/callhandlers":
		return d.handlers[id] != nil
	case "users":
		return d.users[id] != nil
	case "credentialpolicies":
		path = "authenticationrules"
	}
	return d.lists[path].find(id) != nil
}

// template finds a template by its alias, in any case; nil is none.
func (d *data) template(alias string) *document {
	for _, t := range d.lists["usertemplates"].documents {
		if strings.EqualFold(t.own["Alias"], alias) {
			return t
		}
	}
	return nil
}

// hasMailbox is false for users of an administrator template, whom the list of users does not show.
func hasMailbox(user *document) bool { return user.own["MailboxStoreName"] != "" }

// addHandler enters a call handler that belongs to no user.
func (d *data) addHandler(handler *document) {
	id := handler.own["ObjectId"]
	d.handlers[id], d.ownerless[id] = handler, handler
}

// insert enters the user into the indexes.
func (d *data) insert(user *document) {
	d.index(user)
	if hasMailbox(user) {
		at, _ := slices.BinarySearchFunc(d.sorted, folded(user), byAlias)
		d.sorted = slices.Insert(d.sorted, at, user)
	}
}

// index enters the user everywhere but into the sorted list.
func (d *data) index(user *document) {
	d.users[user.own["ObjectId"]] = user
	d.aliases[folded(user)] = user
	if extension := strings.ToLower(user.own["DtmfAccessId"]); extension != "" {
		d.extensions[extension] = append(d.extensions[extension], user)
	}
}

// sort orders the list of users anew, after many were indexed.
func (d *data) sort() {
	d.sorted = d.sorted[:0]
	for _, user := range d.users {
		if hasMailbox(user) {
			d.sorted = append(d.sorted, user)
		}
	}
	slices.SortFunc(d.sorted, func(a, b *document) int { return strings.Compare(folded(a), folded(b)) })
}

// remove takes the user out of the indexes.
func (d *data) remove(user *document) {
	delete(d.users, user.own["ObjectId"])
	delete(d.aliases, folded(user))
	extension := strings.ToLower(user.own["DtmfAccessId"])
	left := slices.DeleteFunc(d.extensions[extension], func(other *document) bool { return other == user })
	if len(left) == 0 {
		delete(d.extensions, extension)
	} else {
		d.extensions[extension] = left
	}
	if at, found := slices.BinarySearchFunc(d.sorted, folded(user), byAlias); found {
		d.sorted = slices.Delete(d.sorted, at, at+1)
	}
}

func folded(user *document) string { return strings.ToLower(user.own["Alias"]) }

func byAlias(user *document, alias string) int { return strings.Compare(folded(user), alias) }

// aliasOf is whose it is. What it belongs to may have an alias of its own, such as a private list; the last one counts.
func aliasOf(d *document) (alias string) {
	for ; d != nil; d = d.owner {
		if own := d.own["Alias"]; own != "" {
			alias = own
		}
	}
	return alias
}

// dropBelongings takes out what belongs to one that is deleted, what belongs to that, and what they have recorded.
func (d *data) dropBelongings(owner *document) {
	id := owner.own["ObjectId"]
	delete(d.recordings, recordingKey(owner, questionRecording))
	for _, language := range d.lists["installedlanguages"].documents {
		delete(d.recordings, recordingKey(owner, language.own["LanguageCode"]))
	}
	for _, b := range d.belongings {
		for _, one := range slices.Clone(b.byOwner[id]) {
			d.dropBelongings(one)
			b.remove(one)
		}
	}
}

// forget takes out what names one that is deleted as its member or its owner.
func (d *data) forget(gone *document) {
	for _, kind := range []string{"callhandlerowners", "privatelistmembers"} {
		b := d.belongings[kind]
		for _, one := range slices.Clone(b.all) {
			for _, v := range one.own {
				if v == gone.own["ObjectId"] {
					b.remove(one)
					break
				}
			}
		}
	}
}

// owner finds whom a belonging may belong to: a user, a call handler, a template, a distribution list, a schedule or a private list;
// nil is none.
func (d *data) owner(id string) *document {
	candidates := []*document{d.users[id], d.handlers[id], d.belongings[privateLists].byID[id]}
	for _, l := range d.lists {
		candidates = append(candidates, l.find(id))
	}
	for _, found := range candidates {
		if found != nil {
			return found
		}
	}
	return nil
}
