package journal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
)

// ErrCorrupt is wrapped by the error of [Read] and [Continue] when an invalid
// record is followed by a valid one, or the sequence has a gap.
var ErrCorrupt = errors.New("the journal is damaged in the middle")

// ErrForeign is wrapped by the error of [Read] and [Continue] when another program, an
// editor say, saved the journal in its own way.
var ErrForeign = errors.New("the journal was saved by another program")

// ErrShort is wrapped by the error of [Read] and [Continue] when records are gone that
// were on the disk.
var ErrShort = errors.New("the journal has lost its end")

// Tail says where the valid part of a journal ends.
type Tail struct {
	Valid    int64 // bytes of whole, valid records
	Torn     int64 // bytes behind them that hold no valid record
	Sequence int64 // of the last valid record
}

// Read calls visit for each valid record of the file at path, in order, and
// tells where the valid part ends. A torn tail is no error. It stops at the
// first error of visit and returns it. While a writer is at work it reads what is
// whole when it comes there; see [ReadSynced].
func Read(path string, visit func(Record) error) (Tail, error) {
	return read(path, Marked(path), math.MaxInt64, visit)
}

// ReadSynced is [Read] of a journal that a writer has: what is not known to be on the disk
// yet may be gone after a power failure, so it is left out. A journal whose lock file tells
// nothing is read to its end.
func ReadSynced(path string, visit func(Record) error) (Tail, error) {
	marked := Marked(path)
	if marked == Unmarked {
		return read(path, marked, math.MaxInt64, visit)
	}
	return read(path, marked, marked, visit)
}

// read reads no more than so many records. As many as are marked must be there.
func read(path string, marked, most int64, visit func(Record) error) (Tail, error) {
	file, err := os.Open(path)
	if err != nil {
		return Tail{}, fmt.Errorf("cannot open the journal: %w", err)
	}
	defer file.Close()
	tail, err := scan(file, most, visit)
	if tail.Sequence == 0 && (tail.Torn > 0 || errors.Is(err, ErrCorrupt)) {
		if how, records := savedAs(path); how != "" {
			return tail, fmt.Errorf("%w, %s: but for that, %d records are whole in it", ErrForeign, how, records)
		}
	}
	reach := tail.Sequence
	if tail.Torn > 0 { // the last record may be the one that is torn
		reach++
	}
	if err == nil && reach < marked {
		err = fmt.Errorf("%w: %d records were in it, and %d are", ErrShort, marked, tail.Sequence)
	}
	return tail, err
}

// ReadUpTo is [Read] of no more than what was valid when a tail was told.
func ReadUpTo(path string, tail Tail, visit func(Record) error) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("cannot open the journal: %w", err)
	}
	defer file.Close()
	_, err = scan(io.LimitReader(file, tail.Valid), math.MaxInt64, visit)
	return err
}

// scan reads no more than so many records.
func scan(source io.Reader, most int64, visit func(Record) error) (Tail, error) {
	var tail Tail
	reader := bufio.NewReaderSize(source, 1<<16)
	for tail.Sequence < most {
		line, err := reader.ReadBytes('\n')
		if len(line) == 0 && errors.Is(err, io.EOF) {
			return tail, nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return tail, fmt.Errorf("cannot read the journal: %w", err)
		}
		record, ok := decodeLine(bytes.TrimSuffix(line, []byte{'\n'}))
		whole := ok && line[len(line)-1] == '\n' && record.Sequence == tail.Sequence+1
		switch {
		case whole && tail.Torn == 0:
			record.Offset = tail.Valid
			if err := visit(record); err != nil {
				return tail, err
			}
			tail.Valid += int64(len(line))
			tail.Sequence = record.Sequence
		case ok && line[len(line)-1] == '\n':
			return tail, fmt.Errorf("%w: byte %d holds no valid record, but a valid one follows", ErrCorrupt, tail.Valid)
		default:
			tail.Torn += int64(len(line))
		}
	}
	return tail, nil
}
