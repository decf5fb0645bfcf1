package journal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrCorrupt is wrapped by the error of [Read] and [Continue] when an invalid
// record is followed by a valid one, or the sequence has a gap.
var ErrCorrupt = errors.New("the journal is damaged in the middle")

// Tail says where the valid part of a journal ends.
type Tail struct {
	Valid    int64 // bytes of whole, valid records
	Torn     int64 // bytes behind them that hold no valid record
	Sequence int64 // of the last valid record
}

// Read calls visit for each valid record of the file at path, in order, and
// tells where the valid part ends. A torn tail is no error. It stops at the
// first error of visit and returns it.
func Read(path string, visit func(Record) error) (Tail, error) {
	file, err := os.Open(path)
	if err != nil {
		return Tail{}, fmt.Errorf("cannot open the journal: %w", err)
	}
	defer file.Close()
	return scan(file, visit)
}

func scan(source io.Reader, visit func(Record) error) (Tail, error) {
	var tail Tail
	reader := bufio.NewReaderSize(source, 1<<16)
	for {
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
			return tail, fmt.Errorf("%w: byte %d holds no valid record, but a valid one follows; nothing was changed. Take the file from a backup, or start a new run", ErrCorrupt, tail.Valid)
		default:
			tail.Torn += int64(len(line))
		}
	}
}
