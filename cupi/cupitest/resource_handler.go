package cupitest

import (
	"slices"
	"strings"
	"time"
)

// handlerResources is what hangs on a call handler: where it transfers calls to, and what it plays. Each is called by
// its type in the path, and is there as long as the call handler is.
var handlerResources = []resource{
	{kind: "transferoptions", path: "handlers/callhandlers/{id}/transferoptions", wrapper: "TransferOptions", element: "TransferOption",
		owner: handlerOfPath, named: "TransferOptionType", methods: "PUT", check: checkTransfer,
		ranges: map[string][2]int{"Action": {0, 1}, "RnaAction": {0, 1}, "TransferType": {0, 1}, "TransferRings": {2, 100}, "TransferHoldingMode": {0, 2}},
		comes: []map[string]string{
			{"TransferOptionType": "Alternate", "Enabled": "false", "TimeExpires": longAgo},
			{"TransferOptionType": "Off Hours", "Enabled": "false", "TimeExpires": longAgo},
			{"TransferOptionType": "Standard", "Enabled": "true"},
		},
		schema: ofHandler("transferoptions", "TransferOptionType",
			field{"Action", integer, 0, "0", listed},
			field{"Extension", text, 40, "", listed},
			field{"MediaSwitchObjectId", reference, 36, "phonesystems", listed},
			field{"PersonalCallTransfer", boolean, 0, "false", listed},
			field{"PlayTransferPrompt", boolean, 0, "true", listed},
			field{"RnaAction", integer, 0, "1", listed},
			field{"TransferAnnounce", boolean, 0, "false", listed},
			field{"TransferConfirm", boolean, 0, "false", listed},
			field{"TransferDtDetect", boolean, 0, "false", listed},
			field{"TransferHoldingMode", integer, 0, "0", listed},
			field{"TransferIntroduce", boolean, 0, "false", listed},
			field{"TransferRings", integer, 0, "4", listed},
			field{"TransferScreening", boolean, 0, "false", listed},
			field{"TransferType", integer, 0, "0", listed},
			field{"UsePrimaryExtension", boolean, 0, "true", listed},
		)},
	{kind: "greetings", path: "handlers/callhandlers/{id}/greetings", wrapper: "Greetings", element: "Greeting",
		owner: handlerOfPath, named: "GreetingType", methods: "PUT", check: checkGreeting,
		ranges: map[string][2]int{"PlayWhat": {0, 2}, "Reprompts": {0, 10}, "RepromptDelay": {0, 120}},
		comes: []map[string]string{
			{"GreetingType": "Alternate", "Enabled": "false", "TimeExpires": longAgo},
			{"GreetingType": "Busy", "Enabled": "false", "TimeExpires": longAgo},
			{"GreetingType": "Error", "Enabled": "true"},
			{"GreetingType": "Holiday", "Enabled": "false", "TimeExpires": longAgo},
			{"GreetingType": "Internal", "Enabled": "false", "TimeExpires": longAgo},
			{"GreetingType": "Off Hours", "Enabled": "false", "TimeExpires": longAgo},
			{"GreetingType": "Standard", "Enabled": "true"},
		},
		schema: ofHandler("greetings", "GreetingType",
			field{"EnableTransfer", boolean, 0, "false", listed},
			field{"IgnoreDigits", boolean, 0, "false", listed},
			field{"PlayRecordMessagePrompt", boolean, 0, "true", listed},
			field{"PlayWhat", integer, 0, "0", listed},
			field{"RepromptDelay", integer, 0, "2", listed},
			field{"Reprompts", integer, 0, "0", listed},
			field{"AfterGreetingAction", integer, 0, "4", listed},
			field{"AfterGreetingTargetConversation", text, 64, "", listed},
			field{"AfterGreetingTargetHandlerObjectId", text, 36, "", listed},
			field{"GreetingStreamFilesURI", derived, 0, "{URI}/greetingstreamfiles", listed},
		)},
	{kind: "callhandlerowners", path: "handlers/callhandlers/{id}/callhandlerowners", wrapper: "CallhandlerOwners", element: "CallhandlerOwner",
		owner: handlerOfPath, methods: "POST DELETE", unique: "UserObjectId", check: checkHandlerOwner,
		schema: newSchema(
			field{"URI", derived, 0, "/vmrest/handlers/callhandlers/{owner.ObjectId}/callhandlerowners/{ObjectId}", listed},
			field{"ObjectId", text, 36, "", listed | fixed},
			field{"CallhandlerObjectId", text, 36, "{owner.ObjectId}", listed | fixed},
			field{"UserObjectId", text, 36, "", listed},
			field{"UserURI", derived, 0, "/vmrest/users/{UserObjectId}", listed},
			field{"DistributionListObjectId", reference, 36, "distributionlists", listed},
			field{"DistributionListURI", derived, 0, "/vmrest/distributionlists/{DistributionListObjectId}", listed},
		)},
	{kind: "menuentries", path: "handlers/callhandlers/{id}/menuentries", wrapper: "MenuEntries", element: "MenuEntry",
		owner: handlerOfPath, lenient: true, named: "TouchtoneKey", methods: "PUT", ranges: map[string][2]int{"Action": {0, 8}}, comes: menuKeys(),
		schema: newSchema(
			field{"URI", spaced, 0, "/vmrest/handlers/callhandlers/{owner.ObjectId}/menuentries/{TouchtoneKey}", listed},
			field{"ObjectId", text, 36, "", listed | fixed},
			field{"CallHandlerObjectId", text, 36, "{owner.ObjectId}", listed | fixed},
			field{"CallhandlerURI", derived, 0, "/vmrest/handlers/callhandlers/{owner.ObjectId}", listed},
			field{"TouchtoneKey", text, 0, "", listed | fixed},
			field{"Locked", boolean, 0, "false", listed},
			field{"Action", integer, 0, "0", listed},
			field{"DisplayName", text, 64, "", listed},
			field{"TargetConversation", text, 64, "", listed},
			field{"TargetHandlerObjectId", text, 36, "", listed},
			field{"TransferNumber", text, 40, "", listed},
			field{"TransferRings", integer, 0, "4", listed},
			field{"TransferType", integer, 0, "0", listed},
		)},
}

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

// menuKeys is the keys that a caller can press.
func menuKeys() []map[string]string {
	var keys []map[string]string
	for _, key := range []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"} {
		keys = append(keys, map[string]string{"TouchtoneKey": key})
	}
	return keys
}

// longAgo is when what is not enabled ended.
const longAgo = "1972-01-01 00:00:00.0"

func ofHandler(path, named string, fields ...field) *schema {
	uri := "/vmrest/handlers/callhandlers/{owner.ObjectId}"
	return newSchema(append([]field{
		{"URI", spaced, 0, uri + "/" + path + "/{" + named + "}", listed},
		{"ObjectId", text, 36, "", hidden | fixed},
		{"CallHandlerObjectId", text, 36, "{owner.ObjectId}", listed | fixed},
		{"CallhandlerURI", derived, 0, uri, listed},
		{named, text, 0, "", listed | fixed},
		{"Enabled", boolean, 0, "false", listed},
		{"TimeExpires", text, 0, "", listed},
	}, fields...)...)
}

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
