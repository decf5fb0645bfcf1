package cupitest

import (
	"bytes"
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// The faults of lists: what a server does that is out of order, or means ill.

// moved is the documents in the order of now.
func (c *call) moved(documents []*document) []*document {
	if c.fault == MovingList {
		c.s.moves.Add(1)
	}
	moves := int(c.s.moves.Load())
	if moves == 0 || len(documents) == 0 {
		return documents
	}
	first := moves % len(documents)
	return slices.Concat(documents[first:], documents[:first])
}

// oddList changes a list as its fault wants it, or is the answer in its place.
func (c *call) oddList(wrapper, element string, total *int, elements [][]pair) (answer, bool) {
	switch c.fault {
	case CapitalIDs:
		eachID(elements, strings.ToUpper)
	case HugeTotal:
		*total = 1 << 62
	case EndlessList:
		page, _ := strconv.Atoi(cmp.Or(c.params.Get("pageNumber"), c.params.Get("offset"), "1"))
		for i, pairs := range elements {
			eachID([][]pair{pairs}, func(id string) string { return strconv.Itoa(page) + "-" + strconv.Itoa(i) + "-" + id })
		}
		*total = (page + 1) * max(len(elements), 1)
	case HugeList:
		return c.repeated(wrapper, `{"@total":"1","`+element+`":[{}`, `,{"a":"b"}`, "<"+element+"><a>b</a></"+element+">", 30<<20), true
	case DeepList:
		return c.repeated(wrapper, "", `{"`+wrapper+`":`, "<"+wrapper+">", 100_000*len(wrapper)), true
	}
	return answer{}, false
}

// inLowerCase is an id as the server keeps it, however it is written; other texts stay.
func inLowerCase(text string) string {
	if len(text) == 36 && strings.Count(text, "-") == 4 {
		return strings.ToLower(text)
	}
	return text
}

// eachID changes the ids of elements.
func eachID(elements [][]pair, change func(string) string) {
	for _, pairs := range elements {
		for i, p := range pairs {
			if p.name == "ObjectId" || strings.HasSuffix(p.name, "UserObjectId") || p.name == "pkid" {
				pairs[i].value = change(p.value)
			}
		}
	}
}

// repeated is an answer of so many bytes of one thing.
func (c *call) repeated(wrapper, begin, inJSON, inXML string, length int) answer {
	if c.json {
		return c.body(http.StatusOK, append([]byte(begin), bytes.Repeat([]byte(inJSON), length/len(inJSON))...))
	}
	return c.body(http.StatusOK, append([]byte(xmlHeader+"<"+wrapper+` total="1">`), bytes.Repeat([]byte(inXML), length/len(inXML))...))
}
