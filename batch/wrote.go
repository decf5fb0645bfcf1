package batch

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cucbulk/cupi"
)

// wrote is what a run left on one object.
type wrote struct {
	row      int
	step     string
	alias    string
	path     string
	objectID string
	fields   cupi.Object // nil: the object was deleted

	temporary string // says that the run left the user with a temporary extension, and what to do; "" if it did not
	unproven  string // the request, or the row, of which it is not known what became; "" if there is none
}

// written gathers from the journal what the run wrote on each object, by its path,
// in the order of the rows that wrote it first.
func (h *History) written() (map[string]wrote, []string, error) {
	all := map[string]wrote{}
	type made struct {
		row    int
		change doneChange
		doubt  bool // the whole row is in doubt, and not one request of it
	}
	var changes []made
	records, err := h.lookup()
	if err != nil {
		return nil, nil, err
	}
	defer records.Close()
	for number, row := range h.Rows {
		before, err := records.past(number)
		if err != nil {
			return nil, nil, err
		}
		for _, c := range before.changes() {
			changes = append(changes, made{number, c, row.Status == Uncertain && before.open == nil})
		}
	}
	slices.SortFunc(changes, func(a, b made) int { return cmp.Compare(a.change.offset, b.change.offset) })
	for _, m := range changes {
		c := m.change
		path, objectID := c.intent.Path, lastPart(c.intent.Path)
		switch {
		case c.Method == "POST" && !c.Made: // what it made, if it did, is at no path that is known
			path, objectID = fmt.Sprintf("row %d: %s of %s", m.row, c.Method, c.Step), ""
		case c.intent.imports():
			path, objectID = c.intent.about().get(c.ObjectID).Path, c.ObjectID
		case c.Method == "POST":
			path, objectID = path+"/"+c.ObjectID, c.ObjectID
		}
		if c.Made && c.deletes() {
			all = without(all, lastPart(path))
		}
		w, known := all[path]
		if !known {
			w = wrote{row: m.row, step: c.Step, alias: c.intent.Alias, path: path, objectID: objectID}
		}
		switch {
		case !c.Made:
			w.unproven = c.Method + " of " + c.Step
			if w.fields = maps.Clone(w.fields); w.fields == nil || c.Method == "DELETE" {
				w.fields = cupi.Object{}
			}
			maps.DeleteFunc(w.fields, func(name, _ string) bool { _, is := c.intent.Fields[name]; return is })
		case c.Method == "DELETE":
			w.fields = nil
		default:
			fields := cupi.Object{}
			maps.Copy(fields, w.fields)
			maps.Copy(fields, c.intent.shown())
			w.fields = fields
		}
		if m.doubt {
			w.unproven = orElse(w.unproven, "row")
		}
		if c.movesExtension() {
			if w.temporary = (past{made: []doneChange{c}}).leaves(h.Header.Kind); w.temporary != "" {
				w.temporary += map[string]string{KindRun: ": resume the run, or roll it back", KindRollback: ": resume the rollback, or start another"}[h.Header.Kind]
			}
		}
		all[path] = w
	}
	maps.DeleteFunc(all, func(_ string, w wrote) bool { return w.fields != nil && len(w.fields) == 0 && w.unproven == "" }) // only what no answer shows
	paths := slices.Collect(maps.Keys(all))
	slices.SortFunc(paths, func(a, b string) int { return cmp.Or(all[a].row-all[b].row, -strings.Compare(a, b)) }) // the user before its call handler
	return all, paths, nil
}

// without leaves out what hung on a user that was deleted later.
func without(all map[string]wrote, userID string) map[string]wrote {
	maps.DeleteFunc(all, func(path string, w wrote) bool {
		return strings.Contains(path, "/"+userID+"/") || slices.Contains(slices.Collect(maps.Values(w.fields)), userID)
	})
	return all
}

// doubt says that it can't be told what the object should show.
func (w wrote) doubt() string {
	return "what became of the " + w.unproven + " is not proven, so what it wrote can't be told: look at the server"
}
