package batch_test

import (
	"net/http"
	"sync"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// Another computer makes the same user at the moment in which this run's request is
// lost. Identical rows can't be told apart; a mark that each run sets tells them.
func TestIdenticalRowsOfTwoComputers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, mine, theirs string
		status             string
		left               bool // their user is there after this run's rollback
	}{
		{"no mark", "", "", "created", false},
		{"each its mark", "1001", "1002", "uncertain exists-unproven", true},
		{"a mark of this run alone", "1001", "", "uncertain exists-unproven", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			s := newSite(t, simulator)
			var once sync.Once
			simulator.Fault = func(r *http.Request) cupitest.Fault {
				fault := cupitest.NoFault
				if r.Method != http.MethodPost {
					return fault
				}
				once.Do(func() {
					theirs := map[string]string{"Alias": "person00000", "DtmfAccessId": "30000", "FirstName": "Per", "LastName": "Son 0", "DisplayName": "Person 0"}
					if test.theirs != "" {
						theirs["BillingId"] = test.theirs
					}
					if _, err := simulator.AddUser(theirs); err != nil {
						t.Error(err)
					}
					fault = cupitest.Reset
				})
				return fault
			}
			options := options(validate.Create)
			if test.mine != "" {
				options.Set = []validate.Setting{{Column: "BillingId", Value: test.mine}}
			}
			_, history := s.run(t.Context(), "run", creates(1), options, 1)
			if got := statuses(t, history); got != test.status {
				t.Errorf("%s, want %s: %s", got, test.status, messages(t, history))
			}
			s.rollback(t.Context(), "undo", history, record.UndoOptions{})
			if left := simulator.UserByAlias("person00000") != nil; left != test.left {
				t.Errorf("after the rollback their user is there: %t, want %t", left, test.left)
			}
		})
	}
}
