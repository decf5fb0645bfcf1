package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cucbulk/batch/input"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/validate"
)

// What some options take, and how it is read and written.

const (
	flagMaxDeletes  = "max-deletes"
	flagDoubtWindow = "doubt-window"
)

// doubtBeyondTimeout is how much longer than the time-out an absent answer is
// doubted: as long as a request may wait for its turn on the server.
const doubtBeyondTimeout = 20 * time.Second

// keepsNothing is for options that are read where the others get their values.
func keepsNothing(*asked, []string) error { return nil }

// objectNames lists what rows can be about.
func objectNames() string {
	var names []string
	for _, table := range validate.Tables() {
		names = append(names, table.Object)
	}
	return strings.Join(names, ", ")
}

// tableNamed is the table of an object that is named on the command line.
func tableNamed(object string) (*validate.Table, error) {
	table, known := validate.TableOf(object)
	if !known {
		return nil, misused("--object takes %s, not %q", objectNames(), object)
	}
	return table, nil
}

func setObject(a *asked, texts []string) error {
	table, err := tableNamed(texts[0])
	if err == nil && texts[0] != "" {
		a.batch.Object = table.Object
	}
	return err
}

func setOperation(a *asked, texts []string) error {
	operation, known := a.batch.Table().ParseOperation(texts[0])
	if !known && texts[0] != "" {
		return misused("--operation takes %s, not %q", a.batch.Table().OperationsText(), texts[0])
	}
	a.batch.Operation = operation
	return nil
}

// usualMatch is the column by which rows find their users when nothing is said.
func usualMatch() string { return validate.Users.MatchColumns()[0] }

func setMatch(a *asked, texts []string) error {
	columns := a.batch.Table().MatchColumns()
	if !slices.ContainsFunc(columns, func(column string) bool { return strings.EqualFold(column, texts[0]) }) {
		return misused("--match takes %s, not %q", strings.Join(columns, ", "), texts[0])
	}
	a.batch.Match = texts[0]
	return nil
}

func getMatch(a *asked) []string {
	if strings.EqualFold(a.batch.Match, usualMatch()) {
		return nil
	}
	return some(a.batch.Match)
}

func setLdapOwned(a *asked, texts []string) error {
	if texts[0] != record.OwnedSkip && texts[0] != record.OwnedError {
		return misused("--ldap-owned takes skip or error, not %q", texts[0])
	}
	a.batch.LdapOwned = texts[0]
	return nil
}

func setTransferType(a *asked, texts []string) error {
	if texts[0] != "" && texts[0] != record.TransfersOfBAT && texts[0] != record.TransfersOfCUPI {
		return misused("--bat-transfer-type takes bat or cupi, not %q", texts[0])
	}
	a.batch.BATTransfer = texts[0]
	return nil
}

func setEncoding(a *asked, texts []string) error {
	name, err := input.CharsetNamed(texts[0])
	if err != nil {
		return misused("--encoding: %v", err)
	}
	a.batch.Encoding = name
	return nil
}

func getLdapOwned(a *asked) []string {
	if a.batch.LdapOwned == record.OwnedSkip {
		return nil
	}
	return some(a.batch.LdapOwned)
}

func setLearnFrom(a *asked, texts []string) (err error) {
	if a.batch.LearnFrom, err = strconv.Atoi(texts[0]); err == nil && a.batch.LearnFrom < 0 {
		err = misused("--learn-from can't be negative")
	}
	return err
}

func getLearnFrom(a *asked) []string {
	if a.batch.LearnFrom == record.LearnFrom {
		return nil
	}
	return []string{strconv.Itoa(a.batch.LearnFrom)}
}

func setLimit(flag string, keep func(*asked, record.Limit)) func(*asked, []string) error {
	return func(a *asked, texts []string) error {
		limit, err := record.ParseLimit(texts[0])
		if err != nil {
			return misused("--%s: %v", flag, err)
		}
		keep(a, limit)
		return nil
	}
}

func setCanary(a *asked, texts []string) (err error) {
	if a.batch.Canary, err = strconv.Atoi(texts[0]); err == nil && a.batch.Canary < 0 {
		err = misused("--canary can't be negative")
	}
	return err
}

func setPreImage(a *asked, texts []string) error {
	if !slices.Contains([]string{send.PreImageFull, send.PreImageUsual, send.PreImageUser}, texts[0]) {
		return misused("--pre-image takes full, usual or user, not %q", texts[0])
	}
	a.batch.PreImage = texts[0]
	if texts[0] == send.PreImageUsual {
		a.batch.PreImage = ""
	}
	return nil
}

func setPatience(place func(*asked) *time.Duration) func(*asked, []string) error {
	return func(a *asked, texts []string) (err error) {
		if *place(a), err = time.ParseDuration(texts[0]); err == nil && *place(a) < 0 {
			err = misused("--max-outage and --doubt-window can't be negative")
		}
		return err
	}
}

// setDoubtWindow says how long an absent answer is doubted: as long as is given, else as the
// time-out asks for, unless the run has known it and neither is given anew.
func (a *asked) setDoubtWindow(command *cobra.Command) {
	given := command.Flags().Changed
	switch {
	case !given(flagDoubtWindow) && !given("timeout") && a.batch.DoubtWindow != 0:
	case a.doubtWindow > 0:
		a.batch.DoubtWindow = a.doubtWindow
	default:
		a.batch.DoubtWindow = a.timeout + doubtBeyondTimeout
	}
}

// What --plan-drift can ask for.
const (
	driftRows   = "rows"
	driftRefuse = "refuse"
)

func setPlanDrift(a *asked, texts []string) error {
	if texts[0] != driftRows && texts[0] != driftRefuse {
		return misused("--plan-drift takes rows or refuse, not %q", texts[0])
	}
	a.planDrift = texts[0]
	return nil
}

func getPlanDrift(a *asked) []string {
	if a.planDrift == driftRows {
		return nil
	}
	return some(a.planDrift)
}

// setAudio takes the folder in full, so that a resume finds it wherever it is typed.
func setAudio(a *asked, texts []string) (err error) {
	info, err := os.Stat(texts[0])
	if err != nil || !info.IsDir() {
		return misused("--audio: %s is no folder", texts[0])
	}
	a.batch.AudioFolder, err = filepath.Abs(texts[0])
	return err
}
