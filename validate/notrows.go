package validate

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"cucbulk/internal/codes"
)

// Lines that stand among the rows of a file and are none: the headings of another file
// that was put behind it, and what a report or a query writes below its rows.

// notARow finds such a line. What else is to be said of its cells has no meaning then.
func (l *dataLine) notARow() (Problem, bool) {
	first := l.valueAt(l.at.alias)
	if first == "" {
		first = l.firstCell()
	}
	if first == "" || len(l.slots) == 0 {
		return Problem{}, false
	}
	if mayBeHeading(first) && l.repeatsHeadings() {
		if !l.sameHeadings() {
			return Problem{Code: codes.OtherHeadings, Message: "holds headings again, of other columns or in another " +
				"order: another file or table begins here; give it a file of its own"}, true
		}
		return Problem{Code: codes.HeadingsAgain, Message: "holds headings again, in the same order: another file or " +
			"table begins here; take the line out"}, true
	}
	if first = l.firstCell(); mayEnd[first[0]] && l.isFooter(first) {
		return Problem{Code: codes.FooterLine, Message: quoted(first) +
			" is what a report or a query writes below its rows, or the total of a table: take the line out"}, true
	}
	if mark := l.row.Cells[0]; mark != "" && isMark[mark[0]] {
		if message := markOf(mark, l.at.alias == 0 || l.slotOfFirst() == l.at.alias); message != "" {
			return Problem{Code: codes.NotARow, Message: message}, true
		}
	}
	if other := l.otherDelimiter(); other != 0 {
		return Problem{Code: codes.OtherDelimiter, Message: DelimiterProblem(other, l.options.Delimiter)}, true
	}
	if l.unquotedReason() {
		return Problem{Column: "FailureReason", Code: codes.RaggedRow,
			Message: "holds commas and has no quotes around it, so that the cells behind it stand in wrong columns: put " +
				"quotes around it, or take its text out"}, true
	}
	return Problem{}, false
}

func (l *dataLine) firstCell() string {
	for _, cell := range l.row.Cells {
		if text := trimmed(cell); text != "" {
			return text
		}
	}
	return ""
}

// mayBeHeading reports whether a text may be the heading of a column, or what others call one. It is
// asked of each row, so it looks once.
func mayBeHeading(text string) bool {
	var room [longestBare]byte
	_, may := bareHeadings[string(appendBare(room[:0], text))]
	return may
}

// otherName is the heading that others call so; "" if there is none.
func otherName(text string) string {
	var room [longestBare]byte
	return otherNames[string(appendBare(room[:0], text))]
}

// bareHeadings are all that mayBeHeading looks for, without marks.
var bareHeadings = func() map[string]struct{} {
	bare := make(map[string]struct{}, 2*len(table)+len(otherNames))
	for _, t := range tables {
		for heading := range t.byHeading {
			bare[string(appendBare(nil, heading))] = struct{}{}
		}
	}
	for name := range otherNames {
		bare[name] = struct{}{}
	}
	return bare
}()

// longestBare is longer than all headings.
const longestBare = 64

// appendBare appends the letters and digits of a text, folded; of one that is longer than all headings,
// nothing.
func appendBare(bare []byte, text string) []byte {
	if len(text) > longestBare {
		return bare
	}
	for i := range len(text) {
		switch c := text[i]; {
		case c >= utf8.RuneSelf:
			return append(bare[:0], strings.Join(headingWords(text), "")...)
		case 'A' <= c && c <= 'Z':
			bare = append(bare, c+'a'-'A')
		case 'a' <= c && c <= 'z' || isDigit(rune(c)):
			bare = append(bare, c)
		}
	}
	return bare
}

// slotOfFirst is the slot of the first heading; -1 if nothing under it is read.
func (l *dataLine) slotOfFirst() int {
	return slices.IndexFunc(l.slots, func(s slot) bool { return s.cell == 0 })
}

// isMark are the bytes with which a comment may begin, or a mark between versions.
var isMark = [256]bool{'#': true, '/': true, '-': true, '<': true, '=': true, '>': true, '|': true, '@': true}

var versionMark = regexp.MustCompile(`^(?:<{7}|={7}|>{7}|\|{7})(?:$| )|^@@ -[0-9,]+ \+[0-9,]+ @@`)

