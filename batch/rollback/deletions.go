package rollback

import (
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
)

// deletions are the users that the run deleted and the rollback makes again, as far as what is recorded
// of one names others: who is in a private list, to whom a key leads. Such rows go back one
// after the other. What names somebody who is made again later is a debt: that one's row gives it back.
type deletions struct {
	about *model.Object
	rowOf map[string]int   // folded ObjectIds of such users, and of their call handlers -> their rows
	users map[int]string   // rows -> ObjectIds of their users
	place map[int]int      // rows -> when they go back
	keys  map[int][]string // of rows, by which they wait for each other
	debts map[int][]int    // rows -> rows of which something names their users, and which go back before
}

// learnDeletions reads what the run deleted. rows are in the order in which they go back.
func learnDeletions(history *record.History, rows []int, records *record.Lookup) (deletions, error) {
	d := deletions{rowOf: map[string]int{}, users: map[int]string{}, place: map[int]int{}, keys: map[int][]string{}, debts: map[int][]int{}}
	var recorded []int             // rows of which what may name others is
	handlers := map[int][]string{} // rows -> call handlers that the fields of their users name
	for i, row := range rows {
		d.place[row] = i
		if !slices.ContainsFunc(history.Rows[row].Changes, record.SentChange.Deletes) {
			continue
		}
		deleted, err := deletedBy(row, records)
		if err != nil {
			return d, err
		}
		if deleted == nil {
			continue
		}
		d.about, d.users[row] = deleted.About(), model.LastPart(deleted.Path)
		d.rowOf[model.Fold(d.users[row])] = row
		if handler := deleted.Before["CallHandlerObjectId"]; handler != "" {
			d.rowOf[model.Fold(handler)] = row
		}
		for name, value := range record.Recreatable(d.about, deleted.Before) {
			if strings.HasSuffix(name, "HandlerObjectId") {
				handlers[row] = append(handlers[row], value)
			}
		}
		if d.about.Nests() || slices.ContainsFunc(d.about.FullyRestorable(),
			func(kind *model.StepKind) bool { return deleted.Also[kind.Name] != nil }) {
			recorded = append(recorded, row)
		}
	}
	named := map[int]map[int]bool{} // rows -> rows whose users they name
	names := func(row int, value string) {
		if other, is := d.rowOf[model.Fold(value)]; is && other != row {
			if named[row] == nil {
				named[row] = map[int]bool{}
			}
			named[row][other] = true
		}
	}
	for row, values := range handlers {
		for _, value := range values {
			names(row, value)
		}
	}
	for _, row := range recorded {
		deleted, err := deletedBy(row, records)
		if err != nil {
			return d, err
		}
		for _, kind := range slices.Concat(d.about.Restorable(), d.about.FullyRestorable()) {
			for _, member := range deleted.Also[kind.Name] {
				for _, value := range member {
					names(row, value)
				}
			}
		}
	}
	for row, others := range named {
		for other := range others {
			d.keys[row] = append(d.keys[row], "user "+d.users[other])
			if d.place[other] > d.place[row] {
				d.debts[other] = append(d.debts[other], row)
			}
		}
	}
	for row, user := range d.users {
		if len(named) > 0 {
			d.keys[row] = append(d.keys[row], "user "+user)
		}
	}
	return d, nil
}

// deletedBy is the intent by which a row deleted its user; nil if it did not.
func deletedBy(row int, records *record.Lookup) (*record.Intent, error) {
	past, err := records.Past(row)
	if err != nil {
		return nil, err
	}
	for _, c := range past.Changes() {
		if c.Deletes() {
			return &c.Intent, nil
		}
	}
	return nil, nil
}

// debtsOf are the intents to delete of those rows that a row has debts to.
func (d *deletions) debtsOf(row int, records *record.Lookup) ([]record.Intent, error) {
	var debts []record.Intent
	for _, other := range slices.Sorted(slices.Values(d.debts[row])) {
		deleted, err := deletedBy(other, records)
		if err != nil {
			return nil, err
		}
		debts = append(debts, *deleted)
	}
	return debts, nil
}

// awaited reports whether an id is of somebody who goes back after a row.
func (d *deletions) awaited(id string, row int) bool {
	other, is := d.rowOf[model.Fold(id)]
	return is && d.place[other] > d.place[row]
}
