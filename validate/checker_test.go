package validate

import (
	"strings"
	"testing"
)

// Each case is a file in CSV without quotes; the wanted problems are one line a
// line of the file, from its heading line on.
func TestCheck(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		options Options
		file    string
		want    string
	}{
		{"good rows", Options{Operation: Create, Template: "t"}, `
			Alias,Extension,City
			jdoe,100,Paris
			adoe,101`, ``},
		{"required on create", Options{Operation: Create}, `
			Alias,Extension,TemplateAlias
			,,
			jdoe,%null%,t
			%null%,100,t`, `

			Alias:required DtmfAccessId:required TemplateAlias:no-template
			DtmfAccessId:not-nullable
			Alias:not-nullable`},
		{"required by the match", Options{Operation: Update, Match: "EmployeeId"}, `
			EmployeeId,City
			,Paris
			%null%,Paris
			7,Paris`, `

			EmployeeId:required
			EmployeeId:required`},
		{"what is misspelt is not missing", Options{}, `
			Operation,Alas,TemplateAlas,Extension
			create,jdoe,t,100
			create,adoe,t,
			delete,,,`, `
			Alas:unknown-column TemplateAlas:unknown-column

			DtmfAccessId:required`},
		{"what the header said is not said again", Options{Operation: Create, Template: "t"}, `
			Alias
			jdoe`, `
			DtmfAccessId:required`},
		{"upsert", Options{Operation: Upsert, Template: "t"}, `
			Alias,Extension
			jdoe,
			,100`, `

			DtmfAccessId:required-to-create?
			Alias:required`},
		{"upsert by another key", Options{Operation: Upsert, Template: "t", Match: "EmployeeId"}, `
			EmployeeId,Alias,Extension
			7,,100
			,jdoe,101`, `

			Alias:required-to-create?
			EmployeeId:required`},
		{"operation of the row", Options{}, `
			Operation,Alias,Extension,TemplateAlias
			Create,jdoe,100,t
			,adoe,101,t
			destroy,bdoe,102,t
			delete,cdoe
			import-ldap,ddoe,104,`, `

			
			Operation:no-operation
			Operation:unknown-operation
			
			TemplateAlias:no-template`},
		{"import by alias or by pkid", Options{Operation: ImportLDAP, Template: "t"}, `
			Alias,pkid,Extension,MailboxStore
			jdoe,,100,
			,` + someID + `,101,
			,,102,
			adoe,` + someID + `,,
			bdoe,none,104,
			cdoe,,105,Store 2
			JDOE,,106,`, `



			Alias:required
			pkid:duplicate-key DtmfAccessId:required
			pkid:not-an-id
			MailboxStore:create-only?
			Alias:duplicate-alias`},
		{"import by pkid alone", Options{Operation: ImportLDAP, Template: "t"}, `
			pkid,Extension
			` + someID + `,100
			,101`, `


			Alias:required`},
		{"a pkid is for imports", Options{Operation: Create, Template: "t"}, `
			Alias,Extension,pkid
			jdoe,100,` + someID, `

			pkid:import-only?`},
		{"operation of the row goes before the option", Options{Operation: Delete}, `
			Operation,Alias,Extension,TemplateAlias
			create,jdoe,,
			,jdoe,,`, `

			DtmfAccessId:required TemplateAlias:no-template`},
		{"more cells than headings", Options{Operation: Update}, `
			Alias,City
			jdoe,Paris,,
			adoe,Paris,France`, `


			:ragged-row`},
		{"in the order of the columns", Options{Operation: Update}, `
			Country,City,Alias,Volume
			Germany, Paris,,x`, `

			Country:bad-country City:blanks? Alias:required Volume:not-an-integer`},
		{"blanks alone are an empty cell", Options{Operation: Create, Template: "t"}, `
			Alias,Extension,Country
			jdoe,100,   `, ``},
		{"rename", Options{}, `
			Operation,Alias,NewAlias,Extension,TemplateAlias
			update,jdoe,jroe,,
			create,adoe,aroe,100,t
			upsert,bdoe,broe,101,t
			delete,cdoe,croe,,`, `


			NewAlias:rename-without-update
			NewAlias:rename-without-update
			NewAlias:rename-without-update`},
		{"ObjectId", Options{}, `
			Operation,Alias,ObjectId,Extension,TemplateAlias
			create,jdoe,8321097e-cca4-483f-b24c-0f2175e6e4c9,100,t
			update,adoe,8321097e-cca4-483f-b24c-0f2175e6e4c9,,
			update,bdoe,nonsense,,`, `

			ObjectId:read-only?

			ObjectId:not-an-id`},
		{"ObjectId, strict", Options{Operation: Create, Template: "t", Strict: true}, `
			Alias,ObjectId,Extension
			jdoe,8321097e-cca4-483f-b24c-0f2175e6e4c9,100`, `

			ObjectId:read-only`},
		{"mailbox store", Options{Strict: true}, `
			Operation,Alias,MailboxStore,Extension,TemplateAlias
			create,jdoe,Store 2,100,t
			upsert,adoe,Store 2,101,t
			update,bdoe,Store 2,,
			delete,cdoe,Store 2,,`, `



			MailboxStore:create-only`},
		{"inactive", Options{}, `
			Operation,Alias,Inactive,Extension,TemplateAlias
			create,jdoe,true,100,t
			create,adoe,false,101,t
			update,bdoe,1,,
			upsert,cdoe,yes,102,t
			update,ddoe,0,,`, `

			Inactive:inactive-on-create

			Inactive:inactive?
			Inactive:inactive?`},
		{"a delete looks only at what finds the user", Options{Operation: Delete}, `
			Alias,Country,ListInDirectory,DtmfAccessId,UseDefaultTimeZone
			jdoe,Germany,maybe,12,false`, `

			DtmfAccessId:bat-extension-short?`},
		{"time zone", Options{Operation: Update}, `
			Alias,UseDefaultTimeZone,TimeZone,TimeZoneName
			a1,false,,
			a2,false,190,
			a3,false,,Europe/Berlin
			a4,false,%null%,
			a5,true,,
			a6,true,190,
			a7,,190,
			a8,,,Europe/Berlin
			a9,,%null%,`, `
			TimeZoneName:name-and-id?
			UseDefaultTimeZone:needs-timezone


			UseDefaultTimeZone:needs-timezone


			TimeZone:default-turned-off?
			TimeZoneName:default-turned-off?`},
		// CUPI User API, Update Language and TimeZone: the language table.
		{"language table", Options{Operation: Update}, `
			Alias,UseCallLanguage,UseDefaultLanguage,Language
			a1,false,true,
			a2,false,true,1033
			a3,true,true,
			a4,true,false,
			a5,true,false,1033
			a6,false,false,1033
			a7,false,false,
			a8,,false,
			a9,,,1033`, `






			
			UseDefaultLanguage:needs-language
			UseDefaultLanguage:needs-language
			Language:default-turned-off?`},
		{"set fills empty cells", Options{Operation: Update, Set: []Setting{{"Country", "US"}, {"ListInDirectory", "1"}}}, `
			Alias,Country
			jdoe,
			adoe,Germany`, `


			Country:bad-country`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			lines := strings.Split(strings.TrimSpace(test.file), "\n")
			var rows [][]string
			for _, line := range lines {
				rows = append(rows, strings.Split(strings.TrimLeft(line, "\t"), ","))
			}
			short, _ := checkFile(test.options, rows[0], rows[1:]...)
			want := strings.Split(strings.TrimPrefix(test.want, "\n"), "\n")
			for i := range short {
				var wanted []string
				if i < len(want) {
					wanted = strings.Fields(want[i])
				}
				wantShort(t, short[i], wanted...)
				if t.Failed() {
					t.Fatalf("at line %d: %s", i+1, lines[i])
				}
			}
		})
	}
}

