package send

import (
	"fmt"
	"slices"
	"sync"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// Tenant is one of those that share a server. A run that is narrowed to one knows of nothing else. A nil
// one has everything.
type Tenant struct {
	Alias       string
	ObjectID    string
	PartitionID string                     // where what it makes belongs
	ids         map[string]map[string]bool // by collection of which it has some: their folded ids
	seen        sync.Map                   // templates of which one was made, and read back
}

// Has reports whether an entry of a collection is the tenant's, as far as the server tells it: by the entry's
// tenant, by the tenant's own lists, or by the partition. What tells none of these is everybody's, as a language is.
func (t *Tenant) Has(c cupi.Collection, entry cupi.Object) bool {
	if t == nil {
		return true
	}
	ids, its := t.ids[c.Name]
	partition, placed := entry["PartitionObjectId"]
	switch of := entry[cupi.TenantField]; {
	case of != "":
		return model.Same(cupi.TenantField, of, t.ObjectID)
	case cupi.OfTenant(c, t.ObjectID) != cupi.Query{}: // the server shows it where there is one
		return false
	case its:
		return ids[model.Fold(entry[c.IDField])]
	case placed:
		return model.Same("PartitionObjectId", partition, t.PartitionID)
	}
	return true
}

// Its gives those of some entries that are the tenant's.
func (t *Tenant) Its(c cupi.Collection, entries []cupi.Object) []cupi.Object {
	if t == nil {
		return entries
	}
	return slices.DeleteFunc(slices.Clone(entries), func(entry cupi.Object) bool { return !t.Has(c, entry) })
}

// Told is what follows the name of what a message is about: of which tenant it is.
func (t *Tenant) Told() string {
	if t == nil {
		return ""
	}
	return fmt.Sprintf(" of the tenant %q", t.Alias)
}

// First reports whether nothing was made of a template before: so one is read back.
func (t *Tenant) First(template string) bool {
	if t == nil {
		return false
	}
	_, seen := t.seen.LoadOrStore(model.Fold(template), true)
	return !seen
}
