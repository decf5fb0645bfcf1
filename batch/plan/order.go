package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/record"
	"cucbulk/internal/codes"
)

// order finds out who holds what rows take, lets the row that frees a thing go
// before the row that takes it, and breaks the cycles that extensions make by
// moving one user out of the way first. named counts the rows that name an alias; in is
// the file.
func (d *Snapshot) order(uses []resourceUse, named *RowIndex, in record.Input) (record.Order, []Conflict) {
	o := ordering{record.Order{After: map[int][]int{}, MovesFirst: map[int]string{}}, map[int][]int{}, in}
	reversed := map[[2]int]bool{}         // rows of one alias that can't keep the order of the file
	freedBy := map[string][]resourceUse{} // key -> rows that free it
	takenBy := map[string][]resourceUse{} // key -> rows that take it
	var keys []string                     // in the order of the file
	uses = mergeUnknownPartitions(uses)
	for _, c := range uses {
		for _, key := range c.frees {
			freedBy[key] = append(freedBy[key], c)
		}
		for _, key := range c.takes {
			if takenBy[key] == nil {
				keys = append(keys, key)
			}
			takenBy[key] = append(takenBy[key], c)
		}
	}
	var conflicts []Conflict
	for _, key := range keys {
		holder, description := d.holder(key)
		frees, before := freedBy[key], resourceUse{}
		for _, taker := range takenBy[key] {
			if before.row != 0 && before.user == taker.user && before.place(key) == taker.place(key) {
				continue // its user has it by then
			}
			i := slices.IndexFunc(frees, func(c resourceUse) bool {
				return c.user == holder && c.row != taker.row && (taker.row > 0 || c.row < 0)
			})
			if i < 0 && taker.row > 0 && taker.blocked(key, holder) {
				clashed := conflictOf(taker, key, description)
				if conflicts = append(conflicts, clashed); !clashed.warning {
					continue
				}
			}
			if i >= 0 {
				if alias, is := strings.CutPrefix(key, "alias "); is && frees[i].row > taker.row && named.RowsNaming(alias) > 2 {
					conflicts = append(conflicts, conflictOf(taker, key, description))
					continue
				}
				if frees[i].row > 0 { // else it has ended by then
					o.After[taker.row] = append(o.After[taker.row], frees[i].row)
					if strings.HasPrefix(key, "alias ") {
						reversed[[2]int{taker.row, frees[i].row}] = true
					}
				}
				frees = slices.Delete(slices.Clone(frees), i, i+1)
			}
			before, holder = taker, taker.user
			description = cmp.Or(taker.told, fmt.Sprintf("row %d of the file (%s)", taker.row, in.Where(taker.line)))
		}
	}
	o.keepOrder(uses, reversed)
	conflicts = append(conflicts, o.breakCycles(uses)...)
	begun := map[int]bool{}
	for _, c := range uses {
		begun[c.row] = c.begun
	}
	return o.Order, slices.DeleteFunc(conflicts, func(c Conflict) bool { return begun[c.Row] }) // which go on: they may have what they take
}

// keepOrder lets rows that name one alias go in the order of the file.
func (o ordering) keepOrder(uses []resourceUse, reversed map[[2]int]bool) {
	last := map[string]int{}
	for _, c := range uses {
		for _, name := range c.sharedNames {
			if before := last[name]; before != 0 && !reversed[[2]int{before, c.row}] {
				o.sameAlias[c.row] = append(o.sameAlias[c.row], before)
				o.After[c.row] = append(o.After[c.row], before)
			}
			last[name] = c.row
		}
	}
}

func conflictOf(taker resourceUse, key, holder string) Conflict {
	code, column := codes.ExtensionTaken, taker.columns[slices.Index(taker.takes, key)]
	if strings.HasPrefix(key, "alias ") {
		code = codes.AliasTaken
	}
	if isMember(key) {
		code = codes.AddressTaken
	}
	if strings.HasSuffix(key, " "+anyPartition) {
		return Conflict{Row: taker.row, Line: taker.line, column: column, Code: codes.ExtensionPerhapsTaken, warning: true,
			Message: fmt.Sprintf("%s is taken by %s, perhaps in another partition: the server does not show which; it "+
				"refuses the row if the partition is the same", describeKey(key), holder)}
	}
	return Conflict{Row: taker.row, Line: taker.line, column: column, Code: code,
		Message: fmt.Sprintf("%s is taken by %s, and no row of the file frees it; use another one, or free it", describeKey(key), holder)}
}

// mergeUnknownPartitions lets all uses of an extension be of one thing, where the
// partition of one of them is not told: it may be the same.
func mergeUnknownPartitions(uses []resourceUse) []resourceUse {
	blurred := map[string]bool{}
	for _, c := range uses {
		for _, key := range slices.Concat(c.frees, c.takes) {
			if prefix, unknown := strings.CutSuffix(key, " "+anyPartition); unknown {
				blurred[prefix] = true
			}
		}
	}
	if len(blurred) == 0 {
		return uses
	}
	blur := func(keys []string) []string {
		keys = slices.Clone(keys)
		for i, key := range keys {
			if prefix := key[:strings.LastIndexByte(key, ' ')]; blurred[prefix] {
				keys[i] = prefix + " " + anyPartition
			}
		}
		return keys
	}
	for i := range uses {
		uses[i].frees, uses[i].takes = blur(uses[i].frees), blur(uses[i].takes)
		if moves := uses[i].movesFrom; moves != "" {
			uses[i].movesFrom = blur([]string{moves})[0]
		}
	}
	return uses
}

// findOrder finds the order of the rows, and those that can't take what they want; unless
// an earlier start of the run found it out, before it sent anything.
func (p *Prepared) findOrder() ([]Conflict, error) {
	if p.Recorded != nil {
		p.Order = p.Recorded.Without(func(row int) bool { return p.idle[row] })
		p.awaited = p.Order.Awaited()
		return nil, nil
	}
	uses, err := p.candidateUses()
	if err != nil {
		return nil, err
	}
	recorded := p.Order.Conflicts
	order, conflicts := p.Snapshot.order(uses, &p.RowIndex, p.Input)
	for _, c := range conflicts {
		if !c.warning {
			recorded = append(recorded, record.Conflict{Row: c.Row, Code: c.Code, Message: Told(p.Header.Heading(c.column), c.Message)})
		}
	}
	p.Order = order
	for row, before := range p.successions.after {
		p.Order.After[row] = append(p.Order.After[row], before...)
	}
	for row, before := range p.opened {
		p.Order.After[row] = append(p.Order.After[row], before...)
	}
	p.Order.Conflicts, p.awaited = recorded, p.Order.Awaited()
	return conflicts, nil
}

// candidateUses gives the uses of the candidates, in the order of the file.
func (p *Prepared) candidateUses() ([]resourceUse, error) {
	if len(p.candidates.rows) == 0 {
		return nil, nil
	}
	var uses []resourceUse
	for _, row := range p.filesBefore.rows {
		if p.candidates.rows[row.use.row] {
			uses = append(uses, row.use)
		}
	}
	for plan, err := range p.Plans() {
		if err != nil {
			return nil, err
		}
		if p.candidates.rows[plan.Row] && plan.End.Status == "" {
			uses = append(uses, p.Snapshot.useOf(plan, &p.RowIndex))
		}
	}
	return uses, nil
}
