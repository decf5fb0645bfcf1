package batchtest

import "fmt"

// rowOf is a row of a run, or of a rollback.
type rowOf struct {
	journal string
	row     int
}

// madeChange is a change that was made for a row, or the row's end.
type madeChange struct {
	rowOf
	workers int // requests that its run might have in flight
	ended   bool
}

// HalfMade fails when more rows of a run were half made at one moment than there were
// slots, and one. A row is half made from its first change to its last, or to its result,
// also across resumes; where more are because an earlier start left them, none may begin but
// those that they wait for. A row that ended as failed and is tried again begins anew.
func (g *IntentGuard) HalfMade() error {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	last := map[rowOf]int{}
	for i, c := range g.made {
		if !c.ended {
			last[c.rowOf] = i
		}
	}
	half := map[string]map[int]bool{} // journal -> rows
	for i, c := range g.made {
		rows := half[c.journal]
		if rows == nil {
			rows = map[int]bool{}
			half[c.journal] = rows
		}
		if c.ended || last[c.rowOf] == i {
			delete(rows, c.row)
			continue
		}
		if !rows[c.row] && len(rows) > c.workers && !g.awaited(c.journal, rows)[c.row] {
			return fmt.Errorf("with %d requests in flight at most, row %d of %s was begun while %d were half made", c.workers, c.row, c.journal, len(rows))
		}
		rows[c.row] = true
	}
	return nil
}

// awaited gives the rows that these rows of a run wait for, and those that those do.
func (g *IntentGuard) awaited(journal string, rows map[int]bool) map[int]bool {
	awaited := map[int]bool{}
	var visit func(id int)
	visit = func(id int) {
		for _, before := range g.after[journal][id] {
			if row := max(before, -before); !awaited[row] {
				awaited[row] = true
				visit(row)
				visit(-row)
			}
		}
	}
	for row := range rows {
		visit(row)
	}
	return awaited
}
