package input

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// What a workbook may hold. A file that was made to fill the memory holds more: a few
// hundred kilobytes can unpack to half a gigabyte.
const (
	mostParts    = 10_000
	mostUnpacked = 512 << 20 // bytes of one part
	freelyPacked = 16 << 20  // bytes of one part, however small they were packed
	mostPacking  = 100       // times that a part of more may be larger than it was packed
	mostTag      = 1 << 20   // bytes of one tag, or of one text
	mostNesting  = 64        // elements in elements
)

// archive is a workbook as the parts that are packed in it, by their names in lower case.
type archive map[string]*zip.File

func openArchive(file io.ReaderAt, size int64) (archive, error) {
	packed, err := zip.NewReader(file, size)
	if err != nil {
		return nil, fmt.Errorf("the workbook can't be read: open it, and save it anew as .xlsx; a document of Word or "+
			"LibreOffice is none (%w)", err)
	}
	if len(packed.File) > mostParts {
		return nil, fmt.Errorf("the workbook has %d parts, and none needs more than %d: open it, and save it anew",
			len(packed.File), mostParts)
	}
	a := archive{}
	for _, part := range packed.File {
		name := partName(part.Name)
		if a[name] != nil {
			return nil, damaged("it has two parts of the name %s", part.Name)
		}
		a[name] = part
	}
	return a, nil
}

func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, "\\", "/"), "/"))
}

// damaged is the error of a workbook that can't be trusted.
func damaged(format string, values ...any) error {
	return fmt.Errorf("the workbook is damaged, so nothing of it is taken: "+format+"; open it, and save it anew", values...)
}

// open gives what a part holds. Its end is an error unless it is whole.
func (a archive) open(name string) (io.ReadCloser, error) {
	part := a[partName(name)]
	if part == nil {
		return nil, damaged("it has no %s", name)
	}
	packed, most := part.CompressedSize64, uint64(mostUnpacked)
	if part.UncompressedSize64 > freelyPacked {
		most = min(most, packed*mostPacking)
	}
	if part.UncompressedSize64 > most {
		return nil, fmt.Errorf("the workbook is refused: its part %s would grow from %d to %d bytes. Open it, delete "+
			"what is empty, and save it anew, or save the sheet as CSV UTF-8", name, packed, part.UncompressedSize64)
	}
	held, err := part.Open() // it gives no more than it says
	if err != nil {
		return nil, damaged("%s: %w", name, err)
	}
	return held, nil
}

// place is where in a part of XML something stands: the names of the elements that are
// open there.
type place []string

// is compares it with names that have slashes between them: "sst/si/t".
func (p place) is(names string) bool {
	for i, name := range p {
		if i > 0 {
			if names == "" || names[0] != '/' {
				return false
			}
			names = names[1:]
		}
		rest, found := strings.CutPrefix(names, name)
		if !found {
			return false
		}
		names = rest
	}
	return names == ""
}

// visit reads a part of XML to its end, and fails if it is not whole. It tells of each
// start of an element, of its end, and of the texts in it, all with the place of that
// element.
func (a archive) visit(name string, tell func(at place, token xml.Token) error) error {
	held, err := a.open(name)
	if err != nil {
		return err
	}
	defer held.Close()
	tag := &io.LimitedReader{R: held}
	decoder := xml.NewDecoder(tag)
	var at place
	for {
		tag.N = mostTag
		token, err := decoder.Token()
		switch {
		case tag.N <= 0:
			return damaged("%s: more than %d KiB without a tag", name, mostTag>>10)
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return damaged("%s: %w", name, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if len(at) == mostNesting {
				return damaged("%s: more than %d elements in each other", name, mostNesting)
			}
			at = append(at, t.Name.Local)
			err = tell(at, token)
		case xml.CharData:
			err = tell(at, token)
		case xml.EndElement:
			err = tell(at, token)
			at = at[:len(at)-1]
		}
		if err != nil {
			return err
		}
	}
}
