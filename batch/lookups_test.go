package batch_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cucbulk/batch/export"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// Rows whose alias a query can't say, or some server might misread, end like all others.
func TestAliasesThatQueriesCantSay(t *testing.T) {
	t.Parallel()
	all := []string{"smith & sons", "& zz", "a)b", "fifty%", "100%26more", `zz'brien`, `zz"hi"`, `zz\slash`, "zz;+?#*", "zz is b"}
	for name, test := range map[string]struct {
		simulator func() *cupitest.Server
		aliases   []string
	}{
		"as documented":         {func() *cupitest.Server { return &cupitest.Server{} }, all},
		"one clause":            {func() *cupitest.Server { return &cupitest.Server{OneClauseQueries: true} }, all[:1]},
		"parentheses in values": {func() *cupitest.Server { return &cupitest.Server{ParenthesesInValues: true} }, all[2:3]},
		"misread":               {func() *cupitest.Server { return &cupitest.Server{Faults: cupitest.Faults{MisreadQuery: 1}} }, all[5:9]},
	} {
		for _, alias := range test.aliases {
			t.Run(name+" "+alias, func(t *testing.T) {
				t.Parallel()
				simulator := test.simulator()
				simulator.AddUsers(350) // so many that a few rows are looked up by queries
				for n, other := range []string{"smith", "smith wesson", "a", "o", "say", "back", "100", "alone"} {
					if _, err := simulator.AddUser(map[string]string{"Alias": other, "DtmfAccessId": fmt.Sprint(60001 + n)}); err != nil {
						t.Fatal(err)
					}
				}
				s := newSite(t, simulator)
				before := byAlias(simulator.Snapshot())
				cell := alias
				if strings.Contains(alias, `\`) { // else it is taken for a domain and an account
					cell = "%text%" + alias
				}
				quoted := `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
				for _, test := range []struct{ operation, want string }{
					{"delete", "unchanged already-absent"}, {"create", "created"}, {"update", "updated"}, {"upsert", "updated"}, {"delete", "deleted"}, {"upsert", "created"},
				} {
					file := "Operation,Alias,DtmfAccessId,DisplayName\n" + test.operation + "," + quoted + ",77001," + test.want + "\n"
					if test.operation == "upsert" {
						file = strings.Replace(file, test.want+"\n", "Another\n", 1)
					}
					_, history := s.run(t.Context(), fmt.Sprint("run", len(s.simulator.Requests()), simulator.Total()), file, options(""), 2)
					got := statuses(t, history)
					if got != test.want {
						t.Errorf("%s: got %s, want %s: %s", test.operation, got, test.want, messages(t, history))
					}
				}
				var text bytes.Buffer
				exported, err := export.Write(t.Context(), s.server(1), export.Options{Aliases: map[string]bool{export.Fold(alias): true}}, &text)
				if err != nil || exported.Users != 1 {
					t.Errorf("%d users exported, and error %v, want 1", exported.Users, err)
				}
				// The answer to its creation is lost.
				s.other().do(cupi.DeleteUser(simulator.UserByAlias(alias)["ObjectId"]))
				if after := byAlias(simulator.Snapshot()); len(after) != len(before) {
					t.Errorf("%d users, want %d as before", len(after), len(before))
				}
				simulator.Fault = once(cupitest.CutAfterCommit, http.MethodPost, "/vmrest/users")
				_, history := s.run(t.Context(), "lost", "Alias,DtmfAccessId\n"+quoted+",77002\n", options(validate.Create), 1)
				if got := statuses(t, history); got != "created" {
					t.Errorf("after a lost answer: got %s, want created: %s", got, messages(t, history))
				}
			})
		}
	}
}
