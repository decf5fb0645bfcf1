package input

import (
	"errors"
	"io"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// readAll reads all rows of a text and the errors among them.
func readAll(t *testing.T, text io.Reader) (*Reader, []Row, []error) {
	t.Helper()
	reader, err := NewReader(text)
	if err != nil {
		t.Fatal(err)
	}
	rows, errs := restOf(reader)
	return reader, rows, errs
}

// restOf reads on to the end of the input or to a final error.
func restOf(reader *Reader) (rows []Row, errs []error) {
	for {
		row, err := reader.Next()
		var parse *ParseError
		switch {
		case errors.Is(err, io.EOF):
			return rows, errs
		case err == nil:
			rows = append(rows, row)
		default:
			errs = append(errs, err)
			if !errors.As(err, &parse) || parse.Final {
				return rows, errs
			}
		}
	}
}
