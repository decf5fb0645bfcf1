package input

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"testing"
	"testing/iotest"
)

func TestAFileIsKnownAgainByItsPieces(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, pieceSize - 1, pieceSize, pieceSize + 1, 3*pieceSize + 7} {
		text := bytes.Repeat([]byte("jdoe,4001\n"), size/10+1)[:size]
		var also bytes.Buffer
		print, err := FingerprintOf(iotest.HalfReader(bytes.NewReader(text)), &also)
		if err != nil || print.Bytes != int64(size) || !bytes.Equal(also.Bytes(), text) {
			t.Fatalf("%d bytes: got %d, %d handed on, and %v", size, print.Bytes, also.Len(), err)
		}
		if sum := sha256.Sum256(text); print.SHA256() != hex.EncodeToString(sum[:]) {
			t.Errorf("%d bytes: got SHA-256 %s, want %x", size, print.SHA256(), sum)
		}
		if got, err := io.ReadAll(print.Reader(iotest.OneByteReader(bytes.NewReader(text)))); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%d bytes: read again, got %d and %v", size, len(got), err)
		}
		if err := iotest.TestReader(print.Reader(bytes.NewReader(text)), text); err != nil {
			t.Error(err)
		}
	}
}

func TestNothingOfAnotherFileIsHandedOut(t *testing.T) {
	t.Parallel()
	text := bytes.Repeat([]byte("jdoe,4001\n"), pieceSize/4) // two pieces and a half
	print, err := FingerprintOf(bytes.NewReader(text), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	at := func(place int) []byte {
		other := bytes.Clone(text)
		other[place] = '!'
		return other
	}
	for name, test := range map[string]struct {
		file []byte
		most int // bytes that it may hand out
	}{
		"in the first piece":       {at(0), 0},
		"at the first piece's end": {at(pieceSize - 1), 0},
		"in the second piece":      {at(pieceSize + 10), pieceSize},
		"in the last byte":         {at(len(text) - 1), 2 * pieceSize},
		"emptied":                  {nil, 0},
		"cut within a piece":       {text[:pieceSize+5], pieceSize},
		"cut between two":          {text[:pieceSize], pieceSize},
		"grown":                    {append(bytes.Clone(text), '\n'), 2 * pieceSize},
		"a piece taken out":        {text[pieceSize:], pieceSize},
	} {
		got, err := io.ReadAll(print.Reader(bytes.NewReader(test.file)))
		if !errors.Is(err, ErrChanged) || len(got) > test.most || !bytes.HasPrefix(text, got) {
			t.Errorf("%s: got %d bytes and %v, want at most %d of the first file's, and that it changed", name, len(got), err, test.most)
		}
	}
	whole := text[:2*pieceSize]
	print, _ = FingerprintOf(bytes.NewReader(whole), io.Discard)
	if got, err := io.ReadAll(print.Reader(bytes.NewReader(text))); !errors.Is(err, ErrChanged) || len(got) > len(whole) {
		t.Errorf("grown by whole pieces: got %d bytes and %v", len(got), err)
	}
	if _, err := io.ReadAll(print.Reader(iotest.ErrReader(errBroken))); !errors.Is(err, errBroken) {
		t.Errorf("a disk that is gone: got %v", err)
	}
}
