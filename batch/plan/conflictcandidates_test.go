package plan

import (
	"maps"
	"slices"
	"testing"
)

// Rows that free and take one extension may have to wait for each other, in whatever partitions it is: a partition that a
// row does not name may turn out to be another's.
func TestAnExtensionIsOneThingInWhateverPartition(t *testing.T) {
	t.Parallel()
	candidates := newConflictCandidates()
	for i, keys := range []resourceUse{
		{frees: []string{"extension 5001 one"}}, {takes: []string{"extension 5001 other"}},
		{takes: []string{"extension 5002 one"}}, {frees: []string{"alias one"}}, {takes: []string{"alias other"}},
	} {
		keys.row = i + 1
		candidates.touchAll(keys)
	}
	candidates.meet()
	if got := slices.Sorted(maps.Keys(candidates.rows)); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("rows %v may have to wait for each other, want 1 and 2", got)
	}
}
