package record

import (
	"slices"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// Touched are users that runs changed, by alias and by ObjectId.
type Touched map[string]bool

func aliasName(alias string) string {
	if alias == "" {
		return ""
	}
	return "alias " + model.Fold(alias)
}

func idName(id string) string {
	if id == "" {
		return ""
	}
	return "id " + model.Fold(id)
}

// HasAlias reports whether a user of this alias was changed.
func (t Touched) HasAlias(alias string) bool { return alias != "" && t[aliasName(alias)] }

// HasID reports whether the user with this ObjectId was changed.
func (t Touched) HasID(id string) bool { return id != "" && t[idName(id)] }

func (t Touched) add(name string) {
	if name != "" {
		t[name] = true
	}
}

// Add adds a user by its id and its aliases.
func (t Touched) Add(id string, aliases ...string) {
	t.add(idName(id))
	for _, alias := range aliases {
		t.add(aliasName(alias))
	}
}

// AddRun adds the users that a run changed, or may have.
func (t Touched) AddRun(h *History) error {
	records, err := h.Lookup()
	if err != nil {
		return err
	}
	defer records.Close()
	for number, row := range h.Rows {
		if len(row.Changes) == 0 {
			continue
		}
		past, err := records.Past(number)
		if err != nil {
			return err
		}
		result, _, err := records.Result(number)
		if err != nil {
			return err
		}
		t.add(aliasName(result.Alias))
		t.add(idName(result.ObjectID))
		changes := slices.Concat(past.Changes(), past.Unproven)
		for _, c := range changes {
			main := model.KindOf(c.Step).Main
			t.add(aliasName(c.Intent.Alias))
			t.add(idName(c.Intent.User))
			t.add(idName(c.Intent.About().Of(c.Intent.Path)))
			t.add(idName(Past{Open: &c}.User()))
			for _, fields := range []cupi.Object{c.Intent.Shown(), c.Intent.Before} {
				if main {
					t.add(aliasName(c.Intent.About().Name(fields)))
				}
			}
			if c.Creates() {
				t.add(idName(c.ObjectID))
			}
		}
	}
	return nil
}
