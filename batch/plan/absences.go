package plan

import (
	"fmt"

	"cucbulk/batch/record"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// absences counts the rows that update or delete, and those of them that find nobody: if they
// are most, the file may be the wrong one, or the server.
type absences struct {
	rows, missing int
	deletes       []Conflict // of rows that would be done, because nobody is there
}

func (a *absences) add(plan Plan) {
	if plan.Told() != validate.Update && plan.Told() != validate.Delete || plan.Record.Operation == validate.Upsert ||
		plan.End.Status == record.Skipped && plan.End.Code != codes.NoSuchUser {
		return
	}
	a.rows++
	switch plan.End.Code {
	case codes.AlreadyAbsent:
		a.deletes = append(a.deletes, Conflict{Row: plan.Row, Line: plan.Line, Code: codes.NobodyFound, column: plan.Record.Key,
			Message: plan.End.Message + ". Most rows of this file find nobody, so it may be the wrong file or server; " +
				"--allow-missing says that this is meant"})
		fallthrough
	case codes.NoSuchUser, codes.NobodyFound:
		a.missing++
	}
}

// fewAbsences is from how many on rows that find nobody tell something of the file.
const fewAbsences = 2

// most reports whether most rows find nobody.
func (a *absences) most() bool { return a.missing >= fewAbsences && a.missing*2 > a.rows }

// problem says so first, of the file as a whole.
func (a *absences) problem(in record.Input, allowed bool) validate.Problem {
	return validate.Problem{File: in.Name, Line: in.Format.HeaderLine, Code: codes.NobodyFound, Warning: allowed,
		Message: fmt.Sprintf("%d of the %d rows that update or delete find nobody on this server: look whether file, "+
			"server and --match are right, and whether a spreadsheet took zeros from the front", a.missing, a.rows)}
}
