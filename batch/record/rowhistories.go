package record

// RowHistories is what the journal tells of all rows, by their numbers. A row of which it tells
// nothing is not there.
type RowHistories map[int]*RowHistory

// of is the history of a row, which may begin here.
func (rows RowHistories) of(number int) *RowHistory {
	if rows[number] == nil {
		rows[number] = &RowHistory{}
	}
	return rows[number]
}

// HasResult reports whether a row has its result, and that is no guess.
func (rows RowHistories) HasResult(number int) bool {
	row := rows[number]
	return row != nil && row.ended()
}

// Ended adds up the rows that have ended, by status.
func (rows RowHistories) Ended() Counts {
	counts := Counts{}
	for _, row := range rows {
		if row.ended() {
			counts[row.Status]++
		}
	}
	return counts
}

// Unconfirmed is how many rows have a result of which a resume must make sure.
func (rows RowHistories) Unconfirmed() int {
	return rows.count(func(row *RowHistory) bool { return row.unconfirmed })
}

// AsTemplate is how many rows left something to the template of the user that they made.
func (rows RowHistories) AsTemplate() int {
	return rows.count(func(row *RowHistory) bool { return row.left })
}

// AsLastRun is how many rows ended as in the run that --since named, and were not looked at.
func (rows RowHistories) AsLastRun() int {
	return rows.count(func(row *RowHistory) bool { return row.asLast })
}

// count is how many rows are so.
func (rows RowHistories) count(is func(*RowHistory) bool) (n int) {
	for _, row := range rows {
		if is(row) {
			n++
		}
	}
	return n
}
