package cupi

import (
	"cmp"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// jsonReader walks a JSON document token by token. A decoder into maps would
// let the last of two equal names win and would turn numbers into floats.
type jsonReader struct {
	*json.Decoder
	*meter
}

func newJSONReader(body []byte) (jsonReader, error) {
	if !utf8.Valid(body) {
		return jsonReader{}, errors.New("the answer is not valid UTF-8")
	}
	measured := &meter{rest: body}
	r := jsonReader{json.NewDecoder(measured), measured}
	r.UseNumber()
	token, err := r.Token()
	if err != nil {
		return jsonReader{}, invalid(err)
	}
	if token != json.Delim('{') {
		return jsonReader{}, errors.New("the answer is JSON, but no object")
	}
	return r, nil
}

// Token reads the next token, within the bounds.
func (r jsonReader) Token() (json.Token, error) {
	r.meter.token = 0
	token, err := r.Decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'), json.Delim('['):
		err = r.nest(1)
	case json.Delim('}'), json.Delim(']'):
		err = r.nest(-1)
	}
	return token, err
}

// members calls visit with each name of the object whose "{" was read, and the
// first token of its value; visit reads the rest of the value. The "}" is read.
func (r jsonReader) members(visit func(name string, value json.Token) error) error {
	for r.More() {
		name, err := r.Token()
		if err != nil {
			return invalid(err)
		}
		value, err := r.Token()
		if err != nil {
			return invalid(err)
		}
		if err := visit(strings.TrimSpace(name.(string)), value); err != nil {
			return err
		}
	}
	if _, err := r.Token(); err != nil {
		return invalid(err)
	}
	return nil
}

// end makes sure that nothing follows the document.
func (r jsonReader) end() error {
	if _, err := r.Token(); err != io.EOF {
		return errors.New("the answer goes on after its end")
	}
	return nil
}

// skip reads to the end of the object or array whose opening token was read.
func (r jsonReader) skip() error {
	for outside := r.depth - 1; r.depth > outside; {
		if _, err := r.Token(); err != nil {
			return invalid(err)
		}
	}
	return nil
}

// member puts one member into the object: null is absent, nested things are passed over.
func (r jsonReader) member(o Object, name string, value json.Token) error {
	if _, nested := value.(json.Delim); nested {
		return r.skip()
	}
	if value == nil {
		return nil
	}
	text := scalar(value)
	if err := r.field(name, text); err != nil {
		return err
	}
	return o.add(name, text)
}

// object reads the object whose "{" was read.
func (r jsonReader) object() (Object, error) {
	if err := r.meter.object(); err != nil {
		return nil, err
	}
	o := Object{}
	err := r.members(func(name string, value json.Token) error { return r.member(o, name, value) })
	return o, err
}

// scalar is the text of a string, number or boolean.
func scalar(value json.Token) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

func decodeJSONObject(body []byte, root string) (Object, error) {
	r, err := newJSONReader(body)
	if err != nil {
		return nil, err
	}
	bare, wrapped, nested := Object{}, Object(nil), 0
	err = r.members(func(name string, value json.Token) error {
		if value != json.Delim('{') || root != "" && !strings.EqualFold(name, root) {
			return r.member(bare, name, value)
		}
		if nested++; nested > 1 && root != "" {
			return fmt.Errorf("%s is there twice", root)
		}
		wrapped, err = r.object()
		return err
	})
	if err != nil {
		return nil, err
	}
	if nested == 1 && (root != "" || len(bare) == 0) {
		bare = wrapped
	}
	if len(bare) == 0 {
		return nil, fmt.Errorf("the answer holds no field of %s", cmp.Or(root, "anything"))
	}
	return bare, r.end()
}

// jsonPage collects what a list answer holds, with or without the plural wrapper.
type jsonPage struct {
	jsonReader
	wrapper, element string
	wrapped          bool // the wrapper was seen
	total            int
	isList           bool // a total, the wrapper or the element was seen
	items            []Object
	bare             Object // scalars beside the list: the fields of a bare element
	stray            string // a nested thing that is not the expected element
}

func decodeJSONPage(body []byte, wrapper, element string) (Page, error) {
	r, err := newJSONReader(body)
	if err != nil {
		return Page{}, err
	}
	p := &jsonPage{jsonReader: r, wrapper: wrapper, element: element, bare: Object{}}
	if err := p.members(p.visit); err != nil {
		return Page{}, err
	}
	if err := p.end(); err != nil {
		return Page{}, err
	}
	_, hasID := p.bare["ObjectId"]
	_, hasURI := p.bare["URI"]
	switch {
	case !p.isList && (hasID || hasURI):
		return page(1, []Object{p.bare}), nil
	case !p.isList && len(p.bare) == 0 && p.stray == "": // "{}" is a list of nothing
		return Page{}, nil
	case !p.isList, len(p.items) == 0 && p.stray != "":
		return Page{}, notAList(wrapper, element, p.stray)
	}
	return page(p.total, p.items), nil
}

func (p *jsonPage) visit(name string, value json.Token) error {
	switch {
	case name == "@total", name == "-total", name == "total":
		p.isList = true
		total, err := parseTotal(scalar(value))
		p.total = total
		return err
	case strings.EqualFold(name, p.element):
		p.isList = true
		return p.elements(value)
	case strings.EqualFold(name, p.wrapper):
		p.isList = true
		if value == json.Delim('{') && !p.wrapped {
			p.wrapped = true
			return p.members(p.visit)
		}
	}
	if _, nested := value.(json.Delim); nested {
		p.stray = name
	}
	return p.member(p.bare, name, value)
}

// elements reads the value of the element's name: one object, several, or none.
func (p *jsonPage) elements(value json.Token) error {
	switch value {
	case json.Delim('{'):
		return p.one()
	case nil, "":
		return nil
	case json.Delim('['):
		for p.More() {
			token, err := p.Token()
			if err != nil {
				return invalid(err)
			}
			if token != json.Delim('{') {
				return fmt.Errorf("the list holds something else than a %s", p.element)
			}
			if err := p.one(); err != nil {
				return err
			}
		}
		if _, err := p.Token(); err != nil {
			return invalid(err)
		}
		return nil
	}
	return fmt.Errorf("%s is neither an object nor a list", p.element)
}

// one reads one element of the list.
func (p *jsonPage) one() error {
	if err := p.item(); err != nil {
		return err
	}
	item, err := p.object()
	p.items = append(p.items, item)
	return err
}

func parseTotal(text string) (int, error) {
	total, err := strconv.Atoi(strings.TrimSpace(text))
	switch {
	case err != nil && !errors.Is(err, strconv.ErrRange), total < 0:
		return 0, fmt.Errorf("the total %q is no count", printable(text, 20))
	case total > maxTotal:
		return 0, excess(fmt.Sprintf("a list of more than %d elements", maxTotal))
	}
	return total, nil
}

func notAList(wrapper, element, found string) error {
	if found == "" {
		return fmt.Errorf("the answer is no list of %s", wrapper)
	}
	return fmt.Errorf("the answer holds %q where %s was expected", printable(found, 40), element)
}

// invalid explains a syntax error. An end of file inside a document is a cut-off answer.
func invalid(err error) error {
	var beyond excess
	var syntax *xml.SyntaxError
	switch {
	case errors.As(err, &beyond):
		return beyond
	case errors.Is(err, io.EOF), errors.As(err, &syntax) && syntax.Msg == "unexpected EOF":
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("the answer can't be read: %w", err)
}
