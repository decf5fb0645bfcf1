package validate

import (
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cucbulk/cupi"
)

// facts reads a table of the vendor's page.
func facts(t *testing.T, name string) []map[string]string {
	t.Helper()
	file, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := make(map[string]string)
		for i, cell := range record {
			row[records[0][i]] = cell
		}
		rows = append(rows, row)
	}
	return rows
}

// CUPI User API, Explanation of Data Fields.
func TestColumnsAgreeWithTheVendorsFieldTable(t *testing.T) {
	t.Parallel()
	types := map[string][]Type{"String": {String, ID, Country}, "Integer": {Integer}, "Boolean": {Boolean}}
	access := map[string]Access{"Read/Write": ReadWrite, "Read Only": ReadOnly}
	fields := facts(t, "user-fields.csv")
	if len(fields) != 48 {
		t.Fatalf("got %d fields, want 48", len(fields))
	}
	for _, fact := range fields {
		column := mustColumn(t, fact["Name"])
		if column.Name != fact["Name"] || column.Field != fact["Name"] {
			t.Errorf("%s: got name %s and field %s", fact["Name"], column.Name, column.Field)
		}
		want := access[fact["Access"]]
		if column.Name == "VoiceName" { // the page on voice names: only that of a file uploaded just before
			want = ReadOnly
		}
		if column.Access != want {
			t.Errorf("%s: got access %s, want %s", column.Name, column.Access, want)
		}
		if want := types[fact["Type"]]; !slices.Contains(want, column.Type) {
			t.Errorf("%s: got type %s, want one of %v", column.Name, column.Type, want)
		}
		if want, _ := strconv.Atoi(fact["MaxLength"]); column.MaxLength != want {
			t.Errorf("%s: got limit %d, want %d", column.Name, column.MaxLength, want)
		}
		if column.Default != fact["Default"] {
			t.Errorf("%s: got default %q, want %q", column.Name, column.Default, fact["Default"])
		}
		if strings.Contains(fact["Values"], "|") && !slices.Equal(column.Values, strings.Split(fact["Values"], "|")) {
			t.Errorf("%s: got values %v, want %s", column.Name, column.Values, fact["Values"])
		}
		wantStep := StepUser
		if column.Name == "ScheduleSetObjectId" {
			wantStep = StepCallHandler
		}
		if column.Step != wantStep {
			t.Errorf("%s: got step %q, want %q", column.Name, column.Step, wantStep)
		}
		if strings.HasSuffix(column.Name, "ObjectId") && column.Type != ID {
			t.Errorf("%s: got type %s, want id", column.Name, column.Type)
		}
	}
}

// CUPI User API, Listing the Users and Viewing the Details of a Specific User.
func TestColumnsAgreeWithTheVendorsAnswers(t *testing.T) {
	t.Parallel()
	shown := make(map[string]bool)
	for _, fact := range facts(t, "answer-fields.csv") {
		column := mustColumn(t, fact["Field"])
		shown[column.Name] = true
		if column.Step != StepUser {
			t.Errorf("%s: got step %q, want user", column.Name, column.Step)
		}
		if want := fact["Listed"] == "true"; column.Listed != want {
			t.Errorf("%s: got listed %t, want %t", column.Name, column.Listed, want)
		}
		if rule := column.Type.rule(); rule != nil && fact["Example"] != "" && !rule.ok(fact["Example"]) {
			t.Errorf("%s: the page shows %q, which %s", column.Name, fact["Example"], rule.message)
		}
		link := strings.HasSuffix(column.Name, "URI")
		if link != (column.Type == URI) || link && column.Access != ReadOnly {
			t.Errorf("%s: got type %s and access %s", column.Name, column.Type, column.Access)
		}
	}
	for _, column := range Users.Columns() {
		if column.Listed && !shown[column.Name] {
			t.Errorf("%s: is marked as listed, but the page doesn't show it", column.Name)
		}
	}
}

