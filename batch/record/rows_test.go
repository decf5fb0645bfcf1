package record

import (
	"testing"

	"cucbulk/validate"
)

func TestRowsIfAllAreLike(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ lines, number, line, want int }{
		{1_000_001, 170, 171, 994_153}, {1_000_001, 10, 201, 49_751}, {0, 10, 11, 0}, {5, 1, 0, 5}, {2_000_000_000, 2_000_000_000, 2_000_000_001, 1_999_999_999},
	} {
		if got := (Input{lines: test.lines}).RowsIfAllAreLike(validate.Row{Number: test.number, Line: test.line}); got != test.want {
			t.Errorf("row %d ends on line %d of %d: got %d rows, want %d", test.number, test.line, test.lines, got, test.want)
		}
	}
}