func TestProblemString(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		problem Problem
		want    string
	}{
		{Problem{File: "u.csv", Line: 7, Column: "City", Message: "is bad", Code: "too-long"}, "u.csv:7: City: is bad (too-long)"},
		{Problem{File: "u.csv", Line: 7, Column: "City", Message: "is odd", Code: "blanks", Warning: true}, "u.csv:7: City: warning: is odd (blanks)"},
		{Problem{File: "u.csv", Line: 1, Message: "is bad", Code: "ragged-row"}, "u.csv:1: is bad (ragged-row)"},
		{Problem{File: "a\nb", Line: 1, Column: "\x1b[1m", Message: "say \"x\x07\"", Code: "c"}, `a\nb:1: \x1b[1m: say "x\a" (c)`},
	} {
		if got := test.problem.String(); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}

func TestProblemsCarryTheirPlace(t *testing.T) {
	t.Parallel()
	_, problems := checkFile(Options{Operation: Update}, []string{"Alias", "Country"}, []string{"jdoe", "US"}, []string{"adoe", "Germany"})
	want := Problem{File: "users.csv", Line: 3, Row: 2, Column: "Country", Code: "bad-country", Message: `"Germany" is not a country code of two letters, such as US: DE?`}
	if len(problems) != 1 || problems[0] != want {
		t.Errorf("got %+v, want %+v", problems, want)
	}
}

func TestParseOperation(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Operation{"create": Create, " UPDATE ": Update, "Delete": Delete, "upsert": Upsert, "Import-LDAP": ImportLDAP, "Import LDAP": ImportLDAP, "import_ldap": ImportLDAP, "": "", "import": "", "none": ""} {
		got, ok := Users.ParseOperation(text)
		if ok != (want != "") || ok && got != want {
			t.Errorf("ParseOperation(%q) = %q, %t, want %q", text, got, ok, want)
		}
	}
	for _, operation := range Users.Operations() {
		if got, ok := Users.ParseOperation(string(operation)); !ok || got != operation {
			t.Errorf("ParseOperation(%q) = %q, %t", operation, got, ok)
		}
		if got := keyColumn(operation, Options{}); got != "Alias" {
			t.Errorf("%s: got key %s, want Alias", operation, got)
		}
	}
}
