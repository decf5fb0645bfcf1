package batch_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// edit is what another administrator, or the user, does between a run and its
// rollback.
type edit struct {
	what, alias, field, value string
}

func randomEdits(rt *rapid.T, aliases []string) []edit {
	var edits []edit
	for i := range rapid.IntRange(0, 6).Draw(rt, "edits") {
		e := edit{what: rapid.SampledFrom([]string{"set", "set", "set", "extension", "address", "messages", "enrol", "delete"}).Draw(rt, "edit"),
			alias: rapid.SampledFrom(aliases).Draw(rt, "alias")}
		fields := []string{"Title", "City", "Building", "SayTotalNew", "DisplayName"}
		if strings.HasPrefix(e.alias, "ldap") {
			fields = []string{"City", "Building", "SayTotalNew"} // the directory writes the others
		}
		e.field = rapid.SampledFrom(fields).Draw(rt, "field")
		e.value = map[bool]string{true: "true", false: fmt.Sprintf("of another %d", i)}[e.field == "SayTotalNew"]
		edits = append(edits, e)
	}
	return edits
}

// make does the edit, if its user is there.
func (e edit) make(o *other, i int) {
	user := o.s.simulator.UserByAlias(e.alias)
	if user == nil {
		return
	}
	switch e.what {
	case "set":
		o.set(e.alias, e.field, e.value)
	case "extension":
		o.giveExtension(e.alias, fmt.Sprint(i+1), fmt.Sprint(88000+i))
	case "address":
		o.giveAddress(e.alias, fmt.Sprintf("other%d@example.com", i))
	case "messages":
		o.putMessages(e.alias, i+1, 1024)
	case "enrol":
		o.set(e.alias, "IsVmEnrolled", "false")
	case "delete":
		o.do(cupi.DeleteUser(user["ObjectId"]))
	}
}

// Whatever others do between a run and its rollback, nothing of it is lost, all
// else is as it was before the run, and a second rollback changes nothing.
func TestARollbackLosesNothingOfOthers(t *testing.T) {
	t.Parallel()
	aliases := []string{"user00001", "user00002", "user00003", "user00004", "fresh1", "fresh2", "ldap00001", "ldap00002", "ldap00003"}
	kept, rounds := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		simulator := &cupitest.Server{}
		simulator.AddUsers(4)
		simulator.AddDirectoryUsers(3)
		s := drawnSite(t, rt, simulator)
		o := s.other()
		o.giveExtension("user00001", "19", "999341")
		o.giveAddress("user00001", "first@example.com")
		o.join("user00001", contacts)
		s.run(t.Context(), "import", "Alias,DtmfAccessId,City\nldap00003,4799,Rome\n", options(validate.ImportLDAP), 1)
		before := byAlias(simulator.Snapshot())

		file := randomUndoable(rt, aliases)
		_, history := s.run(t.Context(), "run", file, options(""), 4)
		between := byAlias(simulator.Snapshot())
		edits := randomEdits(rt, aliases)
		for i, e := range edits {
			e.make(o, i)
		}
		edited := byAlias(simulator.Snapshot())
		_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		after := byAlias(simulator.Snapshot())
		want := afterUndo(before, between, edited)
		if diff := cmp.Diff(want, after); diff != "" {
			rt.Errorf("the server is not as it should be (- want, + got):\n%s\nafter running\n%s\nthe edits %v\nand undoing: %s\n%s", diff, file, edits, statuses(t, of), messages(t, of))
		}
		changes := s.guard.Changes()
		_, again := s.rollback(t.Context(), "again", history, record.UndoOptions{})
		if got := s.guard.Changes(); got != changes {
			rt.Errorf("the second rollback changed %d things: %s\n%s", got-changes, statuses(t, again), messages(t, again))
		}
		kept += strings.Count(statuses(t, of), "kept")
		rounds++
		s.checkIntents(rt)
		for _, name := range []string{"import", "run", "undo", "again"} {
			if err := os.RemoveAll(filepath.Join(s.folder, name)); err != nil {
				rt.Fatal(err)
			}
		}
	})
	t.Logf("%d rounds, %d rows kept", rounds, kept)
}

// randomUndoable makes at most one row for each user.
func randomUndoable(rt *rapid.T, aliases []string) string {
	var text strings.Builder
	text.WriteString("Operation,Alias,DtmfAccessId,Title,City,DisplayName\n")
	for i, alias := range aliases {
		if !rapid.Bool().Draw(rt, "row for "+alias) {
			continue
		}
		operation, extension := rapid.SampledFrom([]string{"update", "delete"}).Draw(rt, "operation"), ""
		switch {
		case strings.HasPrefix(alias, "fresh"):
			operation, extension = "create", fmt.Sprint(4711+i)
		case strings.HasPrefix(alias, "ldap") && alias != "ldap00003": // who is a user already
			operation, extension = "import-ldap", fmt.Sprint(4711+i)
		}
		title := rapid.SampledFrom([]string{"", "Boss"}).Draw(rt, "title")
		city := rapid.SampledFrom([]string{"", "Oslo"}).Draw(rt, "city")
		fmt.Fprintf(&text, "%s,%s,%s,%s,%s,%s\n", operation, alias, extension, title, city, rapid.SampledFrom([]string{"", "A Name"}).Draw(rt, "name"))
	}
	return text.String()
}

// afterUndo is the model: what the users are after a rollback, from what they were
// before the run, after it, and after the edits of others.
func afterUndo(before, between, edited map[string]map[string]string) map[string]map[string]string {
	want := map[string]map[string]string{}
	for _, users := range []map[string]map[string]string{before, between} {
		for alias := range users {
			was, made, now := before[alias], between[alias], edited[alias]
			switch {
			case made == nil: // the run deleted it
				want[alias] = was
			case now == nil: // somebody else did
			case was == nil && cmp.Equal(made, now): // the run made it, and nobody touched it
			case was == nil:
				want[alias] = now
			default:
				want[alias] = restored(was, made, now)
			}
		}
	}
	return want
}

// restored gives each field its value before the run, where nobody else changed it.
func restored(was, made, now map[string]string) map[string]string {
	want := maps.Clone(now)
	for _, fields := range []map[string]string{was, made} {
		for name := range fields {
			if now[name] != made[name] {
				continue
			}
			delete(want, name)
			if value, is := was[name]; is {
				want[name] = value
			}
		}
	}
	return want
}
