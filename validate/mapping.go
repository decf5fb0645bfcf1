package validate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cucbulk/internal/codes"
)

// Mapping says what a file of one server means on another: names that are called otherwise there, people who
// have other aliases, and other numbers. It is applied where a row's cells are read, so that whatever looks at
// rows sees the same; what flags give is meant as it is.
type Mapping struct {
	File     string                       `json:"file,omitempty"`  // where it was read
	Names    map[string]map[string]string `json:"names,omitempty"` // by list, by folded name; "" leaves the name out
	Rename   []Rule                       `json:"rename,omitempty"`
	Renumber []Rule                       `json:"renumber,omitempty"`
}

// usersList and templatesList are what the lists of users and of their templates are called.
const usersList, templatesList = "users", "usertemplates"

// MapLists are the lists whose names a mapping can have. Users are renamed by rule.
func MapLists() []string {
	lists := append(DestinationLists(), templatesList)
	for _, t := range tables {
		for i := range t.columns {
			if name := t.columns[i].Collection; name != "" && name != usersList && !slices.Contains(lists, name) {
				lists = append(lists, name)
			}
		}
	}
	slices.Sort(lists)
	return lists
}

// FoldName is the form in which names are compared.
func FoldName(name string) string { return fold(name) }

// Rule makes another text of one that it fits. It fits where each of its parts does, one after the other.
type Rule struct {
	parts []rulePart
	keep  int // the alternate extension that gets the old number: keepAny for a free one; 0: none
}

const keepAny = -1

// rulePart is one of: strip X, prefix X, replace X Y, range A-B +N, digits N.
type rulePart struct {
	verb             string
	what, with       string
	from, to, offset int
}

// ruleForm is what one kind of part looks like.
type ruleForm struct {
	verb      string
	arguments int
	numbers   bool // it is for numbers only
	form      string
}

// verbs are the parts that there are.
var verbs = []ruleForm{
	{"strip", 1, false, "strip X"},
	{"prefix", 1, false, "prefix X"},
	{"replace", 2, false, "replace X Y"},
	{"range", 2, true, "range FIRST-LAST +N"},
	{"digits", 1, true, "digits N"},
}

// ruleForms says what a rule may be made of.
func ruleForms(numbers bool) string {
	var forms []string
	for _, v := range verbs {
		if numbers || !v.numbers {
			forms = append(forms, v.form)
		}
	}
	if numbers {
		forms = append(forms, "keep")
	}
	return strings.Join(forms, ", ")
}

// ParseRule reads a rule: "range 4000-4999 +30000 keep". Those for aliases have no parts that count.
func ParseRule(text string, numbers bool) (r Rule, err error) {
	words := strings.Fields(text)
	for len(words) > 0 {
		word := strings.ToLower(words[0])
		if word == "keep" && numbers {
			r.keep, words = keepAny, words[1:]
			if len(words) > 0 {
				if r.keep, err = strconv.Atoi(words[0]); err != nil || r.keep < 1 || r.keep > alternates {
					return r, fmt.Errorf("%q: behind keep stands nothing, or which alternate extension gets the old number, 1 to %d",
						text, alternates)
				}
				words = words[1:]
			}
			if len(words) > 0 {
				return r, fmt.Errorf("%q: keep is the end of a rule", text)
			}
			break
		}
		i := slices.IndexFunc(verbs, func(v ruleForm) bool { return v.verb == word && (numbers || !v.numbers) })
		if i < 0 {
			return r, fmt.Errorf("%q is no part of a rule: it is made of %s", words[0], ruleForms(numbers))
		}
		if len(words) <= verbs[i].arguments {
			return r, fmt.Errorf("%q: it has to say %s", text, verbs[i].form)
		}
		part := rulePart{verb: word, what: words[1]}
		if verbs[i].arguments > 1 {
			part.with = words[2]
		}
		if err := part.count(text); err != nil {
			return r, err
		}
		r.parts, words = append(r.parts, part), words[1+verbs[i].arguments:]
	}
	if len(r.parts) == 0 {
		return r, fmt.Errorf("%q is no rule: it is made of %s", text, ruleForms(numbers))
	}
	return r, nil
}

