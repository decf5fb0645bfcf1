package cupitest

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// pair is one field of a resource as it is written. A name with dots is within other elements: From.DisplayName.
type pair struct{ name, value string }

// appendJSON writes the object; every value is a string, as servers write them.
func appendJSON(dst []byte, pairs []pair) []byte {
	dst = append(dst, '{')
	var around []string // the elements that are open
	comma := false
	for _, p := range pairs {
		outer, name := within(p.name)
		shared := common(around, outer)
		for range len(around) - shared {
			dst, comma = append(dst, '}'), true
		}
		for _, element := range outer[shared:] {
			dst, comma = append(appendName(dst, element, comma), '{'), false
		}
		around = outer
		dst = appendJSONString(appendName(dst, name, comma), p.value)
		comma = true
	}
	for range around {
		dst = append(dst, '}')
	}
	return append(dst, '}')
}

func appendName(dst []byte, name string, comma bool) []byte {
	if comma {
		dst = append(dst, ',')
	}
	return append(appendJSONString(dst, name), ':')
}

// within takes a dotted name apart: the elements around it, and its own name.
func within(dotted string) (around []string, name string) {
	if !strings.Contains(dotted, ".") {
		return nil, dotted
	}
	parts := strings.Split(dotted, ".")
	return parts[:len(parts)-1], parts[len(parts)-1]
}

// common is how many elements from the outermost are the same.
func common(a, b []string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

func appendJSONString(dst []byte, s string) []byte {
	plain := func(r rune) bool { return r >= ' ' && r != '"' && r != '\\' && r != utf8.RuneError }
	if strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		dst = append(dst, '"')
		dst = append(dst, s...)
		return append(dst, '"')
	}
	quoted, _ := json.Marshal(s) // a string always marshals
	return append(dst, quoted...)
}

// appendXML writes the element. With doubled, booleans get the second bracket of the vendor's page.
func appendXML(dst []byte, element string, pairs []pair, doubled bool) []byte {
	dst = append(append(append(dst, '<'), element...), '>')
	var around []string // the elements that are open
	for _, p := range pairs {
		outer, name := within(p.name)
		dst = appendWithin(dst, around, outer)
		around = outer
		dst = append(append(dst, '<'), name...)
		if p.value == "" {
			dst = append(dst, "/>"...)
			continue
		}
		dst = append(dst, '>')
		if doubled && (p.value == "true" || p.value == "false") {
			dst = append(dst, '>')
		}
		dst = appendXMLText(dst, p.value)
		dst = append(append(append(dst, "</"...), name...), '>')
	}
	dst = appendWithin(dst, around, nil)
	return append(append(append(dst, "</"...), element...), '>')
}

// appendWithin ends the elements that are open and begins those that are to be.
func appendWithin(dst []byte, open, wanted []string) []byte {
	shared := common(open, wanted)
	for i := len(open) - 1; i >= shared; i-- {
		dst = append(append(append(dst, "</"...), open[i]...), '>')
	}
	for _, element := range wanted[shared:] {
		dst = append(append(append(dst, '<'), element...), '>')
	}
	return dst
}

func appendXMLText(dst []byte, s string) []byte {
	if !strings.ContainsAny(s, "<>&\"'\t\n\r") {
		return append(dst, s...)
	}
	var text bytes.Buffer
	xml.EscapeText(&text, []byte(s)) // a buffer takes everything
	return append(dst, text.Bytes()...)
}

const xmlHeader = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// decodeJSON reads a flat object: texts, numbers and booleans. A null is a field that was left out, and [] one
// that is emptied, as a public Python class sends it to end a lock [CODE]. Names are taken
// as they are, values are trimmed. The same name twice is an error.
func decodeJSON(body []byte) (map[string]string, error) {
	if string(bytes.TrimSpace(body)) == "null" {
		return map[string]string{}, nil // what scripts send that always encode a body, and have none
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return nil, errors.New("the body is not a JSON object")
	}
	fields := map[string]string{}
	seen := map[string]bool{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, errors.New("the body is not valid JSON")
		}
		name := token.(string) // More within an object: the next token is a name
		if seen[name] {
			return nil, fmt.Errorf("%s occurs twice", name)
		}
		seen[name] = true
		token, err = decoder.Token()
		if err != nil {
			return nil, errors.New("the body is not valid JSON")
		}
		switch value := token.(type) {
		case nil:
		case json.Delim:
			if value != '[' || decoder.More() {
				return nil, fmt.Errorf("%s is not a single value", name)
			}
			if _, err := decoder.Token(); err != nil {
				return nil, errors.New("the body is not valid JSON")
			}
			fields[name] = ""
		default:
			fields[name] = strings.TrimSpace(fmt.Sprint(value))
		}
	}
	if _, err := decoder.Token(); err != nil {
		return nil, errors.New("the body is not valid JSON")
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("the body goes on after its end")
	}
	return fields, checkText(fields)
}

// decodeXML reads a root element, whatever its name, that holds text elements. Values are trimmed. The same name twice is an error.
// A byte order mark is the encoding's and not the text's (XML 1.0, 4.3.3).
func decodeXML(body []byte) (map[string]string, error) {
	decoder := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
	fields := map[string]string{}
	var path []string
	var text strings.Builder
	done := false
	for {
		token, err := decoder.Token()
		if err == io.EOF && done {
			return fields, checkText(fields)
		}
		if err != nil {
			return nil, errors.New("the body is not valid XML")
		}
		switch token := token.(type) {
		case xml.StartElement:
			name := token.Name.Local
			switch len(path) {
			case 0:
				if done {
					return nil, errors.New("the body has more than one root element")
				}
			case 1:
				if _, twice := fields[name]; twice {
					return nil, fmt.Errorf("%s occurs twice", name)
				}
			default:
				return nil, fmt.Errorf("%s is not a single value", path[1])
			}
			path = append(path, name)
			text.Reset()
		case xml.EndElement:
			if len(path) == 2 {
				fields[path[1]] = strings.TrimSpace(text.String())
			}
			path = path[:len(path)-1]
			done = len(path) == 0
			text.Reset()
		case xml.CharData:
			if len(path) < 2 && strings.TrimSpace(string(token)) != "" {
				return nil, errors.New("text stands outside of any field")
			}
			text.Write(token)
		case xml.Directive:
			return nil, errors.New("the body holds a document type")
		}
	}
}

// checkText refuses what XML could not carry back: control characters and text that is not UTF-8.
func checkText(fields map[string]string) error {
	for _, name := range sortedKeys(fields) {
		for _, r := range fields[name] {
			if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f || r == utf8.RuneError || r == 0xfffe || r == 0xffff {
				return fmt.Errorf("%s holds a character that is not allowed", name)
			}
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
