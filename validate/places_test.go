package validate

import (
	"strings"
	"testing"
)

// A word in place of a code is told with the code that is meant.
func TestWordsInPlaceOfCodes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ column, text, want string }{
		{"Country", "Germany", "DE"}, {"Country", "Deutschland", "DE"}, {"Country", "DEU", "DE"}, {"Country", "USA", "US"}, {"Country", "United States", "US"}, {"Country", "Österreich", "AT"}, {"Country", "france", "FR"}, {"Country", "España", "ES"}, {"Country", "Nowhereland", ""},
		{"Language", "en-US", "1033"}, {"Language", "de_DE", "1031"}, {"Language", "English", "1033"}, {"Language", "German", "1031"}, {"Language", "en-gb", "2057"}, {"Language", "British English", "2057"}, {"Language", "Klingon", ""}, {"Language", "de", "1031"},
		{"TimeZone", "America/New_York", "35"}, {"TimeZone", "Eastern Standard Time", "35"}, {"TimeZone", "Europe/Vienna", "110"}, {"TimeZone", "Berlin", "110"}, {"TimeZone", "W. Europe Standard Time", "110"}, {"TimeZone", "GMT", "85"}, {"TimeZone", "Mars/Olympus", ""},
	} {
		column, _ := ColumnByHeading(test.column)
		found := checkValue(&column, test.text)
		if len(found) != 1 || found[0].warning {
			t.Errorf("%s %q: got %+v", test.column, test.text, found)
			continue
		}
		if got := found[0].message; test.want != "" && !strings.HasSuffix(got, ": "+test.want+"?") || test.want == "" && strings.HasSuffix(got, "?") {
			t.Errorf("%s %q: %s, want %s", test.column, test.text, got, test.want)
		}
	}
}
