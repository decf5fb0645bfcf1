package record

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// Wrote is what a run left on one object.
type Wrote struct {
	Row      int
	Step     string
	Alias    string
	Path     string
	ObjectID string
	Fields   cupi.Object // nil: the object was deleted
	Gone     cupi.Object // of an object that was deleted, what is recorded of it

	Temporary string // says that the run left the user with a temporary extension, and what to do; "" if it did not
	// By step, of a user that the run made: what was not sent, because the template gives it; then
	// Fields is of no meaning.
	Given    map[string]cupi.Object
	Template string // which one

	Unproven string // the request, or the row, of which it is not known what became; "" if there is none
}

// WrittenBy gathers from the journal what a run wrote on each object, by its path,
// in the order of the rows that wrote it first.
func WrittenBy(h *History) (map[string]Wrote, []string, error) {
	all := map[string]Wrote{}
	changes, err := h.written(all)
	if err != nil {
		return nil, nil, err
	}
	for _, m := range changes {
		path, objectID := m.place()
		if m.change.Made && m.change.Deletes() {
			all = without(all, model.LastPart(path))
		}
		w, known := all[path]
		if !known {
			w = Wrote{Row: m.row, Step: m.change.Step, Alias: m.change.Intent.Alias, Path: path, ObjectID: objectID}
		}
		w.add(m, h.Header.Kind)
		all[path] = w
	}
	maps.DeleteFunc(all, func(_ string, w Wrote) bool {
		return w.Given == nil && w.Fields != nil && len(w.Fields) == 0 && w.Unproven == ""
	}) // only what no answer shows
	paths := slices.Collect(maps.Keys(all))
	// The user before its call handler.
	slices.SortFunc(paths, func(a, b string) int { return cmp.Or(all[a].Row-all[b].Row, -strings.Compare(a, b)) })
	return all, paths, nil
}

// writtenChange is a change of a row.
type writtenChange struct {
	row    int
	change AppliedChange
	doubt  bool // the whole row is in doubt, and not one request of it
}

// written gives the changes of all rows in the order in which they were sent, and adds what rows left to templates.
func (h *History) written(all map[string]Wrote) (changes []writtenChange, err error) {
	records, err := h.Lookup()
	if err != nil {
		return nil, err
	}
	defer records.Close()
	for number, row := range h.Rows {
		before, err := records.Past(number)
		if err != nil {
			return nil, err
		}
		if row.left {
			given, err := records.given(number, before)
			if err != nil {
				return nil, err
			}
			all[given.Path] = given
		}
		for _, c := range before.Changes() {
			changes = append(changes, writtenChange{number, c, row.Status == Uncertain && before.Open == nil})
		}
	}
	slices.SortFunc(changes, func(a, b writtenChange) int { return cmp.Compare(a.change.offset, b.change.offset) })
	return changes, nil
}

// place is the path of what a change is about, and its ObjectId.
func (m writtenChange) place() (path, objectID string) {
	c := m.change
	switch {
	case c.Method == "POST" && !c.Made: // what it made, if it did, is at no path that is known
		return fmt.Sprintf("row %d: %s of %s", m.row, c.Method, c.Step), ""
	case c.Intent.Imports():
		return c.Intent.About().Get(c.ObjectID).Path, c.ObjectID
	case c.Method == "POST":
		return c.Intent.Path + "/" + c.ObjectID, c.ObjectID
	}
	return c.Intent.Path, model.LastPart(c.Intent.Path)
}

// add notes one change more of the object. kind is the run's.
func (w *Wrote) add(m writtenChange, kind string) {
	c := m.change
	switch {
	case !c.Made:
		w.Unproven = c.Method + " of " + c.Step
		if w.Fields = maps.Clone(w.Fields); w.Fields == nil || c.Method == "DELETE" {
			w.Fields = cupi.Object{}
		}
		maps.DeleteFunc(w.Fields, func(name, _ string) bool { _, is := c.Intent.Fields[name]; return is })
	case c.Method == "DELETE":
		w.Fields, w.Gone = nil, c.Intent.Before
	default:
		fields := cupi.Object{}
		maps.Copy(fields, w.Fields)
		maps.Copy(fields, c.Intent.Shown())
		w.Fields = fields
	}
	if m.doubt {
		w.Unproven = cmp.Or(w.Unproven, "row")
	}
	if c.movesExtension() {
		if w.Temporary = (Past{Made: []AppliedChange{c}}).leaves(kind); w.Temporary != "" {
			w.Temporary += map[string]string{KindRun: ": resume the run, or roll it back",
				KindRollback: ": resume the rollback, or start another"}[kind]
		}
	}
}

// given is what a row left to the template of its user.
func (l *Lookup) given(number int, past Past) (Wrote, error) {
	result, _, err := l.Result(number)
	w := Wrote{Row: number, Alias: result.Alias, ObjectID: result.ObjectID, Given: result.AsTemplate,
		Path: fmt.Sprintf("row %d: as its template", number)}
	for _, c := range past.Made {
		if c.Creates() {
			w.Step, w.Template = c.Step, c.Intent.Template()
		}
	}
	return w, err
}

// without leaves out what hung on a user that was deleted later.
func without(all map[string]Wrote, userID string) map[string]Wrote {
	maps.DeleteFunc(all, func(path string, w Wrote) bool {
		return w.Given != nil && w.ObjectID == userID || strings.Contains(path, "/"+userID+"/") ||
			slices.Contains(slices.Collect(maps.Values(w.Fields)), userID)
	})
	return all
}

// Doubt says that it can't be told what the object should show.
func (w Wrote) Doubt() string {
	return "what became of the " + w.Unproven + " is not proven, so what it wrote can't be told: look at the server"
}
