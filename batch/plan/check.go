package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/maphash"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// Checked is an input whose every row went through the rules, offline.
type Checked struct {
	Input    record.Input
	Options  record.Options
	Rows     int // data rows
	Invalid  int // rows with at least one error
	Warnings int // problems that are only warnings

	Header     *validate.Header
	headingBad bool            // a problem of the heading line: no row can be trusted
	unreadable bool            // behind some row no more rows can be told apart, or their cells
	Verdicts   map[int]verdict // by row number, rows that are not sent

	Seen *Seen // all users, as they were read before; nil: they were not

	asLast map[int]record.DoneRow // by row number, rows that are not looked at, as an earlier run left them

	RowIndex // once learned
}

// Check reads every row once and hands each problem to report. The error is not
// nil only when the input can't be read to its end.
func Check(in record.Input, options record.Options, report func(validate.Problem)) (*Checked, error) {
	headings, _, _, err := in.HeadingLine()
	if err != nil {
		return nil, err
	}
	recordings, sounds := sha256.New(), slices.ContainsFunc(headings, isRecording)
	if in.Sounds == "" && sounds { // a resume may be typed in another folder
		if in.Sounds, err = filepath.Abs(filepath.Dir(in.Name)); err != nil {
			return nil, err
		}
	}
	meant := validate.TableMeant(headings)
	told := options.Object == "" && meant != validate.Users
	if told {
		options.Object = meant.Object
	}
	if err := record.CheckUsersOnly(options.Table(), options.PINLength > 0 || options.KeptPINLength > 0 ||
		options.ReassignTo != ""); err != nil {
		return nil, err
	}
	if err := options.CheckExact(); err != nil {
		return nil, err
	}
	c := &Checked{Input: in, Options: options, Verdicts: map[int]verdict{}}
	rules := options.Rules(in)
	if options.Object == "" {
		rules.Others = validate.Fitting(headings)
	}
	header, problems := validate.ParseHeader(in.Name, in.Format.HeaderLine, headings, rules)
	c.Header = header
	report = in.Placed(header, report)
	if told {
		problems = append(problems, validate.Problem{File: in.Name, Line: in.Format.HeaderLine, Code: codes.ObjectMeant, Warning: true,
			Message: fmt.Sprintf("only %s have all of these headings, so the rows are about those; --object says otherwise", meant.Many)})
	}
	for _, p := range append(in.Problems, problems...) {
		report(p)
		c.count(p)
		c.headingBad = c.headingBad || !p.Warning
	}
	checker, neighbours := validate.NewChecker(header, rules), validate.NewNeighbours(header, rules)
	whole, wholeRows := true, 0 // each row so far has all cells
	for rows, err := range record.DecodePieces(in, record.ToLookAt, checker.Examine) {
		if err != nil {
			return nil, err
		}
		if len(rows) > 0 {
			checker.Reserve(in.RowsIfAllAreLike(rows[len(rows)-1].Row.Row))
		}
		for i := range rows {
			checker.Expect(&rows[i].Value)
		}
		for i := range rows {
			row := &rows[i]
			c.Rows++
			if row.Broken != nil {
				report(row.Broken.Problem(in.Name))
				c.Reject(row.Number, codes.BadQuotes, row.Broken.Message)
				c.unreadable = c.unreadable || row.Broken.Final
				continue
			}
			if !options.Selects(header, row.Row.Row) {
				c.Verdicts[row.Number] = verdict{Status: record.Skipped, Code: codes.Filtered, Message: "left out by --only or --rows"}
				continue
			}
			neighbours.Add(row.Row.Row)
			for _, digest := range row.Value.Recordings {
				_, _ = io.WriteString(recordings, digest+"\n") // a hash takes everything
			}
			problems := checker.CheckAcross(row.Row.Row, row.Value)
			if whole = whole && len(row.Cells) >= len(headings); !whole && row.LineEnd == "" && c.Rows-1 == wholeRows &&
				wholeRows >= fewWhole && len(headings) > 2 {
				problems = append(problems, cutOff(in.Name, row.Row.Row, len(headings)))
			}
			if whole {
				wholeRows = c.Rows
			}
			c.noteProblems(row.Number, problems, report)
		}
	}
	if sounds {
		c.Input.Audio = hex.EncodeToString(recordings.Sum(nil))
	}
	for _, p := range neighbours.Problems() {
		report(p)
		c.count(p)
	}
	return c, nil
}

