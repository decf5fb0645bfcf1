package cupitest

import (
	"cmp"
	"fmt"
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

// newData is a fresh server.
func newData(seed uint64) *data {
	d := &data{
		seed: seed, now: func() time.Time { return time.Now().UTC() }, lists: map[string]*list{}, users: map[string]*document{}, aliases: map[string]*document{},
		extensions: map[string][]*document{}, handlers: map[string]*document{}, belongings: newBelongings(),
		ownerless: map[string]*document{}, recordings: map[string]string{}, voiceFiles: map[string]time.Time{}, server: &Server{},
	}
	for _, seeded := range allLists {
		d.lists[seeded.path] = seeded.fresh()
	}
	for _, template := range d.lists["usertemplates"].documents {
		for _, name := range blankInTemplates {
			template.own[name] = ""
		}
		d.givePrimary(template)
	}
	for _, own := range systemCallHandlers {
		handler := &document{schema: callHandlerSchema, own: pairsToMap(own)}
		d.addHandler(handler)
	}
	for _, own := range builtInUsers {
		fields := pairsToMap(own)
		handlerID := fields["CallHandlerObjectId"]
		d.addUser(d.template(cmp.Or(fields["TemplateAlias"], "voicemailusertemplate")), fields, handlerID)
		delete(fields, "TemplateAlias")
	}
	d.seedBelongings()
	return d
}

// newID is the next ObjectId: unlike all others, and the same in every run with the same seed.
func (d *data) newID() string {
	d.made++
	return objectID(mix(d.seed) ^ d.made)
}

// objectID writes a number as an ObjectId; no two numbers have the same.
func objectID(number uint64) string {
	high, low := mix(number), mix(^number)
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", high>>32, high>>16&0xffff, high&0xfff, low>>48&0x3fff|0x8000, low&0xffffffffffff)
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

// addUser enters a user that passed the rules, and its call handler.
func (d *data) addUser(template *document, own map[string]string, handlerID string) {
	user := &document{schema: userSchema, own: own, base: template}
	d.giveCallHandler(user, handlerID)
	d.insert(user)
	d.newest = [2]string{own["ObjectId"], d.newest[0]}
}

// addHandler enters a call handler that belongs to no user.
func (d *data) addHandler(handler *document) {
	id := handler.own["ObjectId"]
	d.handlers[id], d.ownerless[id] = handler, handler
}

// giveCallHandler makes the user's own call handler.
func (d *data) giveCallHandler(user *document, id string) {
	handler := &document{schema: callHandlerSchema, owner: user,
		own: map[string]string{"ObjectId": id, "ScheduleSetObjectId": allHoursSetID}}
	user.own["CallHandlerObjectId"] = id
	user.parts = map[string]*document{"callhandler": handler}
	d.handlers[id] = handler
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

// candidates are the users that can meet the clauses, found by an index where there is one.
func (d *data) candidates(clauses []clause) []*document {
	for _, one := range clauses {
		switch one.column + " " + one.operator {
		case "Alias is":
			return withMailbox(d.aliases[one.value])
		case "ObjectId is":
			return withMailbox(d.users[one.value])
		case "DtmfAccessId is":
			found := withMailbox(d.extensions[one.value]...)
			slices.SortFunc(found, func(a, b *document) int { return strings.Compare(folded(a), folded(b)) })
			return found
		case "Alias startswith":
			first, _ := slices.BinarySearchFunc(d.sorted, one.value, byAlias)
			last := first
			for last < len(d.sorted) && strings.HasPrefix(folded(d.sorted[last]), one.value) {
				last++
			}
			return d.sorted[first:last]
		}
	}
	return d.sorted
}

func withMailbox(users ...*document) []*document {
	var found []*document
	for _, user := range users {
		if user != nil && hasMailbox(user) {
			found = append(found, user)
		}
	}
	return found
}

// pairsToMap turns name, value, name, value … into a map.
func pairsToMap(pairs []string) map[string]string {
	fields := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		fields[pairs[i]] = pairs[i+1]
	}
	return fields
}
