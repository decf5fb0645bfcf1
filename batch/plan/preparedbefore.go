package plan

import (
	"fmt"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/internal/codes"
)

// preparedBefore are the files that run before, in their order.
type preparedBefore []*Prepared

// learnNames notes the names of rows before, which own rows may name too.
func (files preparedBefore) learnNames(n *RowIndex) error {
	for _, file := range files {
		if file.About != n.About {
			continue
		}
		for record, err := range file.DecodedRows() {
			if err != nil {
				return err
			}
			if _, settled := file.Verdicts[record.Row]; !settled && record.Asks == "" {
				n.countNames(record)
			}
		}
	}
	return nil
}

// leaveAsLast ends the rows that are as in the run that --since names, unless the files are to change whom they are about.
// It reports whether any is left out.
func (files preparedBefore) leaveAsLast(checked *Checked, server record.Identity, account string) (bool, error) {
	last, err := checked.lastRun(server, account)
	if err != nil || last == nil {
		return false, err
	}
	touched, err := changedSince(last, *checked.Options.Since)
	if err != nil {
		return false, err
	}
	if err := files.touch(touched); err != nil {
		return false, err
	}
	return checked.leaveAsLast(last, touched, time.Now())
}

// touch adds whom the rows are about that may change something.
func (files preparedBefore) touch(touched record.Touched) error {
	for _, file := range files {
		for plan, err := range file.Plans() {
			if err != nil {
				return err
			}
			if plan.End.Status == "" {
				touched.Add(plan.Target["ObjectId"], plan.Alias, plan.Record.NewAlias)
			}
		}
	}
	return nil
}

// find finds the rows that touch what own rows name. d learns of what templates they make users. everybody: see namesOf.
func (files preparedBefore) find(n *RowIndex, d *Snapshot, everybody bool) (f filesBefore, err error) {
	first := 0
	for _, file := range files {
		first -= file.Rows + 1
	}
	f.told = map[int]string{}
	for _, file := range files {
		start, names := len(f.rows), []nameChange(nil)
		for plan, err := range file.Plans() {
			if err != nil {
				return f, err
			}
			if plan.End.Status != "" {
				continue
			}
			if change := nameChangeOf(plan); n.namesOf(file.About, change, everybody) {
				change.told = fmt.Sprintf("%s of %s", file.Input.Where(plan.Line), file.Input.Name)
				names = append(names, change)
			}
			d.foreseeParts(plan)
			row := rowBefore{plan, file.Snapshot.useOf(plan, &file.RowIndex)}
			row.use.ofAnotherFile(file.About, n.About)
			if !n.touchedBy(row) {
				continue
			}
			if template := model.Fold(plan.Template); d.Template[template] == nil && file.Snapshot.Template[template] != nil {
				d.Template[template] = file.Snapshot.Template[template]
			}
			row.use.told = fmt.Sprintf("row %d of %s (%s)", plan.Row, file.Input.Name, file.Input.Where(plan.Line))
			row.plan.Row += first
			row.use.row = row.plan.Row
			if row.plan.maker != 0 {
				row.plan.maker += first
			}
			if maker := row.plan.madeBy(); maker != 0 && plan.Target["ObjectId"] == "" {
				row.use.user = madeBefore(maker)
			}
			f.told[row.plan.Row] = row.use.told
			f.rows = append(f.rows, row)
		}
		after := func(row int) []int { return file.Order.After[row] }
		copy(f.rows[start:], asTheyGo(f.rows[start:], func(row rowBefore) int { return row.plan.Row - first }, after))
		for _, change := range asTheyGo(names, func(change nameChange) int { return change.row }, after) {
			d.rename(file.About, change)
		}
		first += file.Rows + 1
	}
	for id := range d.unmade {
		if list, is := d.members[id]; is {
			d.members[id] = d.foreseen.membersThen(d.About.Members(), list)
		}
	}
	return f, nil
}

// TellUnmade says of rows that find nobody by a name, that a row of a file before was to make that one and did not. unmade
// says so, by folded name. It gives what is said of which rows.
func (p *Prepared) TellUnmade(unmade map[string]string) (map[int]string, error) {
	said := map[int]string{}
	for entry, err := range p.DecodedRows() {
		if err != nil {
			return nil, err
		}
		code, message, rejected := p.Rejection(entry.Row)
		if !rejected || code != codes.NoSuchUser && code != codes.UnknownName && code != codes.UnknownSuccessor {
			continue
		}
		names := []string{entry.Alias, entry.KeyValue, entry.Member, entry.ReassignTo}
		for _, name := range entry.Names {
			names = append(names, name.Name)
		}
		for _, name := range names {
			if why := unmade[model.Fold(name)]; why != "" && name != "" {
				said[entry.Row] = "; " + why
				p.Reject(entry.Row, code, message+said[entry.Row])
				break
			}
		}
	}
	return said, nil
}
