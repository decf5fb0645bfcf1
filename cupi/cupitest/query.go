package cupitest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// maxClauses is how many clauses a query may join with "&", from release 10.0 on.
const maxClauses = 5

// clause is one condition of a query; names and values are in lower case.
type clause struct {
	column   string // as the schema spells it
	operator string
	value    string
}

// selection is what a list request asks for: which elements, in which order, and which page of them.
type selection struct {
	clauses    []clause
	sortBy     string // "" is the list's own order
	descending bool
	page, rows int // from 1; rows 0 is count only, -1 is all
}

// selection reads query, sort, pageNumber and rowsPerPage.
func (c *call) selection(s *schema) (selection, *failure) {
	chosen := selection{page: 1, rows: -1}
	var refused *failure
	if chosen.clauses, refused = c.clauses(s); refused != nil {
		return chosen, refused
	}
	if refused = c.sort(s, &chosen); refused != nil {
		return chosen, refused
	}
	for _, number := range []struct {
		name string
		into *int
	}{{"pageNumber", &chosen.page}, {"rowsPerPage", &chosen.rows}} {
		if !c.params.Has(number.name) {
			continue
		}
		n, err := strconv.ParseUint(c.params.Get(number.name), 10, 31)
		if err != nil {
			return chosen, invalid(number.name + " is not a number.")
		}
		*number.into = int(n)
	}
	if limit := c.s.MaxRows; limit > 0 && (chosen.rows < 0 || chosen.rows > limit) {
		chosen.rows = limit
	}
	if chosen.page == 0 {
		chosen.rows = 0
	}
	if c.fault == RepeatPage {
		chosen.page = max(chosen.page-1, min(chosen.page, 1))
	}
	return chosen, nil
}

// clauses reads query=(column operator value), or up to five clauses joined by "&".
func (c *call) clauses(s *schema) ([]clause, *failure) {
	query := strings.TrimSpace(c.params.Get("query"))
	if query == "" {
		return nil, nil
	}
	if c.fault == MisreadQuery {
		query = misread(query)
	}
	inner, opened := strings.CutPrefix(query, "(")
	inner, closed := strings.CutSuffix(inner, ")")
	if !opened || !closed {
		return nil, invalid("The query is not in parentheses.")
	}
	if strings.ContainsAny(inner, "()") && !c.s.ParenthesesInValues {
		return nil, invalid("The query's parentheses are malformed.")
	}
	parts := []string{inner}
	if !c.s.OneClauseQueries {
		parts = strings.Split(inner, "&")
	}
	if len(parts) > maxClauses {
		return nil, invalid("The query has too many clauses.")
	}
	var clauses []clause
	for _, part := range parts {
		one, problem := parseClause(s, part)
		if problem != "" {
			return nil, invalid(problem)
		}
		if !c.s.PassOverQueries {
			clauses = append(clauses, one)
		}
	}
	return clauses, nil
}

// misread is a query as a server may read it for which quotes, slashes and the like mean something.
func misread(query string) string {
	for i, r := range query {
		if i > 0 && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" .,-_@:/", r) {
			return query[:i] + ")"
		}
	}
	return query
}

// parseClause reads one clause, or says what is wrong with it.
func parseClause(s *schema, part string) (clause, string) {
	column, rest, _ := strings.Cut(strings.TrimSpace(part), " ")
	operator, value, _ := strings.Cut(strings.TrimSpace(rest), " ")
	value = strings.ToLower(strings.TrimSpace(value))
	operator = strings.ToLower(operator)
	i, known := s.folded[strings.ToLower(column)]
	if !known || !s.fields[i].queryable() {
		return clause{}, "The query's column is unknown or not indexed."
	}
	switch operator {
	case "is", "startswith":
		if value == "" {
			return clause{}, "The query has no value."
		}
	case "isnull", "isnotnull":
		if value != "" {
			return clause{}, "The query has a value too many."
		}
	default:
		return clause{}, "The query's operator is unknown."
	}
	if s.fields[i].kind == boolean && operator == "is" {
		switch value {
		case "0":
			value = "false"
		case "1":
			value = "true"
		}
	}
	return clause{s.fields[i].name, operator, value}, ""
}

// queryable is true for the fields that servers index: those that lists show, all booleans, and those marked so.
func (f field) queryable() bool {
	return f.kind == boolean || f.is(indexed) || f.is(listed) && f.kind != derived && f.kind != keypad
}

