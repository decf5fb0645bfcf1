package input

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"runtime"
	"slices"
	"sync"

	"cucbulk/internal/crash"
)

// mostChunk is how long a piece of a file may be, in bytes. A row that is longer is read
// alone.
const mostChunk = 1 << 20

// chunksAhead is how many chunks, for each core, may wait to be decoded or to be taken:
// so many that nobody waits for somebody else each time.
const chunksAhead = 4

// Decoded is a row with what its reader made of it. A row that can't be told into
// cells has Broken, no cells, and no value.
type Decoded[T any] struct {
	Row
	Broken *ParseError
	Value  T
}

// Decode reads the rows of a file on all cores, and gives them in order, some at a
// time, each with what decode makes of it. About size bytes of text are decoded at once:
// more take less time, and more memory for what is made of the rows that wait. decode is
// called from several goroutines, before the row's number is known. Rows are good until the
// next are asked for; their texts stay. An error ends it, and so does a broken row behind
// which no rows can be told apart.
//
// Rows are found by a look at the quotes alone: where their number is even, a line
// break ends a row. A broken row upsets that, so from the first of them on, the
// file is opened again and read row after row.
func Decode[T any](open func() (io.ReadCloser, error), size int, decode func(Row) T) iter.Seq2[[]Decoded[T], error] {
	return func(yield func([]Decoded[T], error) bool) {
		good, err := decodeChunks(open, size, decode, func(rows []Decoded[T]) bool { return yield(rows, nil) })
		if errors.Is(err, errInOrder) {
			err = decodeInOrder(open, good, decode, func(rows []Decoded[T]) bool { return yield(rows, nil) })
		}
		if err != nil && !errors.Is(err, errEnough) {
			yield(nil, err)
		}
	}
}

// chunk is a piece of a file that ends with a row.
type chunk[T any] struct {
	text string
	line int // on which it begins
	done chan decodedChunk[T]
}

type decodedChunk[T any] struct {
	rows    []Decoded[T] // numbered from 1
	inOrder bool         // the row after these can't be read, or something else is wrong
}

// decodeChunks hands out rows until one can't be read. It returns how many there
// were.
func decodeChunks[T any](open func() (io.ReadCloser, error), size int, decode func(Row) T,
	take func([]Decoded[T]) bool) (given int, err error) {
	file, err := open()
	if err != nil {
		return 0, err
	}
	defer file.Close()
	reader, err := NewReader(file)
	if err != nil {
		return 0, err
	}

	workers := runtime.GOMAXPROCS(0)
	ahead := chunksAhead * workers
	work, order, stop := make(chan chunk[T], ahead), make(chan chunk[T], ahead), make(chan struct{})
	used := make(rooms[T], ahead+workers)
	var group sync.WaitGroup
	defer group.Wait()
	defer close(stop)
	for range workers {
		group.Go(func() { decodeEach(reader, work, used, decode) })
	}
	var failure error
	group.Go(func() {
		failure = split(reader, size, func(text string, line int) bool {
			c := chunk[T]{text, line, make(chan decodedChunk[T], 1)}
			select {
			case order <- c:
			case <-stop:
				return false
			}
			work <- c
			return true
		})
		close(work)
		close(order)
	})
	for c := range order {
		decoded := <-c.done
		for i := range decoded.rows {
			given++
			decoded.rows[i].Number = given
		}
		if !take(decoded.rows) {
			return given, errEnough
		}
		if decoded.inOrder {
			return given, errInOrder
		}
		used.put(decoded.rows)
	}
	return given, failure
}

// rooms is room for rows that was used, to be used again.
type rooms[T any] chan []Decoded[T]

// take gives some, or none, which grows.
func (r rooms[T]) take() []Decoded[T] {
	select {
	case room := <-r:
		return room
	default:
		return nil
	}
}

// put gives room back, and lets go of what its rows hold.
func (r rooms[T]) put(rows []Decoded[T]) {
	clear(rows)
	select {
	case r <- rows[:0]:
	default:
	}
}

// decodeEach decodes chunks until there are no more.
func decodeEach[T any](reader *Reader, work <-chan chunk[T], used rooms[T], decode func(Row) T) {
	records := part{delimiter: byte(reader.format.Delimiter)}
	decoder := decoder{format: reader.format, headings: reader.headings, next: records.next}
	for c := range work {
		records.reset(c.text, c.line)
		decoded := decodedChunk[T]{inOrder: true} // after a mistake of the program, which is met again there
		_ = crash.Caught(func() { decoded = decodeChunk(&decoder, used.take(), decode) })
		c.done <- decoded
	}
}

// split cuts what the reader has not read into chunks of about this size.
func split(r *Reader, chunkSize int, hand func(text string, line int) bool) error {
	source := io.MultiReader(bytes.NewReader(r.text.text.Bytes()), r.text.source)
	line := r.line
	text := make([]byte, 0, 2*chunkSize)
	for size := chunkSize; ; {
		n, err := io.ReadFull(source, text[len(text):size])
		text = text[:len(text)+n]
		atEnd := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !atEnd {
			return errInOrder // which finds the error again, behind the rows before it
		}
		end := len(text)
		if !atEnd {
			end = lastRowEnd(text)
		}
		if end == 0 && !atEnd {
			if size *= 2; size > mostChunk {
				return errInOrder
			}
			text = append(make([]byte, 0, size), text...)
			continue
		}
		if end > 0 && !hand(string(text[:end]), line) {
			return nil
		}
		if atEnd {
			return nil
		}
		line += bytes.Count(text[:end], []byte{'\n'})
		text = text[:copy(text, text[end:])]
		size = max(chunkSize, len(text)*2)
		if size > cap(text) {
			text = append(make([]byte, 0, size), text...)
		}
	}
}

// lastRowEnd gives the end of the last row in a text that begins with a row; 0 if
// no row ends in it.
func lastRowEnd(text []byte) int {
	even := bytes.Count(text, []byte{'"'})%2 == 0
	for end := len(text); ; {
		newline := bytes.LastIndexByte(text[:end], '\n')
		if newline < 0 {
			return 0
		}
		even = even == (bytes.Count(text[newline:end], []byte{'"'})%2 == 0)
		if even {
			return newline + 1
		}
		end = newline
	}
}

// decodeChunk reads the rows of one chunk, up to one that can't be read.
func decodeChunk[T any](d *decoder, room []Decoded[T], decode func(Row) T) decodedChunk[T] {
	for {
		rows, err := d.rows()
		room = slices.Grow(room, len(rows))
		for i := range rows {
			room = room[:len(room)+1]
			made := &room[len(room)-1]
			made.Row, made.Value = rows[i], decode(rows[i])
		}
		if err != nil {
			return decodedChunk[T]{room, !errors.Is(err, io.EOF)}
		}
	}
}

// decodeInOrder gives the rows after the first so many, one after the other.
func decodeInOrder[T any](open func() (io.ReadCloser, error), given int, decode func(Row) T, take func([]Decoded[T]) bool) error {
	file, err := open()
	if err != nil {
		return err
	}
	defer file.Close()
	reader, err := NewReader(file)
	if err != nil {
		return err
	}
	for {
		row, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		decoded := Decoded[T]{Row: row}
		if errors.As(err, &decoded.Broken) {
			decoded.Row = decoded.Broken.Row
		} else if err != nil {
			return err
		}
		if decoded.Number <= given {
			continue
		}
		if decoded.Broken == nil {
			decoded.Value = decode(row)
		}
		if !take([]Decoded[T]{decoded}) {
			return errEnough
		}
		if decoded.Broken != nil && decoded.Broken.Final {
			return nil
		}
	}
}
