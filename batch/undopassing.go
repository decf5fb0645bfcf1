package batch

// Users that the run made and deleted again. Before the run they were not there, and after
// it they are not: taking both back needs nothing. Whoever has the alias now is somebody
// else.

// learnPassing finds those users, among the rows that are to be undone.
func (u *Undo) learnPassing(records *lookup) error {
	u.passing = map[string]bool{}
	if !u.anyDeleted() {
		return nil
	}
	made, deleted := map[string]bool{}, map[string]bool{}
	for _, number := range u.Rows {
		row := u.History.Rows[number]
		for i, c := range row.Changes {
			if !row.counts(i) || !c.creates() && !c.deletes() {
				continue
			}
			change, err := records.change(c)
			if err != nil {
				return err
			}
			if c.creates() {
				made[fold(change.ObjectID)] = true
			} else {
				deleted[fold(lastPart(change.intent.Path))] = true
			}
		}
	}
	for id := range deleted {
		if made[id] {
			u.passing[id] = true
		}
	}
	return nil
}

// passes reports whether a change is of a user that the run made and deleted again, and
// not what made it. user is the row's.
func (u *Undo) passes(user string, c doneChange) bool {
	if len(u.passing) == 0 || c.creates() {
		return false
	}
	return u.passing[fold(user)] || u.passing[fold(lastPart(c.intent.Path))]
}

// notePassing tells why a row of such a user needs nothing.
const notePassing = "the run itself made this user and deleted it, so nothing is to be brought back"
