package validate

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cucbulk/internal/codes"
)

// checkValue checks one value of one column: the blanks around it are gone, and it
// is not empty.
func checkValue(column *Column, text string) []finding {
	if text == "" {
		return nil
	}
	breaks := ""
	if !isPlain(text) {
		if !utf8.ValidString(text) {
			return []finding{{code: codes.InvalidUTF8, message: "holds bytes that are no text: save the file as CSV UTF-8"}}
		}
		var refused string
		if breaks, refused = controlCharacters(column, text); refused != "" {
			return []finding{{code: codes.ControlCharacter, message: refused + ": take it out"}}
		}
	}
	if isNull(text) {
		if !column.Nullable {
			message := "may not be cleared: leave the cell empty to keep what is there"
			if column.List != "" {
				message += " (" + column.Note + ")"
			}
			return []finding{{code: codes.NotNullable, message: message}}
		}
		return nil
	}
	check := checkText
	if column.List != "" {
		check = checkList
	}
	found := check(column, text)
	if breaks != "" {
		found = append(found, finding{code: codes.LineBreak, message: breaks + ": it is sent as it is", warning: true})
	}
	return found
}

// checkList checks each item of a list.
func checkList(column *Column, text string) []finding {
	var found []finding
	seen := make(map[string]bool)
	items := column.List.items(text)
	for i, item := range items {
		if item == "" {
			if !column.Pairs {
				found = append(found, finding{code: codes.EmptyItem,
					message: fmt.Sprintf("item %d of the list is empty: take it out", i+1)})
			}
			continue
		}
		if seen[fold(item)] && !column.Pairs {
			found = append(found, finding{code: codes.RepeatedItem,
				message: quoted(item) + " is in the list twice: once counts", warning: true})
			continue
		}
		seen[fold(item)] = true
		for _, f := range checkText(column, item) {
			if len(items) > 1 {
				f.message = fmt.Sprintf("item %d: %s", i+1, f.message)
			}
			found = append(found, f)
		}
	}
	return found
}

// checkText checks one value against type, limits and BAT's rules.
func checkText(column *Column, text string) []finding {
	if column.Destination != nil {
		if _, _, problem := column.Destination.read(text); problem != "" {
			return []finding{{code: codes.NotADestination, message: column.shown(text) + " " + problem}}
		}
		return nil
	}
	if column.Words != nil {
		text = column.number(text)
	}
	if rule := column.Type.rule(); rule != nil && !rule.ok(text) {
		if column.Words != nil {
			return []finding{{code: rule.code, message: column.shown(text) + " is neither a number nor a word for one: " +
				column.meanings()}}
		}
		return []finding{{code: rule.code, message: column.shown(text) + " " + rule.message + suggestion(column, text)}}
	}
	if column.OnlyTrue && boolean(text) != "true" {
		return []finding{{code: codes.NotAValue, message: "can only be true: the server never turns it off"}}
	}
	if column.Range != nil && !column.Range.holds(text) {
		return []finding{{code: codes.OutOfRange, message: fmt.Sprintf("%s is not between %d and %d", column.shown(text),
			column.Range.Least, column.Range.Most)}}
	}
	if n := utf8.RuneCountInString(text); column.MaxLength > 0 && n > column.MaxLength {
		return []finding{{code: codes.TooLong, message: fmt.Sprintf("has %d characters, at most %d are allowed: shorten it",
			n, column.MaxLength)}}
	}
	if column.Type != Boolean && column.Values != nil && !containsFold(column.Values, text) {
		return []finding{{code: codes.NotAValue, message: column.shown(text) + " is not one of " + strings.Join(column.told(), ", ")}}
	}
	if damage := checkShapes(column, text); len(damage) > 0 {
		return damage
	}
	if column.Sure != nil && !column.Sure.holds(text) {
		return []finding{{code: codes.DoubtfulNumber, warning: true,
			message: fmt.Sprintf("%s is not between %d and %d, as one of the vendor's documents wants it, and another "+
				"takes it: the server may refuse it", column.shown(text), column.Sure.Least, column.Sure.Most)}}
	}
	return checkBAT(column, text)
}

// told are the values that are allowed, with what they mean.
func (c *Column) told() []string {
	list := slices.Clone(c.Values)
	for i, value := range list {
		for _, word := range c.Words {
			if word.Number == value {
				list[i] = value + " (" + word.Text + ")"
			}
		}
	}
	return list
}

// isPlain reports whether a text is printable ASCII alone, as nearly all are: its
// bytes are its characters then, and there is no more to look for among them.
func isPlain(text string) bool {
	if len(text) < 8 {
		for i := range len(text) {
			if text[i]-' ' > '~'-' ' {
				return false
			}
		}
		return true
	}
	odd := oddBytes(text[len(text)-8:]) // with the last few, which may be looked at twice
	for at := 0; at+8 <= len(text); at += 8 {
		odd |= oddBytes(text[at : at+8])
	}
	return odd == 0
}

