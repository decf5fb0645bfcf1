package reports

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"cucbulk/batch"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// The files that a pre-flight leaves, besides [PlanFile].
const (
	PreflightFile = "preflight.html"
	PlanTable     = "plan.csv"
	ProblemsFile  = "problems.csv"
)

// ProblemKind is what problems of one kind and column come to.
type ProblemKind struct {
	Column  string
	Code    codes.Code
	Warning bool
	Rows    int
	Lines   string // "2 to 5001"
	Example string
}

// Advice is what to do about it.
func (k ProblemKind) Advice() string { return adviceFor(k.Code, record.Invalid) }

// Preflight is what validate and a dry run found out, to be left in a folder.
type Preflight struct {
	Checked *plan.Checked
	Rows    iter.Seq2[batch.Preview, error]      // what each row would do; nil: no server was asked
	Found   func() (Findings, error)             // what is known when the rows were looked at
	Next    func(planSHA256 string) []Suggestion // what to type next
}

// Findings are what the rows come to.
type Findings struct {
	Plan      batch.SavedPlan
	ExitCode  int
	Problems  []ProblemKind
	Preflight map[string]int // requests that were sent, by method
	Time      string         // how long a run takes
}

// Write writes the files into a folder that has none of them. planSHA256 is that of the plan,
// "" when no server was asked.
func (p Preflight) Write(folder string) (planSHA256 string, notices []Notice, err error) {
	files := &staged{folder: folder}
	defer files.drop()
	page, failing := newPreflightPage(), map[int]string{}
	if p.Rows != nil {
		planSHA256, err = p.writePlan(files, page, failing)
	} else {
		page.found, err = p.Found()
	}
	if err != nil {
		return "", nil, err
	}
	notice, err := p.writeProblems(files, failing)
	if err != nil {
		return "", nil, err
	}
	if notice != "" {
		notices = append(notices, notice)
	}
	err = files.write(PreflightFile, func(w io.Writer) error {
		return page.write(w, p.Checked, files.path(PlanFile), planSHA256, p.Next(planSHA256), files.named())
	})
	if err == nil {
		err = files.publishNew()
	}
	return planSHA256, notices, err
}

// writePlan writes plan.json and plan.csv. It notes why rows would fail.
func (p Preflight) writePlan(files *staged, page *preflightPage, failing map[int]string) (string, error) {
	hash := sha256.New()
	err := files.write(PlanFile, func(w io.Writer) error {
		plan := &planWriter{out: io.MultiWriter(w, hash)}
		err := files.write(PlanTable, func(w io.Writer) error {
			table, err := newPlanTable(w)
			if err != nil {
				return err
			}
			for preview, err := range p.Rows {
				if err == nil {
					err = errors.Join(plan.row(preview), table.row(preview))
				}
				if err != nil {
					return err
				}
				page.add(preview)
				if preview.Status == record.Failed {
					failing[preview.Row] = reason(record.Result{Code: preview.Code, Message: preview.Message})
				}
			}
			return table.file.end()
		})
		if err != nil {
			return err
		}
		if page.found, err = p.Found(); err != nil {
			return err
		}
		return plan.end(page.found.Plan)
	})
	return hex.EncodeToString(hash.Sum(nil)), err
}

// writeProblems writes the rows that are invalid or would fail, with what is wrong in front, so
// that whoever mends them sends back a file that runs. If there are none, it writes nothing.
// Secrets are only in one that is sealed: without a recipient their columns are left out, and a
// notice says so.
func (p Preflight) writeProblems(files *staged, failing map[int]string) (Notice, error) {
	if p.Checked.Invalid == 0 && len(failing) == 0 {
		return "", nil
	}
	in := p.Checked.Input
	reasonOf := func(row int) (string, error) {
		code, message, rejected := p.Checked.Rejection(row)
		if !rejected {
			return failing[row], nil
		}
		return reason(record.Result{Code: code, Message: message}), nil
	}
	headings, _, _, err := in.HeadingLine()
	if err != nil {
		return "", err
	}
	var secret []int
	var names []string
	for i, heading := range headings {
		if column, known := validate.ColumnByHeading(heading); known && column.Secret {
			secret, names = append(secret, i), append(names, column.Name)
		}
	}
	sealTo := p.Checked.Options.SealTo
	if len(secret) == 0 || sealTo == "" {
		err := files.write(ProblemsFile, func(w io.Writer) error { return writeWithReasons(w, in, secret, reasonOf) })
		if len(secret) == 0 || err != nil {
			return "", err
		}
		return Notice(fmt.Sprintf("%s has no secrets, so the columns %s are left out: put them back before it runs, or "+
			"give --seal-to, and %s has them for the owner of the key", ProblemsFile, strings.Join(names, ", "),
			ProblemsFile+record.Sealed)), nil
	}
	return "", files.writeSealed(ProblemsFile+record.Sealed, sealTo,
		func(w io.Writer) error { return writeWithReasons(w, in, nil, reasonOf) })
}

// PreflightFiles says what each file of a pre-flight is for.
func PreflightFiles() []File {
	return []File{
		{PreflightFile, "what a run would do, on one page, for a browser"},
		{ProblemsFile, "the wrong rows, each with its reason: mend them and run it"},
		{ProblemsFile + record.Sealed, "the same, for the owner of the key"},
		{PlanTable, "every row and what a run would do with it"},
		{PlanFile, "the plan, for run --plan"},
	}
}

// noted counts rows by what they share, and lists what most of them have first.
type noted map[string]int

func (n noted) sorted() []loss {
	var list []loss
	for note, rows := range n {
		list = append(list, loss{inert(note), rows})
	}
	slices.SortFunc(list, func(a, b loss) int { return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Note, b.Note)) })
	if len(list) > lossesAtMost {
		list = append(list[:lossesAtMost], loss{"something else: " + PlanTable + " says what", total(list[lossesAtMost:])})
	}
	return list
}

func total(list []loss) int {
	n := 0
	for _, one := range list {
		n += one.Rows
	}
	return n
}
