package validate_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cucbulk/internal/codes"
	"cucbulk/validate"
)

func rules(t *testing.T, numbers bool, texts ...string) (list []validate.Rule) {
	t.Helper()
	for _, text := range texts {
		rule, err := validate.ParseRule(text, numbers)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, rule)
	}
	return list
}

// What a row means by a mapping, cell by cell; and messages have the cells as the file has them.
func TestAMappingOfARow(t *testing.T) {
	t.Parallel()
	m := &validate.Mapping{
		Names: map[string]map[string]string{"coses": {"executive cos": "Bosses"}, "partitions": {"branch partition": "New"}, "usertemplates": {"old": "new"},
			"distributionlists": {"sales": "vertrieb", "gone": ""}, "callhandlers": {"opening": "welcome"}, "roles": {"r;1": "r;2"}},
		Rename:   rules(t, false, "strip old.", "prefix n-"),
		Renumber: rules(t, true, "range 4000-4999 +30000 keep", "digits 3 prefix 88", "replace 0041 +41", "range 0500-0599 -100 keep 2"),
	}
	headings := "Alias,DtmfAccessId,TemplateAlias,CosDisplayName,PartitionName,Extension_Alt9,DistributionLists,Key_1,Key_2,Key_3,UserRoles,PrivateList1_Members,PhoneNumber_HomePhone,MWIExtension"
	for cells, want := range map[string]string{
		`old.bob,4001,old,EXECUTIVE COS,Branch Partition,,sales;gone;other,user:old.ann,handler:Opening,number:4002,r;;1,old.ann;carl,4001,123`: "bob 34001 new [Bosses New vertrieb other ann welcome r;2 ann n-carl]" +
			" alternateextensions/9 4001 menuentries/3 34002 mwis 88123 phonedevices/HomePhone 4001 user 34001",
		"carl,0041791234567,T,Other,,4711,gone,hangup,greeting:x,number:9011,,,,": "n-carl +41791234567 T [Other n-x] alternateextensions/9 34711 menuentries/3 9011 user +41791234567",
		"dora,0500,,,,4001,,,,,,,,%null%":                                         "n-dora 0400 T [] alternateextensions/2 0500 alternateextensions/9 34001 mwis  user 0400",
	} {
		r := recordOf(t, headings, cells, validate.Options{Operation: validate.Upsert, Template: "T", Map: m})
		var names []string
		for _, name := range r.Names {
			names = append(names, name.Name)
		}
		got := fmt.Sprint(r.Alias, " ", r.DtmfAccessId, " ", r.TemplateAlias, " ", names)
		for _, step := range slices.Sorted(maps.Keys(r.Steps)) {
			for _, field := range []string{"DtmfAccessId", "MwiExtension", "TransferNumber", "PhoneNumber"} {
				if number, is := r.Steps[step][field]; is {
					got += " " + step + " " + number
				}
			}
		}
		if got != want {
			t.Errorf("%s:\n got %s\nwant %s", cells, got, want)
		}
		if len(r.Written) == 0 || r.Written["Alias"] != strings.Split(cells, ",")[0] {
			t.Errorf("%s is told as %v", cells, r.Written)
		}
	}
}

func recordOf(t *testing.T, headings, cells string, o validate.Options) validate.Record {
	t.Helper()
	header, problems := validate.ParseHeader("f.csv", 1, strings.Split(headings, ","), o)
	for _, p := range problems {
		if !p.Warning {
			t.Fatal(p)
		}
	}
	checker := validate.NewChecker(header, o)
	row := validate.Row{Number: 1, Line: 2, Cells: strings.Split(cells, ",")}
	for _, p := range checker.CheckAcross(row, checker.Examine(row)) {
		if !p.Warning {
			t.Error(p)
		}
	}
	return checker.Record(row)
}

// A name that is left out takes with it what can't be without it.
func TestANameThatIsLeftOut(t *testing.T) {
	t.Parallel()
	m := &validate.Mapping{Names: map[string]map[string]string{"externalservices": {"office 365": ""}, "partitions": {"branch": ""}}}
	r := recordOf(t, "Alias,DtmfAccessId,TemplateAlias,Exchange2010Service_ServiceDisplayName,Exchange2010Service_UserId,Extension_Alt1,Extension_Alt1_Partition", "bob,1,t,Office 365,bob,2,Branch", validate.Options{Operation: validate.Create, Map: m})
	if len(r.Names) > 0 || r.Steps["externalserviceaccounts"] != nil || r.Steps["alternateextensions/1"]["DtmfAccessId"] != "2" {
		t.Errorf("%+v", r)
	}
}

// A rule is written as it is read, and what is none says what it would be.
func TestRules(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"strip 49", "prefix 8", "replace 00 +", "range 4000-4999 +30000 keep", "digits 4 prefix 8 keep 3"} {
		list := rules(t, true, text)
		written, err := json.Marshal(list)
		var again []validate.Rule
		if err != nil || json.Unmarshal(written, &again) != nil || !reflect.DeepEqual(list, again) || list[0].String() != text {
			t.Errorf("%s: %s %v", text, written, err)
		}
	}
	for text, want := range map[string]string{
		"": "is no rule", "keep": "is no rule", "add 5": `"add" is no part of a rule`, "strip": "has to say strip X", "range 4000-4999": "has to say range",
		"range 400-4999 +1": "two numbers of as many digits", "range 4999-4000 +1": "two numbers", "range 4000-4999 30000": "what is added", "range 0010-0020 -11": "no number below 0",
		"prefix 8 keep 10": "1 to 9", "prefix 8 keep 1 strip 2": "the end of a rule", "digits x": "how many",
	} {
		if _, err := validate.ParseRule(text, true); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := validate.ParseRule("range 4000-4999 +1", false); err == nil || !strings.Contains(err.Error(), "it is made of strip X, prefix X, replace X Y") {
		t.Errorf("an alias counted: %v", err)
	}
}

// A problem of a cell that means something else says what the file has, and what the mapping makes of two
// rows that are not the same may be the same.
func TestProblemsOfMappedCells(t *testing.T) {
	t.Parallel()
	o := validate.Options{Operation: validate.Create, Template: "T", File: "f.csv", Map: &validate.Mapping{Rename: rules(t, false, "strip a."), Renumber: rules(t, true, "range 4000-4999 -3000 keep 1", "replace 7 x")}}
	header, _ := validate.ParseHeader("f.csv", 1, []string{"Alias", "DtmfAccessId", "Extension_Alt1"}, o)
	checker := validate.NewChecker(header, o)
	var found []string
	for i, cells := range [][]string{{"a.bob", "1001", ""}, {"bob", "8", ""}, {"ed", "4001", ""}, {"cy", "7", ""}, {"di", "4002", "9"}} {
		row := validate.Row{Number: i + 1, Line: i + 2, Cells: cells}
		for _, p := range checker.CheckAcross(row, checker.Examine(row)) {
			if !p.Warning {
				found = append(found, p.String())
			}
		}
	}
	text := strings.Join(found, "\n")
	for _, want := range []string{`f.csv:3: Alias: is on line 2 too, with the same operation: keep one of the two rows (the file has "bob", which is "bob" here)`,
		`f.csv:4: DtmfAccessId: `, `(the file has "4001", which is "1001" here)`, `(the file has "4002")`, string(codes.NumberNotKept)} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}
