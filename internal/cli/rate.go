package cli

import (
	"errors"
	"strconv"
)

// rateValue is the value of --rate: requests a second, 0 while no limit was given.
type rateValue float64

// The slowest rate is a request in a quarter of an hour; nothing is as fast as the other.
const (
	leastRate = 0.001
	mostRate  = 1e6
)

func (r *rateValue) Set(text string) error {
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || !(number >= leastRate && number <= mostRate) { // which NaN is not
		return errors.New("give a number of requests a second, such as 2 or 0.5; without --rate there is no limit")
	}
	*r = rateValue(number)
	return nil
}

func (r *rateValue) String() string { return strconv.FormatFloat(float64(*r), 'g', -1, 64) }

// Type names what the flag takes, for messages.
func (r *rateValue) Type() string { return "rate, a number more than 0" }
