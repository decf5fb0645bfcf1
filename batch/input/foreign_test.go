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
		{"DOS, at the end of a word", "José", charmap.CodePage850, true},
		{"DOS, two of them", "Größe", charmap.CodePage850, true},
		{"DOS, a byte that Windows-1252 does not have", "Müller", charmap.CodePage850, true},
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
		problem, found, err := ForeignWord(strings.NewReader(bytes), ',')
		if err != nil || found != test.want || found && (problem.Line != 3 || problem.Warning) {
			t.Errorf("%s: got %v, %+v, %v", test.name, found, problem, err)
		}
	}
}

// The encodings of East Asia are named, each with the letters that it makes of the file.
func TestAsianCharsets(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ charset, text, want string }{
		{"shift_jis", "山田太郎,大阪", `looks like Shift-JIS: --encoding shift_jis reads this as "山田太郎"`},
		{"shift_jis", "タナカ,東京都港区", "looks like Shift-JIS"},
		{"big5", "陳大文,臺北", `looks like Big5: --encoding big5 reads this as "陳大文"`},
		{"gbk", "张伟,北京", `looks like GBK: --encoding gbk reads this as "张伟"`},
		{"gbk", "欧阳志远,上海市", "looks like GBK"},
		{"euc-kr", "김철수,서울", `looks like EUC-KR: --encoding euc-kr reads this as "김철수"`},
		{"euc-jp", "山田たろう,大阪", "--encoding euc-jp as \"山田たろう\""},
	} {
		bytes, err := Format{Encoding: test.charset}.EncodeRaw("Alias,Name,City\nx,plain,Rome\ny," + test.text + "\n")
		if err != nil {
			t.Fatal(test.charset, err)
		}
		problem, found, err := ForeignWord(strings.NewReader(string(bytes)), ',')
		if err != nil || !found || problem.Line != 3 || problem.Cell != 1 || problem.Warning || !strings.Contains(problem.Message, test.want) {
			t.Errorf("%s %s: got %v, %+v, %v", test.charset, test.text, found, problem, err)
		}
	}
}
