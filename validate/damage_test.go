package validate

import (
	"strings"
	"testing"
)

func TestDamageOfACell(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		column, text string
		want         string // code, with ! before that of a warning; "": nothing
	}{
		{"DtmfAccessId", "1.23E+05", "scientific-notation"},
		{"DtmfAccessId", "4,9E+11", "scientific-notation"},
		{"EmployeeId", "1.23457E+11", "scientific-notation"},
		{"EmployeeId", "12E4", ""},
		{"Title", "1.23E+05", ""},
		{"DtmfAccessId", "4001.0", "decimal-number"},
		{"PostalCode", "75001,0", "decimal-number"},
		{"DtmfAccessId", "12-Mar", "date-for-code"},
		{"DtmfAccessId", "Mar-12", "date-for-code"},
		{"DtmfAccessId", "12. Mrz", "date-for-code"},
		{"DtmfAccessId", "2026-03-12", "date-for-code"},
		{"DtmfAccessId", "3/12/2026", "date-for-code"},
		{"EmployeeId", "12-mars", "!date-for-code"},
		{"BillingId", "12-03-01", ""},
		{"DisplayName", "12-Mar", ""},
		{"Alias", "j\u00A0doe", "invisible-character"},
		{"Alias", "jdoe\u200B", "invisible-character"},
		{"DtmfAccessId", "40\u00AD01", "invisible-character"},
		{"DisplayName", "John\u00A0Doe", "!invisible-character"},
		{"DisplayName", "می\u200Cخواهم", ""},
		{"Alias", "o\u2019brien", "!typographic-character"},
		{"EmailAddress", "jane\u2013doe@example.com", "!typographic-character"},
		{"LastName", "O\u2019Brien", ""},
		{"DtmfAccessId", "40\u201101", "typographic-character"},
		{"Title", "#N/A", "formula-error"},
		{"DtmfAccessId", "#REF!", "formula-error"},
		{"Title", "#1 in sales", ""},
		{"DtmfAccessId", "0042", ""},
	} {
		column, known := ColumnByHeading(test.column)
		if !known {
			t.Fatalf("there is no column %s", test.column)
		}
		got := ""
		for _, f := range checkDamage(&column, test.text) {
			got += string(f.code)
			if f.warning {
				got = "!" + got
			}
			if !strings.Contains(f.message, ": ") {
				t.Errorf("%s %q: %s: does not say what to do", test.column, test.text, f.message)
			}
		}
		if got != test.want {
			t.Errorf("%s %q: got %q, want %q", test.column, test.text, got, test.want)
		}
	}
}

func TestDamageOfASecretIsNotShown(t *testing.T) {
	t.Parallel()
	secret := Column{Name: "Extension secret", Type: String, Secret: true}
	for _, text := range []string{"1.23E+05", "4001.0", "#N/A"} {
		found := checkDamage(&secret, text)
		if len(found) != 1 || strings.Contains(found[0].message, strings.Trim(text, "#")) {
			t.Errorf("got %+v, want one finding without %q", found, text)
		}
	}
}
