package batch_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cucbulk/batch"
	"cucbulk/batch/journal"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// What the forecast says of a row is what the run does with it: how it ends, each request that
// changes something, what that sets, what it overwrites and what it takes away; and how many
// requests all that costs. However users hand round extensions and aliases in one file.
func TestTheForecastIsWhatTheRunDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		simulator := &cupitest.Server{Seed: rapid.Uint64().Draw(rt, "seed")}
		simulator.AddUsers(6)
		s := drawnSite(t, rt, simulator)
		o := s.other()
		for user := 1; user <= 3; user++ {
			if rapid.Bool().Draw(rt, "has an alternate") {
				o.giveExtension(fmt.Sprintf("user%05d", user), "1", fmt.Sprint(55000+user))
			}
		}
		text := randomPeople(rt)
		recorder, asked := s.recorder("run"), options("")
		asked.Deep = true // else alternate extensions of others are not checked, and the forecast says so
		p, err := batch.Preflight(t.Context(), s.server(2), s.prepare(recorder, text, asked), func(validate.Problem) {})
		if err != nil {
			rt.Fatal(err)
		}
		var said []batch.Preview
		for preview, err := range p.Previews(t.Context()) {
			if err != nil {
				rt.Fatal(err)
			}
			said = append(said, preview)
		}
		if _, err := p.Run(t.Context(), recorder); err != nil {
			rt.Fatal(err)
		}
		sent := changesSent(rt, recorder.Folder)
		for i, done := range results(t, s.history(recorder.Folder)) {
			foretold := said[i]
			if foretold.Status != done.Status {
				rt.Errorf("row %d: foretold %s %s, done %s %s: %s", done.Row, foretold.Status, foretold.Code, done.Status, done.Code, done.Message)
				continue
			}
			if got, want := sent[done.Row].text(), textOfChanges(foretold); got != want {
				rt.Errorf("row %d\nforetold %s\nsent     %s", done.Row, want, got)
			}
			requests := 0
			for _, n := range foretold.Requests {
				requests += n
			}
			if requests != done.Requests {
				rt.Errorf("row %d: %d requests foretold (%v), %d sent", done.Row, requests, foretold.Requests, done.Requests)
			}
		}
		if rt.Failed() {
			rt.Logf("the file was\n%s", text)
		}
		if err := os.RemoveAll(filepath.Join(s.folder, "run")); err != nil {
			rt.Fatal(err)
		}
	})
}

// sentChanges are what was sent for one row.
type sentChanges struct {
	methods map[string]int
	lines   []string
}

// text lists the requests by method, and then each field with what it was.
func (c *sentChanges) text() string {
	if c == nil {
		return "nothing"
	}
	sort.Strings(c.lines)
	return fmt.Sprint(c.methods) + "\n\t" + strings.Join(c.lines, "\n\t")
}

// changesSent reads the intents of a run, by row.
func changesSent(rt *rapid.T, folder string) map[int]*sentChanges {
	sent := map[int]*sentChanges{}
	_, err := journal.Read(filepath.Join(folder, record.JournalFile), func(entry journal.Record) error {
		if entry.Type != "intent" {
			return nil
		}
		var intent record.Intent
		if err := entry.Decode(&intent); err != nil {
			return err
		}
		if sent[intent.Row] == nil {
			sent[intent.Row] = &sentChanges{methods: map[string]int{}}
		}
		row := sent[intent.Row]
		row.methods[intent.Method]++
		if intent.Method == "DELETE" && intent.Step != validate.StepUser {
			row.lines = append(row.lines, "without "+intent.Step)
		}
		for name, value := range intent.Fields {
			if strings.HasSuffix(name, "GlobalUserObjectId") {
				continue // whose it is
			}
			row.lines = append(row.lines, fmt.Sprintf("%s.%s %q -> %q", intent.Step, name, intent.Before[name], value))
		}
		for _, name := range intent.Secret {
			row.lines = append(row.lines, fmt.Sprintf("%s.%s secret", intent.Step, name))
		}
		return nil
	})
	if err != nil {
		rt.Fatal(err)
	}
	return sent
}

// textOfChanges is what a preview says, as [sentChanges.text] says it.
func textOfChanges(p batch.Preview) string {
	c := &sentChanges{methods: map[string]int{}}
	for method, n := range p.Requests {
		if n > 0 && method != "GET" {
			c.methods[method] = n
		}
	}
	if len(c.methods) == 0 {
		return "nothing"
	}
	for _, change := range p.Changes {
		if change.New == "***" {
			c.lines = append(c.lines, fmt.Sprintf("%s.%s secret", change.Step, change.Field))
			continue
		}
		c.lines = append(c.lines, fmt.Sprintf("%s.%s %q -> %q", change.Step, change.Field, change.Old, change.New))
	}
	for _, removal := range p.Removed {
		if p.Operation != validate.Delete { // what goes with a user takes no request
			c.lines = append(c.lines, "without "+removal.Step)
		}
	}
	return c.text()
}

// randomPeople makes rows that hand round extensions, primary and alternate, and names: taken,
// swapped, promoted, freed and cleared.
func randomPeople(rt *rapid.T) string {
	pool := rapid.Permutation([]string{"10000", "10001", "10002", "10003", "55001", "55002", "55003", "66001", "66002"}).Draw(rt, "extensions")
	text := "Operation,Alias,DtmfAccessId,Extension_Alt1,NewAlias,Title,PIN,SmtpProxyAddresses,UserRoles,PhoneNumber_HomePhone\n"
	users := rapid.Permutation([]int{1, 2, 3, 4, 5, 6, 7}).Draw(rt, "users")
	names := rapid.Permutation([]string{"", "", "user00003", "moved", "", "", ""}).Draw(rt, "names")
	for i, user := range users[:rapid.IntRange(1, 6).Draw(rt, "rows")] {
		pick := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(rt, what) }
		operation := pick("operation", "update", "update", "update", "upsert", "delete", "create")
		alias := fmt.Sprintf("user%05d", user)
		extension, alternate := pick("extension", "", "", pool[i]), pick("alternate", "", "", pool[len(pool)-1-i/2], "%null%")
		if operation == "create" {
			alias, extension = fmt.Sprintf("fresh%d", user), pick("its extension", pool[i], "7700"+fmt.Sprint(user))
		}
		newAlias := ""
		if operation == "update" {
			newAlias = names[i]
		}
		cells := []string{operation, alias, extension, alternate, newAlias, pick("title", "", "Boss"), pick("PIN", "", "", "947251"),
			pick("addresses", "", "", fmt.Sprintf("a%d@x.org;b%d@x.org", user, user), "%null%"), pick("roles", "", "", "Help Desk Administrator", "%null%"), pick("phone", "", "5551", "%null%")}
		if operation == "delete" {
			cells = append(cells[:2], make([]string, 8)...)
		}
		text += strings.Join(cells, ",") + "\n"
	}
	return text
}
