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
		{"EmployeeId", "12345678901234500", "!lost-digits"},
		{"EmployeeId", "12345678901234567", ""},
		{"EmployeeId", "1234567890123450", ""},
		{"Alias", "${alias}", "unfilled-place"},
		{"Alias", "«Alias»", "unfilled-place"},
		{"DtmfAccessId", "{{user.extension}}", "unfilled-place"},
		{"DisplayName", "$name", "unfilled-place"},
		{"DisplayName", "<%= name %>", "unfilled-place"},
		{"City", "[[city]]", "unfilled-place"},
		{"City", "%CITY%", "unfilled-place"},
		{"City", "#{city}", "unfilled-place"},
		{"EmailAddress", "<E-Mail>", "unfilled-place"},
		{"Department", "$null", "!no-value"},
		{"Department", "50% Sales", ""},
		{"Department", "R+D = Research", ""},
		{"Department", "[A] Team", ""},
		{"Department", "#1 Support", ""},
		{"DisplayName", "%!s(MISSING)", "script-object"},
		{"DisplayName", "&{John Doe}", "script-object"},
		{"City", "map[a:b]", "script-object"},
		{"DtmfAccessId", "Decimal('4001')", "script-object"},
		{"City", "datetime.date(2024, 1, 1)", "script-object"},
		{"FirstName", "Optional[John]", "script-object"},
		{"FirstName", "Some(Paris)", "script-object"},
		{"City", "java.lang.Object@1a2b3c", "script-object"},
		{"FirstName", "Somerset", ""},
		{"LastName", "Optional", ""},
		{"DisplayName", "Jos=C3=A9", "escaped-text"},
		{"City", "K=F6ln", "escaped-text"},
		{"City", "Jos%C3%A9", "escaped-text"},
		{"DisplayName", "John%20Doe", "escaped-text"},
		{"DisplayName", "=?utf-8?Q?Jos=C3=A9?=", "escaped-text"},
		{"DisplayName", "Jos+AOk-", "escaped-text"},
		{"LastName", "M+APw-ller", "escaped-text"},
		{"FirstName", "Jos+AOk", "escaped-text"},
		{"Department", "C+Services", ""},
		{"Department", "R+DEV", ""},
		{"Department", "A=10", ""},
		{"Department", "C+11-B", ""},
		{"EmailAddress", "jdoe@x.org<mailto:jdoe@x.org>", "address-type"},
		{"EmailAddress", "[jdoe@x.org](mailto:jdoe@x.org)", "address-type"},
		{"EmailAddress", "jdoe+voice@x.org", ""},
		{"Alias", `CORP\jdoe`, "domain-name"},
		{"DtmfAccessId", "x4001", "address-type"},
		{"DtmfAccessId", "ext. 4002", "address-type"},
		{"DtmfAccessId", "4003 (desk)", "several-numbers"},
		{"DtmfAccessId", "4004/4005", "several-numbers"},
		{"DtmfAccessId", "4006 or 4007", "several-numbers"},
		{"DisplayName", "A\u2028B", "!invisible-character"},
		{"Title", "1.23E+05", ""},
		{"DtmfAccessId", "1,23,456", "number-format"},
		{"DisplayName", "–", "!no-value"},
		{"DtmfAccessId", "-", "!no-value"},
		{"DisplayName", "---", "!no-value"},
		{"DisplayName", "Anne-Marie – Paris", ""},
		{"Department", "#n/a", "formula-error"},
		{"Department", "#VALUE", "formula-error"},
		{"Department", "#winning", ""},
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

		// Numbers as a spreadsheet shows them, in every kind of code.
		{"DtmfAccessId", "4,001", "number-format"}, {"Extension_Alt3", "4.002", "number-format"}, {"MWIExtension", "4 003", "number-format"}, {"XferString", "4'003", "number-format"},
		{"TransferExtension", "1,234,567", "number-format"}, {"DtmfAccessId", "4004.00", "decimal-number"}, {"DtmfAccessId", "600100%", "number-format"}, {"EmployeeId", "4,001", "number-format"},
		{"PostalCode", "2,110", "number-format"}, {"BillingId", "(42)", "number-format"}, {"BillingId", "-42", "number-format"}, {"EmployeeId", "42-", "number-format"}, {"DtmfAccessId", "$4001", "number-format"},
		{"DtmfAccessId", "4001.5", "number-format"}, {"Alias", "4,001", "number-format"}, {"Alias", "4001.0", "decimal-number"}, {"Alias", "1.23E+05", "scientific-notation"}, {"PIN", "274,183", "number-format"},
		{"PIN", "274183.0", "decimal-number"}, {"PIN", "2.74E+05", "scientific-notation"}, {"EmployeeId", "4.4207946e10", "scientific-notation"}, {"EmployeeId", "4,001.00", "number-format"},
		{"DtmfAccessId", "12.03.2026", "date-for-code"}, {"DtmfAccessId", "12:30", "date-for-code"}, {"EmployeeId", "2026-03-12T00:00:00", "!date-for-code"}, {"DtmfAccessId", "3/12/2026 0:00", "date-for-code"},
		{"PhoneNumber_MobilePhone", "4,001", "!number-format"}, {"PhoneNumber_MobilePhone", "9,5551234", ""}, {"PhoneNumber_HomePhone", "(214) 555-1234", ""}, {"PhoneNumber_HomePhone", "tel:+495551", "address-type"},
		{"PostalCode", "110 001", ""}, {"PostalCode", "SW1A 1AA", ""}, {"PostalCode", "01310-100", ""}, {"EmployeeId", "E-12345", ""}, {"BillingId", "12.345.678-9", ""}, {"EmployeeId", "1/2", ""}, {"Department", "4,001", ""},

		// Error values, by their shape.
		{"Department", "#CALC!", "formula-error"}, {"DtmfAccessId", "#ERROR!", "formula-error"}, {"Department", "Err:502", "formula-error"}, {"Department", "#N/D", "formula-error"}, {"Department", "#VALEUR!", "formula-error"},
		{"Department", "#NOM?", "formula-error"}, {"Title", "#¡VALOR!", "formula-error"}, {"Title", "#¿NOMBRE?", "formula-error"}, {"Department", "Loading...", "formula-error"}, {"Department", "#GETTING_DATA", "formula-error"},
		{"DtmfAccessId", "########", "formula-error"}, {"Alias", "#Н/Д", "formula-error"}, {"DisplayName", "#ÜBERLAUF!", "formula-error"}, {"CosDisplayName", "#REF!", "formula-error"}, {"PIN", "#WERT!", "formula-error"},
		{"Password", "#N/A", "formula-error"}, {"EmailAddress", "#BEZUG!", "formula-error"}, {"Title", "=VLOOKUP(A2;B:C;2)", "formula-error"}, {"DisplayName", "=A2&B2", "formula-error"},
		{"Department", "#1 in sales", ""}, {"Department", "N/A Squadron", ""}, {"Department", "Room: 501", ""}, {"Department", "== Team ==", ""}, {"Title", "C# programmer", ""},

		// Words for nothing.
		{"Department", "NULL", "!no-value"}, {"Department", "nan", "!no-value"}, {"Title", "None", "!no-value"}, {"Department", "N/A", "!no-value"}, {"Department", "(null)", "!no-value"}, {"Department", `\N`, "!no-value"},
		{"Department", "undefined", "!no-value"}, {"DtmfAccessId", "NULL", "!no-value"}, {"EmployeeId", "NaN", "!no-value"}, {"Alias", "null", "!no-value"}, {"PIN", "NULL", "!no-value"}, {"Password", "NULL", "!no-value"},
		{"DisplayName", "null", "!no-value"}, {"CosDisplayName", "None", "!no-value"}, {"Department", "%null", "!no-value"}, {"SmtpProxyAddresses", "NULL", "!no-value"},
		{"LastName", "Null", ""}, {"FirstName", "Nan", ""}, {"LastName", "True", ""}, {"FirstName", "May", ""}, {"LastName", "Nil", ""}, {"Department", "Nullarbor Team", ""}, {"Department", "1/2", ""}, {"Department", "None of the above", ""},

		// Objects of scripts, addresses and names with more around them.
		{"EmailAddress", "System.Object[]", "script-object"}, {"SmtpProxyAddresses", "System.String[]", "script-object"}, {"Manager", "@{Name=x}", "script-object"}, {"Manager", "Microsoft.Exchange.Data.ProxyAddress", "script-object"},
		{"Department", "[object Object]", "script-object"}, {"Department", "['Sales']", "script-object"}, {"DtmfAccessId", "{4001}", "script-object"}, {"EmployeeId", "b'0042'", "script-object"}, {"Title", "<User object at 0x7f3a>", "script-object"},
		{"EmailAddress", "SMTP:jd@corp.example", "address-type"}, {"SmtpProxyAddresses", "smtp:j.d@corp.example", "address-type"}, {"SmtpProxyAddresses", "X400:c=US;a= ;p=Org", "address-type"}, {"RelayAddress", "Jo <jd@corp.example>", "address-type"},
		{"Manager", "CN=Big Boss,OU=Staff,DC=corp,DC=example", "!directory-name"}, {"Alias", "cn=jdoe,ou=staff,dc=corp", "directory-name"}, {"Department", "Microsoft Team", ""}, {"Department", "[Vacant]", ""}, {"Department", "System.Admins", "script-object"},

		// Letters.
		{"DisplayName", "JosÃ© MuÃ±oz", "doubly-encoded"}, {"City", "MÃ¼nchen", "doubly-encoded"}, {"Alias", "josÃ©", "doubly-encoded"}, {"LastName", "Oâ€™Brien", "doubly-encoded"}, {"City", "ÅÃ³dÅº", ""}, {"LastName", "Jos├®", "doubly-encoded"},
		{"LastName", "Jos√©", "doubly-encoded"}, {"LastName", "Ð˜Ð²Ð°Ð½", "doubly-encoded"}, {"City", "M\uFFFDnchen", "lost-character"}, {"PIN", "27\uFFFD183", "lost-character"}, {"Password", "a\uFFFDb", "lost-character"}, {"City", "M?nchen", "!lost-character"},
		{"Department", "R&amp;D", "escaped-text"}, {"LastName", "O&#39;Brien", "escaped-text"}, {"LastName", `Jos\u00e9`, "escaped-text"}, {"Alias", "jd\u043Ee", "mixed-scripts"}, {"EmailAddress", "jd\u043Ee@corp.example", "!mixed-scripts"},
		{"Department", "R&D", ""}, {"Department", "AT&T; Sales", ""}, {"LastName", "CAFÉ\u2019S", ""}, {"Department", "l\u2019éclair", ""}, {"City", "São Paulo", ""}, {"City", "Łódź", ""}, {"Alias", "иван", ""}, {"Title", "Why?", ""}, {"Alias", "josé", ""},
	} {
		column, known := ColumnByHeading(test.column)
		if !known {
			t.Fatalf("there is no column %s", test.column)
		}
		got := ""
		for _, f := range checkShapes(&column, test.text) {
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
	for _, text := range []string{"1.23E+05", "4001.0", "#N/A", "274,183", "NULL", "{274183}", "2741\uFFFD83"} {
		found := checkShapes(&secret, text)
		if len(found) != 1 || strings.Contains(found[0].message, strings.Trim(text, "#")) {
			t.Errorf("got %+v, want one finding without %q", found, text)
		}
	}
}
