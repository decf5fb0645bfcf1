package model

import "testing"

// Values are compared as the server means them, so that nothing is sent that changes
// nothing, and nothing is left out that does.
func TestSame(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		field, one, other string
		want              bool
	}{
		{"Title", "Boss", "Boss", true},
		{"Title", " Boss ", "Boss", true},
		{"Title", "Boss", "boss", false},
		{"Title", "", "", true},
		{"ListInDirectory", "true", "1", true},
		{"ListInDirectory", "True", "true", true},
		{"ListInDirectory", "false", "0", true},
		{"ListInDirectory", "true", "0", false},
		{"UsePrimaryExtension", "False", "false", true}, // has no column
		{"UsePrimaryExtension", "0", "false", true},
		{"UsePrimaryExtension", "1", "false", false},
		{"UsePrimaryExtension", "", "false", false},
		{"Alias", "JDoe", "jdoe", true},
		{"DtmfAccessId", "0042", "42", false},
		{"PostalCode", "0123", "123", false},
		{"Language", "1033", "1033", true},
		{"TimeExpires", "2099-01-01 00:00:00.0", "2099-01-01T00:00:00Z", true},
		{"TimeExpires", "2099-01-01 00:00:00", "2099-01-01 00:00:01", false},
		{"TimeExpires", "", "2099-01-01 00:00:01", false},
		{"CosObjectId", "8AB2B94D-1531-4589-865F-27BD3EEA8ADC", "8ab2b94d-1531-4589-865f-27bd3eea8adc", true},
	} {
		if got := Same(test.field, test.one, test.other); got != test.want {
			t.Errorf("%s: %q and %q: got %t, want %t", test.field, test.one, test.other, got, test.want)
		}
	}
}
