package input

import (
	"math"
	"strconv"
	"strings"
)

// shownNumber is what is read of a number that a format shows as seen: a date as its days
// are seen, zeros in front as they are, and a number itself in place of 4,001 or 4.00E+03.
func shownNumber(stored, seen string) string {
	number, err := strconv.ParseFloat(stored, 64)
	if err != nil || number != math.Trunc(number) || math.Abs(number) >= 1e15 {
		return seen
	}
	plain := strconv.FormatFloat(number, 'f', -1, 64)
	digits := strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, seen)
	switch {
	case seen == "": // the format shows nothing
		return plain
	case digits == seen:
		return seen
	case number > 0 && strings.TrimLeft(digits, "0") == plain && !strings.ContainsAny(seen, ":/"):
		return digits
	case isNumberShown(seen, number):
		return plain
	}
	return seen
}

// isNumberShown reports whether a text shows this number, and not a date.
func isNumberShown(seen string, number float64) bool {
	text := strings.Map(func(r rune) rune {
		if strings.ContainsRune("$€£¥'’ \u00A0\u202F,", r) {
			return -1
		}
		return r
	}, seen)
	if inner, bracketed := strings.CutPrefix(text, "("); bracketed {
		text = "-" + strings.TrimSuffix(inner, ")")
	}
	share, isShare := strings.CutSuffix(text, "%")
	shown, err := strconv.ParseFloat(share, 64)
	if isShare {
		shown /= 100
	}
	return err == nil && math.Abs(shown-number) <= math.Max(0.5, math.Abs(number)/50)
}
