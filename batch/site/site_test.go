package site

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"cucbulk/cupi"
)

func TestReadStates(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, members, unready, odd string
		untold                      bool
	}{
		{"one that works", "a 3 1", "", "", false},
		{"two that work", "a 3 1, b 4 8", "", "", false},
		{"the other is down", "a 3 20, b 1 24", "", "b is down", false},
		{"the other starts", "a 3 1, b 2 0", "b is initializing", "", false},
		{"a database sync", "a 3 1, b 6 14", "b is in database sync", "", false},
		{"split brain", "a 7 13, b 7 6", "a is recovering from a split brain, b is recovering from a split brain", "", false},
		{"the number that people see goes first", "a 3 13", "", "", false},
		{"the other number alone", "a 1, b - 8", "", "a is down, no server says that it is the primary one", false},
		{"by ServerState alone", "a - 20, b - 14", "b is in database sync", "", false},
		{"unknown", "a 0 0", "", "", true},
		{"one unknown", "a 4 8, b 0 0", "", "", false},
		{"no primary", "a 4 8, b 5 0", "", "no server says that it is the primary one", false},
		{"none", "", "", "", true},
	} {
		var members []cupi.Object
		for text := range strings.SplitSeq(test.members, ", ") {
			words := append(strings.Fields(text), "", "", "")
			if words[0] != "" {
				members = append(members, cupi.Object{"HostName": words[0], "ServerDisplayState": strings.Trim(words[1], "-"), "ServerState": words[2]})
			}
		}
		if got := ReadStates(members); got != (States{!test.untold, test.unready, test.odd}) {
			t.Errorf("%s: got %+v", test.name, got)
		}
	}
}

func TestAskLicences(t *testing.T) {
	t.Parallel()
	details := func(authorization, left, tag string) cupi.Object {
		return cupi.Object{"Authorization.Status": authorization, "Authorization.EvaluationPeriodRemaining": left,
			"LicenseUsage.EntitlementTag.Id": "regid.2018-01.com.cisco.CUC_BasicMessaging,12.5", "LicenseUsage.EntitlementTag.Count": "7", "LicenseUsage.EntitlementTag.Status": tag}
	}
	for _, test := range []struct {
		name                  string
		details               cupi.Object // nil: there is no such thing
		counts                bool        // are told
		text, problem, untold string
	}{
		{"authorized", details("Authorized", "90:0:0", "InCompliance"), true, "7 CUC_BasicMessaging in use, Authorized", "", ""},
		{"evaluation", details("Evaluation", "87:0:36", "Eval"), true, "7 CUC_BasicMessaging in use, in its evaluation, 87 days left", "", ""},
		{"its last day", details("Evaluation Mode", "0:5:1", "Init"), true, "7 CUC_BasicMessaging in use, in its evaluation, 0 days left", "", ""},
		{"its end", details("Evaluation", "0:0:0", "Eval"), true, "7 CUC_BasicMessaging in use, in its evaluation, 0 days left", "the evaluation is over", ""},
		{"expired", details("Evaluation Expired", "?", "Eval"), true, "7 CUC_BasicMessaging in use, Evaluation Expired", "the evaluation is over", ""},
		{"too few", details("Out of Compliance", "90:0:0", "OutOfCompliance"), true, "7 CUC_BasicMessaging in use, Out of Compliance", `its authorization is "Out of Compliance", CUC_BasicMessaging is "OutOfCompliance"`, ""},
		{"a word that is not known", details("Frobbed", "", "InCompliance"), true, "7 CUC_BasicMessaging in use, Frobbed", `its authorization is "Frobbed"`, ""},
		{"time that is left beside the rest", cupi.Object{"Authorization.Status": "Evaluation", "EvaluationPeriodRemaining": "3:0:0"}, true, "9 CUC_BasicMessaging in use, in its evaluation, 3 days left", "", ""},
		{"as the vendor's page prints one", details("Authorized", "87:0:36", "Evals"), true, "7 CUC_BasicMessaging in use, Authorized", "", ""},
		{"an answer that says nothing", cupi.Object{"x": "y"}, true, "9 CUC_BasicMessaging in use", "", ""},
		{"an earlier release", nil, true, "9 CUC_BasicMessaging in use", "", ""},
		{"neither", nil, false, "", "", "the server has no /vmrest/licensestatuscounts"},
	} {
		got, untold := AskLicences(func(r cupi.Request) (cupi.Answer, error) {
			switch {
			case r.Path == cupi.LicenceCounts.Path && test.counts:
				return cupi.Answer{Page: cupi.Page{Items: []cupi.Object{{"featureName": "CUC_BasicMessaging", "Count": "9"}, {"featureName": "CUC_SpeechView", "Count": "0"}}}}, nil
			case r.Nested && test.details != nil:
				return cupi.Answer{Object: test.details}, nil
			}
			return cupi.Answer{}, &cupi.Error{Status: http.StatusNotFound, Path: r.Path}
		})
		if got.String() != test.text || got.Problem != test.problem || untold != test.untold {
			t.Errorf("%s: got %q, %q, %q", test.name, got, got.Problem, untold)
		}
	}
	if got := Untold(&cupi.Error{Status: http.StatusForbidden, Path: "/vmrest/x"}); got != "the server does not show /vmrest/x to this account" {
		t.Errorf("got %q", got)
	}
	if got := Untold(errors.New("busy")); got != "busy" {
		t.Errorf("got %q", got)
	}
}
