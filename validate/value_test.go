package validate

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"cucbulk/internal/codes"
)

// sendable are the columns whose values reach the server as fields.
func sendable() []Column {
	var columns []Column
	for _, column := range Users.Columns() {
		if column.Access == ReadWrite && column.Name != "Alias" {
			columns = append(columns, column)
		}
	}
	return columns
}

func TestEachLengthLimitCountsCharacters(t *testing.T) {
	t.Parallel()
	limits := 0
	for _, column := range sendable() {
		if column.MaxLength == 0 {
			continue
		}
		limits++
		character := "é"
		if column.Type == Integer || column.Type == Digits {
			character = "1"
		}
		at := strings.Repeat(character, column.MaxLength)
		if problems := checkValueOf(column.Name, at); hasCode(problems, "too-long") {
			t.Errorf("%s: %d characters are too long, want them to fit", column.Name, column.MaxLength)
		}
		problems := checkValueOf(column.Name, at+character)
		if rule := column.Type.rule(); (column.Type == ID || column.Type == Country) && hasCode(problems, rule.code) {
			continue // the type says more than the length
		}
		if !hasCode(problems, "too-long") {
			t.Errorf("%s: %d characters fit, want them too long", column.Name, column.MaxLength+1)
			continue
		}
		want := fmt.Sprintf("has %d characters, at most %d are allowed: shorten it", column.MaxLength+1, column.MaxLength)
		if got := problems[len(problems)-1].Message; got != want {
			t.Errorf("%s: got message %q, want %q", column.Name, got, want)
		}
	}
	if limits < 40 {
		t.Errorf("only %d columns have a limit, want at least 40", limits)
	}
}

func TestTheAliasHasTheSameLimitOnCreate(t *testing.T) {
	t.Parallel()
	o := Options{Operation: Create, Template: "t"}
	for n, want := range map[int][]string{64: nil, 65: {"Alias:too-long"}} {
		short, _ := checkFile(o, []string{"Alias", "Extension"}, []string{strings.Repeat("ö", n), "100"})
		wantShort(t, short[1], want...)
	}
}

func TestEachTypeGoodAndBad(t *testing.T) {
	t.Parallel()
	type values struct {
		good, bad []string
		code      string
	}
	tests := map[Type]values{
		Boolean: {[]string{"true", "FALSE", "1", "0", "Yes", "no", " true "}, []string{"2", "t", "on", "ja", "truefalse"}, "not-a-boolean"},
		Integer: {[]string{"0", "1", "0042"[:3], "-1"}, []string{"x", "1.5", "+1", "1e3", "0x1", "1_0"}, "not-an-integer"},
		ID:      {[]string{someID, strings.ToUpper(someID)}, []string{"Default", "8321097e", strings.ReplaceAll(someID, "-", "x"), strings.Replace(someID, "8", "g", 1)}, "not-an-id"},
		Bytes:   {[]string{"-2", "-1", "0", "1024", "2147483648"}, []string{"1000", "-3", "2147484672", "12m", "+1024", "99999999999999999999"}, "not-a-size"},
		Country: {[]string{"US", "de"}, []string{"U", "U1", "ÜS"}, "bad-country"},
	}
	checked := 0
	for _, column := range sendable() {
		test, restricted := tests[column.Type]
		if !restricted {
			continue
		}
		checked++
		for _, value := range test.good {
			for _, p := range checkValueOf(column.Name, value) {
				if !p.Warning && p.Code != "not-a-value" && p.Code != "out-of-range" && p.Code[:min(5, len(p.Code))] != "needs" {
					t.Errorf("%s: %q is refused: %s", column.Name, value, p)
				}
			}
		}
		for _, value := range test.bad {
			if problems := checkValueOf(column.Name, value); !hasCode(problems, codes.Code(test.code)) {
				t.Errorf("%s: %q: got %v, want %s", column.Name, value, inShort(problems), test.code)
			}
		}
	}
	if checked < 80 {
		t.Errorf("only %d columns have a restricted type, want at least 80", checked)
	}
}

func TestIntegersHave32Bits(t *testing.T) {
	t.Parallel()
	for value, good := range map[string]bool{"2147483647": true, "2147483648": false, "-2147483648": true, "-2147483649": false, "00000000000000000042": true} {
		if got := !hasCode(checkValueOf("Volume", value), "not-an-integer"); got != good {
			t.Errorf("%s: got good %t, want %t", value, got, good)
		}
	}
}

func TestEachReadOnlyColumnIsWarnedOfAndNotSent(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, column := range Users.Columns() {
		if column.Access != ReadOnly || column.Name == "ObjectId" {
			continue
		}
		checked++
		o := Options{Operation: Update}
		headings, row := []string{"Alias", column.Name}, Row{Number: 1, Line: 2, Cells: []string{"jdoe", "anything\x00"}}
		header, problems := ParseHeader("f", 1, headings, o)
		wantShort(t, inShort(problems), column.Name+":read-only?")
		checker := NewChecker(header, o)
		wantShort(t, inShort(checker.check(row)))
		if got := checker.Record(row).Steps; len(got) != 0 {
			t.Errorf("%s: got %v, want nothing sent", column.Name, got)
		}
	}
	if checked < 30 {
		t.Errorf("only %d columns are read-only, want at least 30", checked)
	}
}

