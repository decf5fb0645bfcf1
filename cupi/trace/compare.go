package trace

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"slices"
	"strings"
)

// Difference is one thing in which two answers to the same request are not alike.
type Difference struct {
	What     string // status, format, code, missing (a field of the first), further (a field of the second), body, recording
	Recorded string
	Got      string
}

func (d Difference) String() string {
	switch d.What {
	case "missing":
		return "no field " + d.Recorded
	case "further":
		return "also a field " + d.Got
	}
	return fmt.Sprintf("%s %s, not %s", d.What, d.Got, d.Recorded)
}

// Differences compares two answers to the same request: not what fields hold, but which there
// are. A field that is NULL is in no answer, so one that is missing, or is there too, may only
// have another value.
func Differences(recorded, got Exchange) []Difference {
	if recorded.Status != got.Status {
		return []Difference{{"status", fmt.Sprint(recorded.Status), fmt.Sprint(got.Status)}}
	}
	if recorded.Answer == nil || got.Answer == nil {
		return nil
	}
	first, second := recorded.Answer.tree(), got.Answer.tree()
	if (first == nil) != (second == nil) {
		return []Difference{{"body", shortly(recorded.Answer.Body), shortly(got.Answer.Body)}}
	}
	if one, other := recorded.Answer.Digest, got.Answer.Digest; (one == "") != (other == "") {
		return []Difference{{"recording", cmp.Or(one, "none"), cmp.Or(other, "none")}}
	}
	var all []Difference
	if one, other := recorded.Answer.media(), got.Answer.media(); first != nil && one != other {
		all = append(all, Difference{"format", one, other})
	}
	if one, other := first.find("code"), second.find("code"); one != other {
		all = append(all, Difference{"code", one, other})
	}
	fields, others := first.fields(), second.fields()
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		if !others[field] {
			all = append(all, Difference{What: "missing", Recorded: field})
		}
	}
	for _, field := range slices.Sorted(maps.Keys(others)) {
		if !fields[field] {
			all = append(all, Difference{What: "further", Got: field})
		}
	}
	return all
}

func shortly(body json.RawMessage) string {
	if len(body) == 0 {
		return "none"
	}
	return string(body[:min(len(body), 60)])
}

// media is the type of the body.
func (m Message) media() string {
	for _, line := range m.Headers {
		if value, is := strings.CutPrefix(line, "Content-Type: "); is {
			media, _, _ := mime.ParseMediaType(value)
			return media
		}
	}
	return ""
}

// Text is the body as it travelled, but for its marks.
func (m Message) Text() string {
	var text string
	if json.Unmarshal(m.Body, &text) == nil {
		return text
	}
	return string(m.Body)
}

// tree is the body taken apart; nil when there is none.
func (m Message) tree() *node {
	if len(m.Body) == 0 {
		return nil
	}
	return parse(m.Text())
}

// Texts are what the fields hold, by their names, wherever they are in the body and in its order.
func (m Message) Texts() map[string][]string {
	texts := map[string][]string{}
	var walk func(*node)
	walk = func(n *node) {
		for _, child := range n.children {
			texts[child.name] = append(texts[child.name], strings.TrimSpace(child.text))
			walk(child)
		}
	}
	if tree := m.tree(); tree != nil {
		walk(tree)
	}
	return texts
}
