package batchtest

import (
	"fmt"
	"strings"
)

// rowOf is a row of a run, or of a rollback.
type rowOf struct {
	journal string
	row     int
}

// madeChange is a change that was made for a row, or the row's end.
type madeChange struct {
	rowOf          // zero: another administrator made it
	workers int    // requests that its run might have in flight
	what    string // the same when it is sent again
	path    string // of what it changes; "": it adds something
	ended   bool
	start   int  // of the run, counted from 1
	creates bool // a user
}

// HalfMade fails when more rows of a run were half made at one moment than there were
// slots, and one. A row is half made from its first change to its last, or to its result,
// also across resumes; where more are because an earlier start left them, none may begin but
// those that they wait for. A row that ended as failed and is tried again begins anew. One
// whose only change is sent again, because it may not have arrived, is never half made. Nor
// does one count until its next change whose only change so far somebody else has
// overwritten: where the answer was lost, no look can tell that it was made. Of a rollback no
// journal says who waits for whom, so one in which extensions go round is not judged.
func (g *IntentGuard) HalfMade() error {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	last, several := g.extents()
	round := map[string]bool{} // journals
	for _, c := range g.made {
		round[c.journal] = round[c.journal] || g.undoes[c.journal] && strings.HasPrefix(c.what, "park ")
	}
	half := map[string]map[int]string{} // journal -> rows -> path of all it changed; "": it is more than that
	overwritten := map[rowOf]bool{}     // of those that are half made
	for i, c := range g.made {
		for journal, rows := range half {
			for row, path := range rows {
				if journal != c.journal && path != "" && path == c.path {
					delete(rows, row)
					overwritten[rowOf{journal, row}] = true
				}
			}
		}
		if c.journal == "" {
			continue
		}
		rows := half[c.journal]
		if rows == nil {
			rows = map[int]string{}
			half[c.journal] = rows
		}
		path, is := rows[c.row]
		begun := is || overwritten[c.rowOf]
		delete(overwritten, c.rowOf)
		if c.ended || last[i] || !several[c.rowOf] {
			delete(rows, c.row)
			if c.creates && g.learns[c.journal] { // a later start may send the rest, and begins nothing by it
				overwritten[c.rowOf] = true
			}
			continue
		}
		if !begun && len(rows) > c.workers && !round[c.journal] && !g.awaited(c.journal, rows)[c.row] {
			return fmt.Errorf("with %d requests in flight at most, row %d of %s was begun while %d were half made",
				c.workers, c.row, c.journal, len(rows))
		}
		if rows[c.row] = c.path; is && path != c.path {
			rows[c.row] = ""
		}
	}
	return nil
}

// extents gives which changes were the last of their row before it ended, or at all, and the rows
// that made several. One that has ended may be looked at again later: that is a beginning. A row that
// left all the rest to its user's template has ended with the user; where the disk lost that it did,
// a later start sends the rest.
func (g *IntentGuard) extents() (last map[int]bool, several map[rowOf]bool) {
	last, several = map[int]bool{}, map[rowOf]bool{}
	latest := map[rowOf]int{}
	for i, c := range g.made {
		before, is := latest[c.rowOf]
		if c.ended {
			if is {
				last[before] = true
			}
			continue
		}
		if is && g.made[before].what != c.what {
			several[c.rowOf] = true
		}
		if is && g.learns[c.journal] && g.made[before].creates && g.made[before].start < c.start {
			last[before] = true
		}
		latest[c.rowOf] = i
	}
	for _, i := range latest {
		last[i] = true
	}
	return last, several
}

// awaited gives the rows that these rows of a run wait for, and those that those do.
func (g *IntentGuard) awaited(journal string, rows map[int]string) map[int]bool {
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
