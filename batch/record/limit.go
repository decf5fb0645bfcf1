package record

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Limit is a number of rows, or a share of them. The zero value is 0 rows.
type Limit struct {
	Rows    int     `json:"rows,omitempty"`
	Percent float64 `json:"percent,omitempty"` // when not 0, Rows is the least that the share allows
}

// DefaultMaxFailures is 5% of the rows planned, at least 10.
func DefaultMaxFailures() Limit { return Limit{Percent: 5, Rows: 10} }

// ParseLimit reads "25" or "2.5%".
func ParseLimit(text string) (Limit, error) {
	share, isShare := strings.CutSuffix(strings.TrimSpace(text), "%")
	number, err := strconv.ParseFloat(share, 64)
	whole := number == math.Trunc(number)
	inRange := number >= 0 && number <= math.MaxInt32 // which NaN is not
	if err != nil || !inRange || (!isShare && !whole) || (isShare && number > 100) {
		return Limit{}, fmt.Errorf("%q is not a limit: give a number of rows (25) or a share of them (5%%)", text)
	}
	if isShare {
		return Limit{Percent: number}, nil
	}
	return Limit{Rows: int(number)}, nil
}

// Of is how many of so many rows the limit allows.
func (l Limit) Of(rows int) int {
	return max(l.Rows, int(l.Percent*float64(rows)/100))
}

// String gives the limit as [ParseLimit] reads it.
func (l Limit) String() string {
	if l.Percent > 0 {
		return strconv.FormatFloat(l.Percent, 'g', -1, 64) + "%"
	}
	return strconv.Itoa(l.Rows)
}