// alternates is how many alternate extensions have columns.
const alternates = 9

// count reads the numbers of a part.
func (p *rulePart) count(text string) (err error) {
	switch p.verb {
	case "digits":
		if p.from, err = strconv.Atoi(p.what); err != nil || p.from < 1 {
			return fmt.Errorf("%q: behind digits stands how many a number has", text)
		}
	case "range":
		first, last, _ := strings.Cut(p.what, "-")
		if !allDigits(first) || !allDigits(last) || len(first) != len(last) || len(first) > 15 || first > last {
			return fmt.Errorf("%q: a range is FIRST-LAST, two numbers of as many digits: 4000-4999", text)
		}
		p.from, _ = strconv.Atoi(first)
		p.to, _ = strconv.Atoi(last)
		if p.offset, err = strconv.Atoi(p.with); err != nil || p.with[0] != '+' && p.with[0] != '-' {
			return fmt.Errorf("%q: behind the range stands what is added, such as +30000 or -1000", text)
		}
		if p.from+p.offset < 0 {
			return fmt.Errorf("%q: there is no number below 0", text)
		}
	}
	return nil
}

func allDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// MarshalText writes the rule as it is read.
func (r Rule) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads it.
func (r *Rule) UnmarshalText(text []byte) (err error) {
	*r, err = ParseRule(string(text), true)
	return err
}

func (r Rule) String() string {
	var words []string
	for _, p := range r.parts {
		words = append(words, strings.TrimSpace(p.verb+" "+p.what+" "+p.with))
	}
	switch r.keep {
	case 0:
	case keepAny:
		words = append(words, "keep")
	default:
		words = append(words, "keep "+strconv.Itoa(r.keep))
	}
	return strings.Join(words, " ")
}

// apply makes the other text; fits is false where it stays.
func (r Rule) apply(text string) (other string, fits bool) {
	for _, p := range r.parts {
		if text, fits = p.apply(text); !fits || text == "" {
			return "", false
		}
	}
	return text, true
}

func (p rulePart) apply(text string) (other string, fits bool) {
	starts := len(text) >= len(p.what) && strings.EqualFold(text[:len(p.what)], p.what)
	switch p.verb {
	case "prefix":
		return p.what + text, true
	case "strip":
		if starts {
			return text[len(p.what):], true
		}
	case "replace":
		if starts {
			return p.with + text[len(p.what):], true
		}
	case "digits":
		return text, len(text) == p.from && allDigits(text)
	case "range":
		first, _, _ := strings.Cut(p.what, "-")
		if n, err := strconv.Atoi(text); err == nil && allDigits(text) && len(text) == len(first) && n >= p.from && n <= p.to {
			return fmt.Sprintf("%0*d", len(first), n+p.offset), true
		}
	}
	return "", false
}

// applyFirst applies the first rule that fits.
func applyFirst(rules []Rule, text string) (other string, keep int) {
	for _, r := range rules {
		if other, fits := r.apply(text); fits {
			return other, r.keep
		}
	}
	return text, 0
}

// mapped is what the text of a column means by the mapping.
func (m *Mapping) mapped(c *Column, text string) string {
	switch {
	case isNull(text):
		return text
	case m.isNumber(c):
		number, _ := applyFirst(m.Renumber, text)
		return number
	case c.Destination != nil:
		return m.destination(c.Destination, text)
	case c.isAlias() && c.List == "":
		alias, _ := applyFirst(m.Rename, text)
		return alias
	case c.listNamed() == "":
		return text
	case c.List == "":
		return m.name(c.listNamed(), text)
	}
	var items []string
	changed := false
	for _, item := range c.List.items(bare(text)) {
		name := m.name(c.listNamed(), item)
		changed = changed || name != item
		if name != "" || item == "" {
			items = append(items, name)
		}
	}
	if !changed {
		return text
	}
	return JoinList(items)
}

