package input

import (
	"encoding/xml"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Workbook tells what was read of a workbook, and what was not.
type Workbook struct {
	Sheet  string   // whose rows were read
	Others []string // sheets that were not
	Hidden int      // rows that the sheet hides, and that were read all the same

	Columns  []string // that it hides, by their letters, and that were read all the same
	Filtered bool     // a filter chooses rows
	Apart    int      // the first row that stands below an empty one, as of another table; 0: none does
	Formats  int      // numbers that are shown in another way than they were read
	Format   string   // where the first of them is, and how it is shown
}

// mostSheets is how many sheets a workbook may have; their names are held.
const mostSheets = 10_000

// contents are what a workbook says of itself: its sheets in order, and which parts hold
// what all of them share.
type contents struct {
	sheets          []sheetPart
	strings, styles string // names of parts; "": it has none
	date1904        bool   // its days are counted from 1904
}

var errNoWorkbook = errors.New("the file is no workbook, though it is packed as one is: open it, and save it as .xlsx; " +
	"a document of Word or LibreOffice is none")

// otherBooks are workbooks of other programs, by a part that each has.
var otherBooks = []struct{ part, what string }{
	{"xl/workbook.bin", "it is a binary workbook of Excel (.xlsb)"},
	{"content.xml", "it is a document of LibreOffice or OpenOffice (.ods)"},
	{"index/document.iwa", "it is a table of Apple's Numbers (.numbers)"},
	{"index.zip", "it is a table of Apple's Numbers (.numbers)"},
	{"word/document.xml", "it is a document of Word"},
}

// otherBook says what the file is that is no workbook; nil if it may be one.
func (a archive) otherBook() error {
	for _, other := range otherBooks {
		if a[other.part] != nil {
			return fmt.Errorf("%s, and only .xlsx and .xlsm are read: open it there, and save or export it as "+
				".xlsx, or as CSV UTF-8", other.what)
		}
	}
	return nil
}

type sheetPart struct {
	name, part string
	hidden     bool // nobody sees it who opens the workbook
}

// choose finds a sheet by its name, in any case. An empty name is the first that is seen.
func (c contents) choose(name string) (int, error) {
	if len(c.sheets) == 0 {
		return 0, errors.New("the workbook has no sheet")
	}
	if name == "" {
		return max(0, slices.IndexFunc(c.sheets, func(sheet sheetPart) bool { return !sheet.hidden })), nil
	}
	var names []string
	for i, sheet := range c.sheets {
		if strings.EqualFold(sheet.name, name) {
			return i, nil
		}
		names = append(names, sheet.name)
	}
	return 0, fmt.Errorf("the workbook has no sheet %q; it has %s", name, strings.Join(names, ", "))
}

// contents reads what holds the workbook together.
func (a archive) contents() (contents, error) {
	var c contents
	if err := a.otherBook(); err != nil {
		return c, err
	}
	if a["_rels/.rels"] == nil {
		return c, errNoWorkbook
	}
	roots, err := a.relations("_rels/.rels", "")
	if err != nil {
		return c, err
	}
	at := slices.IndexFunc(roots, func(r relation) bool { return r.kind == "officeDocument" })
	if at < 0 {
		return c, damaged("it does not say where its sheets are")
	}
	main := roots[at].part
	folder, file := path.Split(main)
	relations, err := a.relations(folder+"_rels/"+file+".rels", folder)
	if err != nil {
		return c, err
	}
	parts := map[string]string{}
	for _, r := range relations {
		parts[r.id] = r.part
		switch r.kind {
		case "sharedStrings":
			c.strings = r.part
		case "styles":
			c.styles = r.part
		}
	}
	isWorkbook := false
	err = a.visit(main, func(at place, token xml.Token) error {
		element, begins := token.(xml.StartElement)
		switch {
		case !begins:
		case at.is("workbook"):
			isWorkbook = true
		case at.is("workbook/workbookPr"):
			c.date1904 = isTrue(attribute(element, "date1904"))
		case at.is("workbook/sheets/sheet"):
			part := parts[relationID(element)]
			if part == "" || len(c.sheets) == mostSheets {
				return damaged("where its sheet %q is can't be found", attribute(element, "name"))
			}
			c.sheets = append(c.sheets, sheetPart{attribute(element, "name"), part,
				strings.Contains(strings.ToLower(attribute(element, "state")), "hidden")})
		}
		return nil
	})
	if err == nil && !isWorkbook {
		err = errNoWorkbook
	}
	return c, err
}

// relation says that one part belongs to another.
type relation struct{ id, kind, part string }

// relations reads a list of them. Parts are named from the folder of that whose they are.
func (a archive) relations(list, folder string) ([]relation, error) {
	var all []relation
	err := a.visit(list, func(at place, token xml.Token) error {
		element, begins := token.(xml.StartElement)
		if !begins || !at.is("Relationships/Relationship") || strings.EqualFold(attribute(element, "TargetMode"), "External") {
			return nil
		}
		if len(all) == mostParts {
			return damaged("%s names more than %d parts", list, mostParts)
		}
		part := strings.ReplaceAll(attribute(element, "Target"), "\\", "/")
		if !strings.HasPrefix(part, "/") {
			part = path.Join(folder, part)
		}
		all = append(all, relation{attribute(element, "Id"), path.Base(attribute(element, "Type")), strings.TrimPrefix(part, "/")})
		return nil
	})
	return all, err
}

// relationID is the one of a sheet's two ids that names its part: it has a prefix.
func relationID(element xml.StartElement) string {
	for _, a := range element.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

// attribute gives one of an element's attributes, by its name without a prefix.
func attribute(element xml.StartElement, name string) string {
	for _, a := range element.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func isTrue(text string) bool { return text == "1" || strings.EqualFold(text, "true") }

var errTooMuchText = fmt.Errorf("the workbook is refused: its sheet holds more than %d MiB of text. Save the sheet as "+
	"CSV UTF-8, which may hold any number of rows", mostText>>20)

// parents are the elements in which rows, cells and texts stand, each with all that may
// stand in it: what has another name was a row, a cell or a text, before it was damaged.
var parents = []struct {
	element  string
	children []string
}{
	{"sst", []string{"si", "extLst"}},
	{"sst/si", []string{"t", "r", "rPh", "phoneticPr"}},
	{"worksheet/sheetData", []string{"row"}},
	{"worksheet/sheetData/row", []string{"c", "extLst"}},
	{"worksheet/sheetData/row/c", []string{"f", "v", "is", "extLst"}},
	{"worksheet/sheetData/row/c/is", []string{"t", "r", "rPh", "phoneticPr"}},
}

// known fails for an element that has no business where it stands.
func known(part string, at place) error {
	name := at[len(at)-1]
	for _, parent := range parents {
		if at[:len(at)-1].is(parent.element) && !slices.Contains(parent.children, name) {
			return damaged("%s: an element %q stands in %s", part, name, parent.element)
		}
	}
	return nil
}

// How much text a sheet may be made of, in bytes, with how many texts that its cells share.
const (
	mostText   = 64 << 20
	mostShared = 8 << 20
)
