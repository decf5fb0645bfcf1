package batch_test

import (
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// The lists of names are read several at once, each once.
func TestListsOfNamesAreReadSideBySide(t *testing.T) {
	t.Parallel()
	const file = "Alias,DtmfAccessId,CosDisplayName,PartitionName,MediaSwitchDisplayName,TimeZoneName\njdoe,4001,Voice Mail User COS,Undefined Partition,PhoneSystem,Etc/UTC\n"
	for workers, want := range map[int]int{1: 1, 4: 4} {
		folder := t.TempDir()
		synctest.Test(t, func(t *testing.T) {
			simulator := &cupitest.Server{Latency: time.Second}
			server, end := inBubble(t, newMemoryNet(), simulator, workers)
			defer end()
			p := preflightFile(t, server, folder, file, options(validate.Create))
			if got := simulator.MaxInFlight(); got != want {
				t.Errorf("%d workers: got at most %d requests at once, want %d", workers, got, want)
			}
			if got := p.Requests; got != simulator.Total() {
				t.Errorf("%d workers: got %d requests told, want %d", workers, got, simulator.Total())
			}
		})
	}
}
