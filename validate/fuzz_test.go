package validate

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzCheck checks rows of any text. A row without an error decodes to fields that
// the table knows, in text that can be sent.
func FuzzCheck(f *testing.F) {
	f.Add("Alias|Extension|City", "jdoe|100|Paris", "create")
	f.Add("Alias|NewAlias|ListInDirectory|CosDisplayName", "jdoe|jroe|yes|COS", "update")
	f.Add("Operation|Alias|Language|UseDefaultLanguage|MailboxStore", "upsert|jdoe|1033||S", "")
	f.Add("ObjectId|Alias|%null%", "%null%|%null%|\xff", "delete")
	f.Add("EmailAddress|Alias|Manager|", "a@b|x\x00|\n|", "import-ldap")
	fields := make(map[string]map[string]bool)
	for _, column := range Users.Columns() {
		if fields[column.Step] == nil {
			fields[column.Step] = make(map[string]bool)
		}
		fields[column.Step][column.Field] = column.Access == ReadWrite
	}
	f.Fuzz(func(t *testing.T, headings, cells, operation string) {
		o := Options{File: "f", Operation: Operation(operation), Template: "t", Set: []Setting{{"City", "Paris"}}}
		header, problems := ParseHeader("f", 1, strings.Split(headings, "|"), o)
		checker := NewChecker(header, o)
		row := Row{Number: 1, Line: 2, Cells: strings.Split(cells, "|")}
		problems = append(problems, checker.check(row)...)
		record := checker.Record(row)
		for _, p := range problems {
			if p.Code == "" || p.Message == "" || !utf8.ValidString(p.String()) || strings.ContainsAny(p.String(), "\n\x1b\x00") {
				t.Errorf("got problem %+v", p)
			}
			if !p.Warning {
				return
			}
		}
		for step, object := range record.Steps {
			for field, text := range object {
				if !fields[step][field] {
					t.Errorf("got the field %q in step %q", field, step)
				}
				if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
					t.Errorf("%s: got %q", field, text)
				}
			}
		}
		for _, name := range record.Names {
			if column, ok := ColumnByHeading(name.Column); !ok || column.Field != name.Field || name.Name == "" {
				t.Errorf("got the name %+v", name)
			}
		}
		if record.KeyValue == "" && record.Key != "" {
			t.Errorf("got no key for %s", record.Operation)
		}
	})
}
