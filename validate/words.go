package validate

import (
	"slices"
	"strings"
)

// Word is what a number of a field means. A cell may hold either; the number is sent.
type Word struct{ Number, Text string }

// meaning makes a list of "0 discard, 1 send".
func meaning(text string) []Word {
	var list []Word
	for pair := range strings.SplitSeq(text, ", ") {
		number, word, _ := strings.Cut(pair, " ")
		list = append(list, Word{number, word})
	}
	return list
}

// number is the number that a word stands for; of any other text, the text itself.
func (c *Column) number(text string) string {
	for _, word := range c.Words {
		if sameWord(word.Text, text) {
			return word.Number
		}
	}
	return text
}

// sameWord reports whether two texts are one word, whatever joins its parts: last-name-first, and
// Last name first.
func sameWord(one, other string) bool {
	return strings.EqualFold(one, other) || strings.EqualFold(joinParts(one), joinParts(other))
}

// joinParts puts a hyphen between the parts of a word.
func joinParts(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return r == ' ' || r == '-' || r == '_' || r == '\u00A0' || r == '\u2011' || r == '\u2010' || r == '\u2013'
	}), "-")
}

// meanings tells what the numbers mean.
func (c *Column) meanings() string {
	list := make([]string, len(c.Words))
	for i, word := range c.Words {
		list[i] = word.Number + " " + word.Text
	}
	return strings.Join(list, ", ")
}

// BAT's guide counts transfer types the other way round than CUPI's: 0 supervises a transfer, and
// 1 releases the call. Which of the two a file of BAT's means, nothing public proves.
//
// Administration guide, appendix on the Bulk Administration Tool.
var batTransferTypes = map[string]string{"0": "1", "1": "0"}

// isTransferType reports whether BAT has the column too, and counts otherwise.
func (c *Column) isTransferType() bool { return c.Field == "TransferType" && c.BATHeading() != "" }

// transferMeaning says how the numbers of transfer types are taken.
func transferMeaning(o Options) string {
	if o.BATTransfers {
		return "numbers here are taken as BAT counts them: 0 is supervised and 1 is release. As CUPI counts, and with " +
			"--bat-transfer-type cupi, 0 is release and 1 is supervised; the words mean the same with both"
	}
	return "numbers here are taken as CUPI counts them: 0 is release and 1 is supervised. As BAT counts, and with " +
		"--bat-transfer-type bat, 0 is supervised and 1 is release; the words mean the same with both"
}

// meantAs is a number as CUPI counts it.
func (c *Column) meantAs(number string, o Options) string {
	if meant, is := batTransferTypes[number]; is && o.BATTransfers && c.isTransferType() {
		return meant
	}
	return number
}

// explained are columns whose notes tell what their numbers mean. Unless there is a range, no
// other number is allowed.
func explained(columns []Column) []Column {
	for i := range columns {
		c := &columns[i]
		if c.Words == nil {
			continue
		}
		for _, word := range c.Words {
			if c.Range == nil && !slices.Contains(c.Values, word.Number) {
				c.Values = append(c.Values, word.Number)
			}
		}
		c.Note = strings.TrimSpace(c.Note + " " + c.meanings() + "; the words are taken too.")
	}
	return columns
}

// What the numbers of fields mean that more than one resource has.
//
// CUPI User Phone Menu API; CUPI Call Handler API.
var (
	actionWords = meaning("0 ignore, 1 hangup, 2 go-to, 3 error-greeting, 4 message, 5 skip-greeting, 6 " +
		"restart, 7 number, 8 next-rule")
	greetingActionWords = meaning("1 hangup, 2 go-to, 4 message, 6 restart, 8 next-rule")
	flagWords           = meaning("0 never, 1 always, 2 ask")
	transferTypeWords   = meaning("0 release, 1 supervised")
)
