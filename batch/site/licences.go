package site

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cucbulk/cupi"
)

// Licences is how a server is licensed. How many licences there are, no server tells.
type Licences struct {
	InUse      []LicencesInUse `json:"inUse,omitempty"`
	Status     string          `json:"status,omitempty"`             // in the server's words: Authorized, Evaluation …; "": it does not say
	Evaluation *int            `json:"evaluationDaysLeft,omitempty"` // whole days; nil: it is not in its evaluation
	Problem    string          `json:"problem,omitempty"`            // what is wrong with them
}

// LicencesInUse is how many of a kind are in use.
type LicencesInUse struct {
	Name  string `json:"name"` // CUC_BasicMessaging
	Count int    `json:"count"`
}

// AskLicences asks how the server is licensed, and where it does not say that, how many licences are in
// use. untold says why nothing of it is known, "" when something is.
func AskLicences(ask func(cupi.Request) (cupi.Answer, error)) (found Licences, untold string) {
	found, untold = AskLicenceDetails(ask)
	if len(found.InUse) == 0 {
		if why := found.AskCounts(ask); why == "" || untold != "" {
			untold = why
		}
	}
	return found, untold
}

// AskCounts asks how many licences are in use: one request. untold says why that is not known.
func (l *Licences) AskCounts(ask func(cupi.Request) (cupi.Answer, error)) (untold string) {
	answer, err := ask(cupi.List(cupi.LicenceCounts, cupi.Query{}, 1, mostShown))
	if err != nil {
		return Untold(err)
	}
	for _, kind := range answer.Page.Items {
		l.count(cmp.Or(kind["featureName"], kind["TagName"]), kind["Count"])
	}
	return ""
}

// AskLicenceDetails asks how the server is licensed: one request. Servers before release 12.5 do not
// say. untold says why nothing of it is known, "" when something is.
func AskLicenceDetails(ask func(cupi.Request) (cupi.Answer, error)) (found Licences, untold string) {
	answer, err := ask(cupi.GetLicenceDetails())
	if err != nil {
		return found, Untold(err)
	}
	found.Status = strings.TrimSpace(answer.Object["Authorization.Status"])
	var problems []string
	if folded := letters(found.Status); strings.HasPrefix(folded, "eval") {
		const left = "EvaluationPeriodRemaining" // the vendor's page prints it within
		days, over := daysLeft(cmp.Or(answer.Object["Authorization."+left], answer.Object[left]))
		if days >= 0 {
			found.Evaluation = &days
		}
		if over || strings.Contains(folded, "expired") {
			problems = append(problems, "the evaluation is over")
		}
	} else if !compliant(found.Status) {
		problems = append(problems, fmt.Sprintf("its authorization is %q", found.Status))
	}
	for _, tag := range answer.Object.Within("LicenseUsage.EntitlementTag") {
		name := tagName(tag["Id"])
		found.count(name, tag["Count"])
		if !compliant(tag["Status"]) {
			problems = append(problems, fmt.Sprintf("%s is %q", name, tag["Status"]))
		}
	}
	found.Problem = strings.Join(problems, ", ")
	if found.Status == "" && len(found.InUse) == 0 {
		return found, "the server's answer does not say"
	}
	return found, ""
}

// count notes how many of a kind are in use. One that nobody uses tells nothing, but for the first.
func (l *Licences) count(name, text string) {
	count, err := strconv.Atoi(strings.TrimSpace(text))
	if err == nil && (count > 0 || len(l.InUse) == 0) {
		l.InUse = append(l.InUse, LicencesInUse{name, count})
	}
}

// Cleaned is the same with the server's words as clean gives them: a server may repeat a secret.
func (l Licences) Cleaned(clean func(string) string) Licences {
	l.Status, l.Problem, l.InUse = clean(l.Status), clean(l.Problem), slices.Clone(l.InUse)
	for i := range l.InUse {
		l.InUse[i].Name = clean(l.InUse[i].Name)
	}
	return l
}

// String is what is known, for people.
func (l Licences) String() string {
	var parts []string
	for _, kind := range l.InUse {
		parts = append(parts, fmt.Sprintf("%d %s in use", kind.Count, kind.Name))
	}
	switch {
	case l.Evaluation != nil && *l.Evaluation == 1:
		parts = append(parts, "in its evaluation, 1 day left")
	case l.Evaluation != nil:
		parts = append(parts, fmt.Sprintf("in its evaluation, %d days left", *l.Evaluation))
	case l.Status != "":
		parts = append(parts, l.Status)
	}
	return strings.Join(parts, ", ")
}

// compliant reports whether a status is one of those with which nothing is wrong. The word for too few
// licences is in no public document, so each that is not known is told.
func compliant(status string) bool {
	return slices.Contains([]string{"", "authorized", "incompliance", "init", "eval", "evals", "evaluation", "evaluationmode",
		"notinuse", "nolicensesinuse"}, letters(status))
}

// letters are those of a status, in small ones.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, strings.ToLower(text))
}

var feature = regexp.MustCompile(`CUC_[A-Za-z]+`)

// tagName is CUC_BasicMessaging of "regid.2018-01.com.cisco.CUC_BasicMessaging,12.5".
func tagName(id string) string { return cmp.Or(feature.FindString(id), strings.TrimSpace(id)) }

// daysLeft reads days:hours:minutes. A text that is something else has -1 days.
func daysLeft(text string) (days int, over bool) {
	first, rest, _ := strings.Cut(strings.TrimSpace(text), ":")
	days, err := strconv.Atoi(first)
	if err != nil || days < 0 {
		return -1, false
	}
	return days, days == 0 && strings.Trim(rest, "0:") == ""
}

// Untold is why a server did not tell something, for people.
func Untold(err error) string {
	var problem *cupi.Error
	if errors.As(err, &problem) {
		switch problem.Status {
		case http.StatusNotFound:
			return fmt.Sprintf("the server has no %s", problem.Path)
		case http.StatusForbidden:
			return fmt.Sprintf("the server does not show %s to this account", problem.Path)
		}
	}
	return err.Error()
}
