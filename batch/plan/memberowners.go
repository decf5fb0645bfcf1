package plan

import (
	"strings"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// What a user has of a kind of which no two users may have the same, such as an SMTP proxy
// address. No user shows it; the list of all users' entries does.

// memberOwners is who has such members, of those that rows want.
type memberOwners struct {
	*inquiry
	owner map[string]string      // member key -> ObjectId of the user who has it; nil while nobody asked
	owned map[string][]string    // the same, by the user, folded
	who   map[string]cupi.Object // by ObjectId of such a user, who it is, see learnOwners
	asked int                    // how many of them were asked for
}

// membersOf gives those that a user will have when a row's turn comes, as far as rows want them: the
// last row before it that names a kind says all of the kind.
func (d *memberOwners) membersOf(userID string, earlier map[string]cupi.Object) (keys []string) {
	for step, fields := range earlier {
		keys = append(keys, uniqueMembers(step, fields)...)
	}
	for _, key := range d.owned[model.Fold(userID)] {
		kind, _, _ := strings.Cut(key, " ")
		if _, said := earlier[kind]; !said {
			keys = append(keys, key)
		}
	}
	return keys
}

// memberOwner tells who has a member: the ObjectId, and in words.
func (d *memberOwners) memberOwner(key string) (objectID, description string) {
	if objectID = d.owner[key]; objectID == "" {
		return "", ""
	}
	if user := d.who[objectID]; user != nil {
		return objectID, Describe(user)
	}
	return objectID, "the " + d.About.One() + " with ObjectId " + objectID
}

// keepMembers notes who has those that rows want.
func (d *memberOwners) keepMembers(members []cupi.Object, rows *RowIndex, kind *model.StepKind) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	for _, member := range members {
		key, owner := memberKey(kind, member[kind.Unique]), member[kind.Of]
		if rows.members.has(rows.hash("", key)) && d.owner[key] == "" && owner != "" {
			d.owner[key], d.owned[model.Fold(owner)] = owner, append(d.owned[model.Fold(owner)], key)
		}
	}
}

// hasOwner reports whether somebody has a member.
func (d *memberOwners) hasOwner(key string) bool {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return d.owner[key] != ""
}
