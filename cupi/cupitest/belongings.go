package cupitest

import (
	"slices"
)

// belongings is one kind of resource that has an id of its own and goes with the one whom it belongs to: in most
// cases a user, and for members of lists also a template or another list.
type belongings struct {
	schema  *schema
	key     func(*document) string // what queries for duplicates look for, in lower case
	all     []*document            // oldest first
	byID    map[string]*document
	byKey   map[string][]*document
	byOwner map[string][]*document // by the owner's ObjectId, oldest first
}

// The kinds of belongings, by the last part of their paths.
const (
	alternateExtensions = "alternateextensions"
	smtpProxyAddresses  = "smtpproxyaddresses"
	listMembers         = "distributionlistmembers"
	privateLists        = "privatelists"
)

// add enters one that passed the rules.
func (b *belongings) add(owner *document, own map[string]string) *document {
	d := &document{schema: b.schema, own: own, owner: owner}
	b.all = append(b.all, d)
	b.byID[own["ObjectId"]] = d
	b.byKey[b.key(d)] = append(b.byKey[b.key(d)], d)
	id := owner.own["ObjectId"]
	b.byOwner[id] = append(b.byOwner[id], d)
	return d
}

// write changes one.
func (b *belongings) write(d *document, fields map[string]string) {
	without(b.byKey, b.key(d), d)
	d.write(fields)
	b.byKey[b.key(d)] = append(b.byKey[b.key(d)], d)
}

// remove takes one out.
func (b *belongings) remove(d *document) {
	delete(b.byID, d.own["ObjectId"])
	without(b.byKey, b.key(d), d)
	without(b.byOwner, d.owner.own["ObjectId"], d)
	b.all = slices.DeleteFunc(b.all, func(other *document) bool { return other == d })
}

// clear takes all out.
func (b *belongings) clear() {
	b.all = nil
	clear(b.byID)
	clear(b.byKey)
	clear(b.byOwner)
}

func without(index map[string][]*document, key string, d *document) {
	left := slices.DeleteFunc(index[key], func(other *document) bool { return other == d })
	if len(left) == 0 {
		delete(index, key)
		return
	}
	index[key] = left
}

// recordingKey is where a recording in a language is kept.
func recordingKey(owner *document, language string) string {
	return owner.own["ObjectId"] + " " + language
}

// questionRecording stands for the language of a question, which has none.
const questionRecording = "question"
