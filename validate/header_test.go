package validate

import (
	"slices"
	"strings"
	"testing"
)

func TestParseHeader(t *testing.T) {
	t.Parallel()
	create := Options{Operation: Create, Template: "voicemailusertemplate"}
	for _, test := range []struct {
		name     string
		headings string
		options  Options
		want     []string
	}{
		{"a file for create", "Alias,Extension,DisplayName", create, nil},
		{"any order, any case, blanks around", " extension ,ALIAS", create, nil},
		{"what is passed over, more than once", "Alias,Extension,Junk,Junk,FailureReason,,", create, nil},
		{"unknown", "Alias,Extension,Departement", create, []string{"Departement:unknown-column"}},
		{"misspelt, and needed", "Alas,Extention,TemplateAlas", Options{Operation: Create}, []string{"Alas:unknown-column", "Extention:unknown-column", "TemplateAlas:unknown-column"}},
		{"misspelt, and needed if the user is new", "Alias,Extention,TemplateAlas", Options{Operation: Upsert}, []string{"Extention:unknown-column", "TemplateAlas:unknown-column"}},
		{"misspelt, and one of two that will do", "pkidd,Extension", Options{Operation: ImportLDAP, Template: "t"}, []string{"pkidd:unknown-column"}},
		{"misspelt, and it says what to do", "Alias,Extension,Operaton", Options{}, []string{"Operaton:unknown-column"}},
		{"misspelt, and it would keep a default", "Alias,Language,UseDefaultLangage", Options{Operation: Update}, []string{"UseDefaultLangage:unknown-column"}},
		{"misspelt, and another is needed", "Alas,City", create, []string{"Alas:unknown-column", "DtmfAccessId:required"}},
		{"unknown and like nothing", "Alias,Extension,Zzyzx", create, []string{"Zzyzx:unknown-column"}},
		{"twice", "Alias,Extension,City,city", create, []string{"City:repeated-column"}},
		{"twice under two names", "Alias,Extension,DtmfAccessId", create, []string{"DtmfAccessId:repeated-column"}},
		{"read-only", "Alias,Extension,PhoneNumber,CreationTime,CosURI", create, []string{"PhoneNumber:read-only?", "CreationTime:read-only?", "CosURI:read-only?"}},
		{"read-only, strict", "Alias,Extension,CorporatePhoneNumber", Options{Operation: Create, Template: "t", Strict: true}, []string{"PhoneNumber:read-only"}},
		{"ObjectId is no mistake", "Alias,ObjectId", Options{Operation: Update, Strict: true}, nil},
		{"not supported", "Alias,Extension,PIN,Extension_Alt1,VideoServiceAccounts", create, []string{"VideoServiceAccounts:not-supported"}},
		{"a partition of another extension", "Alias,Extension_Alt1,Extension_Alt1_Partition,PartitionObjectId", Options{Operation: Update}, nil},
		{"no operation", "Alias,Extension", Options{}, []string{":no-operation"}},
		{"a column for it", "Alias,Extension,Operation", Options{}, nil},
		{"an operation that isn't one", "Alias,Extension", Options{Operation: "destroy"}, []string{"Operation:unknown-operation"}},
		{"set for all rows", "Alias", Options{Set: []Setting{{"Operation", "delete"}}}, nil},
		{"no template", "Alias,Extension", Options{Operation: Create}, []string{"TemplateAlias:no-template"}},
		{"a column for it", "Alias,Extension,TemplateAlias", Options{Operation: Create}, nil},
		{"create without what it needs", "DisplayName", Options{Operation: Create}, []string{"Alias:required", "DtmfAccessId:required", "TemplateAlias:no-template"}},
		{"import of nobody", "Extension,City", Options{Operation: ImportLDAP, Template: "t"}, []string{"Alias:required"}},
		{"import by pkid", "pkid,Extension", Options{Operation: ImportLDAP, Template: "t"}, nil},
		{"import without what it needs", "Alias", Options{Operation: ImportLDAP, Template: "t"}, []string{"DtmfAccessId:required"}},
		{"upsert that can only update", "Alias,City", Options{Operation: Upsert}, []string{"DtmfAccessId:required-to-create?", "TemplateAlias:required-to-create?"}},
		{"update without its key", "Alias,City", Options{Operation: Update, Match: "EmployeeId"}, []string{"EmployeeId:required"}},
		{"match in any case", "Alias,City,EmployeeId", Options{Operation: Update, Match: "employeeid"}, nil},
		{"match by what can't be matched", "Alias,City", Options{Operation: Update, Match: "City"}, []string{":unknown-match"}},
		{"name and id", "Alias,CosDisplayName,CosObjectId", Options{Operation: Update}, []string{"CosDisplayName:name-and-id?"}},
		{"two names and ids", "Alias,LanguageTag,Language,UseDefaultLanguage,MailboxStore,MailboxStoreObjectId", Options{Operation: Update}, []string{"LanguageTag:name-and-id?", "MailboxStore:name-and-id?"}},
		{"default turned off", "Alias,Language,TimeZoneName", Options{Operation: Update}, []string{"TimeZoneName:default-turned-off?", "Language:default-turned-off?"}},
		{"default said", "Alias,Language,UseDefaultLanguage,TimeZone,UseDefaultTimeZone", Options{Operation: Update}, nil},
		{"nothing is sent on delete", "Alias,Language", Options{Operation: Delete}, nil},
		{"set", "Alias", Options{Operation: Update, Set: []Setting{{"city", "Paris"}, {"Country", "FR"}}}, nil},
		{"set what is unknown", "Alias", Options{Operation: Update, Set: []Setting{{"Citty", "Paris"}}}, []string{"Citty:unknown-column"}},
		{"set what is wrong", "Alias", Options{Operation: Update, Set: []Setting{{"Country", "France"}}}, []string{"Country:bad-country"}},
		{"set twice", "Alias", Options{Operation: Update, Set: []Setting{{"City", "A"}, {"city", "B"}}}, []string{"City:repeated-column"}},
		{"set what is never sent", "Alias", Options{Operation: Update, Set: []Setting{{"PhoneNumber", "1"}, {"Junk", "1"}}}, []string{"PhoneNumber:not-settable", "Junk:not-settable"}},
		{"set what a create needs", "Alias", Options{Operation: Create, Template: "t", Set: []Setting{{"Extension", "100"}}}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			header, problems := ParseHeader("users.csv", 3, strings.Split(test.headings, ","), test.options)
			wantShort(t, inShort(problems), test.want...)
			if len(header.Columns) != len(header.Headings) {
				t.Errorf("got %d columns for %d headings", len(header.Columns), len(header.Headings))
			}
			for _, p := range problems {
				if p.File != "users.csv" || p.Line != 3 || p.Row != 0 || p.Message == "" {
					t.Errorf("got problem %+v", p)
				}
			}
		})
	}
}

