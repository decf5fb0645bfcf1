package batch_test

import (
	"testing"
	"time"

	"cucbulk/batch"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// The lists of names are read several at once, each once.
func TestListsOfNamesAreReadSideBySide(t *testing.T) {
	t.Parallel()
	const file = "Alias,DtmfAccessId,CosDisplayName,PartitionName,MediaSwitchDisplayName,TimeZoneName\njdoe,4001,Voice Mail User COS,Undefined Partition,PhoneSystem,Etc/UTC\n"
	for workers, want := range map[int]int{1: 1, 4: 3} {
		simulator := &cupitest.Server{Latency: 20 * time.Millisecond}
		s := newSite(t, simulator)
		recorder := s.recorder("run")
		checked := s.prepare(recorder, file, options(validate.Create))
		p, err := batch.Preflight(t.Context(), s.server(workers), checked, func(validate.Problem) {})
		if err != nil {
			t.Fatal(err)
		}
		if got := simulator.MaxInFlight(); got < want || got > workers {
			t.Errorf("%d workers: got at most %d requests at once, want %d and no more than the workers", workers, got, want)
		}
		if got := p.Requests; got != simulator.Total() {
			t.Errorf("%d workers: got %d requests told, want %d", workers, got, simulator.Total())
		}
	}
}
