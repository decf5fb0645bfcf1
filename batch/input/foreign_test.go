package input

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// A file of another code page is no Windows-1252 where its letters make no words.
func TestForeignWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		in         *charmap.Charmap
		want       bool
	}{
		{"Polish", "Łukasz Żółć,Gdańsk", charmap.Windows1250, true},
		{"Russian", "Иван Петров,Москва", charmap.Windows1251, true},
		{"Greek", "Ελένη Παππά", charmap.Windows1253, true},
		{"Macintosh", "José Muñoz,München", charmap.Macintosh, true},
		{"DOS", "José Muñoz,Zoë", charmap.CodePage850, true},
		{"Japanese", "R“c", charmap.Windows1252, true}, // 山田太郎
		{"Spanish", "José Muñoz,¿Qué?,ÁLVARO ÑÚÑEZ", charmap.Windows1252, false},
		{"German", "Größe,Öl,MÜLLER,Straße–Süd,50 m³ 20 €", charmap.Windows1252, false},
		{"French", "L’été à Noël,ŒUVRE,cœur,Œdipe", charmap.Windows1252, false},
		{"Danish", "Søren Ærø,ÅRHUS,Åse", charmap.Windows1252, false},
		{"marks", "Müller’s “Café” £20 ©2026 O´Brien", charmap.Windows1252, false},
	} {
		bytes, err := test.in.NewEncoder().String("Alias,City\nx,plain\n" + test.text + "\n")
		if err != nil {
			t.Fatal(test.name, err)
		}
		problem, found, err := ForeignWord(DecodeCharset(strings.NewReader(bytes), Windows1252))
		if err != nil || found != test.want || found && (problem.Line != 3 || problem.Warning) {
			t.Errorf("%s: got %v, %+v, %v", test.name, found, problem, err)
		}
	}
}
