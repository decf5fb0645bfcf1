package trace

import (
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"net/url"
	"regexp"
	"strings"
)

// Values are what marks of a recording stand for on another server. The zero value knows
// nothing; [Values.Learn] teaches it from answers.
type Values struct{ known map[string]string }

var markText = regexp.MustCompile(`[a-z]+-[0-9]+`)

// of is what a mark stands for. One of which no answer has told is somebody who is not there, or
// is a value to send.
func (v *Values) of(mark string) string {
	if value, known := v.known[mark]; known {
		return value
	}
	kind, n, _ := strings.Cut(mark, "-")
	switch kind {
	case "alias", "name", "text", "word":
		return mark
	case "extension", "number":
		return "79" + fmt.Sprintf("%03s", n)
	case "address":
		return mark + "@example.com"
	case "host":
		return mark + ".example.com"
	}
	hash := fnv.New64a()
	hash.Write([]byte(mark))
	digits := fmt.Sprintf("%016x", hash.Sum64())
	return "00000000-0000-4000-" + digits[:4] + "-" + digits[4:]
}

// in puts values in place of marks.
func (v *Values) in(text string, escape func(string) string) string {
	return markText.ReplaceAllStringFunc(text, func(mark string) string {
		if standard(mark) || mark == "utf-8" {
			return mark
		}
		return escape(v.of(mark))
	})
}

// Target is the address of a request, with values in place of marks, escaped.
func (v *Values) Target(e Exchange) string {
	target := v.in(e.Path, url.PathEscape)
	if e.Query != "" {
		target += "?" + v.in(e.Query, func(value string) string { return strings.ReplaceAll(url.QueryEscape(value), "+", "%20") })
	}
	return target
}

// Body is the body of a request, with values in place of marks, and the secret in place of one.
func (v *Values) Body(m Message, hidden string) string {
	text := m.Text()
	var escape func(string) string
	switch {
	case strings.HasPrefix(text, "{"):
		escape = func(value string) string { return strings.Trim(string(quoted(value)), `"`) }
		text = strings.ReplaceAll(text, `:"`+secret+`"`, `:"`+escape(hidden)+`"`)
	case strings.HasPrefix(text, "<"):
		escape = func(value string) string {
			var out strings.Builder
			_ = xml.EscapeText(&out, []byte(value)) // a Builder takes all
			return out.String()
		}
		text = strings.ReplaceAll(text, ">"+secret+"<", ">"+escape(hidden)+"<")
	default:
		escape = func(value string) string { return value }
	}
	return v.in(text, escape)
}

// Learn compares a recorded answer with what another server answered to the same request, and
// keeps what its marks stand for there.
func (v *Values) Learn(recorded Message, body string) {
	if v.known == nil {
		v.known = map[string]string{}
	}
	if first := recorded.tree(); first != nil {
		v.learn(first, parse(body))
	}
}

func (v *Values) learn(recorded, got *node) {
	v.learnText(strings.TrimSpace(recorded.text), strings.TrimSpace(got.text))
	taken := map[*node]bool{}
	for _, field := range recorded.children {
		if other := v.nearest(field, got.children, taken); other != nil {
			taken[other] = true
			v.learn(field, other)
		}
	}
}

// nearest is the field of the same name that is most like this one: elements of a list may
// stand in another order.
func (v *Values) nearest(field *node, others []*node, taken map[*node]bool) (best *node) {
	most := -1
	for _, other := range others {
		if other.name == field.name && !taken[other] {
			if alike := v.alike(field, other); alike > most {
				best, most = other, alike
			}
		}
	}
	return best
}

// alike counts the fields of two that hold the same.
func (v *Values) alike(field, other *node) int {
	n := 0
	for _, mine := range field.children {
		for _, theirs := range other.children {
			if mine.name == theirs.name && mine.text != "" &&
				strings.EqualFold(v.in(mine.text, func(value string) string { return value }), theirs.text) {
				n++
			}
		}
	}
	return n
}

// learnText learns from two texts: a mark and its value, or two addresses.
func (v *Values) learnText(recorded, got string) {
	switch {
	case markText.FindString(recorded) == recorded && recorded != "" && !standard(recorded):
		if _, known := v.known[recorded]; !known && got != "" {
			v.known[recorded] = got
		}
	case strings.HasPrefix(recorded, "/vmrest/"):
		mine, theirs := strings.Split(recorded, "/"), strings.Split(got, "/")
		for i := range mine {
			if i < len(theirs) && markText.MatchString(mine[i]) {
				v.learnText(mine[i], theirs[i])
			}
		}
	}
}
