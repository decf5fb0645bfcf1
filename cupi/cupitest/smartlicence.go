package cupitest

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
)

// smartLicences is what each value of [Server.Licence] is on the wire: the two statuses, the time that is left of the
// evaluation in days, hours and minutes, and how each kind of licence stands.
var smartLicences = map[string]struct{ register, authorization, left, tag string }{
	"evaluation":        {"Unregistered", "Evaluation", "87:0:36", "Eval"},
	"over":              {"Unregistered", "Evaluation Expired", "0:0:0", "Eval"},
	"authorized":        {"Registered", "Authorized", "90:0:0", "InCompliance"},
	"out-of-compliance": {"Registered", "OutOfCompliance", "90:0:0", "OutOfCompliance"},
}

// smartLicence tells how the server is licensed; it has objects within objects, as no other answer.
func smartLicence(c *call) answer {
	is := smartLicences[cmp.Or(c.s.Licence, "evaluation")]
	tags := []string{"CUC_BasicMessaging"}
	if is.register == "Registered" {
		tags = append(tags, "CUC_SpeechView")
	}
	var written []string
	for i, tag := range tags {
		used := 0
		if i == 0 {
			used = len(c.data.sorted)
		}
		format := `<EntitlementTag><Id>regid.2018-01.com.cisco.%s,12.5</Id><Count>%d</Count><Status>%s</Status></EntitlementTag>`
		if c.json {
			format = `{"Id":"regid.2018-01.com.cisco.%s,12.5","Count":"%d","Status":"%s"}`
		}
		written = append(written, fmt.Sprintf(format, tag, used, is.tag))
	}
	if !c.json {
		return c.body(http.StatusOK, fmt.Appendf(nil, xmlHeader+`<LicenseDetails><Register><Status>%s</Status></Register><Authorization><Status>%s</Status></Authorization>`+
			`<EvaluationPeriodRemaining>%s</EvaluationPeriodRemaining><LicenseUsage>%s</LicenseUsage></LicenseDetails>`,
			is.register, is.authorization, is.left, strings.Join(written, "")))
	}
	list := written[0] // one element is an object
	if len(written) > 1 {
		list = "[" + strings.Join(written, ",") + "]"
	}
	return c.body(http.StatusOK, fmt.Appendf(nil, `{"Register":{"Status":%q},"Authorization":{"Status":%q},"EvaluationPeriodRemaining":%q,"LicenseUsage":{"EntitlementTag":%s}}`,
		is.register, is.authorization, is.left, list))
}
