package cli

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestInert(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want string }{
		{"plain text\twith a tab\n", "plain text\twith a tab\n"},
		{"Müller 日本", "Müller 日本"},
		{"\x1b[31mred", `\u001b[31mred`},
		{"bell\a\r", `bell\u0007\u000d`},
		{"\u009b31m", `\u009b31m`},
		{"turned \u202Earound", `turned \u202earound`},
		{"broken \xff byte", `broken \xff byte`},
		{"a real \uFFFD", "a real \uFFFD"},
	} {
		if got := inert(test.text); got != test.want {
			t.Errorf("inert(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

func FuzzInert(f *testing.F) {
	f.Add("\x1b]0;title\a")
	f.Add("\xc2\x9b\xff\u202e")
	f.Fuzz(func(t *testing.T, text string) {
		got := inert(text)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, commandsTerminal) {
			t.Errorf("inert(%q) = %q, which a terminal would obey", text, got)
		}
		if again := inert(got); again != got {
			t.Errorf("inert twice: %q and %q", got, again)
		}
	})
}

func TestInertWriterCountsWhatItWasGiven(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	n, err := inertWriter{&out}.Write([]byte("a\x1bb"))
	if n != 3 || err != nil || out.String() != `a\u001bb` {
		t.Errorf("Write = %d, %v, %q; want 3, nil, %q", n, err, out.String(), `a\u001bb`)
	}
}

func TestFilled(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"one\ntwo\n\nthree", "one two\n\nthree"},
		{"a list:\n\n  one\n  two\n\nend", "a list:\n\n  one\n  two\n\nend"},
		{"HEADING\n  0  done\n  1  not", "HEADING\n  0  done\n  1  not"},
		{strings.Repeat("word ", 20), strings.Repeat("word ", 16)[:79] + "\n" + strings.Repeat("word ", 4)[:19]},
		{strings.Repeat("é", 78) + " x", strings.Repeat("é", 78) + "\nx"},
	} {
		if got := filled(test.text); got != test.want {
			t.Errorf("filled(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

// Whatever help prints fits a terminal of 80 columns.
func TestHelpFits(t *testing.T) {
	t.Parallel()
	root := rootCommand(newProgram(newProcess().environment))
	for _, command := range append(root.Commands(), root) {
		for line := range strings.Lines(command.Long + "\n" + command.Example + "\n" + command.UsageString()) {
			isWord := len(strings.Fields(line)) == 1 // it can't be broken
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 && !isWord {
				t.Errorf("%s: %d columns: %s", command.Name(), n, line)
			}
		}
	}
}

func TestRowRange(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text        string
		first, last int
		wrong       bool
	}{
		{"", 0, 0, false}, {"5", 5, 5, false}, {"1-100", 1, 100, false}, {"5-", 5, 0, false}, {"-5", 0, 5, false}, {"7-7", 7, 7, false},
		{"-", 0, 0, true}, {"0", 0, 0, true}, {"3-1", 3, 1, true}, {"a-b", 0, 0, true}, {"1-2-3", 1, 0, true}, {"1.5", 0, 0, true},
	} {
		first, last, err := rowRange(test.text)
		if (err != nil) != test.wrong || err == nil && (first != test.first || last != test.last) {
			t.Errorf("rowRange(%q) = %d, %d, %v; want %d, %d, wrong %v", test.text, first, last, err, test.first, test.last, test.wrong)
		}
	}
}

func TestNamesOfFoldersAreVisible(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, want string }{
		{"joiners of Zürich", "joiners of Zürich"}, {"a\x1b[31m\u202eb\nc\td", "a_[31m_b_c_d"}, {"\x9b1m", "_1m"},
	} {
		if got := visible(test.name); got != test.want {
			t.Errorf("visible(%q) = %q, want %q", test.name, got, test.want)
		}
	}
}

func TestHost(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ server, want string }{
		{"https://cuc1.example.com", "cuc1.example.com"}, {"https://cuc1.example.com:8443", "cuc1.example.com"},
		{"cuc1.example.com", "cuc1.example.com"}, {"http://[::1]:80", "::1"},
	} {
		if got := host(test.server); got != test.want {
			t.Errorf("host(%q) = %q, want %q", test.server, got, test.want)
		}
	}
}
