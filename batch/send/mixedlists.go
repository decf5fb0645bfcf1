package send

import (
	"context"
	"errors"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// Some lists show a user's parts of several kinds, each with some of its fields.

// MixedLists is what such lists were seen to show: by kind of step, the fields. What a member then
// does not show is empty.
type MixedLists map[string]map[string]bool

// Show reports whether they show all of some fields, and which member is which.
func (m MixedLists) Show(kind *model.StepKind, fields cupi.Object) bool {
	if kind.Key != "" && !m[kind.Name][kind.Key] {
		return false
	}
	for name := range fields {
		if !m[kind.Name][name] {
			return false
		}
	}
	return true
}

// Learn reads the lists of a user, and notes what they show.
func (m MixedLists) Learn(ctx context.Context, e *Requester, about *model.Object, userID string) error {
	lists := map[string][]cupi.Object{}
	for _, name := range about.Kinds() {
		kind := model.KindOf(name)
		if kind.Mixed == nil {
			continue
		}
		list := kind.Mixed(userID)
		members, read := lists[list.Path]
		if !read {
			var err error
			members, _, err = e.All(ctx, list, cupi.Query{})
			var refusal *Failure
			if err != nil && !errors.As(err, &refusal) {
				return err
			}
			lists[list.Path] = members
		}
		for _, member := range PartOf(kind, name, userID).AmongMixed(members) {
			if m[name] == nil {
				m[name] = map[string]bool{}
			}
			for field := range member {
				m[name][field] = true
			}
		}
	}
	return nil
}

// MixedProof finds out whether such a list shows the parts of a kind as they are shown themselves.
type MixedProof struct {
	Kind   *model.StepKind
	Needed []string // fields of them

	seen     map[string]bool // fields that the list has shown
	compared bool
	differs  bool
}

// Compare takes the parts of a user, as they are shown themselves and as the list shows them.
func (m *MixedProof) Compare(own, listed []cupi.Object) {
	if m.seen == nil {
		m.seen = map[string]bool{}
	}
	for _, part := range own {
		m.compared = true
		i := slices.IndexFunc(listed, func(other cupi.Object) bool { return strings.EqualFold(other["ObjectId"], part["ObjectId"]) })
		if i < 0 {
			m.differs = true
			continue
		}
		for name := range listed[i] {
			m.seen[name] = true
		}
		for _, name := range m.Kind.MixedShows {
			m.differs = m.differs || part[name] != "" && listed[i][name] == ""
		}
		for _, name := range m.Needed {
			m.differs = m.differs || !model.Same(name, part[name], listed[i][name])
		}
	}
}

// Holds reports whether what is needed of a part can be taken from the list: it shows the same wherever
// both were seen, and what no part has, it is documented to show.
func (m *MixedProof) Holds() bool {
	if !m.compared || m.differs || m.Kind.Key != "" && !m.seen[m.Kind.Key] {
		return false
	}
	return !slices.ContainsFunc(m.Needed, func(name string) bool { return !m.seen[name] && !slices.Contains(m.Kind.MixedShows, name) })
}

// AmongMixed gives those members of a list of several kinds that are surely of the part's kind: their
// URI says so, or, where that names no kind, their type.
func (p Part) AmongMixed(all []cupi.Object) []cupi.Object {
	own, mixed := lastOf(p.Collection.Path), lastOf(p.Mixed(p.owner).Path)
	var members []cupi.Object
	for _, member := range all {
		path, id := cutLast(member["URI"])
		switch kind := lastOf(path); {
		case member["ObjectId"] == "":
		case strings.EqualFold(id, member["ObjectId"]) && kind != mixed:
			if kind == own {
				members = append(members, member)
			}
		case p.Type != "" && member["Type"] == p.Type:
			members = append(members, member)
		}
	}
	return members
}

func lastOf(path string) string {
	_, last := cutLast(path)
	return last
}

// cutLast takes the last part from a path.
func cutLast(path string) (before, last string) {
	at := strings.LastIndexByte(path, '/')
	return path[:max(at, 0)], path[at+1:]
}
