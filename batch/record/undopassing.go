package record

import "cucbulk/batch/model"

// Users that the run made and deleted again. Before the run they were not there, and after
// it they are not: taking both back needs nothing. Whoever has the alias now is somebody
// else.

// learnPassing finds those users, among the rows that are to be undone.
func (u *Undo) learnPassing(records *Lookup) error {
	u.Passing = map[string]bool{}
	if !u.AnyDeleted() {
		return nil
	}
	made, deleted := map[string]bool{}, map[string]bool{}
	if err := u.addPassing(records, made, deleted); err != nil {
		return err
	}
	for id := range deleted {
		if made[id] {
			u.Passing[id] = true
		}
	}
	return nil
}

// addPassing adds whom the rows made, and whom they deleted.
func (u *Undo) addPassing(records *Lookup, made, deleted map[string]bool) error {
	for _, number := range u.Rows {
		row := u.History.Rows[number]
		for i, c := range row.Changes {
			if !row.counts(i) || !c.Creates() && !c.Deletes() {
				continue
			}
			change, err := records.change(c)
			if err != nil {
				return err
			}
			if c.Creates() {
				made[model.Fold(change.ObjectID)] = true
			} else {
				deleted[model.Fold(model.LastPart(change.Intent.Path))] = true
			}
		}
	}
	return nil
}

// Passes reports whether a change is of a user that the run made and deleted again, and
// not what made it. user is the row's.
func (u *Undo) Passes(user string, c AppliedChange) bool {
	if len(u.Passing) == 0 || c.Creates() {
		return false
	}
	return u.Passing[model.Fold(user)] || u.Passing[model.Fold(model.LastPart(c.Intent.Path))]
}

// NotePassing tells why a row of such a user needs nothing.
const NotePassing = "the run itself made this one and deleted it, so nothing is to be brought back"
