package batchtest

import (
	"bytes"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"sync"

	"cucbulk/batch/journal"
)

// IntentGuard counts the durable intents of any number of journals against the
// changes that reach the server, and watches how many rows are half made. Its zero value
// is ready for use, and it may be used from many goroutines.
type IntentGuard struct {
	mutex   sync.Mutex
	read    map[string]int64         // path of a journal -> bytes that were read
	workers map[string]int           // path of a journal -> requests in flight at most
	after   map[string]map[int][]int // path of a journal -> rows that wait for others, or their moves
	undoes  map[string]bool          // journals of rollbacks
	learns  map[string]bool          // journals of runs that leave to templates what those give
	starts  map[string]int           // path of a journal -> starts so far
	intents map[string][]intent      // "PUT /vmrest/users/…" -> durable intents that no change used up
	changes int
	made    []madeChange // in their order, with the ends of rows
	problem error        // the first that reading a journal had
}

// intent is a durable intent: of whom, and what it sets.
type intent struct {
	Row                int
	Step, Method, Path string
	Fields             map[string]string
	Secret             []string
	journal            string // "": somebody else's
}

// Synced takes note that so many bytes of the journal at path are durable, and
// reads the intents in the part that is new. It fits [journal.Options].
func (g *IntentGuard) Synced(path string, bytes int64) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if err := g.advance(path, bytes); err != nil && g.problem == nil {
		g.problem = err
	}
}

// Check uses up one durable intent for this method and path, and fails when there
// is none, when it is for a change of nothing, or when a journal could not be read.
func (g *IntentGuard) Check(method, path string) error { return g.CheckChange(method, path, nil) }

// CheckChange is [IntentGuard.Check] of a change that sets these fields, by which the rows
// are told whose changes have one path.
func (g *IntentGuard) CheckChange(method, path string, fields map[string]string) error {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.changes++
	key := method + " " + plain(path)
	if g.problem != nil {
		return g.problem
	}
	known := g.intents[key]
	if len(known) == 0 {
		return fmt.Errorf("%s reached the server, and no durable journal record says that it was about to", key)
	}
	which := len(known) - 1 // of those that are alike, the last attempt
	for i, one := range slices.Backward(known) {
		if one.sets(fields) {
			which = i
			break
		}
	}
	one := known[which]
	g.intents[key] = slices.Delete(slices.Clone(known), which, which+1)
	if one.journal != "" && method == "PUT" && len(one.Fields)+len(one.Secret) == 0 {
		return fmt.Errorf("%s changes nothing, so it is a request too many", key)
	}
	if one.journal == "" {
		g.made = append(g.made, madeChange{path: changed(method, path)})
	} else if fields != nil || method != "POST" { // else it may be another row's
		g.made = append(g.made, madeChange{rowOf: rowOf{one.journal, one.Row}, workers: g.workers[one.journal],
			start: g.starts[one.journal], creates: one.Method == "POST" && one.Step == "user",
			what: fmt.Sprint(one.Step, " ", key, added(one)), path: changed(method, path)})
	}
	return nil
}

// changed is the path of what a change overwrites or removes.
func changed(method, path string) string {
	if method == "POST" {
		return ""
	}
	return plain(path)
}

// added gives the fields of what an intent adds: those that add to one collection differ in
// them. A PUT that is sent again has only those that are still needed.
func added(one intent) map[string]string {
	if one.Method != "POST" {
		return nil
	}
	return one.Fields
}

// sets reports whether the intent is for a change of these fields. It has none that are
// secret.
func (i intent) sets(fields map[string]string) bool {
	for name, value := range i.Fields {
		if fields[name] != value {
			return false
		}
	}
	return i.journal != "" || len(fields) == 0
}

// Exempt lets one change with this method and path pass without an intent: another
// administrator makes it.
func (g *IntentGuard) Exempt(method, path string) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.start()
	key := method + " " + plain(path)
	g.intents[key] = append(g.intents[key], intent{})
}

// Passed takes note of a change that another administrator made, and that is not counted.
func (g *IntentGuard) Passed(method, path string) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.made = append(g.made, madeChange{path: changed(method, path)})
}

// Changes is how many changes were checked.
func (g *IntentGuard) Changes() int {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return g.changes
}

func (g *IntentGuard) start() {
	if g.read == nil {
		g.read, g.workers, g.intents = map[string]int64{}, map[string]int{}, map[string][]intent{}
		g.after, g.undoes, g.learns, g.starts = map[string]map[int][]int{}, map[string]bool{}, map[string]bool{}, map[string]int{}
	}
}

// advance reads the records of a journal between what was read and end.
func (g *IntentGuard) advance(path string, end int64) error {
	g.start()
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	start := g.read[path]
	if start >= end {
		return nil
	}
	lines, err := io.ReadAll(io.NewSectionReader(file, start, end-start))
	if err != nil {
		return err
	}
	for line := range bytes.Lines(lines) {
		record, err := journal.ReadAt(file, start)
		if err != nil {
			return err
		}
		switch record.Type {
		case "header":
			var header struct {
				Kind    string
				Options struct{ LearnFrom int }
			}
			if err := record.Decode(&header); err != nil {
				return err
			}
			g.undoes[path], g.learns[path] = header.Kind == "rollback", header.Options.LearnFrom > 0
		case "begin":
			var begin struct{ Workers int }
			if err := record.Decode(&begin); err != nil {
				return err
			}
			g.workers[path] = begin.Workers
			g.starts[path]++
		case "order":
			var order struct{ After map[int][]int }
			if err := record.Decode(&order); err != nil {
				return err
			}
			g.after[path] = order.After
		case "result":
			var result struct{ Row int }
			if err := record.Decode(&result); err != nil {
				return err
			}
			g.made = append(g.made, madeChange{rowOf: rowOf{path, result.Row}, ended: true})
		case "intent":
			one := intent{journal: path}
			if err := record.Decode(&one); err != nil {
				return err
			}
			key := one.Method + " " + plain(one.Path)
			g.intents[key] = append(g.intents[key], one)
		}
		start += int64(len(line))
	}
	g.read[path] = start
	return nil
}

// plain gives a path as people write it: "Off Hours" is "Off%20Hours" in a request.
func plain(path string) string {
	if text, err := url.PathUnescape(path); err == nil {
		return text
	}
	return path
}
