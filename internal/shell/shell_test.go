package shell

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const filepathIsPosix = filepath.Separator == '/'

func TestCommand(t *testing.T) {
	t.Parallel()
	base := New("resume").File("-odd folder")
	longer := base.Flag("workers", "2").Switch("strict")
	for _, test := range []struct {
		got  Command
		want string
	}{
		{base, "cucbulk resume './-odd folder'"},
		{longer, "cucbulk resume './-odd folder' --workers 2 --strict"},
		{base.Flag("rate", "3"), "cucbulk resume './-odd folder' --rate 3"},
		{New("run").File("-").Behind("age -d x"), "age -d x | cucbulk run -"},
	} {
		if got := test.got.String(); got != test.want && filepathIsPosix {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}

// Names that shells, terminals and the collapsing of blanks make something else of.
func oddNames() []string {
	return []string{"users.csv", "joiners of May.csv", "it's", `say "hi"`, "a$HOME`id`b", "100%", "~root", "a  b", " a ", "new\nline", "tab\there", "\x1b[31mred",
		"\u202eback", "\x9b\xff", "semi;colon&more|x", "!!", "a!b\nc", "*?[x]", "back\\slash", "日本 語", "日本\n語", "", "=cmd", "#no", "{a,b}", "a,b", "x\u00a0y", "\uFFFD\t", "'\t'"}
}

func TestWordsReachAShellAsTheyAre(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("bash")
	if err != nil || !filepathIsPosix {
		t.Skip("no bash here")
	}
	for _, name := range oddNames() {
		word := posixWord(name)
		if !survives(word) {
			t.Errorf("%q is printed as %q, which a screen changes", name, word)
		}
		got, err := exec.Command(shell, "-c", "printf %s "+word).Output()
		if err != nil || string(got) != name {
			t.Errorf("%q is typed %s, which is %q: %v", name, word, got, err)
		}
	}
}

func TestWordsForWindows(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want string }{
		{`runs\a`, `runs\a`}, {`C:\my files\`, `"C:\my files\\"`}, {"a b", `"a b"`}, {"a,b", `"a,b"`}, {"it's", `"it's"`}, {`say "hi"`, `"say ""hi"""`},
		{"cost$", "'cost$'"}, {"it's $5", "'it''s $5'"}, {"`x\u2019", "'`x\u2019\u2019'"}, {"", `""`}, {"a@b", `"a@b"`}, {"100%", `"100%"`}, {"a;b&c", `"a;b&c"`},
	} {
		if got := windowsWord(test.text); got != test.want {
			t.Errorf("%s is typed %s, want %s", test.text, got, test.want)
		}
	}
}

// argumentOf reads a word as PowerShell does, and then as a program on Windows does.
func argumentOf(word string) string {
	switch {
	case strings.HasPrefix(word, "'"):
		text := word[1 : len(word)-1]
		for _, quote := range []string{"'", "\u2018", "\u2019", "\u201a", "\u201b"} {
			text = strings.ReplaceAll(text, quote+quote, quote)
		}
		return text
	case strings.HasPrefix(word, `"`):
		text := strings.ReplaceAll(word[1:len(word)-1], `""`, `"`)
		if strings.HasSuffix(text, `\`) {
			ending := len(text) - len(strings.TrimRight(text, `\`))
			text = text[:len(text)-ending/2]
		}
		return text
	}
	return word
}

func TestWordsForWindowsComeBack(t *testing.T) {
	t.Parallel()
	for _, name := range append(oddNames(), `C:\my files\\`, "a\u2019$", "\u201cquoted\u201d") {
		if got := argumentOf(windowsWord(name)); got != name {
			t.Errorf("%q is typed %s, which is %q", name, windowsWord(name), got)
		}
	}
}
