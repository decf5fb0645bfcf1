package journal

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// The lock file beside a journal also tells how far the journal is known to reach, for
// those who read it later: a journal that somebody emptied, or cut at the end of a
// record, looks whole. What it says is written after the sync of what it is about, so it
// is never more than was on the disk.

// Unmarked is what [Marked] gives of a journal whose lock file tells nothing.
const Unmarked = -1

// Marked is the sequence number up to which the journal at path is known to have been
// on the disk: 0 if that is nothing yet, [Unmarked] if nobody told.
func Marked(path string) int64 {
	file, err := os.Open(path + lockSuffix)
	if err != nil {
		return Unmarked
	}
	defer file.Close()
	text := make([]byte, markLength)
	if _, err := file.ReadAt(text, markAt); err != nil {
		return Unmarked
	}
	sequence, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil || sequence < 0 {
		return Unmarked
	}
	return sequence
}

const (
	markAt     = 1 // behind the byte that Windows locks
	markLength = 21
)

// mark is the lock file, opened to write into. Without one nothing is marked: a run
// needs its journal, and not this.
type mark struct {
	file   *os.File
	synced bool // the first that was not 0
}

func openMark(path string) *mark {
	file, err := os.OpenFile(path+lockSuffix, os.O_WRONLY, 0)
	if err != nil {
		return &mark{}
	}
	return &mark{file: file}
}

func (m *mark) set(sequence int64) {
	if m.file == nil {
		return
	}
	_, _ = fmt.Fprintf(writerAt{m.file}, "%*d\n", markLength-1, sequence)
	if sequence > 0 && !m.synced { // from here on an empty journal was emptied, also after a power failure
		m.synced = m.file.Sync() == nil
	}
}

func (m *mark) close() {
	if m.file != nil {
		_ = m.file.Close()
	}
}

// writerAt writes where the mark stands.
type writerAt struct{ file *os.File }

func (w writerAt) Write(text []byte) (int, error) { return w.file.WriteAt(text, markAt) }
