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
//
// G:m-system-settings, Smart Licensing [DOC].
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
			used = c.data.licensedUsers()
		}
		format := `<EntitlementTag><Id>regid.2018-01.com.cisco.%s,12.5</Id><Count>%d</Count><Status>%s</Status></EntitlementTag>`
		if c.json {
			format = `{"Id":"regid.2018-01.com.cisco.%s,12.5","Count":"%d","Status":"%s"}`
		}
		written = append(written, fmt.Sprintf(format, tag, used, is.tag))
	}
	never := "Not Applicable" // to one that was never registered
	attempt, next, export := never, "", "Not Allowed"
	if is.register == "Registered" {
		attempt, next, export = "SUCCEEDED 2017-11-22 13:17:19.0", "2018-05-23 13:17:19.0", "Allowed"
	}
	register := []pair{{"Status", is.register}, {"SmartAccount", ""}, {"VirtualAccount", ""}, {"LastRenewalAttempt", attempt},
		{"NextRenewalAttempt", next},
		{"LastRegistrationSuccessTime", next}, {"ProductUDI", "pid=Cisco Unity Connection sn=cbd7561030494c60af97aabbcba"},
		{"ExportControlFunctionality", export}}
	authorization := []pair{{"Status", is.authorization}, {"LastCommunicationAttempt", attempt}, {"NextCommunicationAttempt", next},
		{"EvaluationPeriodRemaining", is.left}}
	if !c.json {
		text := append([]byte(xmlHeader), "<LicenseDetails><SmartLicensing>Enabled</SmartLicensing>"...)
		text = appendXML(appendXML(text, "Register", register, false), "Authorization", authorization, false)
		return c.body(http.StatusOK, fmt.Appendf(text, "<LicenseUsage>%s</LicenseUsage></LicenseDetails>", strings.Join(written, "")))
	}
	list := written[0] // one element is an object
	if len(written) > 1 {
		list = "[" + strings.Join(written, ",") + "]"
	}
	text := appendJSON([]byte(`{"SmartLicensing":"Enabled","Register":`), register)
	text = appendJSON(append(text, `,"Authorization":`...), authorization)
	return c.body(http.StatusOK, fmt.Appendf(text, `,"LicenseUsage":{"EntitlementTag":%s}}`, list))
}
