package probe

import (
	_ "embed"
	"fmt"
	"strings"

	"cucbulk/cupi"
)

//go:embed tries.txt
var triesText string

// try is one request of the walk. Its texts have {names} in place of what only the walk knows.
type try struct {
	part   string // what of the user it is about
	what   string // make, set, read, change, clear, undo, refuse, ask, or tidy: sent only if there is something to tidy up
	method string
	target string // below /vmrest/, with its query
	root   string // of the body, or of the one object of the answer
	list   string // wrapper of the answer, of a list
	fields cupi.Object
	sends  []string // the names of the fields, in order
	header map[string]string

	learns  []lesson
	where   [2]string // of a list: the field and the value of the element that lessons are about
	expired bool      // with a cookie that is not valid
	outline bool      // it shows what is not the walk's own: only the form of the answer counts
	sound   string    // the name of the recording that is the body
}

// lesson is what is learned from an answer: a name for a field's value, or for the id of what was
// made.
type lesson struct{ name, field string }

// String is how people see the request.
func (t *try) String() string {
	text := t.what + " " + t.method + " " + t.target
	for _, name := range t.sends {
		value := t.fields[name]
		if strings.Contains(value, " ") {
			value = `"` + value + `"`
		}
		text += " " + name + "=" + value
	}
	if t.sound != "" {
		text += " " + t.sound
	}
	return text
}

// parseTable reads a table. A line is
//
//	[part]
//	- why something is left out
//	WHAT METHOD TARGET [ROOT|WRAPPER/ELEMENT|audio/wav] [FIELD=VALUE]... [; OPTION...]
//
// and an option one of
//
//	NAME            the id of what was made is {NAME} from here on
//	NAME=FIELD      and so is what a field of the answer holds
//	where:FIELD=V   of a list: of the element that has V
//	sound:NAME      its body is this recording of [sounds]
//	Header:V        a header in place of the usual one; without V it is left out
//	expired, outline
func parseTable(text string) (tries []try, leftOut []string, err error) {
	part := ""
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			part = strings.Trim(line, "[]")
		case strings.HasPrefix(line, "- "):
			leftOut = append(leftOut, part+": "+strings.TrimPrefix(line, "- "))
		default:
			one, err := parseTry(line)
			if err != nil {
				return nil, nil, fmt.Errorf("line %d: %w", n+1, err)
			}
			one.part = part
			tries = append(tries, one)
		}
	}
	return tries, leftOut, nil
}

func parseTry(line string) (try, error) {
	words := split(line)
	if len(words) < 3 {
		return try{}, fmt.Errorf("%q is no request", line)
	}
	t := try{what: words[0], method: words[1], target: words[2], header: map[string]string{}}
	options := false
	for _, word := range words[3:] {
		name, value, assigned := strings.Cut(word, "=")
		header, headerValue, isHeader := strings.Cut(word, ":")
		switch {
		case word == ";":
			options = true
		case !options && assigned:
			if t.fields == nil {
				t.fields = cupi.Object{}
			}
			t.fields[name] = value
			t.sends = append(t.sends, name)
		case word == cupi.Sound:
			t.root = word
		case !options:
			t.list, t.root, _ = strings.Cut(word, "/")
			if t.root == "" {
				t.list, t.root = "", t.list
			}
		case word == "expired":
			t.expired = true
		case word == "outline":
			t.outline = true
		case isHeader && header == "where":
			field, wanted, _ := strings.Cut(headerValue, "=")
			t.where = [2]string{field, wanted}
		case isHeader && header == "sound":
			t.sound = headerValue
		case isHeader:
			t.header[header] = headerValue
		default:
			t.learns = append(t.learns, lesson{name, value})
		}
	}
	return t, nil
}

// split takes a line apart at blanks that are in no quotes, and takes the quotes off.
func split(line string) []string {
	var words []string
	var word strings.Builder
	quoted, some := false, false
	for _, r := range line + " " {
		switch {
		case r == '"':
			quoted, some = !quoted, true
		case r == ' ' && !quoted:
			if some {
				words = append(words, word.String())
			}
			word.Reset()
			some = false
		default:
			word.WriteRune(r)
			some = true
		}
	}
	return words
}
