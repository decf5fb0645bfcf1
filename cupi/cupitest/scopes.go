package cupitest

import "cmp"

// scope is where a directory handler looks for people: in what list its object is, and the field that shows it besides.
type scope struct{ list, field string }

// scopes is those that have an object, by SearchScope.
var scopes = map[string]scope{
	"0": {"locations/connectionlocations", "ScopeObjectLocationObjectId"},
	"3": {"locations/connectionlocations", "ScopeObjectLocationObjectId"},
	"4": {"distributionlists", "ScopeObjectDistributionListObjectId"},
	"5": {"coses", "ScopeObjectCosObjectId"},
	"6": {"searchspaces", "ScopeObjectSearchSpaceObjectId"},
}

// checkDirectory keeps the scope and its object of one mind, as the directory handlers page says. Whoever is called by
// voice is looked for on the whole server, where a class of service or a list was given.
func checkDirectory(d *data, current *document, written, proposed map[string]string) []string {
	if written["MenuStyle"] == "false" && current != nil && current.own["Undeletable"] == "true" {
		return []string{"MenuStyle of the system's directory handler can't be false"}
	}
	where := cmp.Or(proposed["SearchScope"], "0")
	object, given := written["SearchScopeObjectId"]
	if proposed["VoiceEnabled"] == "true" && (where == "4" || where == "5") {
		where, object, given = "0", "", false
		written["SearchScope"] = where
	}
	_, moved := written["SearchScope"]
	if current != nil && !given && !moved {
		return nil
	}
	if !given && !moved {
		object = proposed["SearchScopeObjectId"]
	}
	now := scopes[where]
	switch {
	case object == "" && now.list == scopes["0"].list:
		object = locationID
	case object == "" && now.list != "":
		return []string{"SearchScopeObjectId is mandatory for this SearchScope"}
	case now.list != "" && !d.exists(now.list, object):
		return []string{"SearchScopeObjectId names nothing in " + now.list}
	case now.list == "":
		object = ""
	}
	for _, other := range scopes {
		written[other.field] = ""
	}
	written["SearchScopeObjectId"] = object
	if now.list != "" {
		written[now.field] = object
	}
	return nil
}
