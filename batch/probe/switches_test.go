package probe

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"cucbulk/batch/model"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

// beyond are the switches that no walk can see, and why.
var beyond = map[string]string{
	"recipient-gone":   "it is about a list or a contact to which a call handler sends messages, and none is the probe's own",
	"list-partition":   "it is about a distribution list, and none is the probe's own",
	"contact-fields":   "it is about a contact, and none is the probe's own",
	"office365-domain": "it is about a unified messaging service, and none is the probe's own",
	"referenced-user":  "what refers to the user would have to be somebody else's",
	"dependency-ids":   "what refers to the user would have to be somebody else's",
	"node-state":       "it is how the server stands at the moment, and no habit of its",
	"licence":          "it is how the server stands at the moment, and no habit of its",
	"elsewhere":        "it is what the server's network has, and no habit of its",
	"release":          "it is what the server says that it is, and nothing else goes by it",
}

// turn is what a switch is turned to, and where a walk sees it.
type turn struct{ value, part, where string }

// TestEverySwitchIsSeen turns each switch of a simulator, to each value: a probe sees the difference, says where, and
// finds the setting that explains it.
func TestEverySwitchIsSeen(t *testing.T) {
	t.Parallel()
	turned := map[string]turn{
		"unknown-fields":        {"pass-over", "refusals", "PUT users/{user} CucbulkProbe=x"},
		"errors":                {"json", "refusals", "GET users/{unknown}"},
		"answers":               {"json", "refusals", "GET users/{user}"},
		"wrapped-json":          {"true", "userroles", "GET roles"},
		"doubled-brackets":      {"true", "refusals", "GET users/{user}"},
		"alternate-partition":   {"optional", "alternateextensions", "POST users/{user}/alternateextensions IdIndex=2 DtmfAccessId={other}"},
		"extension-alone":       {"takes", "transferoptions", "transferoptions/Alternate"},
		"null-time":             {"refuse", "greetings", "PUT handlers/callhandlers/{handler}/greetings/Alternate TimeExpires="},
		"most-rings":            {"100", "transferoptions", "PUT handlers/callhandlers/{handler}/transferoptions/Alternate TransferRings=21"},
		"longest-message":       {"1200", "callhandler", "PUT handlers/callhandlers/{handler} MaxMsgLen=1201"},
		"voice-name":            {"any", "refusals", "PUT users/{user} VoiceName=cucbulkprobe"},
		"old-alias":             {"proxy-address", "alias", "GET smtpproxyaddresses?query=(ObjectGlobalUserObjectId%20is%20{user})"},
		"cluster":               {"vmsservers", "lists", "GET cluster"},
		"extension-optional":    {"true", "user", "POST users?templateAlias={template} Alias={alias} BillingId={mark} DisplayName="},
		"any-credentials":       {"true", "pin", "PUT users/{user}/credential/pin Credentials=121212"},
		"one-clause-queries":    {"true", "lists", "%20%26%20"},
		"queries":               {"pass-over", "user", "GET users?query=(Alias%20is%20{alias})"},
		"parentheses-in-values": {"true", "lists", "{odd}"},
		"all-errors":            {"true", "refusals", "CucbulkProbe=x CucbulkProbeAgain=x"},
		"most-rows":             {"1", "lists", "rowsPerPage=2"},
		"voice-file-type":       {"optional", "nobodys", "PUT voicefiles/{unknown}.wav"},
		"ports":                 {"read-only", "nobodys", "DELETE ports/{unknown}"},
	}
	reference := walked(t, func(part string) bool {
		return part == "user" || part == "lists" || slices.ContainsFunc(slices.Collect(maps.Values(turned)), func(test turn) bool { return test.part == part })
	})
	for _, one := range cupitest.Switches() {
		test, seen := turned[one.Name]
		if reason := beyond[one.Name]; (reason != "") == seen {
			t.Errorf("the switch %s must either be seen or be beyond a walk, with the reason", one.Name)
		}
		values := slices.DeleteFunc(strings.Split(one.Values, "|"), func(value string) bool { return value == one.Default || value == "N" })
		if len(values) == 0 {
			values = []string{cmp.Or(test.value, "2")}
		}
		if !seen {
			values = values[:1]
		}
		for _, value := range values {
			t.Run(one.Name+"="+value, func(t *testing.T) {
				t.Parallel()
				server := &cupitest.Server{}
				if err := server.Set(one.Name, value); err != nil {
					t.Fatal(err)
				}
				before := server.Snapshot()
				o := optionsOn(t, server, cupi.JSON)
				for _, other := range values { // one of them fits best
					o.Settings = append(o.Settings, one.Name+"="+other)
				}
				result, err := reference.shortened(about(cmp.Or(test.part, "lists"))).beside(context.Background(), o)
				if err != nil {
					t.Fatal(err)
				}
				there := slices.ContainsFunc(result.Tries, func(c Compared) bool { return c.Verdict == Differs && strings.Contains(c.Request, test.where) })
				if there != seen {
					t.Errorf("the difference is seen: %v\n%s", there, lines(result))
				}
				if seen && (!slices.Equal(result.Settings, []string{one.Name + "=" + value}) || result.Left != 0) {
					t.Errorf("%d tries differ with %v\n%s", result.Left, result.Settings, lines(result))
				}
				asBefore(t, before, server)
			})
		}
	}
}

// about are the tries of one part, and those without which there is no user.
func about(part string) func(try) bool {
	return func(t try) bool {
		return t.part == part || t.part == "user" && (t.what == "make" || t.what == "read" && t.learns != nil)
	}
}

// TestEveryKindIsWalked: each part that a row can have is tried, and its write is proven by a read.
func TestEveryKindIsWalked(t *testing.T) {
	t.Parallel()
	tries, leftOut, err := parseTable(triesText)
	if err != nil {
		t.Fatal(err)
	}
	whats := map[string]map[string]bool{}
	for _, one := range tries {
		if whats[one.part] == nil {
			whats[one.part] = map[string]bool{}
		}
		whats[one.part][one.what] = true
	}
	for _, kind := range model.UserObject.Kinds() {
		whole := whats[kind]["set"] && whats[kind]["read"] && (whats[kind]["undo"] || whats[kind]["clear"] || kind == "privatelists")
		if !whole && !slices.ContainsFunc(leftOut, func(text string) bool { return strings.HasPrefix(text, kind+": ") }) {
			t.Errorf("the step kind %s is not set, read and undone, and nothing says why: %v", kind, whats[kind])
		}
	}
	if len(leftOut) != 5 {
		t.Errorf("left out is %v", cmp.Or(strings.Join(leftOut, "\n"), "nothing"))
	}
}
