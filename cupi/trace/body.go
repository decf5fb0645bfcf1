package trace

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"
)

const (
	mostBody = 32 << 10 // bytes of a body that are shown
	mostRead = 8 << 20  // of one that is taken apart; of a longer one only the size is told
	deepest  = 20
)

// message masks a body. Most hold no secret, and are looked at as a whole.
func (k *masking) message(body []byte, contentType, element string) Message {
	k.kept, k.fields, k.closely = nil, nil, false
	m := k.body(body, contentType, element)
	k.closely = true
	if all := strings.Join(k.kept, "\n"); k.clean(all) != all {
		k.fields = nil
		m = k.body(body, contentType, element)
	}
	for _, name := range k.fields {
		k.names[name] = true
	}
	return m
}

func (k *masking) body(body []byte, contentType, element string) Message {
	media, _, _ := mime.ParseMediaType(contentType)
	trimmed := bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\uFEFF")))
	switch {
	case len(trimmed) == 0:
		return Message{}
	case strings.HasPrefix(media, "audio/"), bytes.HasPrefix(body, []byte("RIFF")):
		return Message{Bytes: len(body), Digest: fmt.Sprintf("sha256:%x", sha256.Sum256(body))}
	case len(body) > mostRead:
		return Message{Bytes: len(body)}
	case trimmed[0] == '{' || trimmed[0] == '[':
		if masked, leftOut, err := k.json(trimmed, element); err == nil {
			return Message{Body: masked, LeftOut: leftOut}
		}
	case trimmed[0] == '<':
		if masked, leftOut, err := k.xml(trimmed); err == nil {
			return Message{Body: quoted(masked), LeftOut: leftOut}
		}
	case bytes.HasPrefix(trimmed, []byte("/vmrest/")) && !bytes.ContainsAny(trimmed, " \r\n"):
		return Message{Body: quoted(k.path(string(trimmed)))}
	}
	text, cut := k.text(string(trimmed))
	m := Message{Body: quoted(text)}
	if cut {
		m.Bytes = len(body)
	}
	return m
}

