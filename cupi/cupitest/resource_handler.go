package cupitest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
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

// checkEnabled keeps Enabled and TimeExpires of one mind: what has no end or one in the future is enabled, and what is
// disabled has ended. Some are always enabled.
func checkEnabled(d *data, written map[string]string, always bool) []string {
	enabled, switched := written["Enabled"]
	expires, timed := written["TimeExpires"]
	switch {
	case timed && expires == "" && d.server.NoNullTimes:
		return []string{"TimeExpires may not be empty"}
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

func checkGreeting(d *data, current *document, written, _ map[string]string) []string {
	return checkEnabled(d, written, slices.Contains([]string{"Standard", "Error"}, current.own["GreetingType"]))
}

// checkTransfer: calls that go to an extension need one, be it the user's own; which of them is said once.
func checkTransfer(d *data, current *document, written, proposed map[string]string) []string {
	problems := checkEnabled(d, written, current.own["TransferOptionType"] == "Standard")
	if most := cmp.Or(d.server.MostRings, 20); outside(written["TransferRings"], 2, most) {
		problems = append(problems, fmt.Sprintf("TransferRings is not from 2 to %d", most))
	}
	was, _ := current.value("UsePrimaryExtension")
	primary, said := written["UsePrimaryExtension"]
	if shown, _ := current.value("Extension"); said && primary == was && written["Extension"] == shown {
		delete(written, "Extension") // the whole option came back as it is
	}
	extension := written["Extension"]
	alone := extension != "" && !said && was == "true"
	rule := cmp.Or(d.server.AloneExtension, "refuses")
	if handler := d.handlers[current.owner.own["ObjectId"]]; rule == "refuses" && handler != nil && handler.owner == nil {
		rule = "keeps" // nobody's: a public client sends so, and the vendor's sample
	}
	switch {
	case extension != "" && said && primary == "true":
		problems = append(problems, "Extension and UsePrimaryExtension exclude each other")
	case alone && rule == "refuses":
		problems = append(problems, "Extension needs UsePrimaryExtension to be false")
	case alone && rule == "ignores":
		delete(written, "Extension")
	case alone && rule == "takes":
		written["UsePrimaryExtension"] = "false"
	case said && primary == "true":
		written["Extension"], _ = current.owner.value("DtmfAccessId")
	}
	if proposed["UsePrimaryExtension"] == "false" && proposed["Extension"] == "" {
		problems = append(problems, "Extension is mandatory when UsePrimaryExtension is false")
	}
	return problems
}

// outside is true of a number that is too small or too large.
func outside(text string, least, most int) bool {
	n, err := strconv.Atoi(text)
	return err == nil && (n < least || n > most)
}
