package probe

import (
	"bytes"
	"encoding/binary"
)

// sounds are what the walk sends as recordings: a tone that lasts a third of a second, in two of the
// codings that servers take, and what is no sound.
var sounds = map[string][]byte{
	"mu-law":   wave(7, 1, []byte{0x90}, []byte{0x10}),
	"pcm":      wave(1, 2, []byte{0x00, 0x20}, []byte{0x00, 0xE0}),
	"no-sound": []byte("cucbulkprobe"),
}

// wave is a WAV file of one channel and 8000 samples a second: a tone that goes up and down 500 times
// in each.
func wave(coding, sampleBytes int, up, down []byte) []byte {
	const rate, period, periods = 8000, 16, 160
	tone := bytes.Repeat(append(bytes.Repeat(up, period/2), bytes.Repeat(down, period/2)...), periods)
	var file bytes.Buffer
	chunk := func(name string, words ...any) {
		file.WriteString(name)
		for _, word := range words {
			_ = binary.Write(&file, binary.LittleEndian, word) // a Buffer takes all
		}
	}
	chunk("RIFF", uint32(4+8+16+8+len(tone)))
	chunk("WAVE")
	chunk("fmt ", uint32(16), uint16(coding), uint16(1), uint32(rate), uint32(rate*sampleBytes), uint16(sampleBytes), uint16(8*sampleBytes))
	chunk("data", uint32(len(tone)), tone)
	return file.Bytes()
}
