package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch"
	"cucbulk/batch/send"
	"cucbulk/reports"
	"cucbulk/validate"
)

// What is said before the first change, and agreed to.

// allowDeletes asks a person whether those may go whom the files name. Without an answer the limit stays,
// and stops the run. It gives how many may go; 0: nobody was asked, or agreed.
func (s *screen) allowDeletes(ctx context.Context, preparations ...*batch.Preparation) (int, error) {
	deletes, server := 0, ""
	var who, missed []string
	for _, p := range preparations {
		n := p.Share().Deletes
		if n == 0 {
			continue
		}
		deletes, server = deletes+n, p.Server.URL
		who = append(who, reports.Count(n, p.About.Table.One, p.About.Table.Many))
		what := p.About.Missed
		if p.Options.PreImage == send.PreImageFull {
			what = cmp.Or(p.About.MissedFully, what)
		}
		if what != "" && !slices.Contains(missed, what) {
			missed = append(missed, what)
		}
	}
	if deletes == 0 || !s.canAsk() {
		return 0, nil
	}
	question := fmt.Sprintf("This deletes %s on %s.", strings.Join(who, " and "), server)
	for _, what := range missed {
		question += " " + what + " do not come back."
	}
	if preparations[0].Options.KeptPINLength > 0 && len(who) == 1 {
		question = fmt.Sprintf("This hides %s on %s, and gives them PINs that they do not know; their mailboxes stay.",
			usersText(deletes), server)
	}
	yes, err := s.ask(ctx, question, fmt.Sprintf("%d %s", deletes, host(server)))
	if !yes {
		return 0, err
	}
	return deletes, err
}

// planText says in one sentence what a run is about to do. How many of the updates
// find their users as they should be, the run will tell.
func planText(preparation *batch.Preparation) string {
	var parts []string
	for _, part := range []struct {
		operation validate.Operation
		text      string
	}{{validate.Create, "create %d"}, {validate.ImportLDAP, "import %d"}, {validate.Update, "update up to %d"},
		{validate.Delete, "delete %d"}} {
		n := preparation.Told[part.operation]
		if part.operation == validate.Delete {
			n = preparation.Deletes()
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf(part.text, n))
		}
	}
	if len(parts) == 0 {
		parts = []string{"nothing to change"}
	}
	text := fmt.Sprintf("Plan for the %s of %s: %s", preparation.About.Table.Many, preparation.Server.URL, strings.Join(parts, ", "))
	if preparation.Invalid > 0 {
		text += "; " + reports.Count(preparation.Invalid, "invalid row is left out", "invalid rows are left out")
	}
	if since := sinceText(preparation); since != "" {
		text += "; " + since
	}
	return text + "."
}