func TestEachNullableColumn(t *testing.T) {
	t.Parallel()
	for _, column := range sendable() {
		refused := hasCode(checkValueOf(column.Name, "%NULL%"), "not-nullable")
		if refused == column.Nullable {
			t.Errorf("%s: %%null%% refused is %t, want %t", column.Name, refused, !column.Nullable)
		}
	}
	for _, name := range []string{"Alias", "NewAlias", "TemplateAlias", "Operation", "MailboxStore"} {
		if problems := checkValueOf(name, "%null%"); name != "Alias" && !hasCode(problems, "not-nullable") && !hasCode(problems, "unknown-operation") {
			t.Errorf("%s: got %v, want not-nullable", name, inShort(problems))
		}
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		column, value string
		want          []string
	}{
		{"LdapType", "4", nil},
		{"LdapType", "5", []string{"LdapType:not-a-value"}},
		{"DisplayName", "Zoë 🙂", nil},
		{"DisplayName", "caf\xe9", []string{"DisplayName:invalid-utf8"}},
		{"DisplayName", "a\x00b", []string{"DisplayName:control-character"}},
		{"DisplayName", "a\u0085b", []string{"DisplayName:control-character"}},
		{"DisplayName", "a\uFFFEb", []string{"DisplayName:control-character"}},
		{"Manager", "Anna\nOtto", []string{"Manager:control-character"}},
		{"CosDisplayName", "a\tb", []string{"CosDisplayName:control-character"}},
		{"Address", "1 Main Street\nSuite 2", []string{"Address:line-break?"}},
		{"Address", "   ", nil},
		{"City", " Paris", []string{"City:blanks?"}},
		{"CosDisplayName", " Voice Mail User COS ", nil},
		{"DtmfAccessId", "100 ", []string{"DtmfAccessId:blanks"}},
		{"DtmfAccessId", "12", []string{"DtmfAccessId:bat-extension-short?"}},
		{"DtmfAccessId", "1*2", []string{"DtmfAccessId:bat-extension-characters?"}},
		{"DtmfAccessId", "é", []string{"DtmfAccessId:bat-extension-short?", "DtmfAccessId:bat-extension-characters?"}},
		{"DtmfAccessId", "0042", nil},
		{"Initials", "ABCDEF", nil},
		{"Initials", "ABCDEFG", []string{"Initials:bat-initials?"}},
		{"BillingId", "007", nil},
		{"BillingId", "A7", []string{"BillingId:bat-billing-id?"}},
		{"NewAlias", "j(doe", []string{"NewAlias:bat-alias-characters?"}},
		{"NewAlias", "o'brien é.1@`~", nil},
		{"NewAlias", "jdoe2 ", []string{"NewAlias:blanks"}},
		{"EmailAddress", "jdoe@example.com", nil},
		{"EmailAddress", "j+doe@example.com", []string{"EmailAddress:bat-email-characters?"}},
		{"EmailAddress", "jdoe", []string{"EmailAddress:email-shape?"}},
		{"EmailAddress", "@example.com", []string{"EmailAddress:email-shape?"}},
		{"EmailAddress", "jdoe@", []string{"EmailAddress:email-shape?"}},
		{"EmailAddress", "j@doe@example.com", []string{"EmailAddress:email-shape?"}},
		{"EmailAddress", "@example.com", []string{"EmailAddress:email-shape?"}},
		{"SmtpAddress", "a@b@c", []string{"SmtpAddress:email-shape?"}},
		{"Inactive", "yes", []string{"Inactive:inactive?"}},
		{"Inactive", "0", nil},
		{"MailboxStore", "Store 2", []string{"MailboxStore:create-only?"}},
		{"Language", "1033", []string{"Language:default-turned-off?"}},
		{"Language", "%null%", []string{"Language:default-turned-off?"}},
	} {
		t.Run(test.column+"="+test.value, func(t *testing.T) {
			t.Parallel()
			wantShort(t, inShort(checkValueOf(test.column, test.value)), test.want...)
		})
	}
}

func TestMessagesAreInertAndShort(t *testing.T) {
	t.Parallel()
	for _, value := range []string{strings.Repeat("x", 35) + "\u200b\u202e", strings.Repeat("界", 3000)} {
		for _, column := range []string{"CosObjectId", "Volume", "ListInDirectory", "Operation"} {
			for _, p := range checkValueOf(column, value) {
				if n := utf8.RuneCountInString(p.String()); n > 300 || strings.ContainsAny(p.String(), "\u200b\u202e") {
					t.Errorf("%s: got %q, of %d characters", column, p, n)
				}
			}
		}
	}
}

// A secret value appears in no message, whatever rule it breaks.
func TestSecretsAreInNoMessage(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t"
	for _, kind := range []Type{String, Integer, Boolean, ID, Country, Bytes} {
		column := Column{Name: "PIN", Type: kind, MaxLength: 40, Secret: true, Values: []string{"a"}}
		for _, f := range checkValue(&column, secret) {
			if strings.Contains(f.message, secret) {
				t.Errorf("%s: got %q", kind, f.message)
			}
		}
	}
	_, problems := checkFile(Options{Operation: Update, Set: []Setting{{"PIN", secret}}}, []string{"Alias", "PIN", "Password"}, []string{"jdoe", secret, secret, secret})
	if len(problems) < 3 {
		t.Fatalf("got %d problems, want 3", len(problems))
	}
	for _, p := range problems {
		if strings.Contains(p.String(), secret) {
			t.Errorf("got %s", p)
		}
	}
}