// oddBytes looks at eight bytes at once. It is 0 if all of them are printable ASCII: then
// none has its highest bit set, nor gets it when a blank is taken away, or 1 is added.
func oddBytes(eight string) uint64 {
	const each = 0x0101010101010101
	bytes := uint64(eight[0]) | uint64(eight[1])<<8 | uint64(eight[2])<<16 | uint64(eight[3])<<24 |
		uint64(eight[4])<<32 | uint64(eight[5])<<40 | uint64(eight[6])<<48 | uint64(eight[7])<<56
	return (bytes | (bytes - ' '*each) | (bytes + each)) & (0x80 * each)
}

// isOrdinary reports whether a text is plain, and has none of the characters that a
// program leaves inside of what it damaged: &, \, %, = and + before a code for a letter, and ? for
// one that it lost.
func isOrdinary(text string) bool {
	const each = 0x0101010101010101
	if len(text) < 8 {
		for i := range len(text) {
			if c := text[i]; c-' ' > '~'-' ' || leavesTrace(c) {
				return false
			}
		}
		return true
	}
	odd := uint64(0)
	for at := 0; ; at += 8 {
		at = min(at, len(text)-8) // the last few may be looked at twice
		eight := text[at : at+8]
		bytes := uint64(eight[0]) | uint64(eight[1])<<8 | uint64(eight[2])<<16 | uint64(eight[3])<<24 |
			uint64(eight[4])<<32 | uint64(eight[5])<<40 | uint64(eight[6])<<48 | uint64(eight[7])<<56
		and, slash, question := bytes^('&'*each), bytes^('\\'*each), bytes^('?'*each)
		percent, equals, plus := bytes^('%'*each), bytes^('='*each), bytes^('+'*each)
		odd |= bytes | (bytes - ' '*each) | (bytes + each) | (and - each) | (slash - each) | (question - each) |
			(percent - each) | (equals - each) | (plus - each)
		if at == len(text)-8 {
			return odd&(0x80*each) == 0
		}
	}
}

// leavesTrace reports whether a character may be a trace of damage inside of a text.
func leavesTrace(c byte) bool {
	return c == '&' || c == '\\' || c == '?' || c == '%' || c == '=' || c == '+'
}

// controlCharacters finds the first control character that can't be sent, or else
// the first line break or tab of a text that may have them.
func controlCharacters(column *Column, text string) (breaks, refused string) {
	position := 0
	for _, r := range text {
		position++
		isBreak := r == '\n' || r == '\r' || r == '\t'
		switch {
		case !unicode.IsControl(r) && r != 0xFFFE && r != 0xFFFF: // the last two are no characters, and XML can't carry them
		case !isBreak || column.OneLine:
			return "", fmt.Sprintf("character %d is %s", position, controlName(r))
		case breaks == "":
			breaks = fmt.Sprintf("character %d is %s", position, controlName(r))
		}
	}
	return breaks, ""
}

func containsFold(values []string, text string) bool {
	for _, value := range values {
		if strings.EqualFold(value, text) {
			return true
		}
	}
	return false
}

// characters tells how long a text is.
func characters(length int) string {
	if length == 1 {
		return "1 character"
	}
	return fmt.Sprintf("%d characters", length)
}

// checkBAT warns where a value would not pass Cisco's Bulk Administration Tool.
func checkBAT(column *Column, text string) []finding {
	length := utf8.RuneCountInString(text)
	var found []finding
	warn := func(code codes.Code, format string, values ...any) {
		found = append(found, finding{code: code, message: fmt.Sprintf(format, values...), warning: true})
	}
	for i := range column.BAT {
		rule := &column.BAT[i]
		switch {
		case length < rule.MinLength:
			warn(rule.Code, "has %s; BAT takes %d or more", characters(length), rule.MinLength)
		case rule.MaxLength > 0 && length > rule.MaxLength:
			warn(rule.Code, "has %d characters; BAT takes at most %d", length, rule.MaxLength)
		case rule.Allowed != nil:
			for _, r := range text {
				if !rule.Allowed(r) {
					warn(rule.Code, "holds %s; BAT takes only %s", column.shown(string(r)), rule.Characters)
					break
				}
			}
		}
	}
	if column.isEmail() && !looksLikeEmail(text) {
		warn(codes.EmailShape, "%s doesn't look like name@domain", quoted(text))
	}
	return found
}

func looksLikeEmail(text string) bool {
	at := strings.IndexByte(text, '@')
	return at > 0 && at < len(text)-1 && strings.IndexByte(text[at+1:], '@') < 0 && !hasBlank(text)
}

// hasBlank reports whether a text has a blank of whatever kind.
func hasBlank(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c >= utf8.RuneSelf:
			return strings.ContainsFunc(text[i:], unicode.IsSpace)
		case c == ' ' || '\t' <= c && c <= '\r':
			return true
		}
	}
	return false
}

// controlName names a control character for people.
func controlName(r rune) string {
	switch r {
	case '\n', '\r':
		return "a line break"
	case '\t':
		return "a tab"
	}
	return fmt.Sprintf("the character U+%04X, which can't be sent", r)
}
