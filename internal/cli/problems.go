package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"cucbulk/internal/codes"
	"cucbulk/reports"
	"cucbulk/validate"
)

// How problems are shown on a terminal whose size is not known, and how many of its lines
// are for what is told besides.
const (
	usualLines   = 24
	usualColumns = 80
	linesBesides = 12
	fewestLines  = 6 // that problems have, however small the terminal is
	rangesShown  = 4 // lines, or lines in a row, that are named of one kind
)

// kindOfProblem is what problems have in common that are mended in the same way.
type kindOfProblem struct {
	Column  string     `json:"column,omitempty"`
	Code    codes.Code `json:"code"`
	Warning bool       `json:"warning"`
}

// problemsOfKind are the problems of one kind, as they are told at the end.
type problemsOfKind struct {
	kindOfProblem
	Rows      int    `json:"rows"`
	FirstLine int    `json:"firstLine"`
	LastLine  int    `json:"lastLine"`
	Example   string `json:"example"` // the message of the first

	first   validate.Problem
	ranges  []lineRange // the first ones
	lastRow int
	unlike  bool // not all have the same message
	told    bool // on the screen
}

// lineRange is lines of the file whose rows follow each other.
type lineRange struct{ first, last int }

// problems takes the problems of a file as they are found. Off a terminal each is a line at
// once. On one those of a kind are shown together, when [problems.tell] is called: a mistake
// that each of 5,000 rows has is one mistake.
type problems struct {
	out      io.Writer
	together bool
	terminal bool
	each     func(validate.Problem) // prints one
	kinds    []*problemsOfKind      // in the order in which they were found
	byKind   map[kindOfProblem]*problemsOfKind
	size     func() (columns, lines int)

	shortened bool // some have no line of their own
}

// width is that of the terminal; 0: it is none, or nobody knows.
func (l *problems) width() int {
	if l.size == nil || !l.terminal {
		return 0
	}
	wide, _ := l.size()
	return wide
}

// newProblems prints on stdout, or on stderr when stdout is for the summary alone.
func (s *screen) newProblems(all, summaryOnly bool) *problems {
	list := &problems{out: s.Stdout, terminal: s.StdoutIsTerminal, together: s.StdoutIsTerminal && !all,
		byKind: map[kindOfProblem]*problemsOfKind{}, size: s.StdoutSize}
	if summaryOnly {
		list.out, list.terminal, list.together = s.Stderr, s.StderrIsTerminal, s.StderrIsTerminal && !all
	}
	list.each = func(problem validate.Problem) {
		fmt.Fprint(list.out, sentenceIn(list.width(), "", problem.String()))
	}
	return list
}

// unseenProblems are told to nobody.
func unseenProblems() *problems {
	return &problems{out: io.Discard, byKind: map[kindOfProblem]*problemsOfKind{}, each: func(validate.Problem) {}}
}

// take takes the next problem.
func (l *problems) take(problem validate.Problem) {
	key := kindOfProblem{problem.Named(), problem.Code, problem.Warning}
	kind := l.byKind[key]
	if kind == nil {
		kind = &problemsOfKind{kindOfProblem: key, first: problem, FirstLine: problem.Line, Example: problem.Message}
		l.byKind[key] = kind
		l.kinds = append(l.kinds, kind)
	}
	kind.take(problem)
	if !l.together {
		l.each(problem)
	}
}

func (k *problemsOfKind) take(problem validate.Problem) {
	k.unlike = k.unlike || problem.Message != k.Example
	k.FirstLine, k.LastLine = min(k.FirstLine, problem.Line), max(k.LastLine, problem.Line)
	again := k.Rows > 0 && problem.Row == k.lastRow // a second problem of the row
	if !again {
		k.Rows++
	}
	switch last := len(k.ranges) - 1; {
	case again:
	case last >= 0 && problem.Row == k.lastRow+1 && len(k.ranges) <= rangesShown:
		k.ranges[last].last = problem.Line
	case len(k.ranges) <= rangesShown: // one more than is shown, so that it is known that there are more
		k.ranges = append(k.ranges, lineRange{problem.Line, problem.Line})
	}
	k.lastRow = problem.Row
}

