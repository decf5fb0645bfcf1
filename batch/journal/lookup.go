package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// ReadAt reads the one record whose line begins at offset.
func ReadAt(file io.ReaderAt, offset int64) (Record, error) {
	return (&Lookup{file: file}).Record(offset)
}

// Lookup reads single records of a journal, by where their lines begin. It keeps the
// part of the file around the last one, since the next is often near. It is not safe
// for concurrent use.
type Lookup struct {
	file  io.ReaderAt
	close func() error
	text  []byte // of the file, from start on
	start int64
}

// How much of the file is read at once, in bytes: for the first record, which may be
// the only one, and for those after it.
const (
	firstLook = 4 << 10
	look      = 64 << 10
)

// OpenLookup opens the journal at path for reading single records.
func OpenLookup(path string) (*Lookup, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot open the journal: %w", err)
	}
	return &Lookup{file: file, close: file.Close}, nil
}

// Close closes the file.
func (l *Lookup) Close() error { return l.close() }

// Record reads the record whose line begins at offset. Its data is good until the
// next is read.
func (l *Lookup) Record(offset int64) (Record, error) {
	line, err := l.line(offset)
	if err != nil {
		return Record{}, fmt.Errorf("cannot read the journal: %w", err)
	}
	record, ok := decodeLine(line)
	if !ok {
		return Record{}, fmt.Errorf("%w: byte %d holds no valid record", ErrCorrupt, offset)
	}
	record.Offset = offset
	return record, nil
}

// line gives the line that begins at offset, without its line feed.
func (l *Lookup) line(offset int64) ([]byte, error) {
	size, before := int64(look), int64(look/2)
	if l.text == nil {
		size, before = firstLook, 0
	}
	for atEnd := false; ; size *= 2 {
		if at := offset - l.start; at >= 0 && at <= int64(len(l.text)) {
			rest := l.text[at:]
			if end := bytes.IndexByte(rest, '\n'); end >= 0 {
				return rest[:end], nil
			}
			if atEnd {
				return rest, nil
			}
		}
		if int64(cap(l.text)) < size {
			l.text = make([]byte, size)
		}
		l.start = max(0, offset-before)
		n, err := l.file.ReadAt(l.text[:size], l.start)
		l.text = l.text[:n]
		if atEnd = errors.Is(err, io.EOF); err != nil && !atEnd {
			return nil, err
		}
		if atEnd && l.start+int64(n) < offset { // the file ends before
			return nil, nil
		}
	}
}
