package cupitest

import (
	"slices"
	"strings"
)

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
