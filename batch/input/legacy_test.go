package input

import (
	"bytes"
	"io"
	"testing"
)

func TestWindows1252ComesBackAsItWas(t *testing.T) {
	t.Parallel()
	file := make([]byte, 0, 256)
	for b := range 256 {
		if bytes.IndexByte([]byte{0x81, 0x8D, 0x8F, 0x90, 0x9D}, byte(b)) >= 0 {
			continue // no characters
		}
		file = append(file, byte(b))
	}
	text, err := io.ReadAll(DecodeWindows1252(bytes.NewReader(file)))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := (Format{Encoding: Windows1252}).EncodeRaw(string(text)); err != nil || !bytes.Equal(got, file) {
		t.Errorf("got %X and %v", got, err)
	}
}
