package roster

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"cucbulk/validate"
)

// AliasRule makes aliases: texts, and parts of what a row says.
type AliasRule []aliasPart

// aliasPart is a text, or the first letters of a column.
type aliasPart struct {
	text   string
	column string // "": it is the text
	most   int    // letters; 0: all
}

// shortNames are what rules call the columns that they need most.
var shortNames = map[string]string{"first": "FirstName", "last": "LastName"}

// ParseAliasRule reads a rule such as "{first:1}{last}".
func ParseAliasRule(text string) (AliasRule, error) {
	var rule AliasRule
	for rest := text; rest != ""; {
		before, after, opens := strings.Cut(rest, "{")
		if before != "" {
			rule = append(rule, aliasPart{text: before})
		}
		if !opens {
			break
		}
		name, behind, closes := strings.Cut(after, "}")
		if !closes {
			return nil, fmt.Errorf("%q has an opening brace and no closing one", text)
		}
		part, err := parsePart(name)
		if err != nil {
			return nil, err
		}
		rule, rest = append(rule, part), behind
	}
	for _, part := range rule {
		if part.column != "" {
			return rule, nil
		}
	}
	return nil, fmt.Errorf("%q would give everybody one alias: name parts of the row, as in {first:1}{last}", text)
}

func parsePart(text string) (aliasPart, error) {
	name, count, some := strings.Cut(text, ":")
	part := aliasPart{column: shortNames[strings.ToLower(name)]}
	if part.column == "" {
		column, known := validate.Users.Column(name)
		if !known || column.Secret {
			return part, fmt.Errorf("{%s} is no part of a row: write {first}, {last} or {Column}, with :N for the first N letters of it",
				name)
		}
		part.column = column.Name
	}
	if some {
		var err error
		if part.most, err = strconv.Atoi(count); err != nil || part.most < 1 {
			return part, fmt.Errorf("{%s}: after the colon stands how many letters, from 1", text)
		}
	}
	return part, nil
}

// of makes the alias of a row, in small letters that every telephone system knows; "" where the row
// says nothing of which one could be made.
func (rule AliasRule) of(cell func(column string) string) string {
	var alias strings.Builder
	said := false
	for _, part := range rule {
		text := part.text
		if part.column != "" {
			text = plain(cell(part.column))
			if part.most > 0 && len(text) > part.most {
				text = text[:part.most]
			}
			said = said || text != ""
		}
		alias.WriteString(text)
	}
	if !said {
		return ""
	}
	return strings.Trim(plain(alias.String()), ".-_")
}

// longestAlias is how long the server lets an alias be.
const longestAlias = 64

// numbered is an alias with a number behind it, from 2.
func numbered(alias string, number int) string {
	if number < 2 {
		return alias[:min(len(alias), longestAlias)]
	}
	behind := strconv.Itoa(number)
	return alias[:min(len(alias), longestAlias-len(behind))] + behind
}

// folds are the letters that no form of Unicode takes apart.
var folds = map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ħ': "h",
	'ı': "i", 'ŋ': "n", 'ŧ': "t"}

// plain folds a text to letters and digits of ASCII, and dots, dashes and underscores. What has no
// such form is left out.
func plain(text string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(text)) {
		switch {
		case r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(".-_", r)):
			b.WriteRune(r)
		default:
			b.WriteString(folds[r])
		}
	}
	return b.String()
}
