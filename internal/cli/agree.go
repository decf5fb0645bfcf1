package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/reports"
	"cucbulk/validate"
)

// What is said before the first change, and agreed to.

// allowDeletes asks a person whether the users that the file names may go. Without
// an answer the limit stays, and stops the run.
func (s *screen) allowDeletes(ctx context.Context, preparation *batch.Preparation) error {
	deletes := preparation.Deletes()
	if preparation.Options.Sync != nil {
		deletes = preparation.Leaving()
	}
	if deletes == 0 || !s.canAsk() {
		return nil
	}
	missed := preparation.About.Missed
	if preparation.Options.PreImage == send.PreImageFull {
		missed = cmp.Or(preparation.About.MissedFully, missed)
	}
	question := fmt.Sprintf("This deletes %s on %s. %s do not come back.", reports.Count(deletes, preparation.About.Table.One, preparation.About.Table.Many),
		preparation.Server.URL, missed)
	if missed == "" {
		question = fmt.Sprintf("This deletes %s on %s.", reports.Count(deletes, preparation.About.Table.One, preparation.About.Table.Many), preparation.Server.URL)
	}
	if preparation.Options.KeptPINLength > 0 {
		question = fmt.Sprintf("This hides %s on %s, and gives them PINs that they do not know; their mailboxes stay.", usersText(deletes), preparation.Server.URL)
	}
	yes, err := s.ask(ctx, question, fmt.Sprintf("%d %s", deletes, host(preparation.Server.URL)))
	if yes {
		preparation.Options.MaxDeletes = record.Limit{Rows: deletes}
	}
	return err
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
