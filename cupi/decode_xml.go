package cupi

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// xmlReader walks an XML document token by token.
type xmlReader struct {
	*xml.Decoder
	*meter
}

func readXML(body []byte) xmlReader {
	measured := &meter{rest: body}
	return xmlReader{xml.NewDecoder(measured), measured}
}

// Token reads the next token, within the bounds.
func (r xmlReader) Token() (xml.Token, error) {
	r.meter.token = 0
	token, err := r.Decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token.(type) {
	case xml.StartElement:
		err = r.nest(1)
	case xml.EndElement:
		err = r.nest(-1)
	}
	return token, err
}

// newXMLReader reads up to the root element.
func newXMLReader(body []byte) (xmlReader, xml.StartElement, error) {
	r := readXML(body)
	for {
		token, err := r.Token()
		if err != nil {
			return r, xml.StartElement{}, invalid(err)
		}
		if root, ok := token.(xml.StartElement); ok {
			return r, root, nil
		}
	}
}

// children calls visit with each child of the element whose start was read;
// visit reads the child to its end. The end of the element is read.
func (r xmlReader) children(visit func(child xml.StartElement) error) error {
	for {
		token, err := r.Token()
		if err != nil {
			return invalid(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := visit(t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// text reads the element whose start was read to its end. It tells whether the
// element held only text.
func (r xmlReader) text() (string, bool, error) {
	var text strings.Builder
	flat := true
	for outside := r.depth - 1; ; {
		token, err := r.Token()
		if err != nil {
			return "", false, invalid(err)
		}
		switch t := token.(type) {
		case xml.CharData:
			if text.Len()+len(t) > maxTokenBytes {
				return "", false, excess("a value of more than " + size(maxTokenBytes))
			}
			text.Write(t)
		case xml.StartElement:
			flat = false
		case xml.EndElement:
			if r.depth == outside {
				return text.String(), flat, nil
			}
		}
	}
}

// skip reads the element whose start was read to its end.
func (r xmlReader) skip() error {
	for outside := r.depth - 1; r.depth > outside; {
		if _, err := r.Token(); err != nil {
			return invalid(err)
		}
	}
	return nil
}

// object reads the element whose start was read; nested things are passed over.
func (r xmlReader) object() (Object, error) {
	if err := r.meter.object(); err != nil {
		return nil, err
	}
	o := Object{}
	err := r.children(func(child xml.StartElement) error {
		value, flat, err := r.text()
		if err != nil || !flat {
			return err
		}
		if err := r.field(child.Name.Local, value); err != nil {
			return err
		}
		return o.add(child.Name.Local, value)
	})
	return o, err
}

// end makes sure that nothing but comments and blanks follows the root.
func (r xmlReader) end() error {
	for {
		token, err := r.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return invalid(err)
		}
		text, isText := token.(xml.CharData)
		_, isComment := token.(xml.Comment)
		if !isComment && !(isText && len(bytes.TrimSpace(text)) == 0) {
			return errors.New("the answer goes on after its end")
		}
	}
}

func decodeXMLObject(body []byte, root string) (Object, error) {
	r, start, err := newXMLReader(body)
	if err != nil {
		return nil, err
	}
	if root != "" && !strings.EqualFold(start.Name.Local, root) {
		return nil, fmt.Errorf("the answer holds %q where %s was expected", printable(start.Name.Local, 40), root)
	}
	o, err := r.object()
	if err != nil {
		return nil, err
	}
	if len(o) == 0 {
		return nil, fmt.Errorf("the answer holds no field of %s", cmp.Or(root, "anything"))
	}
	return o, r.end()
}

func decodeXMLPage(body []byte, wrapper, element string) (Page, error) {
	r, start, err := newXMLReader(body)
	if err != nil {
		return Page{}, err
	}
	if strings.EqualFold(start.Name.Local, element) { // a bare element: a list of one
		item, err := r.object()
		if err != nil {
			return Page{}, err
		}
		return page(1, []Object{item}), r.end()
	}
	total, isList := 0, strings.EqualFold(start.Name.Local, wrapper)
	for _, attribute := range start.Attr {
		if attribute.Name.Local == "total" {
			isList = true
			if total, err = parseTotal(attribute.Value); err != nil {
				return Page{}, err
			}
		}
	}
	if !isList {
		return Page{}, notAList(wrapper, wrapper, start.Name.Local)
	}
	var items []Object
	var stray string
	err = r.children(func(child xml.StartElement) error {
		if !strings.EqualFold(child.Name.Local, element) {
			stray = child.Name.Local
			return r.skip()
		}
		if err := r.item(); err != nil {
			return err
		}
		item, err := r.object()
		items = append(items, item)
		return err
	})
	if err != nil {
		return Page{}, err
	}
	if len(items) == 0 && stray != "" {
		return Page{}, notAList(wrapper, element, stray)
	}
	return page(total, items), r.end()
}
