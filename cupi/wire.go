package cupi

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"mime"
	"slices"
	"strings"
)

// Wire is the format in which requests and answers travel.
type Wire string

// The formats that CUPI speaks.
const (
	JSON Wire = "json"
	XML  Wire = "xml"
)

// mediaType is the value of Accept and Content-Type.
func (w Wire) mediaType() string { return "application/" + string(w) }

// usualBody is as long as most request bodies, in bytes.
const usualBody = 256

// encode writes an object as a request body: sorted names, all values text. A
// JSON body has no wrapper; an XML body has the root.
func (w Wire) encode(root string, o Object) ([]byte, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if w == JSON {
		return o.AppendJSON(make([]byte, 0, usualBody)), nil
	}
	var body bytes.Buffer
	if !isName(root) {
		return nil, fmt.Errorf("%q is no name for the root of a body", printable(root, 64))
	}
	body.WriteString("<" + root + ">")
	for _, name := range slices.Sorted(maps.Keys(o)) {
		body.WriteString("<" + name + ">")
		if err := xml.EscapeText(&body, []byte(o[name])); err != nil {
			return nil, err
		}
		body.WriteString("</" + name + ">")
	}
	body.WriteString("</" + root + ">")
	return body.Bytes(), nil
}

// decodeObject reads the one resource of an answer. An empty root accepts any.
func decodeObject(contentType string, body []byte, root string) (Object, error) {
	wire, body, err := detect(contentType, body)
	if err != nil {
		return nil, err
	}
	if wire == JSON {
		return decodeJSONObject(body, root)
	}
	return decodeXMLObject(body, root)
}

// decodePage reads one page of a list. An answer that is a bare element, as the
// vendor's page shows for queries, is a list of one.
func decodePage(contentType string, body []byte, wrapper, element string) (Page, error) {
	wire, body, err := detect(contentType, body)
	if err != nil {
		return Page{}, err
	}
	if wire == JSON {
		return decodeJSONPage(body, wrapper, element)
	}
	return decodeXMLPage(body, wrapper, element)
}

var errEmpty = errors.New("the answer is empty")

// detect says how a body is to be read: the content type decides, and where it
// names neither wire, the first byte. A web page is an error.
func detect(contentType string, body []byte) (Wire, []byte, error) {
	body = trim(body)
	media, _, _ := mime.ParseMediaType(contentType)
	switch {
	case len(body) == 0:
		return "", nil, errEmpty
	case isWebPage(body):
		return "", nil, fmt.Errorf("this is a web page, not CUPI: %q: check the address and whether a proxy or a login "+
			"page is in between", webPageText(body))
	case strings.HasSuffix(media, "json"):
		return JSON, body, nil
	case strings.HasSuffix(media, "xml"):
		return XML, body, nil
	case body[0] == '{':
		return JSON, body, nil
	case body[0] == '<':
		return XML, body, nil
	}
	return "", nil, fmt.Errorf("the answer is neither JSON nor XML: %q", printable(string(body), 80))
}