// quoted is a text as JSON, with < and > as they are.
func quoted(text string) json.RawMessage {
	if isPlainJSON(text) {
		return json.RawMessage(`"` + text + `"`)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a text can always be written
	return bytes.TrimSpace(out.Bytes())
}

// isPlainJSON reports whether a text stands in JSON as it is, as nearly all do.
func isPlainJSON(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

var errTooDeep = errors.New("nested too deep")

// jsonBody walks a body, and writes it masked.
type jsonBody struct {
	*masking
	in      *json.Decoder
	out     bytes.Buffer
	leftOut int
}

func (k *masking) json(body []byte, element string) (json.RawMessage, int, error) {
	b := jsonBody{masking: k, in: json.NewDecoder(bytes.NewReader(body))}
	b.in.UseNumber()
	if err := b.value(element, "", 0); err != nil {
		return nil, 0, err
	}
	if _, err := b.in.Token(); err != io.EOF {
		return nil, 0, errors.New("more than one value")
	}
	return b.out.Bytes(), b.leftOut, nil
}

// value writes the next value, which a field of an element has.
func (b *jsonBody) value(element, field string, depth int) error {
	token, err := b.in.Token()
	if err != nil {
		return err
	}
	if depth > deepest {
		return errTooDeep
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '[' {
			return b.array(element, field, depth)
		}
		if field != "" {
			element = field
		}
		return b.object(element, depth)
	case string:
		b.out.Write(quoted(b.masking.value(element, field, t)))
	case json.Number:
		if masked := b.masking.value(element, field, t.String()); masked != t.String() {
			b.out.Write(quoted(masked))
		} else {
			b.out.WriteString(masked)
		}
	case bool:
		b.out.WriteString(map[bool]string{true: "true", false: "false"}[t])
	default:
		b.out.WriteString("null")
	}
	return nil
}

func (b *jsonBody) object(element string, depth int) error {
	b.out.WriteByte('{')
	for first := true; b.in.More(); {
		token, err := b.in.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		if b.out.Len() > mostBody {
			b.leftOut++
			if err := b.skip(); err != nil {
				return err
			}
			continue
		}
		if !first {
			b.out.WriteByte(',')
		}
		first = false
		b.out.Write(quoted(b.name(name)))
		b.out.WriteByte(':')
		if err := b.value(element, name, depth+1); err != nil {
			return err
		}
	}
	b.out.WriteByte('}')
	_, err := b.in.Token()
	return err
}

func (b *jsonBody) array(element, field string, depth int) error {
	b.out.WriteByte('[')
	for n := 0; b.in.More(); n++ {
		if n >= b.Elements {
			b.leftOut++
			if err := b.skip(); err != nil {
				return err
			}
			continue
		}
		if n > 0 {
			b.out.WriteByte(',')
		}
		if err := b.value(element, field, depth+1); err != nil {
			return err
		}
	}
	b.out.WriteByte(']')
	_, err := b.in.Token()
	return err
}

// skip reads a value that is not shown.
func (b *jsonBody) skip() error {
	var value json.RawMessage
	return b.in.Decode(&value)
}

// name keeps the name of a field, unless it is none, or is what something else is about.
func (k *masking) name(name string) string {
	trimmed := strings.TrimSpace(name)
	if k.names[folded(trimmed)] && isFieldName(trimmed) {
		return name // as it was before
	}
	if mark := k.known[folded(trimmed)]; mark != "" && !strings.HasPrefix(mark, "word-") && !k.names[folded(trimmed)] && !plain(trimmed) {
		return mark
	}
	small := trimmed != "" && 'a' <= trimmed[0] && trimmed[0] <= 'z'
	if !isFieldName(trimmed) || k.hides(trimmed) || small && !k.names[folded(trimmed)] && !plain(trimmed) {
		return k.mark("text", trimmed)
	}
	k.fields = append(k.fields, folded(trimmed))
	return name
}

// xml writes a body masked: elements, their attributes and texts.
func (k *masking) xml(body []byte) (string, int, error) {
	in := xml.NewDecoder(bytes.NewReader(body))
	var out strings.Builder
	var path []string
	var text strings.Builder
	leaf, leftOut, closed := false, 0, false
	siblings := map[string]int{} // below the root, by name
	for {
		token, err := in.Token()
		if err == io.EOF && len(path) == 0 && closed {
			return out.String(), leftOut, nil
		}
		if err != nil {
			return "", 0, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if len(path) > deepest {
				return "", 0, errTooDeep
			}
			if isHTML(t.Name.Local) && len(path) == 0 {
				return "", 0, errors.New("a web page")
			}
			if len(path) == 1 {
				if siblings[t.Name.Local]++; siblings[t.Name.Local] > k.Elements || out.Len() > mostBody {
					leftOut++
					if err := in.Skip(); err != nil {
						return "", 0, err
					}
					continue
				}
			}
			out.WriteString("<" + k.name(t.Name.Local))
			for _, attribute := range t.Attr {
				out.WriteString(" " + k.name(attribute.Name.Local) + `="` +
					escapeXML(k.value("", attribute.Name.Local, attribute.Value)) + `"`)
			}
			out.WriteString(">")
			path, leaf = append(path, t.Name.Local), true
			text.Reset()
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			if leaf && text.Len() > 0 {
				element := ""
				if len(path) > 1 {
					element = path[len(path)-2]
				}
				out.WriteString(escapeXML(k.value(element, t.Name.Local, text.String())))
			}
			out.WriteString("</" + k.name(t.Name.Local) + ">")
			path, leaf = path[:len(path)-1], false
			closed = len(path) == 0
			text.Reset()
		}
	}
}

func isHTML(root string) bool { return strings.EqualFold(root, "html") }

func escapeXML(text string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(text)) // a Builder takes all
	return out.String()
}
