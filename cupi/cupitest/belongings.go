package cupitest

import (
	"slices"
	"strings"
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

// numberTaken is what a refusal says of a number that another has: a public client looks for its first word.
const numberTaken = "Duplicate: DtmfAccessId is in use in this partition"

// numberedLists are those whose elements have numbers, as users and call handlers have.
var numberedLists = []string{"distributionlists", "contacts", "handlers/directoryhandlers", "handlers/interviewhandlers"}

// extensionTaken is true if another than the given document has the extension in the partition: a user, as its first one or
// as an alternate, a call handler, a list, or another handler.
func (d *data) extensionTaken(extension, partition string, except *document) bool {
	folded := strings.ToLower(extension)
	in := func(holder *document) bool {
		its, _ := holder.value("PartitionObjectId")
		return holder != except && its == partition
	}
	if slices.ContainsFunc(d.extensions[folded], in) || slices.ContainsFunc(d.belongings[alternateExtensions].byKey[folded], in) {
		return true
	}
	has := func(holder *document) bool {
		number, _ := holder.value("DtmfAccessId")
		return number != "" && strings.EqualFold(number, extension) && in(holder)
	}
	for _, handler := range d.ownerless {
		if has(handler) {
			return true
		}
	}
	return slices.ContainsFunc(numberedLists, func(path string) bool { return slices.ContainsFunc(d.lists[path].documents, has) })
}

// checkNumber: a number is one's alone in its partition. What belongs to a user has the user's.
func (d *data) checkNumber(proposed, current *document, written map[string]string) []string {
	_, given := written["DtmfAccessId"]
	_, moved := written["PartitionObjectId"]
	number, _ := proposed.value("DtmfAccessId")
	partition, _ := proposed.value("PartitionObjectId")
	if (given || moved) && number != "" && proposed.owner == nil && d.extensionTaken(number, partition, current) {
		return []string{numberTaken}
	}
	return nil
}

// recordingKey is where a recording in a language is kept.
func recordingKey(owner *document, language string) string {
	return owner.own["ObjectId"] + " " + language
}

// questionRecording stands for the language of a question, which has none.
const questionRecording = "question"