// tell shows on a terminal what was taken since it was last called: of each kind how many
// rows have it, their first lines, and an example; errors before warnings, and no more than
// fits.
func (l *problems) tell() {
	if !l.together {
		return
	}
	var list []*problemsOfKind
	for _, kind := range l.kinds {
		if !kind.told {
			kind.told = true
			list = append(list, kind)
		}
	}
	slices.SortStableFunc(list, errorsFirst)
	columns, left := usualColumns, usualLines
	if l.size != nil {
		if wide, high := l.size(); wide > 0 && high > 0 {
			columns, left = wide, high
		}
	}
	left = max(fewestLines, left-linesBesides)
	kinds, rows := 0, 0
	for i, kind := range list {
		text := sentenceIn(columns, "", kind.text())
		l.shortened = l.shortened || kind.Rows > 1
		lines := strings.Count(text, "\n")
		if left -= lines; left < 0 || left == 0 && i < len(list)-1 {
			kinds, rows, left = kinds+1, rows+kind.Rows, 0
			continue
		}
		fmt.Fprint(l.out, text)
	}
	if kinds > 0 {
		l.shortened = true
		fmt.Fprint(l.out, sentenceIn(columns, "", fmt.Sprintf("and %s of problems more, in %s: --all prints every line",
			reports.Count(kinds, "kind", "kinds"), rowsText(rows))))
	}
}

// errorsFirst orders kinds of problems: errors stand before warnings.
func errorsFirst(a, b *problemsOfKind) int {
	switch {
	case a.Warning == b.Warning:
		return 0
	case a.Warning:
		return 1
	}
	return -1
}

// text is one kind on one line; a single problem reads as it does off a terminal.
func (k *problemsOfKind) text() string {
	if k.Rows == 1 {
		return k.first.String()
	}
	one := k.first
	one.Message = strings.TrimSuffix(one.Message, ".")
	if !strings.HasSuffix(one.Message, "?") {
		one.Message += ";"
	}
	like := ""
	if k.unlike {
		like = "and others like it: "
	}
	one.Message += fmt.Sprintf(" %s%s rows, %s", like, reports.Grouped(k.Rows), k.lines())
	return one.String()
}

// lines names the first lines: "2 to 5001", or "2, 5 to 9, 12 and more up to 800".
func (k *problemsOfKind) lines() string {
	var parts []string
	for i, r := range k.ranges {
		switch {
		case i == rangesShown:
			return strings.Join(parts, ", ") + fmt.Sprintf(" and more up to %d", k.LastLine)
		case r.first == r.last:
			parts = append(parts, fmt.Sprint(r.first))
		default:
			parts = append(parts, fmt.Sprintf("%d to %d", r.first, r.last))
		}
	}
	return strings.Join(parts, ", ")
}

// sorted are the kinds, errors before warnings and the most frequent first.
func (l *problems) sorted() []*problemsOfKind {
	list := slices.Clone(l.kinds)
	slices.SortStableFunc(list, func(a, b *problemsOfKind) int { return cmp.Or(errorsFirst(a, b), b.Rows-a.Rows) })
	return list
}

// end tells what was not told yet, and how many rows have which problems.
func (l *problems) end() {
	l.tell()
	for _, line := range kindLines(l.sorted(), min(columns, cmp.Or(l.width(), columns))) {
		fmt.Fprint(l.out, line)
	}
}

// kindLines says how many rows have which errors and which warnings, a line each; none where
// each kind has one problem, which was just told.
func kindLines(kinds []*problemsOfKind, width int) []string {
	if !slices.ContainsFunc(kinds, func(kind *problemsOfKind) bool { return kind.Rows > 1 }) {
		return nil
	}
	var lines []string
	for _, warnings := range []bool{false, true} {
		if text := kindsText(kinds, warnings); text != "" {
			name := map[bool]string{false: "errors", true: "warnings"}[warnings]
			lines = append(lines, hangingIn(width, fmt.Sprintf("  %-12s ", name), strings.Repeat(" ", 15), strings.Fields(text)))
		}
	}
	return lines
}

// columnsNamed is how many columns are named of one code, and codesNamed of how many codes.
const (
	columnsNamed = 3
	codesNamed   = 12
)

// kindsText says how often which errors were found, or which warnings: "5,000 unknown-country
// (Country), 4 too-long (Title, City)".
func kindsText(kinds []*problemsOfKind, warnings bool) string {
	found, columns := map[codes.Code]int{}, map[codes.Code][]string{}
	var order []codes.Code
	for _, kind := range kinds {
		if kind.Warning != warnings {
			continue
		}
		if found[kind.Code] == 0 {
			order = append(order, kind.Code)
		}
		found[kind.Code] += kind.Rows
		if kind.Column != "" {
			columns[kind.Code] = append(columns[kind.Code], oneLine(kind.Column))
		}
	}
	var parts []string
	for i, code := range order {
		if i == codesNamed {
			parts = append(parts, fmt.Sprintf("and %d codes more", len(order)-codesNamed))
			break
		}
		text := reports.Grouped(found[code]) + " " + string(code)
		named := columns[code]
		if more := len(named) - columnsNamed; more > 0 {
			named = append(named[:columnsNamed:columnsNamed], fmt.Sprintf("%d columns more", more))
		}
		if len(named) > 0 {
			text += " (" + strings.Join(named, ", ") + ")"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}
