package reports

import (
	"slices"
	"testing"

	"cucbulk/batch/record"
)

// A start that was killed left no counts behind: the page says that they are missing.
func TestStartsThatWereKilledAreTold(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		starts, ends int
		want         string
	}{
		{1, 1, ""}, {1, 0, ""}, {2, 2, "2, because it was resumed"},
		{2, 1, "2, because it was resumed; 1 was cut off, and what was sent then is not counted"},
		{4, 2, "4, because it was resumed; 2 were cut off, and what was sent then is not counted"},
	} {
		summary := Summarize(&record.History{Starts: record.Starts{Begins: make([]record.Begin, test.starts), Footers: make([]record.Footer, test.ends)}})
		if got := summary.Killed; got != test.starts-test.ends {
			t.Errorf("%d starts, %d ends: got %d killed", test.starts, test.ends, got)
		}
		told := happenedFacts(summary)
		got := ""
		if i := slices.IndexFunc(told, func(f fact) bool { return f.Name == "Starts" }); i >= 0 {
			got = told[i].Value
		}
		if got != test.want {
			t.Errorf("%d starts, %d ends: got %q, want %q", test.starts, test.ends, got, test.want)
		}
	}
}
