package plan

import (
	"fmt"
	"maps"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// earlierRow is a row that an earlier run rejected, and what was done for it: by that
// run, and by those that it continued.
type earlierRow struct {
	number    int
	alias     string
	operation validate.Operation
	past      record.Past
}

// is reports whether a row of a file asks what the earlier one did: it may be mended in
// all but its operation.
func (e *earlierRow) is(record validate.Record) bool {
	return record.Operation == e.operation || record.Operation == validate.Upsert &&
		(e.operation == validate.Create || e.operation == validate.Update)
}

// earlierRun is the run that this one continues: its rejected rows.
type earlierRun struct {
	about  *model.Object
	folder string
	rows   map[string][]*earlierRow // by matchKey of the Alias, and of the pkid too where one was imported; in the order of the file
	left   []*earlierRow            // of which the Alias stands in no row now, and that made a user
}

// of gives what the run did for a row.
func (e *earlierRun) of(entry validate.Record) record.Past {
	if e == nil || entry.Asks != "" { // a row about a member is one change, and was not made if it was rejected
		return record.Past{}
	}
	key := e.about.Key(entry.Alias).Match()
	if entry.Key == validate.KeyPerson {
		key = model.MatchKey(entry.Key, entry.KeyValue)
	}
	for _, row := range e.rows[key] {
		if row.is(entry) {
			return row.past
		}
	}
	return record.Past{}
}

// readEarlierRun reads what a run did for the rows that it rejected, so that a run of
// these does only what is missing or was mended. Without a folder there is none.
func readEarlierRun(folder string, server record.Identity, table *validate.Table) (*earlierRun, error) {
	if folder == "" {
		return nil, nil
	}
	history, err := record.ReadHistory(folder)
	if err != nil {
		return nil, err
	}
	if err := history.SameServer(server); err != nil {
		return nil, err
	}
	if earlier := history.Header.Options.Table(); earlier != table {
		return nil, fmt.Errorf("--continues names a run of the same kind of rows, and those of %s are about %s, and these about %s: "+
			"give --object %s, or run without --continues; nothing was sent", folder, earlier.Many, table.Many, earlier.Object)
	}
	before, err := readEarlierRun(history.Header.Options.Continues, server, table)
	if err != nil {
		return nil, fmt.Errorf("%s continues another run, which is needed too: %w", folder, err)
	}
	records, err := history.Lookup()
	if err != nil {
		return nil, err
	}
	defer records.Close()
	run := &earlierRun{about: model.ObjectOf(table), folder: folder, rows: map[string][]*earlierRow{}}
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
func (e *earlierRun) read(records *record.Lookup, number int, before *earlierRun) error {
	done, err := records.Past(number)
	if err != nil {
		return err
	}
	result, _, err := records.Result(number)
	if err != nil {
		return err
	}
	for i := range done.Made {
		done.Made[i].Earlier = true
	}
	entry := validate.Record{Operation: result.Operation, Alias: result.Alias}
	done.Made, done.Open, done.MeantNew = slices.Concat(before.of(entry).Made, done.Made), nil, false
	done.Journaled = record.RowHistory{} // it is of that run's journal, and the row is yet to begin in this one
	row := &earlierRow{number, result.Alias, result.Operation, done}
	keys := []string{e.about.Key(result.Alias).Match()}
	for _, c := range done.Made {
		if c.Intent.Imports() {
			keys = append(keys, model.MatchKey(validate.KeyPerson, c.Intent.Fields[validate.KeyPerson]))
		}
	}
	for _, key := range keys {
		e.rows[key] = append(e.rows[key], row)
	}
	return nil
}

// findLeft finds the users that the run made and that no row names now.
func (e *earlierRun) findLeft(named *RowIndex) {
	if e == nil {
		return
	}
	for _, rows := range e.rows {
		for _, row := range rows {
			if row.past.Created() != "" && !named.HasKey(named.About.Collection.NameField, row.alias) && !slices.Contains(e.left, row) {
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
	if e == nil || len(e.left) == 0 || !p.Operation.MakesUsers() || p.begun || len(e.rows[p.About.Key(p.Alias).Match()]) > 0 {
		return verdict{}
	}
	left := e.left[0]
	return Invalid(codes.AliasMended, "%s rejected no row with the Alias %q, and it made the %s %q for its row %d, "+
		"which no row names now: if this is that one, put the Alias %[4]q back%[6]s; if it is another one, run this row "+
		"without --continues",
		e.folder, p.Alias, p.About.One(), left.alias, left.number, renaming(p.About)).about("Alias")
}

// renaming says how the alias is changed afterwards, where it can be.
func renaming(about *model.Object) string {
	if _, can := about.Table.Column("NewAlias"); !can {
		return ""
	}
	return ", and rename the " + about.One() + " afterwards by an update with NewAlias"
}

// alreadySet tells which PINs and passwords are not set again. Nobody knows whether they were mended: no
// record holds them.
func (p Plan) alreadySet() (problems []validate.Problem) {
	for _, step := range p.Steps {
		field := step.Kind.WriteOnly
		if p.End.Status != "" || field == "" || step.Wanted[field] == "" || !p.Before.Earlier(step.Name) {
			continue
		}
		column, _ := validate.ColumnOfStep(step.Name, field)
		problems = append(problems, validate.Problem{Column: column.Name, Code: codes.AlreadySet,
			Message: "was set by the run that this one continues, and is not set again; if it was mended since, set " +
				"it by a run with --operation update"})
	}
	return problems
}
