package validate

import (
	"math"
	"slices"
)

// glance tells of nearly every text of a column, by one look at each of its bytes,
// that no rule finds anything in it. Of a text that it does not pass, it says
// nothing: [checkValue] does.
type glance struct {
	usual       [256]bool // bytes that no rule looks for
	plain       bool      // they are all of printable ASCII but for those that isOrdinary looks for
	first       [256]bool // bytes with which a text may begin that has a shape of damage
	letters     bool      // nor for letters beyond ASCII, see otherLetter
	least, most int       // bytes in all
	also        func(text string) bool
}

// glanceAt makes the glance of a column; it passes nothing where only the rules can
// tell.
func glanceAt(column *Column) *glance {
	g := &glance{least: 1, most: math.MaxInt}
	if column.List != "" || column.OnlyTrue || column.Destination != nil {
		return g
	}
	if column.MaxLength > 0 {
		g.most = column.MaxLength
	}
	kind := column.kind()
	if kind&codeTexts != 0 {
		g.most = min(g.most, digitsKept+1)
	}
	for c := range g.usual {
		g.usual[c] = ' ' <= c && c <= '~' && !leavesTrace(byte(c))
		if kind&codeTexts != 0 {
			g.usual[c] = isDigit(rune(c))
		}
	}
	if kind == address {
		g.usual[':'], g.usual['<'] = false, false
	}
	g.letters = kind&(words|password|typed) != 0
	if g.first[Null[0]] = true; kind&typed == 0 {
		g.first = suspects(kind)
	}
	for _, rule := range column.BAT {
		g.letters = g.letters && rule.Allowed == nil && rule.MinLength == 0 // which counts characters
		g.least = max(g.least, rule.MinLength)
		if rule.MaxLength > 0 {
			g.most = min(g.most, rule.MaxLength)
		}
		for c := range g.usual {
			g.usual[c] = g.usual[c] && (rule.Allowed == nil || rule.Allowed(rune(c)))
		}
	}
	var also []func(string) bool
	if column.Type == Integer {
		for c := range g.usual {
			g.usual[c] = isDigit(rune(c))
		}
		g.letters, g.most = false, min(g.most, 9) // as many digits are a number of 32 bits
	} else if rule := column.Type.rule(); rule != nil {
		also = append(also, rule.ok)
	}
	if column.Range != nil {
		also = append(also, column.Range.holds)
	}
	if column.Sure != nil {
		also = append(also, column.Sure.holds)
	}
	if column.Type != Boolean && column.Values != nil {
		also = append(also, func(text string) bool { return containsFold(column.Values, text) })
	}
	if column.isEmail() {
		also = append(also, looksLikeEmail)
	}
	g.plain = true
	for c := ' '; c <= '~'; c++ {
		g.plain = g.plain && (g.usual[c] || leavesTrace(byte(c)))
	}
	switch len(also) {
	case 0:
	case 1:
		g.also = also[0]
	default:
		g.also = func(text string) bool {
			return !slices.ContainsFunc(also, func(ok func(string) bool) bool { return !ok(text) })
		}
	}
	return g
}

// passes reports whether surely no rule finds anything in a text, which is not empty
// and has no blanks around it.
func (g *glance) passes(text string) bool {
	if len(text) < g.least || len(text) > g.most || g.first[text[0]] && suspicious(text) {
		return false
	}
	if !(g.plain && isOrdinary(text)) && !g.usualOnly(text) {
		return false
	}
	return g.also == nil || g.also(text)
}

// usualOnly reports whether no rule looks for any of a text's bytes.
func (g *glance) usualOnly(text string) bool {
	for i := 0; i < len(text); {
		if g.usual[text[i]] {
			i++
			continue
		}
		length := otherLetter(text[i:])
		if !g.letters || length == 0 {
			return false
		}
		i += length
	}
	return true
}

// otherLetter is how many bytes the character takes at the start of a text, if it is one
// of those beyond ASCII that no rule looks for: U+00C0 to U+07FF, as in Zürich and Łódź
// and all of Greek, Cyrillic, Hebrew and Arabic, and U+3000 to U+CFFF of eastern Asia.
func otherLetter(text string) int {
	length := 0
	switch lead := text[0]; {
	case 0xC3 <= lead && lead <= 0xDF:
		if length = 2; encodedTwice(text) {
			return 0
		}
	case 0xE3 <= lead && lead <= 0xEC:
		length = 3
	}
	if length > len(text) {
		return 0
	}
	for i := 1; i < length; i++ {
		if text[i]&0xC0 != 0x80 {
			return 0
		}
	}
	return length
}

// encodedTwice reports whether a text may begin with a letter that was encoded twice: with
// Â or Ã, which few people need, or with Ä or Å before one that is not usual behind it.
func encodedTwice(text string) bool {
	return text[0] == 0xC3 && len(text) > 2 && (text[1] == 0x82 || text[1] == 0x83 ||
		0x84 <= text[1] && text[1] <= 0x9F && 0xC5 <= text[2] && text[2] <= 0xCB)
}
