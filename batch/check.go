package batch

import (
	"strings"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// verdict is the end of a row that is not sent: a rule, a conflict or a filter
// settled it before.
type verdict struct {
	status        Status
	code, message string
}

// Checked is an input whose every row went through the rules, offline.
type Checked struct {
	Input    Input
	Options  Options
	Rows     int // data rows
	Invalid  int // rows with at least one error
	Warnings int // problems that are only warnings

	header     *validate.Header
	headingBad bool            // a problem of the heading line: no row can be trusted
	unreadable bool            // behind some row no more rows can be told apart
	verdicts   map[int]verdict // by row number, rows that are not sent
	keys       map[string]bool // what rows find their users by, folded, and the aliases they create
	extensions map[string]bool // that rows set, folded
	matches    map[string]bool // the columns by which rows find their users
	templates  map[string]bool // template aliases of rows that may create
	names      map[string]bool // collections in which names are looked up
	moves      map[string]int  // by folded alias, how many rows make, free or take it
	named      map[string]int  // by folded alias, how many rows name it
}

// Check reads every row once and hands each problem to report. The error is not
// nil only when the input can't be read to its end.
func Check(in Input, options Options, report func(validate.Problem)) (*Checked, error) {
	headings, _, _, err := in.HeadingLine()
	if err != nil {
		return nil, err
	}
	c := &Checked{
		Input: in, Options: options,
		verdicts: map[int]verdict{}, keys: map[string]bool{}, matches: map[string]bool{}, templates: map[string]bool{}, names: map[string]bool{}, moves: map[string]int{}, named: map[string]int{}, extensions: map[string]bool{},
	}
	header, problems := validate.ParseHeader(in.Name, in.Format.HeaderLine, headings, options.rules(in.Name))
	c.header = header
	for _, p := range problems {
		report(p)
		c.count(p)
		c.headingBad = c.headingBad || !p.Warning
	}
	checker := validate.NewChecker(header, options.rules(in.Name))
	for row, err := range in.Rows() {
		if err != nil {
			return nil, err
		}
		c.Rows++
		if row.Broken != nil {
			report(row.Broken.Problem(in.Name))
			c.reject(row.Number, "bad-quotes", row.Broken.Message)
			c.unreadable = c.unreadable || row.Broken.Final
			continue
		}
		if !options.selects(header, row.Row.Row) {
			c.verdicts[row.Number] = verdict{Skipped, "filtered", "left out by --only or --rows"}
			continue
		}
		c.checkRow(checker, row.Row.Row, report)
	}
	return c, nil
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

func (c *Checked) checkRow(checker *validate.Checker, row validate.Row, report func(validate.Problem)) {
	var errors []validate.Problem
	for _, p := range checker.Check(row) {
		report(p)
		c.count(p)
		if !p.Warning {
			errors = append(errors, p)
		}
	}
	switch {
	case len(errors) > 0:
		c.reject(row.Number, errors[0].Code, joinProblems(errors))
	case c.headingBad:
		c.reject(row.Number, "bad-heading", "the heading line has errors, so no row can be trusted; mend it first")
	default:
		c.learn(checker.Record(row))
	}
}

// reject settles a row as invalid.
func (c *Checked) reject(row int, code, message string) {
	if _, known := c.verdicts[row]; !known {
		c.Invalid++
	}
	c.verdicts[row] = verdict{Invalid, code, message}
}

// learn gathers what the pre-flight must ask the server for.
func (c *Checked) learn(record validate.Record) {
	c.keys[matchKey(record.Key, record.KeyValue)] = true
	c.matches[record.Key] = true
	if record.Operation == validate.Create || record.Operation == validate.Upsert {
		c.keys[matchKey("Alias", record.Alias)] = true
		c.matches["Alias"] = true
		c.templates[strings.ToLower(record.TemplateAlias)] = true
	}
	if record.NewAlias != "" && fold(record.NewAlias) != fold(record.Alias) {
		c.keys[matchKey("Alias", record.NewAlias)] = true
		c.matches["Alias"] = true
		c.moves[fold(record.NewAlias)]++
		c.named[fold(record.NewAlias)]++
	}
	if record.Alias != "" {
		c.named[fold(record.Alias)]++
	}
	if record.DtmfAccessId != "" && record.Operation != validate.Delete {
		c.extensions[fold(record.DtmfAccessId)] = true
	}
	for step, fields := range record.Steps {
		if extension := fields["DtmfAccessId"]; extension != "" && step != validate.StepUser {
			c.extensions[fold(extension)] = true
		}
	}
	if movesAlias(record) {
		c.moves[fold(record.Alias)]++
	}
	for _, name := range record.Names {
		if name.Collection == cupi.Users.Name {
			c.keys[matchKey("Alias", name.Name)] = true
			c.matches["Alias"] = true
			continue
		}
		c.names[name.Collection] = true
	}
}

// movesAlias reports whether a row may change who has its alias.
func movesAlias(record validate.Record) bool {
	return record.Alias != "" && (record.Operation != validate.Update || record.NewAlias != "")
}

// movedByOthers reports whether another row of the file may change who has the
// row's alias, so that only the row's turn can tell what it finds.
func (c *Checked) movedByOthers(record validate.Record) bool {
	moves := c.moves[fold(record.Alias)]
	if movesAlias(record) {
		moves--
	}
	return moves > 0
}

// joinProblems makes one message of all that is wrong with a row.
func joinProblems(problems []validate.Problem) string {
	parts := make([]string, len(problems))
	for i, p := range problems {
		parts[i] = p.Message
		if p.Column != "" {
			parts[i] = p.Column + ": " + p.Message
		}
	}
	return strings.Join(parts, "; ")
}

// fold gives the form in which the server compares aliases and names.
func fold(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

// matchKey is a column and a value, in the form in which they are looked up.
func matchKey(column, value string) string { return column + "\x00" + fold(value) }

// matchKeys gives the keys under which a user of the listing can be found.
func matchKeys(user cupi.Object, columns map[string]bool) []string {
	keys := make([]string, 0, len(columns))
	for column := range columns {
		if value := user[column]; value != "" {
			keys = append(keys, matchKey(column, value))
		}
	}
	return keys
}
