package cupitest

import (
	"regexp"
	"strconv"
)

// ruleOrderRoutes put the routing rules, or the patterns of a restriction table, into another order.
var ruleOrderRoutes = []route{
	{"PUT /vmrest/routingrules", []string{rawBody}, func(c *call) answer {
		return c.putInOrder("RoutingRule", "RuleIndex", c.data.lists["routingrules"].documents)
	}},
	{"PUT /vmrest/restrictiontables/{id}/restrictionpatterns", []string{rawBody}, func(c *call) answer {
		k := resourceOf("restrictionpatterns")
		table := k.owner(c.data, c.ids)
		if table == nil {
			return k.missing(c)
		}
		return c.putInOrder("RestrictionPattern", "SequenceNumber", k.of(c.data, table))
	}},
}

var ruleIDs = regexp.MustCompile(`ObjectId(?:"\s*:\s*"|>)\s*([0-9A-Za-z-]+)`)

// putInOrder gives each document that the body names the place that it has there. All of them must be named.
func (c *call) putInOrder(element, index string, documents []*document) answer {
	byID, places := map[string]*document{}, map[string]int{}
	for _, one := range documents {
		byID[one.own["ObjectId"]] = one
	}
	for _, found := range ruleIDs.FindAllStringSubmatch(c.fields[rawBody], -1) {
		if byID[found[1]] == nil {
			return c.fail(invalid(element + " not found "))
		}
		places[found[1]] = len(places)
	}
	if len(places) != len(documents) {
		return c.fail(invalid("every " + element + " must be named once"))
	}
	c.fields = nil
	if refusal := c.change(""); refusal != nil {
		return *refusal
	}
	for id, place := range places {
		byID[id].own[index] = strconv.Itoa(place)
	}
	return c.done()
}
