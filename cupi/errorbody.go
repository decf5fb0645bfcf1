package cupi

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"html"
	"regexp"
	"slices"
	"strings"
)

// maxMessage is how many characters of a server's message are kept.
const maxMessage = 2000

// serverError is one entry of an error body.
type serverError struct{ code, message string }

// decodeError finds code and message in the body of an answer that is no
// success. The documented form is ErrorDetails with any number of errors; in
// JSON they are an object, an array or a text. What is none of it (Tomcat's web
// pages, plain text) is told as it reads. Several errors are joined by "; ".
func decodeError(body []byte) (code, message string) {
	body = trim(body)
	var found []serverError
	switch {
	case isWebPage(body):
		return "", webPageText(body)
	case bytes.HasPrefix(body, []byte("<")):
		found = xmlErrors(body)
	case bytes.HasPrefix(body, []byte("{")), bytes.HasPrefix(body, []byte("[")):
		var document any
		if json.Unmarshal(body, &document) == nil {
			found = jsonErrors(document, nil)
		}
	}
	if len(found) == 0 {
		return "", printable(string(body), maxMessage)
	}
	var codes, messages []string
	for _, e := range found {
		if e.code != "" && !slices.Contains(codes, e.code) {
			codes = append(codes, e.code)
		}
		if e.message != "" {
			messages = append(messages, e.message)
		}
	}
	return printable(strings.Join(codes, ", "), 200), printable(strings.Join(messages, "; "), maxMessage)
}

// jsonErrors appends the errors below a JSON value.
func jsonErrors(value any, found []serverError) []serverError {
	switch v := value.(type) {
	case string:
		found = append(found, serverError{message: v})
	case []any:
		for _, entry := range v {
			found = jsonErrors(entry, found)
		}
	case map[string]any:
		code, _ := v["code"].(string)
		message, _ := v["message"].(string)
		if code != "" || message != "" {
			found = append(found, serverError{code, message})
		}
		for _, name := range []string{"ErrorDetails", "errors", "error"} {
			found = jsonErrors(v[name], found)
		}
	}
	return found
}

// xmlErrors reads each code and message of the document. It keeps what it got
// when the document breaks off.
func xmlErrors(body []byte) []serverError {
	r := readXML(body)
	r.Strict = false
	var found []serverError
	var current serverError
	for {
		token, err := r.Token()
		if err != nil {
			break
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "code":
				current.code, _, _ = r.text()
				current.code = strings.TrimSpace(current.code)
			case "message":
				current.message, _, _ = r.text()
				current.message = strings.TrimSpace(current.message)
			}
		case xml.EndElement:
			if t.Name.Local == "errors" && current != (serverError{}) {
				found = append(found, current)
				current = serverError{}
			}
		}
	}
	if current != (serverError{}) {
		found = append(found, current)
	}
	return found
}

var (
	exceptionText = regexp.MustCompile(`(?is)<b>\s*Exception:?\s*</b>\s*<pre>\s*(.*?)\s*</pre>`)
	titleText     = regexp.MustCompile(`(?is)<title[^>]*>\s*(.*?)\s*</title>`)
	hiddenText    = regexp.MustCompile(`(?is)<(?:script|style)[^>]*>.*?</(?:script|style)>`)
	tag           = regexp.MustCompile(`<[^>]*>`)
	webPageStart  = regexp.MustCompile(`(?i)^(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|title)\b`)
)

// isWebPage tells whether a body is HTML, whatever its content type says.
func isWebPage(body []byte) bool { return webPageStart.Match(start(trim(body))) }

// start is as much of a body as is read of an error.
func start(body []byte) []byte { return body[:min(len(body), maxErrorBytes)] }

// webPageText is what a web page says in a line: Tomcat's exception, else the
// title, else its words.
func webPageText(body []byte) string {
	body = start(body)
	for _, pattern := range []*regexp.Regexp{exceptionText, titleText} {
		if match := pattern.FindSubmatch(body); match != nil && len(match[1]) > 0 {
			return printable(html.UnescapeString(string(match[1])), maxMessage)
		}
	}
	body = tag.ReplaceAll(hiddenText.ReplaceAll(body, nil), []byte(" "))
	return printable(html.UnescapeString(string(body)), maxMessage)
}
