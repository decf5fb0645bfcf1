package cupitest

import (
	"regexp"
	"strconv"
)

// rawBody stands for the root element where a route reads the body by itself, and for the field that holds it.
const rawBody = "raw"

// ruleOrderRoutes put the routing rules into another order.
var ruleOrderRoutes = []route{{"PUT /vmrest/routingrules", []string{rawBody}, orderRules}}

var ruleIDs = regexp.MustCompile(`ObjectId(?:"\s*:\s*"|>)\s*([0-9A-Za-z-]+)`)

// orderRules gives each rule that the body names the place that it has there. All of them must be named.
func orderRules(c *call) answer {
	rules := c.data.lists["routingrules"]
	places := map[string]int{}
	for _, found := range ruleIDs.FindAllStringSubmatch(c.fields[rawBody], -1) {
		if rules.find(found[1]) == nil {
			return c.fail(invalid("RoutingRule not found "))
		}
		places[found[1]] = len(places)
	}
	if len(places) != len(rules.documents) {
		return c.fail(invalid("every routing rule must be named once"))
	}
	c.fields = nil
	if refusal := c.change(""); refusal != nil {
		return *refusal
	}
	for id, place := range places {
		rules.find(id).own["RuleIndex"] = strconv.Itoa(place)
	}
	return c.done()
}
