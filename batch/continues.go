package batch

import (
	"fmt"
	"slices"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// before gives what was done for a row before this start: by earlier starts of the
// run, and by the run that it continues.
func (p *Preparation) before(own *lookup, record validate.Record) (past, error) {
	key := matchKey("Alias", record.Alias)
	if record.Key == validate.KeyPerson {
		key = matchKey(record.Key, record.KeyValue)
	}
	earlier := p.earlier[key]
	if own == nil {
		return earlier, nil
	}
	before, err := own.past(record.Row)
	before.made = slices.Concat(earlier.made, before.made)
	return before, err
}

// earlierRun reads what a run did for its partial rows, so that a run of its
// rejects does only what is missing: by matchKey of the Alias, and of the pkid too where
// it imported. Without a folder there is none.
func earlierRun(folder string, server Identity) (map[string]past, error) {
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
	records, err := history.lookup()
	if err != nil {
		return nil, err
	}
	defer records.Close()
	earlier := map[string]past{}
	for number, row := range history.Rows {
		if row.Status != Partial {
			continue
		}
		before, err := records.past(number)
		if err != nil {
			return nil, err
		}
		result, _, err := records.result(number)
		if err != nil {
			return nil, err
		}
		for i := range before.made {
			before.made[i].earlier = true
		}
		key := matchKey("Alias", result.Alias)
		earlier[key] = past{made: slices.Concat(earlier[key].made, before.made)}
		for _, c := range before.made {
			if c.intent.imports() {
				earlier[matchKey(validate.KeyPerson, c.intent.Fields[validate.KeyPerson])] = earlier[key]
			}
		}
	}
	return earlier, nil
}

// continueFrom fits a plan to what an earlier start of the run did for its row:
// what that start made or renamed must not look like a conflict now.
func (p *Plan) continueFrom(before past) error {
	first := before.first()
	switch {
	case kindOf(first.Step).shape != wholeUser: // the user step changed nothing
		p.Operation = validate.Update
		if id := before.userOf(); id != "" && !same("ObjectId", id, p.Target["ObjectId"]) { // its key finds somebody else now
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
