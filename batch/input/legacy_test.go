package input

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// The bytes of a row come back as they were: each of an encoding of one byte a letter, but for
// those that stand for none.
func TestCharsetsComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	for name, charset := range map[string]*charmap.Charmap{Windows1252: charmap.Windows1252, "windows-1250": charmap.Windows1250, "windows-1251": charmap.Windows1251,
		"macintosh": charmap.Macintosh, "iso-8859-2": charmap.ISO8859_2, "ibm850": charmap.CodePage850} {
		var file []byte
		for b := range 256 {
			if charset.DecodeByte(byte(b)) != '\uFFFD' && !slices.Contains([]byte{0x81, 0x8D, 0x8F, 0x90, 0x9D}, byte(b)) {
				file = append(file, byte(b))
			}
		}
		text, err := io.ReadAll(DecodeCharset(bytes.NewReader(file), name))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := (Format{Encoding: name}).EncodeRaw(string(text)); err != nil || !bytes.Equal(got, file) {
			t.Errorf("%s: got %X and %v", name, got, err)
		}
	}
	for name, want := range map[string]string{"shift_jis": "山田太郎,大阪", "gbk": "张伟,北京", "euc-kr": "김철수,서울", "big5": "陳大文,臺北"} {
		bytes, err := Format{Encoding: name}.EncodeRaw(want)
		if err != nil {
			t.Fatal(name, err)
		}
		text, err := io.ReadAll(DecodeCharset(strings.NewReader(string(bytes)), name))
		if err != nil || string(text) != want || string(bytes) == want {
			t.Errorf("%s: got %q and %v", name, text, err)
		}
	}
	if got, err := (Format{Encoding: "windows-1250"}).EncodeRaw("Łódź→Иван"); err != nil || string(got) != "\xA3\xF3d\x9F?????" {
		t.Errorf("what the encoding lacks: got %q and %v", got, err)
	}
}

func TestCharsetNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"CP1250": "windows-1250", "windows-1251": "windows-1251", "Latin1": "windows-1252", "mac": "macintosh", "sjis": "shift_jis", "gb2312": "gbk", "ISO-8859-2": "iso-8859-2",
		"ibm850": "ibm850", "cp437": "cp437", "utf8": UTF8, "UTF-16LE": UTF16LE,
		"utf-16": "", "utf-7": "", "utf-32": "", "iso-2022-jp": "", "ibm037": "", "klingon": "", "": "", "replacement": "", "x-user-defined": "x-user-defined"} {
		got, err := CharsetNamed(name)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%s: got %q and %v, want %q", name, got, err, want)
		}
	}
}
