package input

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestWindows1252(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, file string
		want       bool
		problem    string
	}{
		{"ASCII", "Alias\njdoe\n", false, ""},
		{"UTF-8", "Alias,City\njdoe,Zürich\n", false, ""},
		{"Windows-1252", "Alias,City\njdoe,Paris\nadoe,Z\xFCrich\n", true, `:3: warning: the file is no UTF-8, and is read as Windows-1252: is "Zürich" right? If not, save it as CSV UTF-8, or name its encoding with --encoding (windows-1252)`},
		{"a euro", "Alias,City\njdoe,\"5 \x80\"\n", true, `:2: warning: the file is no UTF-8, and is read as Windows-1252: is "5 €" right? If not, save it as CSV UTF-8, or name its encoding with --encoding (windows-1252)`},
		{"at the end", "Alias\nJos\xE9", true, `:2: warning: the file is no UTF-8, and is read as Windows-1252: is "José" right? If not, save it as CSV UTF-8, or name its encoding with --encoding (windows-1252)`},
		{"both", "Alias,City\njdoe,Zürich\nadoe,Z\xFCrich\n", false, ""},
		{"with a byte order mark", "\uFEFFAlias,City\njdoe,Z\xFCrich\n", false, ""},
		{"a byte that it does not have", "Alias,City\njdoe,Z\x81rich\n", false, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for name, reader := range map[string]io.Reader{"whole": strings.NewReader(test.file), "in bytes": iotest.OneByteReader(strings.NewReader(test.file))} {
				var check TextCheck
				if _, _, err := Spool(&check, reader); err != nil {
					t.Fatal(err)
				}
				if got := check.IsWindows1252(); got != test.want {
					t.Errorf("%s: got %t, want %t", name, got, test.want)
				}
				if got, want := check.Lines(), strings.Count(test.file, "\n"); got != want {
					t.Errorf("%s: got %d lines, want %d", name, got, want)
				}
				if got := check.Problem().String(); test.want && name == "whole" && got != test.problem {
					t.Errorf("got  %s\nwant %s", got, test.problem)
				}
			}
		})
	}
}

var errBroken = errors.New("the disk is gone")
