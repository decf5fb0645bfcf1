package cupitest

import (
	"slices"
	"strings"
	"time"
)

// checkHandlerOwner: an owner is one user or one distribution list.
func checkHandlerOwner(d *data, _ *document, written, _ map[string]string) []string {
	user, list := written["UserObjectId"], written["DistributionListObjectId"]
	switch {
	case (user == "") == (list == ""):
		return []string{"exactly one of UserObjectId and DistributionListObjectId is mandatory"}
	case user != "" && d.users[user] == nil:
		return []string{"UserObjectId is not the id of a user"}
	}
	return nil
}

// longAgo is when what is not enabled ended.
const longAgo = "1972-01-01 00:00:00.0"

// checkEnabled keeps Enabled and TimeExpires of one mind: what has no end or one in the future is enabled, and what is
// disabled has ended. Some are always enabled.
func checkEnabled(written map[string]string, always bool) []string {
	enabled, switched := written["Enabled"]
	expires, timed := written["TimeExpires"]
	switch {
	case !switched && !timed:
		return nil
	case !switched:
		end, err := time.Parse("2006-01-02 15:04:05", strings.TrimSuffix(expires, ".0"))
		if expires != "" && err != nil {
			return []string{"TimeExpires is not a time"}
		}
		written["Enabled"] = map[bool]string{true: "true", false: "false"}[expires == "" || end.After(time.Now().UTC())]
	case enabled == "true" && !timed:
		written["TimeExpires"] = ""
	case enabled == "false":
		written["TimeExpires"] = longAgo
	}
	if always && written["Enabled"] != "true" {
		return []string{"this one can't be disabled"}
	}
	return nil
}

func checkGreeting(_ *data, current *document, written, _ map[string]string) []string {
	return checkEnabled(written, slices.Contains([]string{"Standard", "Error"}, current.own["GreetingType"]))
}

// checkTransfer: calls that go to an extension need one, be it the user's own.
func checkTransfer(_ *data, current *document, written, proposed map[string]string) []string {
	problems := checkEnabled(written, current.own["TransferOptionType"] == "Standard")
	if proposed["Action"] == "1" && proposed["Extension"] == "" && proposed["UsePrimaryExtension"] == "false" {
		problems = append(problems, "Extension is mandatory when Action transfers and UsePrimaryExtension is false")
	}
	return problems
}
