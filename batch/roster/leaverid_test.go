package roster_test

import (
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
)

// The row of a leaver names the one who was judged: who has the alias and the key by the time that the row is run again is
// another, and stays.
func TestALeaverIsWhoWasJudged(t *testing.T) {
	t.Parallel()
	for name, rows := range map[string][]string{
		"the file has no ids": {"EmployeeId,Alias,DtmfAccessId,Department\n1,anna,7001,HR\n", "2,otto,7002,HR\n"},
		"it has":              {"EmployeeId,ObjectId,Alias,DtmfAccessId,Department\n1,,anna,7001,HR\n", "2,,otto,7002,HR\n"},
	} {
		simulator := &cupitest.Server{}
		s := newSite(t, t.TempDir(), simulator)
		s.options.Sync.MaxShrink = record.Limit{Percent: 50}
		if _, _, err := s.night(t, rows[0]+rows[1]); err != nil {
			t.Fatal(err)
		}
		id := simulator.UserByAlias("otto")["ObjectId"]
		// Somebody deletes otto, and makes another of the same name and number, between the night's look and its run.
		s.between = func() {
			s.byHand(t, "DELETE", id, "")
			if _, err := simulator.AddUser(map[string]string{"Alias": "otto", "DtmfAccessId": "7002", "EmployeeId": "2", "Department": "HR"}); err != nil {
				t.Error(err)
			}
		}
		_, history, err := s.night(t, rows[0])
		if err != nil {
			t.Fatal(err)
		}
		if lines := strings.Join(results(t, history), " "); simulator.UserByAlias("otto") == nil || !strings.Contains(lines, "different-users") {
			t.Errorf("%s: another otto is deleted: %s", name, lines)
		}
	}
}
