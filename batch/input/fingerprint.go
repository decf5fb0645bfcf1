package input

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash/maphash"
	"io"
	"sync"
)

// pieceSize is how much of a file is looked at before any byte of it is handed out.
const pieceSize = 64 << 10

// ErrChanged says that a file holds other bytes than when it was first read.
var ErrChanged = errors.New("is not the file that was checked")

// Fingerprint knows a file again, piece by piece. It is taken as the file is read for the
// first time.
type Fingerprint struct {
	Bytes int64

	whole  [sha256.Size]byte
	seed   maphash.Seed // differs from process to process: no file can be made that has the digests of another
	pieces []uint64     // the digest of each; SHA-256 would be half of what reading a file again costs
}

// FingerprintOf reads a file to its end, and gives what it reads to also.
func FingerprintOf(file io.Reader, also io.Writer) (f Fingerprint, err error) {
	f.seed = maphash.MakeSeed()
	whole := sha256.New()
	free, full := make(chan []byte, piecesAhead), make(chan []byte, piecesAhead)
	for range piecesAhead {
		free <- make([]byte, pieceSize)
	}
	var beside sync.WaitGroup
	beside.Go(func() { // as long as all the rest takes
		for piece := range full {
			whole.Write(piece)
			free <- piece[:pieceSize]
		}
	})
	for err == nil {
		var piece []byte
		if piece, err = nextPiece(file, <-free); err != nil {
			break
		}
		f.pieces = append(f.pieces, maphash.Bytes(f.seed, piece))
		f.Bytes += int64(len(piece))
		_, err = also.Write(piece)
		full <- piece
	}
	close(full)
	beside.Wait()
	if !errors.Is(err, io.EOF) {
		return f, err
	}
	whole.Sum(f.whole[:0])
	return f, nil
}

// piecesAhead is how many pieces are read while one is digested.
const piecesAhead = 4

// SHA256 is that of the whole file, in hexadecimal.
func (f Fingerprint) SHA256() string {
	return hex.EncodeToString(f.whole[:])
}

// Reader reads a file again. It fails with [ErrChanged] before it hands out anything of a
// piece that is another now, and at an end that comes too early or too late.
func (f Fingerprint) Reader(file io.Reader) io.Reader {
	return &sameReader{fingerprint: f, file: file, piece: make([]byte, pieceSize)}
}

type sameReader struct {
	fingerprint Fingerprint
	file        io.Reader
	pieces      int    // so many were read
	piece       []byte // room for one
	ready       []byte // what is left of it
	err         error  // comes after ready
}

func (r *sameReader) Read(p []byte) (int, error) {
	if len(r.ready) == 0 && r.err == nil {
		r.ready, r.err = r.next()
	}
	if len(r.ready) == 0 {
		return 0, r.err
	}
	n := copy(p, r.ready)
	r.ready = r.ready[n:]
	return n, nil
}

// next gives the next piece, if it is the one that was there.
func (r *sameReader) next() ([]byte, error) {
	read, err := nextPiece(r.file, r.piece)
	atEnd := r.pieces == len(r.fingerprint.pieces)
	switch {
	case errors.Is(err, io.EOF) && atEnd:
		return nil, io.EOF
	case err != nil && !errors.Is(err, io.EOF):
		return nil, err
	case err != nil || atEnd:
		return nil, ErrChanged
	}
	if maphash.Bytes(r.fingerprint.seed, read) != r.fingerprint.pieces[r.pieces] {
		return nil, ErrChanged
	}
	r.pieces++
	return read, nil
}

// nextPiece reads a whole piece, or the last of a file; io.EOF when there is none.
func nextPiece(file io.Reader, room []byte) ([]byte, error) {
	n, err := io.ReadFull(file, room)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return room[:n], err
}
