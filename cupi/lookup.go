package cupi

import (
	"strings"
	"unicode"
)

// Lookups gives the queries that find the elements whose column is the value, in the
// order in which they are worth asking. No query can say every value: from release 10.0
// on "&" joins clauses, what parentheses do is not documented, and "%" may be taken for
// an escape. Of such a value the query asks what stands before, and the caller compares:
// so no value can change a clause. Where nothing stands before, it is the zero Query.
//
// A value that a server might read another way (it has quotes, or a backslash) is asked
// for as it is; where that finds nobody, the next query of the list tells.
func Lookups(column, value string) []Query {
	is := Query{Column: column, Op: Is, Value: value}
	odd := strings.IndexFunc(value, func(r rune) bool { return !isPlainInQuery(r) })
	if odd < 0 {
		return []Query{is}
	}
	var before Query
	if start := strings.TrimSpace(value[:odd]); start != "" {
		before = Query{Column: column, Op: StartsWith, Value: start}
	}
	if strings.ContainsAny(value, unsayable) {
		return []Query{before}
	}
	return []Query{is, before}
}

// unsayable are the characters that never stand in the value of a query of ours.
const unsayable = "&()%"

// isPlainInQuery tells the characters that every server takes for what they are.
func isPlainInQuery(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || strings.ContainsRune(" .,-_@:/", r)
}
