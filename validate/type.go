package validate

import (
	"strconv"
	"strings"

	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// Type says what a cell's text must look like.
type Type string

// The types of the columns. Text stays text: a type only restricts it.
const (
	String  Type = "string"  // any text
	Integer Type = "integer" // a whole number in 32 bits, sent as it is written
	Boolean Type = "boolean" // true/false, 1/0, yes/no in any case, sent as true or false
	ID      Type = "id"      // an ObjectId: 36 characters, hexadecimal with four hyphens
	Country Type = "country" // the two letters of ISO 3166-1
	Time    Type = "time"    // a moment as the server writes it
	Digits  Type = "digits"  // what a phone dials: 0 to 9, + # and *
	Target  Type = "target"  // a word for where a call goes
	URI     Type = "uri"     // a path under /vmrest/
	File    Type = "file"    // the path of a recording; see [Options]
	Bytes   Type = "bytes"   // a size: bytes in steps of 1024, at most 2048 MB, or -1 or -2
)

// typeRule says which texts a type takes. The message follows the text.
type typeRule struct {
	code    codes.Code
	message string
	ok      func(string) bool
}

var (
	integerRule = typeRule{codes.NotAnInteger, "is not a whole number between -2147483648 and 2147483647", isInteger}
	booleanRule = typeRule{codes.NotABoolean, "is neither true nor false (also 1 and 0, yes and no)",
		func(text string) bool { return boolean(text) != "" }}
	idRule = typeRule{codes.NotAnID, "is not an ObjectId, such as 8321097e-cca4-483f-b24c-0f2175e6e4c9: for a name, use " +
		"the column that takes names", isID}
	bytesRule   = typeRule{codes.NotASize, "is no size: it is -2, -1, or bytes in steps of 1024 up to 2147483648 (2048 MB)", isSize}
	timeRule    = typeRule{codes.NotATime, "is no moment as the server writes it, such as 2027-01-31 18:00:00.0 (always UTC)", isTime}
	digitsRule  = typeRule{codes.NotDigits, "is not what a phone dials: 0 to 9, + # and *", isDialed}
	countryRule = typeRule{codes.BadCountry, "is not a country code of two letters, such as US", isCountry}
)

// rule gives what a type asks of a text; nil: any text will do.
func (t Type) rule() *typeRule {
	switch t {
	case Integer:
		return &integerRule
	case Boolean:
		return &booleanRule
	case ID:
		return &idRule
	case Bytes:
		return &bytesRule
	case Time:
		return &timeRule
	case Digits:
		return &digitsRule
	case Country:
		return &countryRule
	}
	return nil
}

// isInteger takes digits with an optional minus sign; leading zeros are kept as
// they are, and nothing but ten is taken for a base.
func isInteger(text string) bool {
	if strings.HasPrefix(text, "+") {
		return false
	}
	_, err := strconv.ParseInt(text, 10, 32)
	return err == nil
}

// isSize takes bytes in steps of 1024 up to 2048 MB, and the two numbers that stand
// for the system's size and for no limit.
func isSize(text string) bool {
	n, err := strconv.ParseInt(text, 10, 64)
	return err == nil && (n == -1 || n == -2 || n >= 0 && n <= 2048<<20 && n%1024 == 0) && text[0] != '+'
}

// boolean returns "true" or "false", or "" for a text that is neither.
func boolean(text string) string {
	switch text { // in their usual form
	case "true", "false", "":
		return text
	}
	for i := range booleanWords {
		if word := &booleanWords[i]; len(word.text) == len(text) && strings.EqualFold(word.text, text) {
			return word.means
		}
	}
	return ""
}

var booleanWords = [...]struct{ text, means string }{
	{"true", "true"}, {"false", "false"}, {"1", "true"}, {"0", "false"}, {"yes", "true"}, {"no", "false"},
}

func isID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i, b := range []byte(text) {
		hyphen := i == 8 || i == 13 || i == 18 || i == 23
		hexadecimal := '0' <= b && b <= '9' || 'a' <= b && b <= 'f' || 'A' <= b && b <= 'F'
		if hyphen && b != '-' || !hyphen && !hexadecimal {
			return false
		}
	}
	return true
}

func isTime(text string) bool {
	_, err := cupi.ParseTime(text)
	return err == nil
}

func isDialed(text string) bool { return strings.Trim(text, "0123456789+#*") == "" }

func isCountry(text string) bool {
	letter := func(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }
	return len(text) == 2 && letter(text[0]) && letter(text[1])
}
