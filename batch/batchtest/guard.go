package batchtest

import (
	"bytes"
	"fmt"
	"io"
	"net/url"
	"os"
	"sync"

	"cucbulk/batch/journal"
)

// IntentGuard counts the durable intents of any number of journals against the
// changes that reach the server. Its zero value is ready for use, and it may be
// used from many goroutines.
type IntentGuard struct {
	mutex   sync.Mutex
	read    map[string]int64 // path of a journal -> bytes that were read
	intents map[string]int   // "PUT /vmrest/users/…" -> durable intents that no change used up
	changes int
	problem error // the first that reading a journal had
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
// is none, or when a journal could not be read.
func (g *IntentGuard) Check(method, path string) error {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.changes++
	key := method + " " + plain(path)
	switch {
	case g.problem != nil:
		return g.problem
	case g.intents[key] == 0:
		return fmt.Errorf("%s reached the server, and no durable journal record says that it was about to", key)
	}
	g.intents[key]--
	return nil
}

// Exempt lets one change with this method and path pass without an intent: another
// administrator makes it.
func (g *IntentGuard) Exempt(method, path string) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if g.read == nil {
		g.read, g.intents = map[string]int64{}, map[string]int{}
	}
	g.intents[method+" "+plain(path)]++
}

// Changes is how many changes were checked.
func (g *IntentGuard) Changes() int {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return g.changes
}

// advance reads the records of a journal between what was read and end.
func (g *IntentGuard) advance(path string, end int64) error {
	if g.read == nil {
		g.read, g.intents = map[string]int64{}, map[string]int{}
	}
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
		if record.Type == "intent" {
			var intent struct{ Method, Path string }
			if err := record.Decode(&intent); err != nil {
				return err
			}
			g.intents[intent.Method+" "+plain(intent.Path)]++
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
