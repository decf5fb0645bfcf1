package batch_test

import (
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// A row that wants what an earlier row of the file will have made is unchanged, also
// in fields that the listing does not show.
func TestPreviewSeesWhatEarlierRowsWillDo(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	s := newSite(t, simulator)
	text := "Operation,Alias,Title,Building,ScheduleSetName\n" +
		"upsert,user00001,Boss,West,Weekdays\n" +
		"update,user00001,Boss,West,Weekdays\n"
	checked := s.prepare(s.recorder("run"), text, options(""))
	p, err := batch.Preflight(t.Context(), s.server(4), checked, func(validate.Problem) {})
	if err != nil {
		t.Fatal(err)
	}
	var got []record.Status
	for preview, err := range p.Previews(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, preview.Status)
	}
	if len(got) != 2 || got[0] != record.Updated || got[1] != record.Unchanged {
		t.Errorf("got %v, want updated and then unchanged", got)
	}
}