// maps reports whether cells of a column can mean something else.
func (m *Mapping) maps(c *Column) bool {
	return m != nil && (m.isNumber(c) && len(m.Renumber) > 0 || c.Destination != nil || c.isAlias() && len(m.Rename) > 0 ||
		len(m.Names[c.listNamed()]) > 0)
}

// isNumber reports whether a column holds extensions, which are of the dial plan.
func (m *Mapping) isNumber(c *Column) bool {
	return c.kind()&dialed != 0 && c.Field != "AfterDialDigits" && c.Collection == ""
}

// isAlias reports whether a column names users.
func (c *Column) isAlias() bool {
	return c.Collection == usersList || c.Name == "NewAlias" || c.Name == "ReassignTo" || c.Name == "Alias" && c.Step != StepList
}

// listNamed is the list in which the names of a column are; "" if they are in none.
func (c *Column) listNamed() string {
	switch {
	case c.Name == "TemplateAlias":
		return templatesList
	case c.Name == "Alias" && c.Step == StepList:
		return "distributionlists"
	}
	return c.Collection
}

// name is what a name of a list is on the other server.
func (m *Mapping) name(list, name string) string {
	if list == usersList {
		alias, _ := applyFirst(m.Rename, name)
		return alias
	}
	if other, is := m.Names[list][fold(name)]; is {
		return other
	}
	return name
}

// destination is where a call goes by the mapping; "" where the name is left out.
func (m *Mapping) destination(d *Destination, text string) string {
	to, name, problem := d.read(text)
	switch {
	case problem != "" || name == "":
		return text
	case to.number:
		number, _ := applyFirst(m.Renumber, name)
		return to.word + ":" + number
	}
	if other := m.name(to.collection, name); other == "" || other != name {
		if other == "" {
			return ""
		}
		return to.word + ":" + other
	}
	return text
}

// keeps gives the number that a row's user keeps, and in which alternate extension, of which some are
// taken; 0: in none. problem says what is wrong.
func (m *Mapping) keeps(old string, taken func(alternate int) bool) (alternate int, problem string) {
	if m == nil || old == "" || isNull(old) {
		return 0, ""
	}
	other, keep := applyFirst(m.Renumber, old)
	switch {
	case keep == 0 || other == old:
		return 0, ""
	case keep != keepAny:
		if taken(keep) {
			return 0, fmt.Sprintf("becomes %q, and the old number can't be kept as alternate extension %d, which the row "+
				"gives already: keep it as another one, or as keep alone in whichever is free", other, keep)
		}
		return keep, ""
	}
	for alternate = alternates; alternate > 0; alternate-- {
		if !taken(alternate) {
			return alternate, ""
		}
	}
	return 0, fmt.Sprintf("becomes %q, and the old number can't be kept: the row gives all alternate extensions", other)
}

// keepsIn lists the alternate extensions in which a rule may keep the old number.
func (m *Mapping) keepsIn() (list []int) {
	if m == nil {
		return nil
	}
	for _, r := range m.Renumber {
		for alternate := 1; alternate <= alternates; alternate++ {
			if (r.keep == keepAny || r.keep == alternate) && !slices.Contains(list, alternate) {
				list = append(list, alternate)
			}
		}
	}
	return list
}

// alternateColumn is the column of an alternate extension.
func alternateColumn(n int) string { return "Extension_Alt" + strconv.Itoa(n) }

// shares are the codes of what a row has in common with another.
var shares = map[codes.Code]bool{codes.DuplicateAlias: true, codes.DuplicateExtension: true, codes.DuplicateKey: true}

// AsWritten ends a message about a cell that means something else by a mapping.
func AsWritten(text string) string { return fmt.Sprintf(" (the file has %s)", quoted(text)) }
