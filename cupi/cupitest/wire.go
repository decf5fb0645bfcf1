package cupitest

import (
	"errors"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// errMediaType is a body without a Content-Type, or with one that is neither JSON nor XML.
var errMediaType = errors.New("unsupported media type")

// answerInJSON chooses the answer's wire by the Accept header: of the types there that fit the one that is wanted most, the
// first of several. ok is false when none fits, and open is true when the header leaves the choice.
//
// RFC 9110, 12.5.1; "*" as Java clients send it, in the sample of G:m-system-settings.
func (s *Server) answerInJSON(r *http.Request) (inJSON, open, ok bool) {
	accept := strings.Join(r.Header.Values("Accept"), ",")
	if strings.TrimSpace(accept) == "" {
		return s.JSONByDefault, true, true
	}
	most := 0.0
	for part := range strings.SplitSeq(accept, ",") {
		kind, weight := wanted(part)
		if weight <= most {
			continue
		}
		switch kind {
		case "application/json":
			inJSON, open, ok = true, false, true
		case "application/xml", "text/xml":
			inJSON, open, ok = false, false, true
		case "*", "*/*", "application/*", "audio/*", "audio/wav", "audio/x-wav", "audio/mpeg":
			inJSON, open, ok = s.JSONByDefault, true, true
		default:
			continue
		}
		most = weight
	}
	return inJSON, open, ok
}

// wanted takes a type of an Accept header and how much it is wanted, 1 where that is not said.
func wanted(part string) (kind string, weight float64) {
	kind, parameters, _ := strings.Cut(part, ";")
	weight = 1
	for parameter := range strings.SplitSeq(parameters, ";") {
		if text, is := strings.CutPrefix(strings.TrimSpace(parameter), "q="); is {
			if said, err := strconv.ParseFloat(text, 64); err == nil {
				weight = said
			}
		}
	}
	return strings.ToLower(strings.TrimSpace(kind)), weight
}

// decodeBody reads the body by its Content-Type. A request without a body sets nothing.
func (s *Server) decodeBody(r *http.Request, body []byte, roots []string) (map[string]string, error) {
	if len(body) == 0 {
		return map[string]string{}, nil
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	untyped := s.UntypedVoiceFiles && r.Header.Get("Content-Type") == "" && strings.Contains(r.URL.Path, "/voicefiles/")
	if err != nil && !untyped {
		return nil, errMediaType
	}
	if slices.Contains(roots, rawBody) {
		return map[string]string{rawBody: string(body)}, nil
	}
	if slices.Contains(roots, audioBody) {
		if !strings.HasPrefix(kind, "audio/") && !untyped {
			return nil, errMediaType
		}
		return map[string]string{audioBody: string(body)}, nil
	}
	switch kind {
	case "application/json":
		return decodeJSON(body)
	case "application/xml", "text/xml":
		return decodeXML(body)
	}
	return nil, errMediaType
}

// object is one resource: in JSON without any wrapper.
func (c *call) object(element string, pairs []pair) answer {
	if c.json {
		return c.body(http.StatusOK, appendJSON(nil, pairs))
	}
	return c.body(http.StatusOK, appendXML([]byte(xmlHeader), element, pairs, c.s.DoubledBrackets))
}

// list is one page of a list; total counts what matched, whatever the page shows. In JSON one element is an object,
// and none is no key at all.
func (c *call) list(wrapper, element string, total int, elements [][]pair) answer {
	if odd, strikes := c.oddList(wrapper, element, &total, elements); strikes {
		return odd
	}
	if !c.json {
		text := append([]byte(xmlHeader), "<"+wrapper+` total="`+strconv.Itoa(total)+`"`...)
		if len(elements) == 0 {
			return c.body(http.StatusOK, append(text, "/>"...))
		}
		text = append(text, '>')
		for _, pairs := range elements {
			text = appendXML(text, element, pairs, c.s.DoubledBrackets)
		}
		return c.body(http.StatusOK, append(text, "</"+wrapper+">"...))
	}
	count := `{"@total":"`
	if c.s.WrappedJSON {
		count = `{"` + wrapper + `":{"-total":"`
	}
	text := append([]byte(count), strconv.Itoa(total)+`"`...)
	if len(elements) > 0 {
		text = append(text, `,"`+element+`":`...)
	}
	text = appendElements(text, elements)
	if c.s.WrappedJSON {
		text = append(text, '}')
	}
	return c.body(http.StatusOK, append(text, '}'))
}

// appendElements adds a list as the server writes it: one element is no array.
func appendElements(text []byte, elements [][]pair) []byte {
	if len(elements) > 1 {
		text = append(text, '[')
	}
	for i, pairs := range elements {
		if i > 0 {
			text = append(text, ',')
		}
		text = appendJSON(text, pairs)
	}
	if len(elements) > 1 {
		text = append(text, ']')
	}
	return text
}

// created is the 201: the new path as plain text, whatever the Content-Type says, and a Location with the path doubled.
func (c *call) created(path string) answer {
	scheme := "http://"
	if c.r.TLS != nil {
		scheme = "https://"
	}
	return c.body(http.StatusCreated, []byte(path)).
		with("Location", scheme+c.r.Host+strings.TrimSuffix(c.r.URL.Path, "/")+path)
}

// done is the 204 of PUT and DELETE.
func (c *call) done() answer { return answer{status: http.StatusNoContent} }

// fail is an error with its code and message; several are an array in JSON.
func (c *call) fail(f *failure) answer {
	if c.open {
		c.json = c.s.JSONErrorsByDefault
	}
	messages := f.messages
	if !c.s.AllErrors {
		messages = messages[:1]
	}
	var elements [][]pair
	for _, message := range messages {
		elements = append(elements, []pair{{"code", f.code}, {"message", message}})
	}
	if !c.json {
		text := append([]byte(xmlHeader), "<ErrorDetails>"...)
		for _, pairs := range elements {
			text = appendXML(text, "errors", pairs, false)
		}
		return c.body(f.status, append(text, "</ErrorDetails>"...))
	}
	text := []byte(`{"errors":`)
	text = appendElements(text, elements)
	return c.body(f.status, append(text, '}'))
}

// rawBody stands for the root element where a route reads the body by itself, and for the field that holds it.
const rawBody = "raw"

// audioBody stands for the root element where a route takes a recording, and for the field that holds it.
const audioBody = "audio"
