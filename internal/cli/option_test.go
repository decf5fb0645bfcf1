package cli

import (
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"cucbulk/batch/record"
	"cucbulk/internal/shell"
	"cucbulk/validate"
)

// every option's value, but the initial ones.
func everyOption() *asked {
	here, _ := filepath.Abs(".")
	rule := func(text string, numbers bool) validate.Rule {
		rule, _ := validate.ParseRule(text, numbers) // else the test finds another
		return rule
	}
	return &asked{sheet: "Joiners of May", batch: record.Options{
		Meaning: record.Meaning{Map: &validate.Mapping{File: filepath.Join(here, "testdata", "map.yaml"), Names: map[string]map[string]string{"coses": {"executive cos": "Bosses"}, "distributionlists": {"gone": ""}},
			Rename: []validate.Rule{rule("strip old.", false)}, Renumber: []validate.Rule{rule("range 4000-4999 +30000 keep", true), rule("prefix 8", true)}},
			Renumber: []validate.Rule{rule("digits 3 prefix 9", true)}},
		Object: validate.Users.Object, Operation: validate.Upsert, Template: "a template", Tenant: "a tenant", Match: "EmployeeId", Strict: true, Deep: true, NoSpool: true, SkipInvalid: true, AllowMissing: true, Exact: true, ResetCredentials: true,
		Set:           []validate.Setting{{Column: "City", Value: "a=b"}, {Column: "Title", Value: ""}},
		Selection:     record.Selection{Only: []validate.Setting{{Column: "Alias", Value: "jdoe"}}, FirstRow: 3, LastRow: 9},
		DrawnPINs:     record.DrawnPINs{PINLength: 8, PINFixed: true, SealTo: "age1fuugs4m4k5v7l0v5hx9vd0jlcr75z7j8qqfmxe3l33e4k3lv5r4s9znq4w"},
		KeptMailboxes: record.KeptMailboxes{KeptPINLength: 8, KeepNotes: []validate.Setting{{Column: "Title", Value: "left"}}},
		ReassignTo:    "boss", BATTransfer: record.TransfersOfBAT, LdapOwned: record.OwnedError, Encoding: "windows-1250", AudioFolder: here,
		Since: &record.Since{Run: record.SinceLast, LookEvery: 7 * 24 * time.Hour},
		Sync:  &record.Sync{Scope: "Department=HR", Leavers: record.LeaversDelete, Grace: 14 * 24 * time.Hour, MaxShrink: record.Limit{Rows: 5}, Alias: "{first:1}{last}", Extensions: "7000-7999"},
	}}
}

// What a next command says is what was asked for, so that it asks for the same.
func TestOptionsSurviveANextCommand(t *testing.T) {
	t.Parallel()
	want := everyOption()
	got := &asked{}
	names := map[string]bool{}
	for _, o := range options() {
		if o.group&(groupsOfFile&^groupContinues) == 0 || o.name == "seal-to" { // which must be a real one
			continue
		}
		names[o.name] = true
		written := o.get(want)
		if written == nil {
			t.Errorf("--%s is not written", o.name)
			continue
		}
		if err := o.set(got, written); err != nil {
			t.Errorf("--%s %q: %v", o.name, written, err)
		}
		if o.initial != "" {
			initial := &asked{}
			if err := o.set(initial, []string{o.initial}); err != nil || o.get(initial) != nil {
				t.Errorf("--%s writes its initial value %q: %v", o.name, o.get(initial), err)
			}
		}
	}
	got.batch.SealTo, want.pinLength, want.randomPINs = want.batch.SealTo, want.batch.PINLength, true
	if err := got.checkPINs(); err != nil {
		t.Error(err)
	}
	if !reflect.DeepEqual(got.batch, want.batch) || got.sheet != want.sheet {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if len(names) < 14 {
		t.Errorf("only %d options were looked at", len(names))
	}
	line := want.on(shell.New("run").File("x.csv"), groupsOfFile).String()
	if n := len(names) + 2; n != countFlags(line) { // --set is there twice, and --seal-to
		t.Errorf("%d flags in %s, want %d", countFlags(line), line, n)
	}
}

func countFlags(line string) int {
	n := 0
	for i := range line {
		if i > 0 && i+2 < len(line) && line[i-1:i+2] == " --" {
			n++
		}
	}
	return n
}

// A command has an option once, and each option is declared by the table alone.
func TestOptionsAreNamedOnce(t *testing.T) {
	t.Parallel()
	table := map[string]group{}
	for _, o := range options() {
		if table[o.name]&o.group != 0 || o.usage == "" || o.set == nil {
			t.Errorf("--%s is not declared once, with all it needs", o.name)
		}
		table[o.name] |= o.group
		if o.get == nil && o.group&(groupsOfClient|groupsOfLimits|groupInput) == 0 {
			t.Errorf("--%s is lost in a next command", o.name)
		}
	}
	for _, groups := range []group{groupsOfClient, groupsOfLimits, groupsOfFile, groupUndo} {
		command := &cobra.Command{}
		declare(command, groups) // panics when a name is there twice
		var a asked
		if err := a.take(command, groups); err != nil {
			t.Errorf("the initial values are refused: %v", err)
		}
	}
}
