package input

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
)

// pieceSize is how much of a file is looked at before any byte of it is handed out.
const pieceSize = 64 << 10

// ErrChanged says that a file holds other bytes than when it was first read.
var ErrChanged = errors.New("is not the file that was checked")

// Fingerprint knows a file again, piece by piece. It is taken as the file is read for the
// first time.
type Fingerprint struct {
	Bytes int64

	upTo [][sha256.Size]byte // SHA-256 of all that stands before the end of each piece
}

// FingerprintOf reads a file to its end, and gives what it reads to also.
func FingerprintOf(file io.Reader, also io.Writer) (Fingerprint, error) {
	var f Fingerprint
	sum, piece := sha256.New(), make([]byte, pieceSize)
	for {
		read, err := nextPiece(file, piece)
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return f, err
		}
		sum.Write(read)
		f.upTo = append(f.upTo, sumOf(sum))
		f.Bytes += int64(len(read))
		if _, err := also.Write(read); err != nil {
			return f, err
		}
	}
}

// SHA256 is that of the whole file, in hexadecimal.
func (f Fingerprint) SHA256() string {
	whole := sha256.Sum256(nil)
	if len(f.upTo) > 0 {
		whole = f.upTo[len(f.upTo)-1]
	}
	return hex.EncodeToString(whole[:])
}

// Reader reads a file again. It fails with [ErrChanged] before it hands out anything of a
// piece that is another now, and at an end that comes too early or too late.
func (f Fingerprint) Reader(file io.Reader) io.Reader {
	return &sameReader{fingerprint: f, file: file, sum: sha256.New(), piece: make([]byte, pieceSize)}
}

type sameReader struct {
	fingerprint Fingerprint
	file        io.Reader
	sum         hash.Hash // of what was read
	pieces      int       // so many
	piece       []byte    // room for one
	ready       []byte    // what is left of it
	err         error     // comes after ready
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
	atEnd := r.pieces == len(r.fingerprint.upTo)
	switch {
	case errors.Is(err, io.EOF) && atEnd:
		return nil, io.EOF
	case err != nil && !errors.Is(err, io.EOF):
		return nil, err
	case err != nil || atEnd:
		return nil, ErrChanged
	}
	r.sum.Write(read)
	if sumOf(r.sum) != r.fingerprint.upTo[r.pieces] {
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

func sumOf(sum hash.Hash) (digest [sha256.Size]byte) {
	sum.Sum(digest[:0])
	return digest
}
