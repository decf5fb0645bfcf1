package cupi

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"strconv"
	"strings"
)

// decodeNested reads an answer that has objects within objects, of any depth: a field's name is
// preceded by those of what it is in, as in "Authorization.Status". Where things of one name
// follow each other, the second and those after it are numbered: "Usage.Tag.2.Count". [Object.Within]
// takes them apart.
func decodeNested(contentType string, body []byte) (Object, error) {
	wire, body, err := detect(contentType, body)
	if err != nil {
		return nil, err
	}
	o := Object{}
	if wire == JSON {
		err = decodeJSONNested(body, o)
	} else {
		err = decodeXMLNested(body, o)
	}
	if err == nil && len(o) == 0 {
		err = errors.New("the answer holds no field of anything")
	}
	if err != nil {
		return nil, err
	}
	return o, nil
}

// Within gives the objects at a place of an answer that was read by [Request.Nested], in their
// order, with the fields that are right in them.
func (o Object) Within(place string) []Object {
	var found []Object
	for number := 1; ; number++ {
		one := Object{}
		at := numberedPlace(place, number) + "."
		for name, value := range o {
			if field, is := strings.CutPrefix(name, at); is && !strings.Contains(field, ".") {
				one[field] = value
			}
		}
		if len(one) == 0 {
			return found
		}
		found = append(found, one)
	}
}

// places counts how often there was something at a place.
type places map[string]int

// next is the place of the next thing there.
func (p places) next(place string) string {
	p[place]++
	return numberedPlace(place, p[place])
}

func numberedPlace(place string, number int) string {
	if number == 1 {
		return place
	}
	return place + "." + strconv.Itoa(number)
}

// decodeJSONNested passes over a wrapper: an object that is alone.
func decodeJSONNested(body []byte, o Object) error {
	r, err := newJSONReader(body)
	if err != nil {
		return err
	}
	if err := r.meter.object(); err != nil {
		return err
	}
	all := Object{}
	if err := r.nested(all, "", places{}); err != nil {
		return err
	}
	wrapper := ""
	for name := range all {
		first, _, inside := strings.Cut(name, ".")
		if !inside || wrapper != "" && first != wrapper {
			wrapper = ""
			break
		}
		wrapper = first
	}
	for name, value := range all {
		if wrapper != "" {
			name = strings.TrimPrefix(name, wrapper+".")
		}
		o[name] = value
	}
	return r.end()
}

// nested reads the rest of the object whose "{" was read, which is at a place that ends in ".".
func (r jsonReader) nested(o Object, place string, seen places) error {
	return r.members(func(name string, value json.Token) error { return r.nestedValue(o, place+name, value, seen) })
}

func (r jsonReader) nestedValue(o Object, place string, value json.Token, seen places) error {
	switch value {
	case nil:
		return nil
	case json.Delim('{'):
		return r.nested(o, seen.next(place)+".", seen)
	case json.Delim('['):
		for r.More() {
			item, err := r.Token()
			if err != nil {
				return invalid(err)
			}
			if err := r.nestedValue(o, place, item, seen); err != nil {
				return err
			}
		}
		if _, err := r.Token(); err != nil {
			return invalid(err)
		}
		return nil
	}
	text := scalar(value)
	if err := r.field(place, text); err != nil {
		return err
	}
	return o.add(place, text)
}

func decodeXMLNested(body []byte, o Object) error {
	r, _, err := newXMLReader(body)
	if err != nil {
		return err
	}
	if err := r.meter.object(); err != nil {
		return err
	}
	seen := places{}
	if err := r.children(func(child xml.StartElement) error { return r.nested(o, child.Name.Local, seen) }); err != nil {
		return err
	}
	return r.end()
}

// nested reads the element whose start was read: a value, or an object with more in it.
func (r xmlReader) nested(o Object, place string, seen places) error {
	var text strings.Builder
	inside := ""
	for {
		token, err := r.Token()
		if err != nil {
			return invalid(err)
		}
		switch t := token.(type) {
		case xml.CharData:
			if text.Len()+len(t) > maxTokenBytes {
				return excess("a value of more than " + size(maxTokenBytes))
			}
			text.Write(t)
		case xml.StartElement:
			if inside == "" {
				inside = seen.next(place) + "."
			}
			if err := r.nested(o, inside+t.Name.Local, seen); err != nil {
				return err
			}
		case xml.EndElement:
			if inside != "" {
				return nil
			}
			if err := r.field(place, text.String()); err != nil {
				return err
			}
			return o.add(place, text.String())
		}
	}
}
