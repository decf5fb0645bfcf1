package shell

import (
	"fmt"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Word writes an argument so that it can be typed: in quotes if it needs them.
func Word(text string) string {
	if runtime.GOOS == "windows" {
		return windowsWord(text)
	}
	return posixWord(text)
}

// posixWord quotes for bash, zsh and the like.
func posixWord(text string) string {
	switch {
	case plain(text, "-_./:=,@%+") && !strings.HasPrefix(text, "="): // zsh looks =name up
		return text
	case survives(text):
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
	return escaped(text)
}

// survives reports whether a text is the same when it has been printed on one line, to a
// terminal, and copied from there.
func survives(text string) bool {
	return utf8.ValidString(text) && strings.Join(strings.Fields(text), " ") == text && !strings.ContainsFunc(text,
		func(r rune) bool { return !unicode.IsPrint(r) })
}

// escaped spells what a screen does not show, byte by byte: $'a\x1bb'.
func escaped(text string) string {
	var b strings.Builder
	b.WriteString("$'")
	for i, r := range text {
		length := utf8.RuneLen(r)
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD") {
			length = 1 // no character
		}
		if length > 1 && unicode.IsPrint(r) || unicode.IsDigit(r) || unicode.IsLetter(r) ||
			r < utf8.RuneSelf && strings.ContainsRune("-_./:=,@%+", r) {
			b.WriteRune(r)
			continue
		}
		for _, octet := range []byte(text[i : i+length]) {
			fmt.Fprintf(&b, `\x%02x`, octet)
		}
	}
	b.WriteString("'")
	return b.String()
}

// windowsWord quotes for PowerShell and cmd. What is in double quotes means the same to
// both, but for $ and the backquote, which PowerShell reads there: such a word is for
// PowerShell alone. The program itself takes a backslash before the last quote for a sign
// that the quote is meant, and two for one.
func windowsWord(text string) string {
	switch {
	case plain(text, `-_./:=\+`):
		return text
	case strings.ContainsAny(text, "$`\u201c\u201d\u201e"):
		return "'" + strings.NewReplacer("'", "''", "\u2018", "\u2018\u2018", "\u2019", "\u2019\u2019", "\u201a",
			"\u201a\u201a", "\u201b", "\u201b\u201b").Replace(text) + "'"
	}
	ending := len(text) - len(strings.TrimRight(text, `\`))
	return `"` + strings.ReplaceAll(text, `"`, `""`) + strings.Repeat(`\`, ending) + `"`
}

// plain reports whether a text needs no quotes.
func plain(text, signs string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(signs, r)
	})
}
