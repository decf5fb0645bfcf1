package audio

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"time"
)

// file is a WAV file with a fmt chunk of these values, and so many bytes of sound.
func file(tag, channels uint16, rate, bytesASecond uint32, sound int) []byte {
	var b bytes.Buffer
	for _, part := range []any{[]byte("RIFF"), uint32(36 + sound), []byte("WAVEfmt "), uint32(16), tag, channels, rate, bytesASecond, uint16(1), uint16(8), []byte("data"), uint32(sound), make([]byte, sound)} {
		_ = binary.Write(&b, binary.LittleEndian, part) // to memory
	}
	return b.Bytes()
}

// with is a file in which bytes are put in the place of others.
func with(file []byte, at int, text string) []byte {
	copy(file[at:], text)
	return file
}

// What Unity Connection takes passes, and all else is named in words for whoever has the file.
func TestReadWave(t *testing.T) {
	t.Parallel()
	whole := file(7, 1, 8000, 8000, 4000)
	for name, test := range map[string]struct {
		file []byte
		want string // in the error; "" for none
	}{
		"mu-law":             {whole, ""},
		"a-law":              {file(6, 1, 8000, 8000, 100), ""},
		"PCM":                {file(1, 1, 8000, 16000, 100), ""},
		"GSM":                {file(49, 1, 8000, 1625, 65), ""},
		"G.729a":             {file(131, 1, 8000, 1000, 10), ""},
		"another chunk":      {append(append([]byte{}, whole[:36]...), append([]byte("LIST\x03\x00\x00\x00abc\x00"), whole[36:]...)...), ""},
		"stereo":             {file(1, 2, 8000, 32000, 100), "2 channels"},
		"of a CD":            {file(1, 1, 44100, 88200, 100), "44100 samples a second"},
		"twenty minutes":     {file(131, 1, 8000, 1000, 1200*1000), ""},
		"longer":             {file(131, 1, 8000, 1000, 1201*1000), "it lasts 1201 seconds"},
		"MP3 in WAV":         {file(85, 1, 8000, 1000, 100), "coded as MP3 (tag 85)"},
		"no coding we know":  {file(999, 1, 8000, 1000, 100), "the tag 999"},
		"no bytes a second":  {file(1, 1, 8000, 0, 100), "a second has no bytes"},
		"MP3":                {[]byte("ID3\x04" + strings.Repeat("x", 100)), "an MP3 file"},
		"M4A":                {[]byte("\x00\x00\x00\x20ftypM4A " + strings.Repeat("x", 100)), "MP4 or M4A"},
		"a page":             {[]byte("<html>" + strings.Repeat("x", 100)), "web page"},
		"text":               {[]byte("Alias,DtmfAccessId"), "no WAV file"},
		"nothing":            {nil, "empty"},
		"a head":             {whole[:12], "cut off"},
		"cut off":            {whole[:2000], "its head says that it has 4044 bytes, and it has 2000"},
		"cut off, head kept": {with(append([]byte{}, whole[:2000]...), 4, "\x00\x00\x00\x00"), `its "data" chunk has 4000 bytes, and 1956 are there`},
		"silent":             {file(7, 1, 8000, 8000, 0), "the data chunk is empty"},
		"no data chunk":      {with(append([]byte{}, whole...), 36, "DATA"), "the data chunk is missing"},
		"data first":         {with(append([]byte{}, whole...), 12, "fmtx"), "before the chunk that says how it is coded"},
		"a short fmt chunk":  {with(append([]byte{}, whole...), 16, "\x04\x00\x00\x00"), "fmt chunk is too short"},
		"another RIFF":       {with(append([]byte{}, whole...), 8, "AVI "), "another RIFF file"},
	} {
		wave, err := ReadWave(bytes.NewReader(test.file), int64(len(test.file)))
		if (err != nil) != (test.want != "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %+v, %v, want %q", name, wave, err, test.want)
		}
	}
	if wave, _ := ReadWave(bytes.NewReader(whole), int64(len(whole))); wave.Format != "G.711 mu-law" || wave.Duration != 500*time.Millisecond {
		t.Errorf("got %+v", wave)
	}
	if _, err := ReadWave(bytes.NewReader(whole), MaxBytes+1); err == nil || !strings.Contains(err.Error(), "at most") {
		t.Errorf("a file that is too long: %v", err)
	}
}

// No bytes of a file make the reader crash, hang, or find sound that is not there.
func FuzzReadWave(f *testing.F) {
	f.Add(file(7, 1, 8000, 8000, 40))
	f.Add(file(1, 2, 44100, 88200, 4))
	f.Add([]byte("RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		wave, err := ReadWave(bytes.NewReader(data), int64(len(data)))
		if err == nil && (wave.Format == "" || len(data) < 45) {
			t.Errorf("%q is %+v", data, wave)
		}
	})
}
