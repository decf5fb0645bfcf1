package plan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// PINsForecast is how many PINs a run draws.
type PINsForecast struct {
	Count  int    `json:"count"`
	Digits int    `json:"digits"`
	Rule   string `json:"rule,omitempty"` // the authentication rule that asks for so many
}

// String is the same for people.
func (f PINsForecast) String() string {
	text := fmt.Sprintf("%d of %d digits are drawn", f.Count, f.Digits)
	if f.Rule != "" {
		text += fmt.Sprintf(", because the authentication rule %q asks for so many; --pin-length says otherwise", f.Rule)
	}
	return text
}

// ForecastPINs is what the run draws; nil: nothing.
func (p *Prepared) ForecastPINs() *PINsForecast {
	if p.drawn.all == 0 {
		return nil
	}
	return &PINsForecast{p.drawn.all, cmp.Or(p.Options.PINLength, p.Options.KeptPINLength), p.Surroundings.pinRule}
}

// rule is an authentication rule of the server.
type rule struct {
	id, name string
	digits   int // at least, of a PIN
}

// settlePINLength finds out, once, how long the PINs must be that users get who are there: as long as the
// longest of the server's rules asks for. Which of them is whose, only the credentials of each user
// tell. So where it matters one user is looked at, and a rule that is there for a password
// and not for the PIN is left out.
func (p *Prepared) settlePINLength(ctx context.Context) error {
	length := cmp.Or(p.Options.PINLength, p.Options.KeptPINLength)
	o := p.Options
	onlyUpdates := o.Operation == validate.Update && p.Planned[validate.Update] > 0
	if o.PINLength > 0 && !o.ResetCredentials && onlyUpdates && p.drawn.all == 0 {
		p.Surroundings.warn(codes.NoPINs, "--pin random draws PINs for new users, and --operation update makes none: "+
			"give --reset-credentials too, and each user of the file gets another PIN")
	}
	if p.drawn.theirs == 0 {
		return nil
	}
	e := &send.Requester{Session: p.Session, Optional: true}
	defer p.Snapshot.paid(e)
	listed, found, err := e.Pages(ctx, cupi.AuthenticationRules, cupi.Query{})
	var refusal *send.Failure
	if err != nil && !errors.As(err, &refusal) {
		return err
	}
	var rules []rule
	for _, one := range listed {
		if digits, err := strconv.Atoi(strings.TrimSpace(one["MinLength"])); err == nil {
			rules = append(rules, rule{one["ObjectId"], p.Server.Client.Clean(one["DisplayName"]), digits})
		}
	}
	if refusal != nil || !found || len(rules) == 0 {
		p.Snapshot.noteUnchecked(fmt.Sprintf("whether PINs of %d digits are long enough: "+
			"the server does not show its authentication rules", length))
		return nil
	}
	longest, shortest := longestOf(rules, ""), rules[0].digits
	for _, one := range rules {
		shortest = min(shortest, one.digits)
	}
	if longest.digits > length {
		password, err := p.ruleOfPasswords(ctx, e)
		if err != nil {
			return err
		}
		longest = longestOf(rules, password)
	}
	switch {
	case longest.digits <= length:
	case !p.Options.PINFixed:
		p.Surroundings.pinRule, length = longest.name, min(longest.digits, mostDigits)
		if p.Options.PINLength > 0 {
			p.Options.PINLength = length
		}
		if p.Options.KeptPINLength > 0 {
			p.Options.KeptPINLength = length
		}
	case length < shortest:
		return &record.Stop{Exit: record.ExitFailed, Code: codes.PINRule,
			Reason: fmt.Sprintf("no authentication rule of the server takes PINs of %d digits, and the shortest asks for %d; "+
				"nothing was sent. Leave --pin-length out, or give a larger one", length, shortest)}
	default:
		p.Surroundings.warn(codes.PINRule, "the authentication rule %q asks for %d digits, and --pin-length for %d: "+
			"where it is that of a user's PIN, the server refuses the PIN", longest.name, longest.digits, length)
	}
	return nil
}

// longestOf is the rule that asks for most, but for one with an id.
func longestOf(rules []rule, without string) (longest rule) {
	for _, one := range rules {
		if one.digits > longest.digits && !model.Same("ObjectId", one.id, without) {
			longest = one
		}
	}
	return longest
}

// ruleOfPasswords is the id of the rule of a user's password, if the PIN of that user has another: it is
// taken for one of passwords. "" where that is not told.
func (p *Prepared) ruleOfPasswords(ctx context.Context, e *send.Requester) (string, error) {
	var rules []string
	for _, kind := range p.About.Credentials() {
		answer, found, err := e.Read(ctx, cupi.Get(kind.In(p.drawn.one), kind.Member))
		var refusal *send.Failure
		if errors.As(err, &refusal) || err == nil && !found {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		rules = append(rules, answer.Object["CredentialPolicyObjectId"])
	}
	if len(rules) != 2 || rules[0] == "" || model.Same("ObjectId", rules[0], rules[1]) {
		return "", nil
	}
	return rules[1], nil
}
