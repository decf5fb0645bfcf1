package validate

import (
	"slices"
	"strings"
)

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

// meanings tells what the numbers mean.
func (c *Column) meanings() string {
	list := make([]string, len(c.Words))
	for i, word := range c.Words {
		list[i] = word.Number + " " + word.Text
	}
	return strings.Join(list, ", ")
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
