package cli

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cucbulk/batch/record"
	"cucbulk/batch/roster"
	"cucbulk/validate"
)

const flagMaxShrink = "max-shrink"

// The flags about whom the file is the truth, and what becomes of the others.

func (a *asked) sync() *record.Sync {
	if a.batch.Sync == nil {
		a.batch.Sync = &record.Sync{}
	}
	return a.batch.Sync
}

func setScope(a *asked, texts []string) error {
	if _, err := roster.ParseScope(texts[0]); err != nil {
		return misused("--scope: %v", err)
	}
	a.sync().Scope = strings.TrimSpace(texts[0])
	return nil
}

func getScope(a *asked) []string {
	if a.batch.Sync == nil {
		return nil
	}
	return some(a.batch.Sync.Scope)
}

func setLeavers(a *asked, texts []string) error {
	if !slices.Contains([]string{record.LeaversReport, record.LeaversDelete, record.LeaversKeep}, texts[0]) {
		return misused("--leavers takes report, delete or keep-mailbox, not %q", texts[0])
	}
	a.sync().Leavers = texts[0]
	return nil
}

func getLeavers(a *asked) []string {
	if a.batch.Sync == nil || a.batch.Sync.Leavers == record.LeaversReport {
		return nil
	}
	return some(a.batch.Sync.Leavers)
}

func setGrace(a *asked, texts []string) error {
	span, err := parseSpan(texts[0])
	if err != nil || span < 0 {
		return misused("--grace takes a span of time such as 14d or 36h, not %q", texts[0])
	}
	a.sync().Grace = span
	return nil
}

func getGrace(a *asked) []string {
	if a.batch.Sync == nil || a.batch.Sync.Grace == 0 {
		return nil
	}
	return []string{spanText(a.batch.Sync.Grace)}
}

func setMaxShrink(a *asked, texts []string) error {
	limit, err := record.ParseLimit(texts[0])
	if err != nil {
		return misused("--%s: %v", flagMaxShrink, err)
	}
	a.sync().MaxShrink = limit
	return nil
}

func getMaxShrink(a *asked) []string {
	if a.batch.Sync == nil || a.batch.Sync.MaxShrink == (record.Limit{Percent: 10}) {
		return nil
	}
	return []string{a.batch.Sync.MaxShrink.String()}
}

func setAliasRule(a *asked, texts []string) error {
	if _, err := roster.ParseAliasRule(texts[0]); err != nil {
		return misused("--alias: %v", err)
	}
	a.sync().Alias = texts[0]
	return nil
}

func getAliasRule(a *asked) []string {
	if a.batch.Sync == nil {
		return nil
	}
	return some(a.batch.Sync.Alias)
}

func setExtensions(a *asked, texts []string) error {
	if _, err := roster.ParseRanges(texts[0]); err != nil {
		return misused("--extensions: %v", err)
	}
	a.sync().Extensions = texts[0]
	return nil
}

func getExtensions(a *asked) []string {
	if a.batch.Sync == nil {
		return nil
	}
	return some(a.batch.Sync.Extensions)
}

// checkSync checks what they say together, and says what follows. out is the folder that the run
// makes; "": one under runs.
func (a *asked) checkSync(command *cobra.Command, out string) error {
	sync := a.batch.Sync
	if sync == nil {
		return nil
	}
	options := roster.Options(a.batch)
	a.batch.Object, a.batch.Operation = options.Object, options.Operation
	a.keepsMailbox = sync.Leavers == record.LeaversKeep
	match := validate.Users.MatchColumn(a.batch.Match)
	switch {
	case sync.Scope == "":
		return misused("the file is the truth about whom? Give --scope Column=Value, as in --scope Department=Sales, or " +
			"--scope all for everybody on the server")
	case match == "ObjectId":
		return misused("--match ObjectId finds nobody who is not made yet: match by EmployeeId, EmailAddress, Alias or DtmfAccessId")
	case match == "Alias" && sync.Alias != "":
		return misused("--alias makes the aliases of new people, and --match Alias finds people by theirs: match by EmployeeId, say")
	case match == "DtmfAccessId" && sync.Extensions != "":
		return misused("--extensions gives new people theirs, and --match DtmfAccessId finds people by it: match by EmployeeId, say")
	case sync.Grace > 0 && sync.Leavers == record.LeaversReport && command.Flags().Changed("grace"):
		return misused("--grace says when leavers go, and --leavers report lets nobody go: give --leavers delete or keep-mailbox too")
	}
	among, err := foldersOfRuns(out)
	sync.Among = among
	return err
}

// foldersOfRuns are those in which earlier runs are looked for, in full.
func foldersOfRuns(out string) ([]string, error) {
	among := []string{runsFolder}
	if out != "" {
		among = append(among, filepath.Dir(out))
	}
	for i := range among {
		path, err := filepath.Abs(among[i])
		if err != nil {
			return nil, err
		}
		among[i] = path
	}
	return slices.Compact(among), nil
}