func TestUnknownColumnNamesTheNearest(t *testing.T) {
	t.Parallel()
	_, problems := ParseHeader("users.csv", 1, []string{"Alias", "Departement"}, Options{Operation: Update})
	got, want := problems[0].String(), "users.csv:1: Departement: no such column: did you mean Department? (unknown-column)"
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestRepeatedColumnNamesBothPlaces(t *testing.T) {
	t.Parallel()
	_, problems := ParseHeader("users.csv", 1, []string{"Alias", "Extension", "dtmfaccessid"}, Options{Operation: Update})
	for _, want := range []string{"2 (\"Extension\")", "3 (\"dtmfaccessid\")"} {
		if !strings.Contains(problems[0].Message, want) {
			t.Errorf("got %q, want it to hold %s", problems[0].Message, want)
		}
	}
}

func TestHeaderColumns(t *testing.T) {
	t.Parallel()
	header, _ := ParseHeader("users.csv", 1, []string{"Extension", "Junk", "", "Nonsense", "Contacts", "URI"}, Options{Operation: Update})
	var got []string
	for _, column := range header.Columns {
		if column == nil {
			got = append(got, "-")
			continue
		}
		got = append(got, column.Name)
	}
	if want := []string{"DtmfAccessId", "-", "-", "-", "-", "URI"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestHostileHeadingIsInert(t *testing.T) {
	t.Parallel()
	_, problems := ParseHeader("users.csv", 1, []string{"Alias", "\x1b[2J\xff"}, Options{Operation: Update})
	if got := problems[0].String(); strings.Contains(got, "\x1b") || strings.Contains(got, "\xff") {
		t.Errorf("got %q, with a terminal escape", got)
	}
}

// A heading that files about something else have says so: one that is misspelt beside it keeps the file from being known.
func TestHeadingsOfOtherObjects(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		table    *Table
		headings []string
		want     string
	}{
		{Users, []string{"subscriberAlias", "serviceDisplayNam"}, "no such column of users: files of unified messaging accounts have it, which --object um-accounts says"},
		{Users, []string{"Alias", "ContactTemplateAlias", "Citty"}, "no such column of users: files of contacts have it, which --object contacts says"},
		{Contacts, []string{"DLAlias", "MemberAlias"}, "no such column of contacts: files of list members have it, which --object list-members says"},
		{Contacts, []string{"Alias", "PIN"}, "no such column of contacts: files of users have it, which --object users says"},
	} {
		_, problems := ParseHeader("f.csv", 1, test.headings, Options{Table: test.table})
		var told []string
		for _, problem := range problems {
			told = append(told, problem.Message)
		}
		if !slices.Contains(told, test.want) {
			t.Errorf("%v: %q", test.headings, told)
		}
	}
}
