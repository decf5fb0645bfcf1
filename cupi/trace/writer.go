package trace

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// mostBytes is how long a file gets.
const mostBytes = 64 << 20

// end is the last line of a file that got too long.
const end = `{"end":"the trace has reached its 64 MiB; what came after is not in it"}` + "\n"

// Writer writes exchanges into a new file. Whoever records one never waits for the disk, and
// a disk that fails ends the trace and nothing else. It is safe for concurrent use.
type Writer struct {
	marks *Marks
	file  io.WriteCloser
	path  string // "" for none
	most  int

	mutex sync.Mutex
	queue [][]byte
	size  int   // of all that was queued
	over  bool  // nothing more is queued
	some  bool  // there is an exchange
	wrong error // what the disk said

	wake chan struct{} // holds one while there is something to do
	gone chan struct{} // closed when the last line was written
}

// Create makes the file, mode 0600, and writes its header: an error is told before anything
// else happens. A file that is there is left alone. Close must be called.
func Create(path, tool string) (*Writer, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	w, err := start(file, Header{Trace: Format, Tool: tool, Began: time.Now()}, mostBytes)
	if err != nil {
		return nil, errors.Join(err, file.Close(), os.Remove(path))
	}
	w.path = path
	return w, nil
}

func start(file io.WriteCloser, header Header, most int) (*Writer, error) {
	line, err := encode(header)
	if err == nil {
		_, err = file.Write(line)
	}
	if err != nil {
		return nil, err
	}
	w := &Writer{marks: NewMarks(header.Began), file: file, most: most, size: len(line), wake: make(chan struct{}, 1),
		gone: make(chan struct{})}
	go w.write()
	return w, nil
}

// encode gives a line, with < and > as they are.
func encode(value any) ([]byte, error) {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return line.Bytes(), err
}

// Write writes a whole file of exchanges that are masked already.
func Write(out io.Writer, header Header, exchanges []Exchange) error {
	header.Trace = Format
	lines := []any{header}
	for _, e := range exchanges {
		lines = append(lines, e)
	}
	for _, one := range lines {
		line, err := encode(one)
		if err == nil {
			_, err = out.Write(line)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Record writes an exchange, masked.
func (w *Writer) Record(raw Raw) {
	w.mutex.Lock()
	over := w.over
	w.mutex.Unlock()
	if over {
		return
	}
	line, err := encode(w.marks.Exchange(raw))
	if err != nil {
		line = fmt.Appendf(nil, `{"method":%q,"error":"this exchange can't be written"}`+"\n", raw.Request.Method)
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.over {
		return
	}
	if w.size += len(line); w.size > w.most {
		line, w.over = []byte(end), true
	}
	w.queue, w.some = append(w.queue, line), true
	w.nudge()
}

func (w *Writer) nudge() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// write is the one goroutine that writes.
func (w *Writer) write() {
	defer close(w.gone)
	for range w.wake {
		w.mutex.Lock()
		lines := w.queue
		w.queue = nil
		w.mutex.Unlock()
		for _, line := range lines {
			if _, err := w.file.Write(line); err != nil {
				w.mutex.Lock()
				w.wrong, w.over, w.queue = err, true, nil
				w.mutex.Unlock()
				break
			}
		}
	}
}

// Close ends the file, and removes one without any exchange. The error says that it does not
// hold all that was recorded.
func (w *Writer) Close() error {
	w.mutex.Lock()
	w.over = true
	w.mutex.Unlock()
	w.nudge()
	close(w.wake)
	<-w.gone
	err := errors.Join(w.wrong, w.file.Close())
	if !w.some && w.path != "" {
		err = errors.Join(err, os.Remove(w.path))
	}
	return err
}
