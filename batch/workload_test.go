package batch_test

import (
	"strings"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/plan"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// What a run says that it has before it is what its rows then cost, where the plan can
// know it.
func TestWorkIsWhatRowsCost(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(5)
	simulator.AddDirectoryUsers(3)
	s := newSite(t, simulator)
	recorder := s.recorder("run")
	var told plan.Workload
	recorder.Planned = func(work plan.Workload) {
		if told != nil {
			t.Error("it was told twice")
		}
		told = work
	}
	const text = `Operation,Alias,DtmfAccessId,DisplayName,ScheduleSetObjectId,PIN,Extension_Alt1,Extension_Alt2,TransferRings
create,newone,4711,,,,,
create,newtwo,4712,,,246824,4801,4802
create,newthree,4715,,9a4b2b52-8a65-4d14-9c1a-5d4f0e6b7c22,,,,4
update,user00001,,Boss,,,,
update,user00002,,,9a4b2b52-8a65-4d14-9c1a-5d4f0e6b7c22,,,
update,user00003,%extension%,,,,,
update,user00004,,,,246824,,
delete,user00005,,,,,,
update,nobody,,X,,,,
import-ldap,ldap00001,4713,,,,,
import-ldap,ldap00002,4714,,,246824,4803,
import-ldap,ldap00003,4716,,9a4b2b52-8a65-4d14-9c1a-5d4f0e6b7c22,,,
`
	file := strings.Replace(text, "%extension%", simulator.UserByAlias("user00003")["DtmfAccessId"], 1)
	p, err := batch.Preflight(t.Context(), s.server(2), s.prepare(recorder, file, options("")), func(problem validate.Problem) { t.Log(problem) })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Run(t.Context(), recorder); err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, r := range results(t, s.history(recorder.Folder)) {
		t.Logf("row %d %s: %s, %d requests", r.Row, r.Alias, r.Status, r.Requests)
		if got := told.Of(r.Row); got != r.Requests {
			t.Errorf("row %d (%s, %s) was said to cost %d requests, and cost %d", r.Row, r.Operation, r.Status, got, r.Requests)
		}
		total += r.Requests
	}
	if told.Total() != total {
		t.Errorf("all were said to cost %d requests, and cost %d", told.Total(), total)
	}
	if told.Of(-1) != 0 || told.Of(1000) != 0 {
		t.Error("rows that are not there have work")
	}
}
