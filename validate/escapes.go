package validate

import (
	"encoding/base64"
	"mime"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Letters as mail and the web write them, where only ASCII gets through.

// inMailHead gives the letters of =?utf-8?Q?Jos=C3=A9?=.
func inMailHead(text string) string {
	decoded, err := new(mime.WordDecoder).DecodeHeader(text)
	if err != nil {
		return ""
	}
	return decoded
}

// hexLetters are some bytes in a row, each as %C3 or as =C3.
var hexLetters = regexp.MustCompile(`(?:%[0-9A-Fa-f]{2})+|(?:=[0-9A-F]{2})+`)

// hexUnescaped puts the letters in the place of Jos%C3%A9, Jos=C3=A9 and John%20Doe; "" where it makes
// no letter beyond ASCII and no blank, so that it may be meant.
func hexUnescaped(text string) string {
	return withLetters(text, hexLetters, func(escaped string) (string, bool) {
		var bytes []byte
		for at := 0; at < len(escaped); at += 3 {
			bytes = append(bytes, hexDigit(escaped[at+1])<<4|hexDigit(escaped[at+2]))
		}
		if !utf8.Valid(bytes) {
			bytes, _ = charmap.Windows1252.NewDecoder().Bytes(bytes)
		}
		letters := string(bytes)
		return letters, !strings.ContainsFunc(letters, func(r rune) bool { return !unicode.IsLetter(r) && r != ' ' }) &&
			(letters == " " || strings.ContainsFunc(letters, func(r rune) bool { return r >= utf8.RuneSelf }))
	})
}

// withLetters puts letters in the place of what a pattern finds; "" where decode finds none in any of it.
func withLetters(text string, pattern *regexp.Regexp, decode func(escaped string) (letters string, are bool)) string {
	found := false
	unescaped := pattern.ReplaceAllStringFunc(text, func(escaped string) string {
		letters, are := decode(escaped)
		if !are {
			return escaped
		}
		found = true
		return letters
	})
	if !found {
		return ""
	}
	return unescaped
}

// hexDigit is the value of a digit.
func hexDigit(c byte) byte {
	switch {
	case c >= 'a':
		return c - 'a' + 10
	case c >= 'A':
		return c - 'A' + 10
	}
	return c - '0'
}

// utf7Unescaped puts the letters in the place of Jos+AOk-; "" where it makes no letters.
func utf7Unescaped(text string) string {
	return withLetters(text, utf7Letter(), func(escaped string) (string, bool) {
		bytes, err := base64.RawStdEncoding.DecodeString(strings.TrimSuffix(escaped[1:], "-"))
		if err != nil || len(bytes)%2 != 0 || len(bytes) == 0 {
			return "", false
		}
		units := make([]uint16, len(bytes)/2)
		for i := range units {
			units[i] = uint16(bytes[2*i])<<8 | uint16(bytes[2*i+1])
		}
		letters := string(utf16.Decode(units))
		ended := strings.HasSuffix(escaped, "-") // else it may be a word behind a plus
		return letters, !strings.ContainsFunc(letters, func(r rune) bool {
			return !unicode.IsLetter(r) || r < utf8.RuneSelf || !ended && !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
		})
	})
}
