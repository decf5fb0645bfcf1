package trace

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"maps"
	"slices"
	"strings"
)

// node is a value of a body, in either wire: what has fields, or a text. A list is the field of
// its elements, several times.
type node struct {
	name     string
	text     string
	children []*node
}

// parse takes a body apart. What is neither JSON nor XML is a text.
func parse(text string) *node {
	trimmed := strings.TrimSpace(text)
	switch {
	case strings.HasPrefix(trimmed, "{"):
		decoder := json.NewDecoder(strings.NewReader(trimmed))
		decoder.UseNumber()
		var value any
		if decoder.Decode(&value) == nil {
			root := &node{}
			root.add("", value)
			if len(root.children) == 1 {
				return root.children[0]
			}
		}
	case strings.HasPrefix(trimmed, "<"):
		if root := parseXML(trimmed); root != nil {
			return root
		}
	}
	return &node{text: text}
}

// add puts a value of JSON into a node.
func (n *node) add(name string, value any) {
	switch v := value.(type) {
	case map[string]any:
		child := &node{name: name}
		for _, field := range slices.Sorted(maps.Keys(v)) {
			child.add(field, v[field])
		}
		n.children = append(n.children, child)
	case []any:
		for _, element := range v {
			n.add(name, element)
		}
	case string:
		n.children = append(n.children, &node{name: name, text: v})
	case nil:
	default:
		text, _ := json.Marshal(v) // a number or a boolean
		n.children = append(n.children, &node{name: name, text: string(text)})
	}
}

func parseXML(text string) *node {
	in := xml.NewDecoder(strings.NewReader(text))
	top := &node{}
	open := []*node{top}
	for {
		token, err := in.Token()
		if err == io.EOF && len(open) == 1 && len(top.children) == 1 {
			return top.children[0]
		}
		if err != nil {
			return nil
		}
		last := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			child := &node{name: t.Name.Local}
			for _, attribute := range t.Attr {
				child.children = append(child.children, &node{name: "@" + attribute.Name.Local, text: attribute.Value})
			}
			last.children = append(last.children, child)
			open = append(open, child)
		case xml.CharData:
			last.text += string(t)
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
}

// fields are the names of all that is in it, each with those that it is in.
func (n *node) fields() map[string]bool {
	all := map[string]bool{}
	var walk func(in string, n *node)
	walk = func(in string, n *node) {
		for _, child := range n.children {
			name := strings.TrimPrefix(in+"."+child.name, ".")
			all[name] = true
			walk(name, child)
		}
	}
	if n != nil {
		walk("", n)
	}
	return all
}

// find is the text of the first field of this name, "" when there is none.
func (n *node) find(name string) string {
	if n == nil {
		return ""
	}
	for _, child := range n.children {
		if child.name == name {
			return strings.TrimSpace(child.text)
		}
		if text := child.find(name); text != "" {
			return text
		}
	}
	return ""
}
