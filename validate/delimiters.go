package validate

import (
	"fmt"
	"strings"
)

// A file has one delimiter, which its headings tell. Where they stand between others than the
// rows do, as when two files were put together, or are one text in quotes, the cause is told once
// and not each cell that is missing then.

// delimiters are those that a file may have between its cells, and those that people take for
// one.
const delimiters = ",;\t|^~:"

// nameOfDelimiter is what people call it.
func nameOfDelimiter(delimiter rune) string {
	switch delimiter {
	case ',':
		return "commas"
	case ';':
		return "semicolons"
	case '\t':
		return "tabs"
	case 0:
		return "others"
	}
	return fmt.Sprintf("%q", string(delimiter))
}

// headingsBetween is what stands between headings that were read as one; 0 if it is one.
func headingsBetween(heading string) rune {
	for _, delimiter := range delimiters {
		found := 0
		for _, part := range strings.Split(heading, string(delimiter)) {
			if isHeading(strings.Trim(part, "\" '")) {
				found++
			}
		}
		if found > 1 {
			return delimiter
		}
	}
	return 0
}

// oneHeading says what is wrong with a heading line that is one cell; "" if it is one heading.
func oneHeading(heading string, delimiter rune) string {
	switch between := headingsBetween(heading); {
	case between == 0:
		return ""
	case delimiter == 0:
		return fmt.Sprintf("the headings stand in one cell, between %s: split the text into columns at the %s",
			nameOfDelimiter(between), nameOfDelimiter(between))
	case between == delimiter:
		return "the whole line stands in quotes, so that it is one cell: take the quotes at its ends off, here and in " +
			"each row, or open the file in a spreadsheet and split the text at the " + nameOfDelimiter(between)
	case strings.ContainsRune(",;\t", between):
		return fmt.Sprintf("the headings stand between %s, and a line sep= above them names %s: take that line out, or "+
			"write it as sep=%c", nameOfDelimiter(between), nameOfDelimiter(delimiter), between)
	default:
		return fmt.Sprintf("the headings stand between %q, which is not read as a delimiter: save the file with commas, "+
			"semicolons or tabs between the cells", string(between))
	}
}

// twoDelimiters says that a file has two of them.
func twoDelimiters(here, there rune, these, others string) string {
	return fmt.Sprintf("%s stand between %s, and %s between %s: a file has one delimiter. Write it with one, or give "+
		"what has the other a file of its own", these, nameOfDelimiter(here), others, nameOfDelimiter(there))
}

// otherDelimiter is what stands between the cells of a row that was read by the file's own
// delimiter, and has too few cells by that; 0: it may be read rightly.
func (l *dataLine) otherDelimiter() rune {
	headings := len(l.header.Headings)
	if headings > 0 && strings.EqualFold(trimmed(l.header.Headings[0]), "FailureReason") { // a sentence, of whatever marks
		return 0
	}
	if headings < 2 || len(l.row.Cells) == 0 || len(l.row.Cells) >= headings && trimmed(l.row.Cells[1]) != "" {
		return 0
	}
	if l.header.Columns[0] == nil { // its texts may hold whatever they like
		return 0
	}
	cells := len(l.row.Cells)
	for cells > 1 && trimmed(l.row.Cells[cells-1]) == "" {
		cells--
	}
	if own := l.options.Delimiter; own != 0 && cells == 1 && headings > 2 && strings.Count(l.row.Cells[0], string(own)) == headings-1 {
		return own
	}
	for _, other := range ",;\t|" {
		if other == l.options.Delimiter || !strings.ContainsRune(l.row.Cells[0], other) {
			continue
		}
		between := 1
		for _, cell := range l.row.Cells {
			between += strings.Count(cell, string(other))
		}
		if between == headings && cells < headings || cells == 1 && between > 2 {
			return other
		}
	}
	return 0
}

// DelimiterProblem says what is wrong with a line that has another delimiter than the headings.
func DelimiterProblem(here, own rune) string {
	if own == here {
		return "the whole line stands in quotes, so that it is one cell: take the quotes at its ends off"
	}
	if own == 0 {
		return fmt.Sprintf("the cells of this line stand in one, between %s: split the text into columns at the %s",
			nameOfDelimiter(here), nameOfDelimiter(here))
	}
	return twoDelimiters(here, own, "the cells of this line", "the headings")
}