func TestColumnsAreSound(t *testing.T) {
	t.Parallel()
	seen := make(map[string]string)
	for _, column := range Users.Columns() {
		for _, heading := range append([]string{column.Name}, column.Also...) {
			if before, twice := seen[fold(heading)]; twice {
				t.Errorf("the heading %s means both %s and %s", heading, before, column.Name)
			}
			seen[fold(heading)] = column.Name
		}
		if column.Collection != "" {
			if _, ok := cupi.CollectionByName(column.Collection); !ok {
				t.Errorf("%s: cupi has no collection %s", column.Name, column.Collection)
			}
			target, ok := ColumnByHeading(column.Field)
			if !ok || target.Step != column.Step {
				continue // no column takes the id itself
			}
			if target.Nullable != column.Nullable || target.Access != column.Access {
				t.Errorf("%s: got nullable %t, access %s; the column %s that sets the same has %t, %s", column.Name,
					column.Nullable, column.Access, target.Name, target.Nullable, target.Access)
			}
		}
		writes := column.Access == ReadWrite || column.Access == CreateOnly || column.Access == ReadOnly
		if writes != (column.Field != "") {
			t.Errorf("%s: got access %s and field %q", column.Name, column.Access, column.Field)
		}
		if column.Type == Boolean && (column.Nullable || !slices.Equal(column.Values, booleans)) {
			t.Errorf("%s: a Boolean has two values and is never empty", column.Name)
		}
	}
	for _, name := range append(Users.MatchColumns(), "UseDefaultTimeZone", "UseDefaultLanguage", "UseCallLanguage", "PartitionName", "PartitionObjectId") {
		mustColumn(t, name)
	}
}

func TestSecretColumns(t *testing.T) {
	t.Parallel()
	var got []string
	for _, column := range Users.Columns() {
		if column.Secret {
			got = append(got, column.Name)
		}
	}
	if want := []string{"PIN", "Password", "Exchange2010Service_UserPassword"}; !slices.Equal(got, want) {
		t.Errorf("got secret columns %v, want %v", got, want)
	}
}

func TestColumnByHeading(t *testing.T) {
	t.Parallel()
	for heading, want := range map[string]string{
		"Alias": "Alias", "alias": "Alias", " ALIAS\t": "Alias",
		"Extension": "DtmfAccessId", "dtmfaccessid": "DtmfAccessId",
		"COSDisplayName": "CosDisplayName", "PhoneSystem": "MediaSwitchDisplayName",
		"CrossServerTransferExtension": "XferString", "CorporatePhoneNumber": "PhoneNumber",
		"ForcedAuthoizationCode": "ForcedAuthorizationCode", "SmtetAddress": "SmtpAddress",
		"LdapCcmUserID": "LdapCcmUserId", "SmtproxyAddressesURI": "SmtpProxyAddressesURI",
		"extension_alt9_partition": "Extension_Alt9_Partition",
		"":                         "", "Aliases": "", "Alias,": "",
	} {
		column, ok := ColumnByHeading(heading)
		if ok != (want != "") || column.Name != want {
			t.Errorf("ColumnByHeading(%q) = %s, %t, want %s", heading, column.Name, ok, want)
		}
	}
}

func TestNearestHeading(t *testing.T) {
	t.Parallel()
	for heading, want := range map[string]string{
		"Alais": "Alias", "DispalyName": "DisplayName", "Display Name": "DisplayName", "extention": "Extension",
		"departement": "Department", "E-Mail Address": "EmailAddress", "Xyzzy": "", "Favourite colour of the cat": "",
	} {
		if got := Users.NearestHeading(heading); got != want {
			t.Errorf("NearestHeading(%q) = %q, want %q", heading, got, want)
		}
	}
}

func TestFoldIsWhatEqualFoldSees(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"JDoe", "jdoe"}, {"ÉCLAIR", "éclair"}, {"ΣΊΣΥΦΟΣ", "σίσυφος"}, {"K", "\u212A"}, {"ſmith", "SMITH"}, {"jdoe", "jdoe1"}, {"ß", "ss"},
	} {
		if got, want := fold(pair[0]) == fold(pair[1]), strings.EqualFold(pair[0], pair[1]); got != want {
			t.Errorf("%q and %q: folded alike is %t, want %t", pair[0], pair[1], got, want)
		}
	}
}

func TestChangingTheAnswerOfColumnsChangesNoColumn(t *testing.T) {
	t.Parallel()
	Users.Columns()[0].Name = "Changed"
	if got := Users.Columns()[0].Name; got == "Changed" {
		t.Error("the table changed")
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	stores := []string{"Unity Messaging Database -1", "Store 2"}
	for word, want := range map[string]string{"unity messaging database": "Unity Messaging Database -1", "STORE 3": "Store 2", "Elsewhere": ""} {
		if got := Nearest(word, stores); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}
