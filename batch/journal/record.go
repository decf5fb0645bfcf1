package journal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"strconv"
	"time"
)

// Record is one line of the journal.
type Record struct {
	Sequence int64           `json:"seq"`  // 1 for the first record, without gaps
	Time     time.Time       `json:"time"` // when it was handed to the journal, UTC
	Type     string          `json:"type"` // the caller's name for what Data holds
	Data     json.RawMessage `json:"data"`

	Offset int64 `json:"-"` // where its line begins in the file, in bytes
}

// Decode reads the record's data into v.
func (r Record) Decode(v any) error {
	if err := json.Unmarshal(r.Data, v); err != nil {
		return fmt.Errorf("journal record %d (%s): %w", r.Sequence, r.Type, err)
	}
	return nil
}

const checksumDigits = 8

// encode gives the record's line.
func (r Record) encode() ([]byte, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("journal record %d (%s): %w", r.Sequence, r.Type, err)
	}
	line := make([]byte, 0, checksumDigits+1+len(text)+1)
	line = append(line, checksum(text)...)
	line = append(line, ' ')
	line = append(line, text...)
	return append(line, '\n'), nil
}

// decodeLine reads a line without its line feed. It reports false for whatever
// encode would not have written.
func decodeLine(line []byte) (Record, bool) {
	if len(line) < checksumDigits+2 || line[checksumDigits] != ' ' {
		return Record{}, false
	}
	text := line[checksumDigits+1:]
	if !bytes.Equal(line[:checksumDigits], checksum(text)) {
		return Record{}, false
	}
	var r Record
	if err := json.Unmarshal(text, &r); err != nil {
		return Record{}, false
	}
	return r, true
}

func checksum(text []byte) []byte {
	sum := crc32.Checksum(text, crc32.MakeTable(crc32.Castagnoli))
	digits := strconv.AppendUint(make([]byte, 0, checksumDigits), uint64(sum), 16)
	return append(bytes.Repeat([]byte{'0'}, checksumDigits-len(digits)), digits...)
}
