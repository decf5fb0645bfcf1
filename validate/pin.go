package validate

import (
	"regexp"
	"strings"
)

// TrivialPIN says what makes a PIN easy to guess, "" when none of the rules finds
// anything. About is what people know of its user: extensions and names. The server
// has a policy of its own, and that one decides.
func TrivialPIN(pin string, about ...string) string {
	for _, rule := range trivial {
		if rule.is(pin) {
			return rule.why
		}
	}
	for _, known := range about {
		digits := keypad(known)
		if len(digits) < 3 {
			continue
		}
		if strings.Contains(pin, digits) || strings.Contains(pin, reversed(digits)) {
			return "holds an extension or a name of its user, forwards or backwards"
		}
	}
	return ""
}

// trivial are the rules about the PIN alone. A text that is no PIN breaks none.
var trivial = []struct {
	why string
	is  func(pin string) bool
}{
	{"has fewer than three different digits", func(pin string) bool { return isDigits(pin) && different(pin) < 3 }},
	{"has the same digit three times in a row", func(pin string) bool {
		for i := 2; i < len(pin); i++ {
			if isDigits(pin) && pin[i] == pin[i-1] && pin[i] == pin[i-2] {
				return true
			}
		}
		return false
	}},
	{"is a run of digits, up or down", func(pin string) bool {
		return isDigits(pin) && (strings.Contains(upwards, pin) || strings.Contains(reversed(upwards), pin))
	}},
	{"repeats a group of digits", func(pin string) bool {
		for size := 1; isDigits(pin) && size <= len(pin)/2; size++ {
			if len(pin)%size == 0 && strings.Repeat(pin[:size], len(pin)/size) == pin {
				return true
			}
		}
		return false
	}},
	{"is made of straight lines on the keypad", straightLines.MatchString},
}

// upwards holds every run of digits upwards, also those that pass 9.
const upwards = "01234567890123456789"

// straightLines matches a PIN that is nothing but rows, columns and diagonals of
// the keypad.
var straightLines = regexp.MustCompile(`^(123|456|789|147|258|580|369|159|357|2580|321|654|987|741|852|085|963|951|753|0852)+$`)

// keypad gives the digits on which a name stands; digits stay as they are.
func keypad(text string) string {
	var digits strings.Builder
	for _, r := range strings.ToLower(text) {
		switch {
		case '0' <= r && r <= '9':
			digits.WriteRune(r)
		case 'a' <= r && r <= 'z':
			digits.WriteByte("22233344455566677778889999"[r-'a'])
		}
	}
	return digits.String()
}

func isDigits(text string) bool {
	for i := range len(text) {
		if text[i]-'0' > 9 {
			return false
		}
	}
	return text != ""
}

func different(pin string) int {
	seen := map[rune]bool{}
	for _, digit := range pin {
		seen[digit] = true
	}
	return len(seen)
}

func reversed(digits string) string {
	bytes := []byte(digits)
	for i, j := 0, len(bytes)-1; i < j; i, j = i+1, j-1 {
		bytes[i], bytes[j] = bytes[j], bytes[i]
	}
	return string(bytes)
}
