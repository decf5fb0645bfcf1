package input

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// The letters of Iceland stand where Turkish and Baltic encodings have theirs: what a file is in is
// told by all of its words, and asked for where they do not tell.
func TestIcelandicLettersOfOtherLanguages(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		in         *charmap.Charmap
		charset    string // "": it is not told which
		want       []string
	}{
		{"Latvian", "Bērziņš,Kalniņš\nĀboliņš,Ozols", charmap.Windows1257, "windows-1257", []string{`--encoding windows-1257 reads this as "Bērziņš"; give`}},
		{"Lithuanian", "Žukauskas,Šimkus\nJūratė,Žemaitė", charmap.Windows1257, "windows-1257", []string{`"Žukauskas"`}},
		{"Turkish", "Şahin,Yıldız\nİbrahim,Gülçin", charmap.Windows1254, "", []string{`--encoding windows-1254 reads this as "Şahin", --encoding windows-1252 as "Þahin"; give`}},
		{"Turkish, small letters twice", "plain,Yıldız", charmap.Windows1254, "", []string{`"Yıldız"`, `"Yýldýz"`}},
		{"Turkish, capital at the start", "plain,İbrahim", charmap.Windows1254, "", []string{`"İbrahim"`}},
		{"one Icelander", "plain,Sigurður", charmap.Windows1252, "", []string{`windows-1254 reads this as "Sigurğur"`, `windows-1257 reads this as "Siguršur"`, `windows-1252 as "Sigurður"`}},
		{"Icelandic", "Sigurður,Jón\nÞór,Guðrún", charmap.Windows1252, "", nil},
		{"Faroese", "Rógvi,Høgni\nGuðny,Ýmir", charmap.Windows1252, "", nil},
		{"German, with an Icelander", "Sigurður,Weiß\nMüller,Jörg", charmap.Windows1252, "", nil},
		{"German, with a Czech", "Novotný,Müller", charmap.Windows1252, "", nil},
		{"French", "Ève,Gaël\nFrançois,L’Hôte", charmap.Windows1252, "", nil},
	} {
		bytes, err := test.in.NewEncoder().String("Alias,City\n" + test.text + "\n")
		if err != nil {
			t.Fatal(test.name, err)
		}
		problem, found, err := ForeignWord(strings.NewReader(bytes), ',')
		if err != nil || found != (test.want != nil) || problem.Charset != test.charset || problem.Warning {
			t.Errorf("%s: got %v, %+v, %v", test.name, found, problem, err)
		}
		for _, want := range test.want {
			if !strings.Contains(problem.Message, want) {
				t.Errorf("%s: want %q in %q", test.name, want, problem.Message)
			}
		}
	}
}

// A word of letters that western Europe has none of is shown as each alphabet that it can be.
func TestAlphabetsOfForeignWords(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text string
		in   *charmap.Charmap
	}{
		"windows-1251": {"Иван", charmap.Windows1251}, "windows-1253": {"Ελένη", charmap.Windows1253}, "windows-1255": {"אברהם", charmap.Windows1255},
		"windows-1256": {"محمد", charmap.Windows1256}, "windows-874": {"สมชาย", charmap.Windows874}, "koi8-r": {"Иван", charmap.KOI8R},
	} {
		bytes, err := test.in.NewEncoder().String("Alias,City\nx," + test.text + "\n")
		if err != nil {
			t.Fatal(name, err)
		}
		problem, found, err := ForeignWord(strings.NewReader(bytes), ',')
		if want := "--encoding " + name + " reads it as \"" + test.text + "\""; err != nil || !found || !strings.Contains(problem.Message, want) {
			t.Errorf("%s: got %v, %q, %v", name, found, problem.Message, err)
		}
	}
}
