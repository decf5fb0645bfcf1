package audio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// MaxDuration is how long a recording lasts at most, however a server is configured.
const MaxDuration = 20 * time.Minute

// MaxBytes is the most bytes of a recording: one that lasts as long, as 16-bit PCM, and
// room for what stands around the sound.
const MaxBytes = 20 << 20

// Wave is what the head of a WAV file says.
type Wave struct {
	Format   string        // "G.711 mu-law"
	Duration time.Duration // of the sound
}

// formats are the codings that Unity Connection takes, by the tag of the fmt chunk.
var formats = map[uint16]string{1: "PCM", 6: "G.711 a-law", 7: "G.711 mu-law", 49: "GSM 6.10", 64: "G.726", 69: "G.726", 131: "G.729a"}

// known are others that people have, by their tags, to name what is wrong.
var known = map[uint16]string{2: "MS ADPCM", 3: "floating point", 17: "IMA ADPCM", 85: "MP3", 255: "AAC", 0xFFFE: "extensible"}

// ReadWave looks through a WAV file of so many bytes and says what it holds. The error says what is
// wrong in words for the person who has the file.
func ReadWave(r io.ReaderAt, size int64) (Wave, error) {
	head := make([]byte, 12)
	if n, _ := r.ReadAt(head, 0); n < len(head) || string(head[8:12]) != "WAVE" || string(head[:4]) != "RIFF" {
		return Wave{}, fmt.Errorf("it is %s", foreign(head[:n]))
	}
	if size > MaxBytes {
		return Wave{}, fmt.Errorf("it has %d bytes, and a recording has at most %d", size, MaxBytes)
	}
	if said := int64(binary.LittleEndian.Uint32(head[4:])) + 8; said > size {
		return Wave{}, fmt.Errorf("it is cut off: its head says that it has %d bytes, and it has %d", said, size)
	}
	var wave Wave
	var bytesASecond int64
	for at := int64(12); ; {
		chunk := make([]byte, 8)
		if n, _ := r.ReadAt(chunk, at); n < len(chunk) {
			return Wave{}, errors.New("it has no sound: the data chunk is missing")
		}
		name, length := string(chunk[:4]), int64(binary.LittleEndian.Uint32(chunk[4:]))
		at += 8
		switch {
		case at+length > size:
			return Wave{}, fmt.Errorf("it is cut off: its %q chunk has %d bytes, and %d are there", name, length, size-at)
		case name == "fmt ":
			var err error
			if wave.Format, bytesASecond, err = readFormat(r, at, length); err != nil {
				return Wave{}, err
			}
		case name == "data" && bytesASecond == 0:
			return Wave{}, errors.New("the sound comes before the chunk that says how it is coded")
		case name == "data" && length == 0:
			return Wave{}, errors.New("it has no sound: the data chunk is empty")
		case name == "data":
			wave.Duration = time.Duration(length) * time.Second / time.Duration(bytesASecond)
			if wave.Duration > MaxDuration {
				return Wave{}, fmt.Errorf("it lasts %d seconds, and a recording lasts at most %d", int(wave.Duration.Seconds()),
					int(MaxDuration.Seconds()))
			}
			return wave, nil
		}
		at += length + length%2
	}
}

// readFormat reads the fmt chunk.
func readFormat(r io.ReaderAt, at, length int64) (name string, bytesASecond int64, err error) {
	format := make([]byte, 16)
	if length < 16 {
		return "", 0, errors.New("its fmt chunk is too short")
	}
	if _, err := r.ReadAt(format, at); err != nil {
		return "", 0, err
	}
	tag, channels, rate := binary.LittleEndian.Uint16(format), binary.LittleEndian.Uint16(format[2:]),
		binary.LittleEndian.Uint32(format[4:])
	name, taken := formats[tag]
	bytesASecond = int64(binary.LittleEndian.Uint32(format[8:]))
	switch {
	case !taken && known[tag] != "":
		return "", 0, fmt.Errorf("it is coded as %s (tag %d), and Unity Connection takes PCM, G.711, G.726, G.729a or GSM 6.10",
			known[tag], tag)
	case !taken:
		return "", 0, fmt.Errorf("its coding has the tag %d, which Unity Connection does not take: PCM, G.711, G.726, G.729a or GSM 6.10",
			tag)
	case channels != 1:
		return "", 0, fmt.Errorf("it has %d channels, and a recording has one", channels)
	case rate != 8000:
		return "", 0, fmt.Errorf("it has %d samples a second, and a recording has 8000", rate)
	case bytesASecond == 0:
		return "", 0, errors.New("its fmt chunk says that a second has no bytes")
	}
	return name, bytesASecond, nil
}

// foreign says what a file is that is no WAV, as far as its first bytes tell.
func foreign(head []byte) string {
	for _, other := range []struct{ begin, name string }{
		{"ID3", "an MP3 file"}, {"\xFF\xFB", "an MP3 file"}, {"\xFF\xF3", "an MP3 file"}, {"OggS", "an Ogg file"},
		{"fLaC", "a FLAC file"}, {"FORM", "an AIFF file"},
		{".snd", "an AU file"}, {"RIFX", "a WAV file of a big-endian computer"}, {"RF64", "a WAV file for more than 4 GB"},
		{"RIFF", "another RIFF file, and no WAV"},
		{"\x30\x26\xB2\x75", "a WMA file"}, {"<", "a web page or XML"},
	} {
		if len(head) >= len(other.begin) && string(head[:len(other.begin)]) == other.begin {
			return other.name + ", and a recording must be WAV"
		}
	}
	switch {
	case len(head) == 0:
		return "empty"
	case len(head) >= 8 && string(head[4:8]) == "ftyp":
		return "an MP4 or M4A file, and a recording must be WAV"
	}
	return "no WAV file"
}