// sort reads sort=(column asc) or (column desc). With a query, both must name the same column.
func (c *call) sort(s *schema, chosen *selection) *failure {
	text := strings.TrimSpace(c.params.Get("sort"))
	if text == "" {
		return nil
	}
	words := strings.Fields(strings.TrimSuffix(strings.TrimPrefix(text, "("), ")"))
	if len(words) == 0 || len(words) > 2 {
		return invalid("The sort order is malformed.")
	}
	i, known := s.folded[strings.ToLower(words[0])]
	if !known || !s.fields[i].queryable() {
		return invalid("The sort order's column is unknown or not indexed.")
	}
	chosen.sortBy = s.fields[i].name
	if len(words) == 2 {
		switch strings.ToLower(words[1]) {
		case "asc":
		case "desc":
			chosen.descending = true
		default:
			return invalid("The sort order is neither asc nor desc.")
		}
	}
	for _, one := range chosen.clauses {
		if one.column != chosen.sortBy {
			return invalid("A query can be sorted by its own column only.")
		}
	}
	return nil
}

// holds is true if the document meets the clause. An empty text counts as NULL.
func (one clause) holds(d *document) bool {
	v, _ := d.value(one.column)
	switch one.operator {
	case "is":
		return strings.ToLower(v) == one.value
	case "startswith":
		return strings.HasPrefix(strings.ToLower(v), one.value)
	case "isnull":
		return v == ""
	}
	return v != ""
}

// of picks the selection from the documents: how many match, and those of the page.
func (chosen selection) of(documents []*document) (total int, page []*document) {
	if len(chosen.clauses) > 0 {
		var matches []*document
		for _, d := range documents {
			if !slices.ContainsFunc(chosen.clauses, func(one clause) bool { return !one.holds(d) }) {
				matches = append(matches, d)
			}
		}
		documents = matches
	}
	if chosen.sortBy != "" {
		documents = slices.Clone(documents)
		slices.SortStableFunc(documents, func(a, b *document) int {
			one, _ := a.value(chosen.sortBy)
			other, _ := b.value(chosen.sortBy)
			order := cmp.Compare(strings.ToLower(one), strings.ToLower(other))
			if chosen.descending {
				return -order
			}
			return order
		})
	}
	if chosen.rows < 0 {
		if chosen.page > 1 {
			return len(documents), nil
		}
		return len(documents), documents
	}
	first := min((chosen.page-1)*chosen.rows, len(documents))
	if chosen.rows == 0 {
		return len(documents), nil
	}
	return len(documents), documents[first:min(first+chosen.rows, len(documents))]
}

// listing answers a list request from the documents.
func (c *call) listing(wrapper, element string, s *schema, documents []*document) answer {
	return c.listingOf(wrapper, element, s, func(selection) []*document { return documents })
}

// listingOf answers with a page of the documents that may be what the request asks for:
// users are many, and some queries tell which need to be looked at.
func (c *call) listingOf(wrapper, element string, s *schema, candidates func(selection) []*document) answer {
	chosen, refused := c.selection(s)
	if refused != nil {
		return c.fail(refused)
	}
	total, page := chosen.of(c.moved(candidates(chosen)))
	elements := make([][]pair, len(page))
	for i, d := range page {
		elements[i] = d.pairs(true)
	}
	return c.list(wrapper, element, total, elements)
}

// candidates are the users that can meet the clauses, found by an index where there is one.
func (d *data) candidates(clauses []clause) []*document {
	for _, one := range clauses {
		switch one.column + " " + one.operator {
		case "Alias is":
			return withMailbox(d.aliases[one.value])
		case "ObjectId is":
			return withMailbox(d.users[one.value])
		case "DtmfAccessId is":
			found := withMailbox(d.extensions[one.value]...)
			slices.SortFunc(found, func(a, b *document) int { return strings.Compare(folded(a), folded(b)) })
			return found
		case "Alias startswith":
			first, _ := slices.BinarySearchFunc(d.sorted, one.value, byAlias)
			last := first
			for last < len(d.sorted) && strings.HasPrefix(folded(d.sorted[last]), one.value) {
				last++
			}
			return d.sorted[first:last]
		}
	}
	return d.sorted
}

func withMailbox(users ...*document) []*document {
	var found []*document
	for _, user := range users {
		if user != nil && hasMailbox(user) {
			found = append(found, user)
		}
	}
	return found
}
