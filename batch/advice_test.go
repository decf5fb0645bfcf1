package batch_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"cucbulk/batch"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/validate"
)

// mostMends is how often a file may be mended until nothing is wrong with it: a message of its own
// for each of its rows, and some that come to light only then.
const mostMends = 20

// asAdvised does with a file what the messages of its pre-flight say, until there are none.
func (s *site) asAdvised(rt *rapid.T, text string, deep bool) string {
	asked := options("")
	asked.Deep = deep
	file := newMendedFile(text)
	for round := range mostMends {
		errors := slices.DeleteFunc(s.problemsOf(rt, fmt.Sprint("advice", round), file.text(), asked), func(p validate.Problem) bool { return p.Warning })
		if len(errors) == 0 {
			return file.text()
		}
		if round == mostMends-1 {
			rt.Fatalf("what the messages advise does not help: %v\n%s\nwas\n%s", errors, file.text(), text)
		}
		file.mend(rt, errors)
	}
	return text
}

// problemsOf gives what is wrong with a file, and what is with its rows on the server.
func (s *site) problemsOf(rt *rapid.T, name, text string, o record.Options) (found []validate.Problem) {
	recorder := s.recorder(name)
	defer os.RemoveAll(recorder.Folder)
	note := func(p validate.Problem) { found = append(found, p) }
	s.prepare(recorder, text, o) // spools it
	in, err := record.OpenInput("users.csv", recorder.Folder+"/"+record.InputFile)
	if err != nil {
		rt.Fatal(err)
	}
	checked, err := plan.Check(in, o, note)
	if err == nil {
		_, err = batch.Preflight(s.t.Context(), s.server(2), checked, note)
	}
	if err != nil {
		rt.Fatal(err)
	}
	return found
}

// mendedFile is a file that somebody mends.
type mendedFile struct {
	headings []string
	rows     [][]string // nil: taken out
	fresh    int        // values that were made up so far
}

func newMendedFile(text string) *mendedFile {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	file := &mendedFile{headings: strings.Split(lines[0], ",")}
	for _, line := range lines[1:] {
		file.rows = append(file.rows, strings.Split(line, ","))
	}
	return file
}

func (f *mendedFile) text() string {
	text := strings.Join(f.headings, ",") + "\n"
	for _, row := range f.rows {
		if row != nil {
			text += strings.Join(row, ",") + "\n"
		}
	}
	return text
}

func (f *mendedFile) set(row []string, column, value string) {
	row[slices.Index(f.headings, column)] = value
}

func (f *mendedFile) get(row []string, column string) string {
	return row[slices.Index(f.headings, column)]
}

// another is a value that nobody has, for a column.
func (f *mendedFile) another(column string) string {
	f.fresh++
	switch column {
	case "SmtpProxyAddresses":
		return fmt.Sprintf("other%d@x.org", f.fresh)
	case "NewAlias", "Alias":
		return fmt.Sprintf("other%d", f.fresh)
	}
	return fmt.Sprint(880000 + f.fresh)
}

// otherValues gives a row others in all columns by which it takes something.
func (f *mendedFile) otherValues(row []string) {
	for _, column := range []string{"DtmfAccessId", "Extension_Alt1", "Extension_Alt2", "NewAlias", "SmtpProxyAddresses"} {
		if value := f.get(row, column); value != "" && value != validate.Null {
			f.set(row, column, f.another(column))
		}
	}
}

var inSameRow = regexp.MustCompile(`\((Extension_Alt[0-9])\); to move it, clear that in the same row: write %null% there`)

var inFirstFile = regexp.MustCompile(`of which the first clears (\w+): write %null% there`)

// mend does what is said of each row that is wrong.
func (f *mendedFile) mend(rt *rapid.T, errors []validate.Problem) {
	var there []int // indices of the rows that are still in the file
	for i, row := range f.rows {
		if row != nil {
			there = append(there, i)
		}
	}
	circles := map[string]bool{} // of which one row was mended
	for _, p := range errors {
		if p.Row == 0 { // of the whole file: most of its rows find nobody, of which each is told too
			continue
		}
		at := there[p.Row-1]
		row := f.rows[at]
		has := func(advice string) bool { return strings.Contains(p.Message, advice) }
		switch match := inSameRow.FindStringSubmatch(p.Message); {
		case row == nil: // it was taken out
		case match != nil:
			f.set(row, match[1], validate.Null)
		case has("use another one, or free it"), has("give one of the two another"):
			f.set(row, p.Column, f.another(p.Column))
		case has("use update or upsert to change that user"):
			f.set(row, "Operation", "upsert")
		case has("use create or upsert to make one"):
			f.set(row, "Operation", "upsert")
			f.set(row, "NewAlias", "")
			if f.get(row, "DtmfAccessId") == "" {
				f.set(row, "DtmfAccessId", f.another("DtmfAccessId"))
			}
		case has("to make one the row needs"):
			f.set(row, p.Column, f.another(p.Column))
		case has("in the first, give one of these rows another value"):
			if !circles[p.Message] {
				f.otherValues(row)
			}
			circles[p.Message] = true
		case inFirstFile.MatchString(p.Message):
			f.set(row, inFirstFile.FindStringSubmatch(p.Message)[1], validate.Null)
		case has("keep one of the two rows"), has("take one of the rows out"), has("take the row out"), has("a name is one user's"):
			f.rows[at] = nil
		case has("keep one of the two"):
			f.set(row, p.Column, "")
		case has("--allow-missing says that this is meant"), has("to import: mend the alias"), has("did not come from the LDAP directory"):
			f.rows[at] = nil
		default:
			rt.Fatalf("nothing is known of what to do about: %v", p)
		}
	}
}