// markOf says what the first cell of a line is that is a mark or a comment; "" if it is none. An alias
// does not begin with #.
func markOf(cell string, isAlias bool) string {
	switch {
	case versionMark.MatchString(cell):
		return quoted(cell) + " is a mark of a program that merges versions of a file: take it out, and keep one of the versions"
	case strings.HasPrefix(cell, "//"), strings.HasPrefix(cell, "# "), strings.HasPrefix(cell, "-- "), isAlias &&
		(cell[0] == '#' || strings.HasPrefix(cell, "--")) && strings.Trim(cell, "#-") != "":
		return quoted(cell) + " looks like a comment, and a file of rows has none: take the line out"
	}
	return ""
}

// repeatsHeadings reports whether most cells of the row are headings.
func (l *dataLine) repeatsHeadings() bool {
	given, known := 0, 0
	for i, cell := range l.row.Cells {
		if text := trimmed(cell); text != "" {
			given++
			if isHeading(text) || l.calledSo(i, text) {
				known++
			}
		}
	}
	return known > 1 && known*2 > given || len(l.header.Headings) == 1 && given == 1 &&
		fold(l.firstCell()) == fold(strings.TrimSpace(l.header.Headings[0]))
}

// calledSo reports whether a text is what another program, or people of another language, call the
// column under whose heading it stands.
func (l *dataLine) calledSo(cell int, text string) bool {
	if cell >= len(l.header.Columns) || l.header.Columns[cell] == nil || len(text) > 40 {
		return false
	}
	meant, known := l.options.table().byHeading[fold(otherName(text))]
	return known && meant == l.header.Columns[cell]
}

// sameHeadings reports whether the row's headings mean the columns in which they stand.
func (l *dataLine) sameHeadings() bool {
	for i, cell := range l.row.Cells {
		text := trimmed(cell)
		if i >= len(l.header.Headings) {
			return text == ""
		}
		if text != "" && isHeading(text) &&
			l.options.table().byHeading[fold(text)] != l.options.table().byHeading[fold(strings.TrimSpace(l.header.Headings[i]))] {
			return false
		}
	}
	return true
}

// mayEnd are the bytes with which a footer may begin.
var mayEnd = func() (first [256]bool) {
	for _, c := range []byte("(0123456789TtSsGgCcRrEe-*=#") {
		first[c] = true
	}
	return first
}()

var (
	rowCount = later(`^\(?[0-9][0-9.,]* ?(?i:rows?|records?|users?|entries|lines?|` +
		`Zeilen?|Datensätze|lignes?|filas?|righe|rijen|rader)` +
		`(?i: (?:affected|selected|returned|exported|found|in set|betroffen|ausgewählt|sélectionnées?|afectadas?))?` +
		`[^\p{L}]*(?: in set.*)?$`)
	endWords = later(`^(?i:(?:-{2,}|={2,}|\*{2,}|#{1,3})?\s*(?:end of ` +
		`(?:file|report|list|data)|ende|fin|eof|grand total|sub-?total|totals?|total ` +
		`général|summe|gesamt(?:summe)?|somme|suma|somma|totaal|totale?|count|anzahl|records?|rows)\b[^\p{L}]*)$`)
)

// isFooter looks at the first cell that is not empty, and at how little there is beside it.
func (l *dataLine) isFooter(first string) bool {
	others, numbers := 0, 0
	for _, cell := range l.row.Cells {
		if text := trimmed(cell); text != "" {
			others++
			if strings.Trim(text, "0123456789.,%") == "" {
				numbers++
			}
		}
	}
	others--
	switch headings := len(l.header.Headings); {
	case others == 0 && rowCount().MatchString(first):
		return true
	case headings < 3 || others != numbers && others > 0 || others > headings-2:
		return false
	}
	return endWords().MatchString(first)
}

// unquotedReason reports whether the row has more cells than headings, and a FailureReason
// whose commas can be why.
func (l *dataLine) unquotedReason() bool {
	return len(l.row.Cells) > len(l.header.Headings) &&
		slices.ContainsFunc(l.header.Headings, func(heading string) bool { return fold(strings.TrimSpace(heading)) == "failurereason" })
}
