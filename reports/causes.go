package reports

import (
	"cmp"
	"slices"

	"cucbulk/batch/record"
	"cucbulk/internal/codes"
)

// cause is why some rows are not done.
type cause struct {
	Code    codes.Code
	Rows    int
	Status  record.Status // of the first of its rows
	Example string        // what the first of its rows says
	Advice  string
}

// causes gathers the rows that are not done by their code.
type causes map[codes.Code]*cause

func (c causes) add(r record.Result) {
	if r.Status.Done() {
		return
	}
	code, example := r.Code, r.Message
	if r.Status == record.Pending && code == "" {
		code, example = codes.NotReached, "the run ended before it came to these rows"
	}
	if c[code] == nil {
		c[code] = &cause{Code: code, Status: r.Status, Example: inert(example), Advice: adviceFor(code, r.Status)}
	}
	c[code].Rows++
}

// join takes in those of another file.
func (c causes) join(others causes) {
	for code, other := range others {
		if c[code] == nil {
			one := *other
			c[code] = &one
			continue
		}
		c[code].Rows += other.Rows
	}
}

// outcomes is what the rows of a run come to.
type outcomes struct {
	why          causes       // rows are not done
	irreversible map[int]bool // rows that a rollback can't wholly undo
}

func newOutcomes() outcomes { return outcomes{causes{}, map[int]bool{}} }

func (o outcomes) add(r record.Result) {
	o.why.add(r)
	if r.Reversible != record.FullyReversible {
		o.irreversible[r.Row] = true
	}
}

// sorted lists the causes, those of most rows first.
func (c causes) sorted() []cause {
	var list []cause
	for _, one := range c {
		list = append(list, *one)
	}
	slices.SortFunc(list, func(a, b cause) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Code, b.Code))
	})
	return list
}

// adviceFor says what to do about a code; about one of the server's own, what to do
// about rows of that status.
func adviceFor(code codes.Code, status record.Status) string {
	if entry, known := codes.Lookup(code); known {
		return entry.Advice
	}
	return adviceByStatus()[status]
}

func adviceByStatus() map[record.Status]string {
	return map[record.Status]string{
		record.Invalid: "Nothing was sent. Mend these rows in rejects.csv and run that file.",
		record.Failed:  "The server refused these rows; each one's message has its words. Mend them in rejects.csv and run that file.",
		record.Partial: "Some steps are done and some are not; the message says which. Mend these rows in " +
			"rejects.csv, and run it with --continues: it does not do again what is done.",
		record.Uncertain: "Look at these in the administration pages: whether the change was made can't be proven " +
			"from here. A rollback leaves them alone.",
		record.Kept: "These were left as they are. Decide for each, and change it by hand if need be.",
	}
}
