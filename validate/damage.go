package validate

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"cucbulk/internal/codes"
)

// A spreadsheet takes 0042 for a number and 12-3 for a day, and what it saves then
// is not what was typed. This file knows the traces that it leaves in a cell; those
// that only show beside other rows are in neighbours.go.

// codeColumns are parts of the names of columns that hold digits which are no
// number: nobody counts with them, and a spreadsheet may not either.
var codeColumns = []string{"extension", "dtmfaccessid", "phonenumber", "phone_", "employeeid", "billingid", "postalcode", "xferstring", "mattercode", "authorizationcode", "afterdialdigits"}

// holdsCode reports whether a column's texts are codes.
func (c *Column) holdsCode() bool {
	name := strings.ToLower(c.Name)
	return c.Type == String && c.Collection == "" && c.Access != PassedOver &&
		slices.ContainsFunc(codeColumns, func(part string) bool { return strings.Contains(name, part) })
}

// isDialed reports whether a column's texts are dialed, so that nothing but what is
// on a phone's keys belongs into them.
func (c *Column) isDialed() bool {
	name := strings.ToLower(c.Name)
	return c.holdsCode() && (strings.Contains(name, "extension") || strings.Contains(name, "dtmf") || strings.Contains(name, "phone"))
}

// trace is a form in which a spreadsheet writes what it took for something else.
type trace struct {
	code    codes.Code
	pattern *regexp.Regexp
	message string // after the text
}

// The months are those of the spreadsheets of English, German, French, Spanish,
// Italian and Dutch people, as far as they are short.
const months = `(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|mrz|mär|mai|okt|dez|janv|févr|mars|avr|juin|juil|août|déc|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|mrt|mei)\.?`

var traces = []trace{
	{codes.ScientificNotation, regexp.MustCompile(`^[0-9](?:[.,][0-9]+)?E\+[0-9]+$`),
		"is how a spreadsheet writes a long number, and its last digits are lost: make the column text, and take the digits from where they came from"},
	{codes.DecimalNumber, regexp.MustCompile(`^[0-9]+[.,]0$`),
		"is a code that a program took for a number: take .0 off, and make the column text"},
	{codes.DateForCode, regexp.MustCompile(`^(?:[0-9]{1,2}[-. ]{1,2}` + months + `(?:[-. ][0-9]{2,4})?|` + months + `[- ][0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}(?: 00:00:00)?|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4})$`),
		"is a date that a spreadsheet made of a code such as 12-3: make the column text, and type the code again"},
}

var formulaError = regexp.MustCompile(`^#(?:N/A|NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|NV|BEZUG!|WERT!|ZAHL!)$`)

// checkDamage finds what a spreadsheet did to one cell.
func checkDamage(column *Column, text string) []finding {
	if column.Type != String || column.Collection != "" || isDigits(text) {
		return nil
	}
	if text[0] == '#' && formulaError.MatchString(text) {
		return []finding{{code: codes.FormulaError, message: column.shown(text) + " is a formula of a spreadsheet that went wrong: mend it there, or empty the cell"}}
	}
	if (text[0] <= '9' || text[len(text)-1] <= '9') && column.holdsCode() {
		for _, t := range traces {
			if t.pattern.MatchString(text) {
				return []finding{{code: t.code, message: column.shown(text) + " " + t.message, warning: t.code == codes.DateForCode && !column.isDialed()}}
			}
		}
	}
	return checkLookalikes(column, text)
}

// invisible are characters that nobody sees, or that look like a blank.
var invisible = map[rune]string{
	'\u00A0': "a non-breaking space, which looks like a blank", '\u2007': "a figure space, which looks like a blank", '\u202F': "a narrow non-breaking space, which looks like a blank",
	'\u00AD': "a soft hyphen, which nobody sees", '\u200B': "a zero-width space, which nobody sees", '\u2060': "a word joiner, which nobody sees", '\uFEFF': "a byte order mark, which nobody sees",
	'\u200C': "a zero-width non-joiner, which nobody sees", '\u200D': "a zero-width joiner, which nobody sees",
}

// typographic are characters that look like those on a keyboard.
var typographic = map[rune]string{
	'\u2018': "a typographic quote, not '", '\u2019': "a typographic quote, not '", '\u201C': "a typographic quote, not \"", '\u201D': "a typographic quote, not \"", '\u201E': "a typographic quote, not \"",
	'\u2010': "a typographic hyphen, not -", '\u2011': "a typographic hyphen, not -", '\u2013': "a dash, not -", '\u2212': "a minus sign, not -",
}

// exact reports whether users type a column's text, or are found by it: then a
// character that looks like another one is the wrong one.
func (c *Column) exact() bool {
	return c.Name == "Alias" || c.Name == "NewAlias" || c.isEmail() || c.holdsCode()
}

// inTexts are the lookalikes that don't belong into any text. The others are right
// in names and sentences: O’Brien, and letters of Persian that don't join.
const inTexts = "\u00A0\u2007\u202F\u00AD\u200B\u2060\uFEFF"

// checkLookalikes reports the first lookalike of a text.
func checkLookalikes(column *Column, text string) []finding {
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return nil
	}
	position := 0
	for _, r := range text {
		position++
		what, unseen := invisible[r]
		plain, looks := typographic[r]
		if !unseen && !looks || !column.exact() && !strings.ContainsRune(inTexts, r) {
			continue
		}
		if looks {
			return []finding{{code: codes.TypographicCharacter, message: fmt.Sprintf("character %d is %s: type it again, with the plain one", position, plain), warning: !column.isDialed()}}
		}
		return []finding{{code: codes.InvisibleCharacter, message: fmt.Sprintf("character %d is %s: type it again, with a plain one or without it", position, what), warning: !column.exact()}}
	}
	return nil
}
