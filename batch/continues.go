package batch

import (
	"fmt"
	"maps"
	"slices"

	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// earlierRow is a row that an earlier run rejected, and what was done for it: by that
// run, and by those that it continued.
type earlierRow struct {
	number    int
	alias     string
	operation validate.Operation
	past      past
}

// is reports whether a row of a file asks what the earlier one did: it may be mended in
// all but its operation.
func (e *earlierRow) is(record validate.Record) bool {
	return record.Operation == e.operation || record.Operation == validate.Upsert && (e.operation == validate.Create || e.operation == validate.Update)
}

// earlierRun is the run that this one continues: its rejected rows.
type earlierRun struct {
	folder string
	rows   map[string][]*earlierRow // by matchKey of the Alias, and of the pkid too where one was imported; in the order of the file
	left   []*earlierRow            // of which the Alias stands in no row now, and that made a user
}

// of gives what the run did for a row.
func (e *earlierRun) of(record validate.Record) past {
	if e == nil {
		return past{}
	}
	key := userObject.key(record.Alias).match()
	if record.Key == validate.KeyPerson {
		key = matchKey(record.Key, record.KeyValue)
	}
	for _, row := range e.rows[key] {
		if row.is(record) {
			return row.past
		}
	}
	return past{}
}

// before gives what was done for a row before this start: by earlier starts of the
// run, and by the run that it continues.
func (p *Preparation) before(own *lookup, record validate.Record) (past, error) {
	earlier := p.earlier.of(record)
	if own == nil {
		return earlier, nil
	}
	before, err := own.past(record.Row)
	before.made = slices.Concat(earlier.made, before.made)
	return before, err
}

// readEarlierRun reads what a run did for the rows that it rejected, so that a run of
// these does only what is missing or was mended. Without a folder there is none.
func readEarlierRun(folder string, server Identity) (*earlierRun, error) {
	if folder == "" {
		return nil, nil
	}
	history, err := ReadHistory(folder)
	if err != nil {
		return nil, err
	}
	if err := history.sameServer(server); err != nil {
		return nil, err
	}
	before, err := readEarlierRun(history.Header.Options.Continues, server)
	if err != nil {
		return nil, fmt.Errorf("%s continues another run, which is needed too: %w", folder, err)
	}
	records, err := history.lookup()
	if err != nil {
		return nil, err
	}
	defer records.Close()
	run := &earlierRun{folder: folder, rows: map[string][]*earlierRow{}}
	for _, number := range slices.Sorted(maps.Keys(history.Rows)) {
		if !history.Rows[number].Status.Rejected() {
			continue
		}
		if err := run.read(records, number, before); err != nil {
			return nil, err
		}
	}
	return run, nil
}

// read takes one row that was rejected, after what was done for it before.
func (e *earlierRun) read(records *lookup, number int, before *earlierRun) error {
	done, err := records.past(number)
	if err != nil {
		return err
	}
	result, _, err := records.result(number)
	if err != nil {
		return err
	}
	for i := range done.made {
		done.made[i].earlier = true
	}
	record := validate.Record{Operation: result.Operation, Alias: result.Alias}
	done.made, done.open = slices.Concat(before.of(record).made, done.made), nil
	done.journaled = RowHistory{} // it is of that run's journal, and the row is yet to begin in this one
	row := &earlierRow{number, result.Alias, result.Operation, done}
	keys := []string{userObject.key(result.Alias).match()}
	for _, c := range done.made {
		if c.intent.imports() {
			keys = append(keys, matchKey(validate.KeyPerson, c.intent.Fields[validate.KeyPerson]))
		}
	}
	for _, key := range keys {
		e.rows[key] = append(e.rows[key], row)
	}
	return nil
}

// findLeft finds the users that the run made and that no row names now.
func (e *earlierRun) findLeft(named *named) {
	if e == nil {
		return
	}
	for _, rows := range e.rows {
		for _, row := range rows {
			if row.past.created() != "" && !named.hasKey(named.about.collection.NameField, row.alias) && !slices.Contains(e.left, row) {
				e.left = append(e.left, row)
			}
		}
	}
	slices.SortFunc(e.left, func(a, b *earlierRow) int { return a.number - b.number })
}

// mendedAlias refuses a row that would make a user of an Alias that the run did not
// reject, while a user that it made is named by no row: the Alias may have been mended,
// and there would be two of that person.
func (e *earlierRun) mendedAlias(p Plan) verdict {
	if e == nil || len(e.left) == 0 || !p.Operation.MakesUsers() || p.begun || len(e.rows[p.about.key(p.Alias).match()]) > 0 {
		return verdict{}
	}
	left := e.left[0]
	return conflict(codes.AliasMended, "%s rejected no row with the Alias %q, and it made the user %q for its row %d, whom no row names now: if this is that user, put the Alias %q back, and rename the user afterwards by an update with NewAlias; if it is another person, run this row without --continues",
		e.folder, p.Alias, left.alias, left.number, left.alias).about("Alias")
}

// warnOfCredentials tells which PINs and passwords are not set again. Nobody knows
// whether they were mended: no record holds them.
func (p *Preparation) warnOfCredentials(history *History, report func(validate.Problem)) error {
	if p.earlier == nil {
		return nil
	}
	for plan, err := range p.plans(history) {
		if err != nil {
			return err
		}
		for _, step := range plan.Steps {
			field := kindOf(step.Kind).writeOnly
			if plan.end.status != "" || field == "" || step.Wanted[field] == "" || !plan.before.earlier(step.Kind) {
				continue
			}
			column, _ := validate.ColumnOfStep(step.Kind, field)
			report(p.header.WithHeading(validate.Problem{File: p.Input.Name, Line: plan.Line, Row: plan.Row, Column: column.Name, Code: codes.AlreadySet, Warning: true,
				Message: "was set by the run that this one continues, and is not set again; if it was mended since, set it by a run with --operation update"}))
			p.Warnings++
		}
	}
	return nil
}

// continueFrom fits a plan to what an earlier start of the run did for its row:
// what that start made or renamed must not look like a conflict now.
func (p *Plan) continueFrom(before past) error {
	first := before.first()
	switch {
	case kindOf(first.Step).shape != wholeUser: // the user step changed nothing
		p.Operation = validate.Update
		if id := before.user(); id != "" && !same("ObjectId", id, p.Target["ObjectId"]) { // its key finds somebody else now
			p.Target = cupi.Object{"ObjectId": id}
		}
	case first.Method == "POST":
		p.Target, p.Alias = nil, orElse(p.Alias, first.intent.Alias)
		if !p.Operation.MakesUsers() { // an upsert
			p.Operation = validate.Create
		}
	case first.Method == "DELETE":
		p.Operation, p.Target = validate.Delete, cupi.Object{"ObjectId": lastPart(first.intent.Path)}
	default:
		p.Operation, p.Target = validate.Update, cupi.Object{"ObjectId": lastPart(first.intent.Path)}
	}
	if p.Operation == validate.Update && p.Target == nil {
		return fmt.Errorf("row %d was begun, but its user is not found any more", p.Row)
	}
	return nil
}
