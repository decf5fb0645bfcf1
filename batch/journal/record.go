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

// The JSON of a record has its fields in this order and spelling, so that a line is
// written and read without looking at its data.
const (
	beforeSequence = `{"seq":`
	beforeTime     = `,"time":"`
	beforeType     = `","type":"`
	beforeData     = `","data":`
)

// appendTo adds the record's line. Its data is JSON without blanks, and its type a
// plain word.
func (r Record) appendTo(lines []byte) []byte {
	begin := len(lines)
	lines = append(lines, "00000000 "+beforeSequence...)
	lines = strconv.AppendInt(lines, r.Sequence, 10)
	lines = append(lines, beforeTime...)
	lines = r.Time.AppendFormat(lines, time.RFC3339Nano)
	lines = append(lines, beforeType...)
	lines = append(lines, r.Type...)
	lines = append(lines, beforeData...)
	lines = append(lines, r.Data...)
	lines = append(lines, '}')
	sum := checksum(lines[begin+checksumDigits+1:])
	copy(lines[begin:], sum[:])
	return append(lines, '\n')
}

// decodeLine reads a line without its line feed. It reports false for whatever
// appendTo would not have written.
func decodeLine(line []byte) (Record, bool) {
	if len(line) < checksumDigits+2 || line[checksumDigits] != ' ' {
		return Record{}, false
	}
	text := line[checksumDigits+1:]
	if sum := checksum(text); !bytes.Equal(line[:checksumDigits], sum[:]) {
		return Record{}, false
	}
	rest, isRecord := bytes.CutPrefix(text, []byte(beforeSequence))
	sequence, rest, hasTime := bytes.Cut(rest, []byte(beforeTime))
	at, rest, hasType := bytes.Cut(rest, []byte(beforeType))
	kind, rest, hasData := bytes.Cut(rest, []byte(beforeData))
	data, whole := bytes.CutSuffix(rest, []byte{'}'})
	if !isRecord || !hasTime || !hasType || !hasData || !whole {
		return Record{}, false
	}
	r := Record{Type: string(kind), Data: data}
	var err error
	if r.Sequence, err = strconv.ParseInt(string(sequence), 10, 64); err != nil {
		return Record{}, false
	}
	r.Time, err = time.Parse(time.RFC3339Nano, string(at))
	return r, err == nil
}

// checksum is the CRC-32C of a text in hexadecimal digits.
func checksum(text []byte) (digits [checksumDigits]byte) {
	sum := crc32.Checksum(text, crc32.MakeTable(crc32.Castagnoli))
	for i := range digits {
		digits[i] = "0123456789abcdef"[sum>>(4*(checksumDigits-1-i))&0xF]
	}
	return digits
}
