package cupi

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Op is how a query compares.
type Op string

// The comparisons of CUPI. IsNull and IsNotNull take no value; releases before
// 11.5 don't know them.
const (
	Is         Op = "is"
	StartsWith Op = "startswith"
	IsNull     Op = "isnull"
	IsNotNull  Op = "isnotnull"
)

// hasValue tells for each comparison whether a value follows.
var hasValue = map[Op]bool{Is: true, StartsWith: true, IsNull: false, IsNotNull: false}

// Query narrows a list to the elements whose column compares as told. The zero
// value narrows nothing. It has one clause: more came with release 10. The
// server ignores case in column and value, so a match on "is" must be compared
// again by the caller.
type Query struct {
	Column string // letters only; the server accepts indexed columns
	Op     Op
	Value  string // empty with IsNull and IsNotNull
}

// ParseQuery reads a query as the vendor writes it: "(alias startswith a)". The
// parentheses are optional; an empty text is the zero Query.
func ParseQuery(text string) (Query, error) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "(") {
		if !strings.HasSuffix(text, ")") {
			return Query{}, errors.New("the query has an opening parenthesis and no closing one: write it as (alias startswith a)")
		}
		text = strings.TrimSpace(text[1 : len(text)-1])
	}
	if text == "" {
		return Query{}, nil
	}
	column, rest, _ := strings.Cut(text, " ")
	op, value, _ := strings.Cut(strings.TrimSpace(rest), " ")
	query := Query{Column: column, Op: Op(strings.ToLower(op)), Value: strings.TrimSpace(value)}
	if strings.Contains(query.Value, "&") {
		return Query{}, errors.New("the query has an &, which joins clauses: give one clause only")
	}
	return query, query.check()
}

// String is the query as the vendor writes it, without escapes; the zero Query
// is the empty text.
func (q Query) String() string {
	switch {
	case q == Query{}:
		return ""
	case hasValue[q.Op]:
		return "(" + q.Column + " " + string(q.Op) + " " + q.Value + ")"
	}
	return "(" + q.Column + " " + string(q.Op) + ")"
}

// check refuses a query that can't be sent.
func (q Query) check() error {
	if q == (Query{}) {
		return nil
	}
	wants, known := hasValue[q.Op]
	switch {
	case !isLetters(q.Column):
		return fmt.Errorf("the query's column %q is no name: use letters only, as in (alias startswith a)", printable(q.Column, 64))
	case !known:
		return fmt.Errorf("the query compares by %q: use is, startswith, isnull or isnotnull", printable(string(q.Op), 64))
	case wants && q.Value == "":
		return fmt.Errorf("the query has no value after %s: to find empty fields, use isnull", q.Op)
	case strings.Contains(q.Value, "&"):
		return errors.New("the query's value has an &, which joins clauses: see Lookups")
	case !wants && q.Value != "":
		return fmt.Errorf("the query has a value after %s, which takes none", q.Op)
	}
	return Object{"query": q.Value}.check()
}

// encode is the query as it stands in a URL.
func (q Query) encode() string {
	text := "query=(" + q.Column + "%20" + string(q.Op)
	if hasValue[q.Op] {
		text += "%20" + escape(q.Value)
	}
	return text + ")"
}

func isLetters(text string) bool { return isName(text) && !strings.ContainsAny(text, "0123456789") }

// escape is a query value for a URL, with blanks as %20: not every server reads "+".
func escape(value string) string {
	return strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
}
