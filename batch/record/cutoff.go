package record

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// What is told of a row that was begun and cut off: by an interruption, a limit, a crash.

// cutOff makes the result of a row that has none from what it would be if it was not
// reached.
func (l *Lookup) cutOff(result Result) (Result, error) {
	row := l.history.Rows[result.Row]
	if row == nil {
		return result, nil
	}
	cost := row.Spent()
	result.Requests, result.Attempts, result.Seconds = cost.Requests, cost.Attempts, cost.Seconds
	if !row.Begun() {
		return result, nil
	}
	before, err := l.Past(result.Row)
	if err != nil {
		return result, err
	}
	kind := l.history.Header.Kind
	result.Status, result.Code, result.StepsDone = l.history.unended(row), codes.Interrupted, row.Done()
	result.ObjectID = cmp.Or(before.Created(), result.ObjectID)
	result.Message = before.soFar(kind)
	if l.history.Running {
		result.Code, result.Message = codes.UnderWay, "it was under way when this was written; a report after the end "+
			"tells what became of it"
	}
	if kind == KindRollback {
		return result, nil
	}
	first := before.First()
	result.ObjectID = cmp.Or(before.User(), result.ObjectID)
	result.Alias = cmp.Or(result.Alias, first.Intent.Alias)
	result.DtmfAccessID = cmp.Or(result.DtmfAccessID, first.Intent.Shown()["DtmfAccessId"])
	if result.Operation == validate.Upsert || result.Operation == "" {
		result.Operation = first.operation()
	}
	line, err := (&Undo{History: l.history}).line(l, result.Row)
	result.Reversible = line.Reversible
	return result, err
}

// operation is what a row does whose first change it is.
func (c AppliedChange) operation() validate.Operation {
	switch {
	case c.Intent.Imports():
		return validate.ImportLDAP
	case c.Creates():
		return validate.Create
	case c.Deletes():
		return validate.Delete
	}
	return validate.Update
}

// Told gives a row's result, or what there is to tell of one that was cut off.
func (l *Lookup) Told(number int) (Result, error) {
	result, is, err := l.Result(number)
	if err == nil && !is {
		result, err = l.cutOff(Result{Row: number, Status: Pending})
	}
	return result, err
}

// soFar tells people how far a row came that was cut off.
func (p Past) soFar(kind string) string {
	var texts []string
	temporary := p.leaves(kind)
	for _, c := range p.Made {
		if model.KindOf(c.Step).Temporary && temporary != "" {
			continue
		}
		text := c.Step + " " + map[string]string{"POST": "added", "PUT": "changed", "DELETE": "deleted"}[c.Method]
		if !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	if temporary != "" {
		texts = append(texts, temporary)
	}
	text := fmt.Sprintf("begun, and cut off when the %s ended", kind)
	if len(texts) > 0 {
		text += ": " + strings.Join(texts, ", ")
	}
	if p.Open != nil {
		text += fmt.Sprintf("; the %s of %s was sent, or about to be, and has no answer; resume finds out what became "+
			"of it, and does the rest", p.Open.Method, p.Open.Step)
	} else {
		text += "; resume does the rest"
	}
	return text
}
