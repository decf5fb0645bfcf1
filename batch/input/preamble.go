package input

import (
	"encoding/csv"
	"strings"

	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// preamble is what stands above the headings: a line sep=; by which Excel knows the
// delimiter, and titles that somebody typed.
type preamble struct {
	length    int  // bytes of UTF-8
	lines     int  // line ends in them
	delimiter rune // that the file names; 0: none
	problems  []validate.Problem
}

// mostTitles is how many lines above the headings are looked through.
const mostTitles = 5

// preambleOf finds it in the first text of a file. A line is only taken for a title
// when it has no heading that is known, and a line below it has two.
func preambleOf(start string) preamble {
	var p preamble
	line, _ := cutLine(start)
	if delimiter, named := strings.CutPrefix(strings.ToLower(strings.Trim(line, "\"\r\n")), "sep="); named &&
		len(delimiter) == 1 && strings.Contains(",;\t", delimiter) {
		p.take(line)
		p.delimiter = rune(delimiter[0])
	}
	titles, rest := 0, start[p.length:]
	for above := ""; titles <= mostTitles && rest != ""; above += line {
		line, rest = cutLine(rest)
		if strings.Count(line, `"`)%2 == 1 {
			return p // a cell that goes on in the next line: no title
		}
		switch known := p.knownHeadings(line); {
		case strings.Trim(line, "\r\n") == "":
		case known >= 2 && titles > 0:
			first := p.lines + 1
			p.take(above)
			p.problems = append(p.problems, validate.Problem{Line: first, Code: codes.TitleLine, Warning: true,
				Message: "is taken for a title and not read: the headings stand below it"})
			return p
		case known > 0:
			return p
		default:
			titles++
		}
	}
	return p
}

func (p *preamble) take(text string) {
	p.length += len(text)
	p.lines += strings.Count(text, "\n")
}

// knownHeadings counts the cells of a line that are headings.
func (p *preamble) knownHeadings(line string) int {
	reader := csv.NewReader(strings.NewReader(line))
	reader.LazyQuotes, reader.FieldsPerRecord = true, -1
	if reader.Comma = p.delimiter; p.delimiter == 0 {
		reader.Comma = delimiterOf(line)
	}
	cells, err := reader.Read()
	if err != nil {
		return 0
	}
	known := 0
	for _, cell := range cells {
		if _, found := validate.ColumnByHeading(strings.TrimSpace(cell)); found {
			known++
		}
	}
	return known
}

// cutLine takes the first line off, with its line end.
func cutLine(text string) (line, rest string) {
	end := strings.IndexByte(text, '\n') + 1
	if end == 0 {
		end = len(text)
	}
	return text[:end], text[end:]
}
