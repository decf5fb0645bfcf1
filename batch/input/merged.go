package input

import (
	"errors"
	"io"
	"regexp"
	"slices"

	"github.com/xuri/excelize/v2"
)

// What people see in a sheet and its cells don't hold: one text over several cells, or a
// formula that nobody has worked out. Such a cell gets a text that is an error wherever
// it stands, because what is meant is not known.
const (
	mergedCell = "#MERGED!"
	noResult   = "#NORESULT!"
)

// mergedRange is a block of cells that shows the text of its first one.
type mergedRange struct {
	fromRow, toRow, fromColumn, toColumn int
	filled                               bool // its first cell holds something
}

// mostMerged is how many blocks a sheet may have.
const mostMerged = 100_000

var mergedRef = regexp.MustCompile(`<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+[0-9]+):([A-Z]+[0-9]+)"`)

// mergedRanges finds the blocks of a sheet, which its part names behind all rows, in the
// order of their rows.
func (a archive) mergedRanges(part string) ([]mergedRange, error) {
	held, err := a.open(part)
	if err != nil {
		return nil, err
	}
	defer held.Close()
	const overlap = 512
	var found []mergedRange
	buffer, kept := make([]byte, 256<<10), 0
	for {
		n, err := io.ReadFull(held, buffer[kept:])
		text := buffer[:kept+n]
		from := 0
		for _, at := range mergedRef.FindAllSubmatchIndex(text, -1) {
			from = at[1]
			column, row, err1 := excelize.CellNameToCoordinates(string(text[at[2]:at[3]]))
			toColumn, toRow, err2 := excelize.CellNameToCoordinates(string(text[at[4]:at[5]]))
			if err1 != nil || err2 != nil || len(found) == mostMerged {
				return nil, damaged("%s: its merged cells can't be told", part)
			}
			found = append(found, mergedRange{fromRow: row, toRow: toRow, fromColumn: column, toColumn: toColumn})
		}
		switch {
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			slices.SortStableFunc(found, func(a, b mergedRange) int { return a.fromRow - b.fromRow })
			return found, nil
		case err != nil:
			return nil, damaged("%s: %w", part, err)
		}
		kept = copy(buffer, text[max(from, len(text)-overlap):])
	}
}

// merges marks the cells of rows, which come in order, that merged ones cover.
type merges struct {
	waiting []mergedRange // that begin in a later row
	open    []mergedRange
}

// mark fills what a merged cell covers of a row that holds something.
func (m *merges) mark(row int, cells []string) []string {
	m.open = slices.DeleteFunc(m.open, func(r mergedRange) bool { return r.toRow < row })
	for len(m.waiting) > 0 && m.waiting[0].fromRow <= row {
		r := m.waiting[0]
		m.waiting = m.waiting[1:]
		r.filled = r.fromRow == row && r.fromColumn <= len(cells) && cells[r.fromColumn-1] != ""
		if r.filled && r.toRow >= row {
			m.open = append(m.open, r)
		}
	}
	if len(cells) == 0 {
		return cells
	}
	width := len(cells)
	for _, r := range m.open {
		for column := r.fromColumn; column <= min(r.toColumn, excelize.MaxColumns); column++ {
			if column == r.fromColumn && row == r.fromRow {
				continue
			}
			if column > width && column > len(cells) {
				cells = append(cells, make([]string, column-len(cells))...)
			}
			if cells[column-1] == "" {
				cells[column-1] = mergedCell
			}
		}
	}
	return cells
}
