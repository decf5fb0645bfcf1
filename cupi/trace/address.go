package trace

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
)

var setting = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^System(\.[A-Za-z]{1,60}){1,4}$`) })

// path masks an escaped path, with or without a query.
func (k *masking) path(path string) string {
	if path, query, has := strings.Cut(path, "?"); has {
		return k.path(path) + "?" + k.query(query)
	}
	segments := strings.Split(path, "/")
	before := ""
	for i, segment := range segments {
		plain, err := url.PathUnescape(segment)
		known := k.known[folded(plain)]
		switch {
		case plain == "":
		case strings.HasSuffix(before, "streamfiles") && len(plain) <= 5 && isNumber(plain), before == "configurationvalues" &&
			setting().MatchString(plain):
			before = plain // a language, or what every server calls a setting
		case known != "":
			segments[i] = known
		case isObjectID(plain):
			segments[i] = k.mark(singular(before), plain)
		case err == nil && (isCollection(plain) || standard(plain) || len(plain) <= 3 && isNumber(plain) ||
			before == "timezones"):
			before = plain
		default:
			segments[i] = k.mark("text", plain)
		}
	}
	return strings.Join(segments, "/")
}

// isCollection reports whether a part of a path is one that a program has, and not an id.
func isCollection(segment string) bool {
	for i := range len(segment) {
		if segment[i] < 'a' || segment[i] > 'z' {
			return false
		}
	}
	return true
}

var clause = regexp.MustCompile(`(?i)^(\w+)\s+(is|startswith|isnull|isnotnull)(?:\s+(.*))?$`)

// query masks what follows the question mark.
func (k *masking) query(query string) string {
	if query == "" {
		return ""
	}
	var parts []string
	for part := range strings.SplitSeq(query, "&") {
		name, escaped, has := strings.Cut(part, "=")
		value, err := url.QueryUnescape(escaped)
		if !isFieldName(name) || err != nil {
			parts = append(parts, k.mark("text", part))
			continue
		}
		switch {
		case name == "query":
			value = k.clauses(value)
		case strings.HasPrefix(name, "sort"):
			value, _ = k.text(value)
		default:
			value = k.value("", name, value)
		}
		if has {
			name += "=" + escapeQuery(value)
		}
		parts = append(parts, name)
	}
	return strings.Join(parts, "&")
}

// clauses masks "(column is value & column startswith value)".
func (k *masking) clauses(query string) string {
	inner, ok := strings.CutPrefix(strings.TrimSpace(query), "(")
	inner, closed := strings.CutSuffix(inner, ")")
	if !ok || !closed {
		text, _ := k.text(query)
		return text
	}
	var masked []string
	for one := range strings.SplitSeq(inner, " & ") {
		match := clause.FindStringSubmatch(strings.TrimSpace(one))
		if match == nil {
			text, _ := k.text(one)
			masked = append(masked, text)
			continue
		}
		if match[3] == "" {
			masked = append(masked, match[1]+" "+match[2])
			continue
		}
		masked = append(masked, match[1]+" "+match[2]+" "+k.value("", match[1], match[3]))
	}
	return "(" + strings.Join(masked, " & ") + ")"
}

func escapeQuery(text string) string {
	return strings.NewReplacer("+", "%20", "%28", "(", "%29", ")", "%2F", "/", "%2C", ",").Replace(url.QueryEscape(text))
}

// url masks an address with a host.
func (k *masking) url(text string) string {
	address, err := url.Parse(text)
	if err != nil || address.Host == "" || address.User != nil {
		return k.mark("text", text)
	}
	port := ""
	if address.Port() != "" {
		port = ":" + address.Port()
	}
	return address.Scheme + "://" + k.mark("host", address.Hostname()) + port + k.path(address.RequestURI())
}

// requestHeaders are those that decide what a server answers, without what they prove.
func (k *masking) requestHeaders(header http.Header) []string {
	var lines []string
	for _, name := range []string{"Accept", "Content-Type"} {
		for _, value := range header[name] {
			masked, _ := k.text(value)
			lines = append(lines, name+": "+masked)
		}
	}
	if header.Get("Authorization") != "" {
		lines = append(lines, "Authorization: "+secret)
	}
	if header.Get("Cookie") != "" {
		var names []string
		for _, cookie := range (&http.Request{Header: header}).Cookies() {
			name, _ := k.text(cookie.Name)
			names = append(names, name)
		}
		lines = append(lines, "Cookie: "+strings.Join(names, "; "))
	}
	return lines
}

// answerHeaders are those by which clients go.
func (k *masking) answerHeaders(answer *http.Response) []string {
	var lines []string
	for _, name := range []string{"Content-Type", "Location", "Retry-After", "Date", "Www-Authenticate"} {
		for _, value := range answer.Header[name] {
			_, notTime := http.ParseTime(value)
			switch {
			case name == "Location" && strings.Contains(value, "://"):
				value = k.url(value)
			case name == "Location":
				value = k.path(value)
			case notTime == nil, name == "Retry-After" && isNumber(value):
			default:
				value, _ = k.text(value)
			}
			lines = append(lines, name+": "+value)
		}
	}
	for _, cookie := range answer.Cookies() {
		name, _ := k.text(cookie.Name)
		line := "Set-Cookie: " + name
		if cookie.Path != "" {
			line += "; Path=" + k.path(cookie.Path)
		}
		for _, flag := range []struct {
			set  bool
			text string
		}{{!cookie.Expires.IsZero(), "; Expires=" + cookie.Expires.UTC().Format(http.TimeFormat)},
			{cookie.Secure, "; Secure"}, {cookie.HttpOnly, "; HttpOnly"}} {
			if flag.set {
				line += flag.text
			}
		}
		lines = append(lines, line)
	}
	return lines
}