// isRecording reports whether the cells under a heading are paths of recordings.
func isRecording(heading string) bool {
	column, _ := validate.ColumnByHeading(heading)
	return column.Type == validate.File
}

// fewWhole is how many rows that have all cells tell that the last one should have them too.
const fewWhole = 3

// cutOff is the problem of a last row that has fewer cells than all the others, and no line end: the
// file was cut off there.
func cutOff(file string, row validate.Row, headings int) validate.Problem {
	return validate.Problem{File: file, Line: row.Line, Row: row.Number, Code: codes.CutOffFile,
		Message: fmt.Sprintf("the file ends in the middle of this row: it has %d cells, all the others have %d, and no line "+
			"end is behind it. Copy or export the file again; if the row is whole, end it with a line end", len(row.Cells), headings)}
}

// Refused reports whether nothing of the input may be sent: a row is invalid and
// the options do not skip those, or the file as a whole can't be trusted.
func (c *Checked) Refused() bool {
	return c.headingBad || c.unreadable || (c.Invalid > 0 && !c.Options.SkipInvalid)
}

func (c *Checked) count(p validate.Problem) {
	if p.Warning {
		c.Warnings++
	}
}

// noteProblems reports the problems of a row, and rejects it if one is an error.
func (c *Checked) noteProblems(row int, problems []validate.Problem, report func(validate.Problem)) {
	var errors []validate.Problem
	for _, p := range problems {
		report(p)
		c.count(p)
		if !p.Warning {
			errors = append(errors, p)
			c.unreadable = c.unreadable || p.Code == codes.OtherHeadings
		}
	}
	switch {
	case len(errors) > 0:
		c.Reject(row, errors[0].Code, joinProblems(errors))
	case c.headingBad:
		c.Reject(row, codes.BadHeading, "the heading line has errors, so no row can be trusted; mend it first")
	}
}

// AsLastRun is how many rows are as in the run that --since names, and are not looked at.
func (c *Checked) AsLastRun() int { return len(c.asLast) }

// Reject settles a row as invalid.
func (c *Checked) Reject(row int, code codes.Code, message string) {
	if _, known := c.Verdicts[row]; !known {
		c.Invalid++
	}
	c.Verdicts[row] = verdict{Status: record.Invalid, Code: code, Message: message}
}

// Rejection tells why a row is not sent, if it is invalid: by a rule, or, once the server was
// asked, by a conflict.
func (c *Checked) Rejection(row int) (code codes.Code, message string, rejected bool) {
	end := c.Verdicts[row]
	return end.Code, end.Message, end.Status == record.Invalid
}

// joinProblems makes one message of all that is wrong with a row.
func joinProblems(problems []validate.Problem) string {
	parts := make([]string, len(problems))
	for i, p := range problems {
		parts[i] = Told(p.Named(), p.Message)
	}
	return strings.Join(parts, "; ")
}

// DecodedRows gives every data row decoded, in order.
func (c *Checked) DecodedRows() iter.Seq2[validate.Record, error] {
	return func(yield func(validate.Record, error) bool) {
		checker := validate.NewChecker(c.Header, c.Options.Rules(c.Input))
		for row, err := range record.DecodeRows(c.Input, checker.Record) {
			record := row.Value
			if row.Broken != nil {
				record = checker.Record(row.Row.Row)
			}
			record.Row, record.Line = row.Number, row.Line
			if !yield(record, err) || err != nil {
				return
			}
		}
	}
}

// learn reads the rows that no rule settled, for what they name. hide is told their
// secrets, which an earlier start may have sent. also adds what others name.
func (c *Checked) learn(hide func(secret string), also func(*RowIndex) error) error {
	c.RowIndex = RowIndex{
		About: model.ObjectOf(c.Options.Table()),
		Seed:  maphash.MakeSeed(), Match: c.Options.Table().MatchColumn(c.Options.Match), Shared: map[uint64]nameCount{},
		lastOf:  map[uint64]int{},
		Matches: map[string]bool{}, Templates: map[string]bool{}, Names: map[string]bool{},
	}
	for record, err := range c.DecodedRows() {
		if err != nil {
			return err
		}
		if _, settled := c.Verdicts[record.Row]; !settled {
			c.RowIndex.Add(record)
			for _, fields := range record.Steps {
				for name, value := range fields {
					if value != "" && model.Secret(name) {
						hide(value)
					}
				}
			}
		}
	}
	if err := also(&c.RowIndex); err != nil {
		return err
	}
	c.RowIndex.Sort()
	return nil
}
