package roster

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"cucbulk/batch/model"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// strangers are those whom the file names by keys that nobody has on the server: new people, and people
// whose keys were typed wrongly. Who left is perhaps one of the latter.
type strangers struct {
	keys       map[string]bool     // in loose form
	people     map[string]bool     // by first and last name
	extensions map[string][]string // the names of who shall have one; "": the row has none
}

func (s strangers) add(entry validate.Record) {
	if form := looseForm(entry.KeyValue); form != "" {
		s.keys[form] = true
	}
	fields := entry.Steps[validate.Users.Main]
	if name := wholeName(fields); name != "" {
		s.people[name] = true
	}
	if number := entry.DtmfAccessId; number != "" {
		s.extensions[number] = append(s.extensions[number], anyName(fields))
	}
}

// perhaps says why a user may be one of them; "" where nothing speaks for it.
func (s strangers) perhaps(user cupi.Object, match string) string {
	if name := wholeName(user); name != "" && s.people[name] {
		return fmt.Sprintf("the file has somebody new with this name and another %s", match)
	}
	names, taken := s.extensions[user["DtmfAccessId"]]
	if taken && (anyName(user) == "" || slices.Contains(names, "") || slices.Contains(names, anyName(user))) {
		return fmt.Sprintf("the file has somebody new with the extension %s and another %s", user["DtmfAccessId"], match)
	}
	return ""
}

// wholeName is a first and a last name; "" where one of them is missing.
func wholeName(fields cupi.Object) string {
	first, last := model.Fold(fields["FirstName"]), model.Fold(fields["LastName"])
	if first == "" || last == "" {
		return ""
	}
	return first + "\x00" + last
}

// anyName is what there is of the last name, else of the first.
func anyName(fields cupi.Object) string {
	if last := model.Fold(fields["LastName"]); last != "" {
		return last
	}
	return model.Fold(fields["FirstName"])
}

// lookalikes are letters of other alphabets that look like those of codes.
var lookalikes = strings.NewReplacer("а", "a", "в", "b", "с", "c", "ԁ", "d", "е", "e", "ё", "e", "ғ", "f", "н", "h", "һ", "h",
	"і", "i", "ј", "j", "к", "k", "м", "m", "о", "o",
	"р", "p", "ѕ", "s", "т", "t", "у", "y", "х", "x", "α", "a", "β", "b", "ε", "e", "η", "h", "ι", "i", "κ", "k", "μ", "m",
	"ν", "n", "ο", "o", "ρ", "p", "τ", "t", "υ", "y", "χ", "x", "ζ", "z")

// looseForm is what is left of a code without what nobody sees or means: its letters and digits, whatever
// width, case and alphabet they are typed in.
func looseForm(text string) string {
	return lookalikes.Replace(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(text)))
}
