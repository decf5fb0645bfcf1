package batch_test

import (
	"bytes"
	"testing"

	"cucbulk/batch/export"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// An alias whose accents are written in another of Unicode's forms looks the same to people:
// it is one person, in the file and beside the server, whether users are listed or asked for.
func TestOneAliasInTwoSpellings(t *testing.T) {
	t.Parallel()
	const one, other = "m\u00fcller", "mu\u0308ller"
	for name, test := range map[string]struct {
		there []string // on the server
		file  string
		want  string
		users int // of those that there are many
	}{
		"twice in the file":         {nil, "create," + one + ",7001\ncreate," + other + ",7002\n", "created, invalid duplicate-alias", 3},
		"made again, listed":        {[]string{one}, "create," + other + ",7002\n", "invalid alias-taken", 3},
		"made again, the other way": {[]string{other}, "create," + one + ",7002\n", "invalid alias-taken", 3},
		"made again, asked for":     {[]string{one}, "create," + other + ",7002\n", "invalid alias-taken", 350},
		"changed":                   {[]string{one}, "update," + other + ",7002\n", "updated", 3},
		"changed, asked for":        {[]string{one}, "update," + other + ",7002\n", "updated", 350},
		"as the server has it":      {[]string{other}, "update," + other + ",7002\n", "updated", 350},
		"looked up at its turn":     {[]string{one}, "upsert," + other + ",7002\nupdate," + other + ",7003\n", "updated, updated", 3},
		"both are there":            {[]string{one, other}, "delete," + one + ",\n", "invalid several-users", 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(test.users)
			for i, alias := range test.there {
				if _, err := simulator.AddUser(map[string]string{"Alias": alias, "DtmfAccessId": []string{"6001", "6002"}[i]}); err != nil {
					t.Fatal(err)
				}
			}
			s := newSite(t, simulator)
			_, history := s.run(t.Context(), "run", "Operation,Alias,DtmfAccessId\n"+test.file, options(""), 1)
			if got := statuses(t, history); got != test.want {
				t.Errorf("%s, want %s: %s", got, test.want, messages(t, history))
			}
			if len(test.there) == 0 {
				return
			}
			exported, err := export.Write(t.Context(), s.server(1), export.Options{Aliases: map[string]bool{export.Fold(other): true}}, &bytes.Buffer{})
			if err != nil || exported.Users != len(test.there) {
				t.Errorf("%d users exported, error %v", exported.Users, err)
			}
		})
	}
}

// Rows are chosen by an alias in either spelling, of a run and of its rollback.
func TestOnlyAnAliasInAnotherSpelling(t *testing.T) {
	t.Parallel()
	const one, other = "m\u00fcller", "mu\u0308ller"
	s := newSite(t, &cupitest.Server{})
	o := options("")
	o.Only = []validate.Setting{{Column: "Alias", Value: other}}
	_, history := s.run(t.Context(), "run", "Operation,Alias,DtmfAccessId\ncreate,"+one+",7001\ncreate,else,7002\n", o, 1)
	if got := statuses(t, history); got != "created, skipped filtered" {
		t.Errorf("%s: %s", got, messages(t, history))
	}
	if _, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{Only: o.Only}); statuses(t, of) != "deleted" {
		t.Errorf("rolled back: %s", statuses(t, of))
	}
}
