package batch_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cucbulk/batch"
	"cucbulk/batch/journal"
	"cucbulk/batch/plan"
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
		s := drawnServer(t, rt)
		deep, text := rapid.Bool().Draw(rt, "deep"), drawnFile(rt)
		mended := rapid.IntRange(0, 3).Draw(rt, "as the messages advise") == 3
		if mended {
			text = s.asAdvised(rt, text, deep)
		}
		if said := s.comparesForecast(rt, text, deep); mended && strings.Contains(said, "invalid") {
			rt.Errorf("what the messages advise is not accepted: %s\n%s", said, text)
		}
	})
}

// Found by the draws, each in its time.
func TestTheForecastOfRowsThatMeet(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, headings, rows, want string }{
		{"what an earlier row gives is there", "SmtpProxyAddresses,Extension_Alt1,DistributionLists", "update,user00001,a@x.org,55551,allvoicemailusers\nupsert,user00001,%null%,55551,allvoicemailusers", "updated, updated"},
		{"and nothing is left to do", "Title,PhoneNumber_HomePhone,UserRoles,Extension_Alt1", "update,user00001,Boss,5551,Help Desk Administrator,55551\nupsert,user00001,Boss,5551,Help Desk Administrator,55551", "updated, unchanged"},
		{"a delete reads what earlier rows changed", "Extension_Alt1,Title", "update,user00003,55551,\nupdate,user00001,%null%,Boss\ndelete,user00003,,", "updated, updated, deleted"},
		{"an earlier row's extension is promoted", "DtmfAccessId,Extension_Alt1", "update,user00001,,55551\nupsert,user00001,55551,", "updated, invalid"},
		{"an earlier row's extension is freed", "DtmfAccessId,Extension_Alt1,Extension_Alt2", "update,user00001,55551,10000,10009\nupsert,user00001,,,%null%\nupdate,user00003,,,10009\nupdate,user00002,,,10000", "updated, updated, updated, invalid"},
		{"nobody comes back to a directory without having been in it", "DtmfAccessId,NewAlias", "import-ldap,moved,55551,\nupdate,user00001,,moved", "invalid, updated"},
		{"nor does a user of the server's own", "DtmfAccessId,NewAlias", "delete,user00001,,\nimport-ldap,user00001,55551,", "deleted, invalid"},
		{"what an earlier row changes is not as it was listed", "MaxMsgLen,AltFirstNames", "update,user00001,240,Jo\nupdate,user00002,300,\nupdate,user00003,300,\nupsert,user00001,300,%null%", "updated, unchanged, unchanged, updated"},
		{"an alias that a directory owns is not given", "DtmfAccessId,NewAlias,Title", "update,user00003,,fresh1,\nupsert,fresh1,55551,,Clerk", "unchanged, created"},
		{"who was parked is read again", "DtmfAccessId,Extension_Alt1,Extension_Alt2,NewAlias", "update,user00003,55003,55003,,user00001\nupdate,user00001,10001,66001,%null%,\nupdate,user00002,55002,%null%,10000,", "invalid, updated, updated"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(3)
			s := newSite(t, simulator)
			if strings.Contains(test.name, "directory owns") {
				s.other().set("user00003", "LdapType", "3")
			}
			if got := s.comparesForecast(t, "Operation,Alias,"+test.headings+"\n"+test.rows+"\n", true); got != test.want {
				t.Errorf("foretold %s, want %s", got, test.want)
			}
		})
	}
}

// comparesForecast runs a file, fails where a row is not done as it was foretold, and gives what
// was: "updated, invalid".
func (s *site) comparesForecast(t rapid.TB, text string, deep bool) string {
	had := map[string]string{}
	for _, alias := range s.simulator.Aliases() {
		had[alias] = extensionsOf(s.simulator, alias)
	}
	recorder, asked := s.recorder("run"), options("")
	asked.Deep = deep
	p, err := batch.Preflight(s.t.Context(), s.server(2), s.prepare(recorder, text, asked), func(validate.Problem) {})
	if err != nil {
		t.Fatal(err)
	}
	var said []batch.Preview
	var words []string
	for preview, err := range p.Previews(s.t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		said, words = append(said, preview), append(words, string(preview.Status))
	}
	if _, err := p.Run(s.t.Context(), recorder); err != nil {
		t.Fatal(err)
	}
	sent, all := changesSent(t, recorder.Folder), results(s.t, s.history(recorder.Folder))
	if !deep && s.wasTaken(all, p.Forecast().NotChecked) {
		all = nil // and rows that waited for that one are others too
	}
	for i, done := range all {
		foretold := said[i]
		if done.Status == record.Unchanged && foretold.Status == record.Updated && madeBefore(all, i) {
			continue
		}
		if foretold.Status != done.Status {
			t.Errorf("row %d: foretold %s %s, done %s %s: %s", done.Row, foretold.Status, foretold.Code, done.Status, done.Code, done.Message)
			continue
		}
		if done.Status == record.Deleted && !deep {
			continue // what goes with it is not read, and it says so
		}
		if got, want := sent[done.Row].text(), textOfChanges(foretold); got != want {
			t.Errorf("row %d\nforetold %s\nsent     %s", done.Row, want, got)
		}
		requests := 0
		for _, n := range foretold.Requests {
			requests += n
		}
		if requests != done.Requests {
			t.Errorf("row %d: %d requests foretold (%v), %d sent", done.Row, requests, foretold.Requests, done.Requests)
		}
	}
	if t.Failed() {
		t.Logf("the file was\n%sof users who had %q; foretold", text, had)
		for _, p := range said {
			t.Log(p.Row, p.Status, p.Code, p.Requests, p.Message)
		}
	}
	if err := os.RemoveAll(recorder.Folder); err != nil {
		t.Fatal(err)
	}
	return strings.Join(words, ", ")
}

// wasTaken reports whether the server refused an extension that another user has as an alternate
// one, which a forecast does not know unless it is asked to, and then it says so.
func (s *site) wasTaken(all []record.Result, notChecked []string) bool {
	refused := slices.ContainsFunc(all, func(r record.Result) bool { return r.Status == record.Failed || r.Status == record.Partial })
	return refused && slices.ContainsFunc(notChecked, func(what string) bool { return strings.HasPrefix(what, plan.UncheckedAlternates) })
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

// lists are those that rows name.
var lists = map[string]string{allVoiceMail: "allvoicemailusers", "6f5da271-b480-42df-8c1e-739423b05179": "undeliverablemessages"}

// changesSent reads the intents of a run, by row.
func changesSent(rt rapid.TB, folder string) map[int]*sentChanges {
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
			switch {
			case strings.HasSuffix(name, "GlobalUserObjectId") || name == "pkid":
				continue // whose it is
			case name == "MemberUserObjectId":
				name, value = "DistributionList", lists[strings.Split(intent.Path, "/")[3]]
			}
			name = strings.ToUpper(name[:1]) + name[1:] // an import spells them otherwise
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
