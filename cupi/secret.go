package cupi

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"html"
	"net/url"
	"slices"
	"strings"
)

// secretFields are written and never read; a server's message may repeat them.
var secretFields = []string{"Credentials", "UserPassword"}

// secrets takes out of a text what no message may show of a request: the account's
// password and the values of secret fields, in each spelling in which a server may
// repeat them.
func (c *Client) secrets(r Request) *strings.Replacer {
	account := c.user + ":" + c.password
	hidden := spellings(c.password, base64.StdEncoding.EncodeToString([]byte(account)), url.QueryEscape(account))
	for _, name := range secretFields {
		if value := r.Fields[name]; value != "" {
			hidden = append(hidden, spellings(value)...)
		}
	}
	slices.SortFunc(hidden, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) }) // what holds another goes first
	var pairs []string
	for _, text := range slices.Compact(hidden) {
		pairs = append(pairs, text, "…")
	}
	return strings.NewReplacer(pairs...)
}

// spellings are texts as they are, escaped for a document or an address, escaped once
// more as when a body is quoted in a message, in hex and in base64; and all that as it
// looks on one line.
func spellings(texts ...string) []string {
	var all []string
	for _, text := range texts {
		all = append(all, hex.EncodeToString([]byte(text)), strings.ToUpper(hex.EncodeToString([]byte(text))),
			base64.RawStdEncoding.EncodeToString([]byte(text)), base64.RawURLEncoding.EncodeToString([]byte(text)))
		for _, once := range escapes(text) {
			all = append(all, escapes(once)...)
		}
	}
	for _, text := range all {
		all = append(all, printable(text, len(text)))
	}
	return slices.DeleteFunc(all, func(text string) bool { return text == "" })
}

// escapes are a text itself and what JSON, XML, HTML and an address make of it.
func escapes(text string) []string {
	var safe, inXML bytes.Buffer
	_ = json.NewEncoder(&safe).Encode(text) // texts and buffers have no errors
	_ = xml.EscapeText(&inXML, []byte(text))
	all := []string{text, inXML.String(), html.EscapeString(text), url.QueryEscape(text), url.PathEscape(text)}
	for _, quoted := range []string{string(inJSON(text)), strings.Trim(safe.String(), "\n")} {
		all = append(all, quoted[1:len(quoted)-1])
	}
	return all
}

// hushed is an error whose text held a secret.
type hushed struct {
	text string
	err  error
}

func (h hushed) Error() string { return h.text }
func (h hushed) Unwrap() error { return h.err }

// hush takes secrets out of a failure that the server had a say in.
func (e *Error) hush(secrets *strings.Replacer) {
	e.Code, e.Message = secrets.Replace(e.Code), secrets.Replace(e.Message)
	if e.Err == nil {
		return
	}
	if text := e.Err.Error(); secrets.Replace(text) != text {
		e.Err = hushed{secrets.Replace(text), e.Err}
	}
}

// withoutSecrets tells a failure anew from an answer in which no secret stands. They
// are taken out of the body, because a message that is cut could keep half of one, and
// out of the message, because some are spelled there only.
func (c *Client) withoutSecrets(failure *Error, r Request, got received, p pass) *Error {
	secrets := c.secrets(r)
	if len(got.body) > maxSmallBytes { // to be copied; what its bounds say repeats nothing of it
		if _, bound := failure.Err.(excess); !bound && failure.Err != nil {
			failure.Err = errors.New("the answer can't be read, and is too long to say why")
		}
		failure.hush(secrets)
		return failure
	}
	got.body = []byte(secrets.Replace(string(got.body)))
	if _, again := c.interpret(r, got, p); again != nil {
		failure = again
	}
	failure.hush(secrets)
	return failure
}
