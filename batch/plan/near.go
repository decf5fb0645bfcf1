package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// What a row says beside what the server has, where the two differ only in a way in which
// a spreadsheet makes them differ: 771 and 00771, +49 30 and 4930, wide digits and plain ones.

// findNearUser tells of a row whose user is not there, and of users that are nearly called
// so. Of an upsert it makes a conflict: nobody asked for a second person.
func (w *State) findNearUser(p *Plan) (found Conflict) {
	entry := p.Record
	form := NearForm(entry.KeyValue)
	if form == "" || p.Target != nil || slices.Contains(entry.Literal, entry.Key) {
		return Conflict{}
	}
	users := slices.DeleteFunc(slices.Clone(w.snapshot.nearUsers[nearKey(entry.Key, form)]),
		func(user cupi.Object) bool { return !near(entry.KeyValue, user[entry.Key]) })
	if len(users) == 0 {
		return Conflict{}
	}
	there := fmt.Sprintf("%q is there (%s), which differs only as a spreadsheet makes codes differ: by zeros in front, "+
		"a plus or the way the number is written", users[0][entry.Key], Describe(users[0]))
	if entry.Operation == validate.Upsert && p.End.Status != record.Invalid {
		p.End = Invalid(codes.NearlyThere, "no %s has %s %q, and %s: mend the row, or write %s before the value to "+
			"make another one", p.About.One(), entry.Key, entry.KeyValue, there, validate.Literal).about(entry.Key)
		return Conflict{}
	}
	if p.End.Code == codes.NoSuchUser || p.End.Code == codes.AlreadyAbsent || p.End.Code == codes.Required {
		p.End.Message += "; but " + there
	}
	if p.End.Status == record.Invalid {
		return Conflict{}
	}
	return Conflict{Row: entry.Row, Line: entry.Line, Code: codes.NearlyThere, column: entry.Key, warning: true,
		Message: fmt.Sprintf("no %s has %q; %s", p.About.One(), entry.KeyValue, there)}
}

// nearValues tells of each code of an update that differs from what the listing has only
// so. It is an error where a spreadsheet may have made it of that.
func (p Plan) nearValues() (found []Conflict) {
	if p.Operation != validate.Update || p.Target == nil || p.begun {
		return nil
	}
	step := p.About.Main.Name
	for field, value := range p.Steps.Wanted(step) {
		if column, message, damaged := p.nearCode(step, field, value, p.Target[field]); message != "" {
			found = append(found, Conflict{Row: p.Row, Line: p.Line, Code: codes.NearValue, column: column,
				warning: !damaged, Message: message})
		}
	}
	slices.SortFunc(found, func(a, b Conflict) int { return strings.Compare(a.column, b.column) })
	return found
}

// nearCode compares a code of a row with the one that the server has; without a message
// there is nothing to say.
func (p Asked) nearCode(step, field, value, old string) (column, message string, damaged bool) {
	of, known := validate.ColumnOfStep(step, field)
	if !known || !of.HoldsCode() || !near(value, old) || slices.Contains(p.Record.Literal, of.Name) {
		return "", "", false
	}
	if damaged = lostDigits(value, old); damaged {
		return of.Name, fmt.Sprintf("%q is %q on the server: a spreadsheet takes zeros and a plus from the front of a "+
			"code; mend the file, or write %s before the value if it is meant", value, old, validate.Literal), true
	}
	return of.Name, fmt.Sprintf("%q is %q on the server: they differ only as a spreadsheet makes codes differ, by zeros "+
		"in front, a plus or the way the number is written; mend the file, or write %s before the value if it is meant",
		value, old, validate.Literal), false
}

// lostDigits reports of two codes that are near each other whether a spreadsheet can have made
// the one of the other: it takes zeros and a plus from the front, and adds none.
func lostDigits(made, of string) bool {
	zeros, plus := leadingZeros(made)
	zerosOf, plusOf := leadingZeros(of)
	return zeros < zerosOf || zeros == zerosOf && plusOf && !plus
}

// leadingZeros tells how many zeros a code begins with, and whether a plus stands before them.
func leadingZeros(code string) (zeros int, plus bool) {
	code = norm.NFKC.String(code)
	digits := strings.TrimLeftFunc(code, func(r rune) bool { return !unicode.IsDigit(r) })
	return len(digits) - len(strings.TrimLeft(digits, "0")), strings.HasPrefix(code, "+")
}

// DamagedCode fails a step that would write a code of which a spreadsheet took something: what
// the listing does not show, only the row's own reading tells.
func (p Plan) DamagedCode(changes []send.Change) error {
	if p.begun {
		return nil
	}
	for _, c := range changes {
		for _, field := range slices.Sorted(maps.Keys(c.Request.Fields)) {
			if column, message, damaged := p.nearCode(c.Step, field, c.Request.Fields[field], c.Before[field]); damaged {
				return &send.Failure{Status: record.Failed, Code: codes.NearValue, Message: Told(p.Header.Heading(column), message)}
			}
		}
	}
	return nil
}
