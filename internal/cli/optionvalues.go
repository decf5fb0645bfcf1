package cli

import (
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cucbulk/batch/input"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/validate"
)

// What some options take, and how it is read and written.

const (
	pinRandom = "random"
	pinDigits = "6"

	flagMaxDeletes  = "max-deletes"
	flagDoubtWindow = "doubt-window"
)

// doubtBeyondTimeout is how much longer than the time-out an absent answer is
// doubted: as long as a request may wait for its turn on the server.
const doubtBeyondTimeout = 20 * time.Second

// keepsNothing is for options that are read where the others get their values.
func keepsNothing(*asked, []string) error { return nil }

func setOperation(a *asked, texts []string) error {
	operation, known := validate.ParseOperation(texts[0])
	if !known && texts[0] != "" {
		return misused("--operation takes %s, not %q", validate.OperationsText(), texts[0])
	}
	a.batch.Operation = operation
	return nil
}

// usualMatch is the column by which rows find their users when nothing is said.
func usualMatch() string { return validate.MatchColumns()[0] }

func setMatch(a *asked, texts []string) error {
	if !slices.ContainsFunc(validate.MatchColumns(), func(column string) bool { return strings.EqualFold(column, texts[0]) }) {
		return misused("--match takes %s, not %q", strings.Join(validate.MatchColumns(), ", "), texts[0])
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

// setPIN says that new users get PINs, of which [asked.settlePINs] finds out the length.
func setPIN(a *asked, texts []string) error {
	if texts[0] != pinRandom {
		return misused("--pin takes random: other PINs stand in a column PIN")
	}
	a.randomPINs = true
	return nil
}

func getPIN(a *asked) []string {
	if a.batch.PINLength == 0 {
		return nil
	}
	return []string{pinRandom}
}

func getPINLength(a *asked) []string {
	length := cmp.Or(a.batch.PINLength, a.batch.KeptPINLength)
	if length == 0 {
		return nil
	}
	return []string{strconv.Itoa(length)}
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

func setSealTo(a *asked, texts []string) error {
	sealed, err := record.Seal(io.Discard, texts[0])
	if err != nil {
		return misused("--seal-to: %v", err)
	}
	sealed.Close()
	a.batch.SealTo = texts[0]
	return nil
}

func getKeepMailbox(a *asked) []string {
	if a.batch.KeptPINLength == 0 {
		return nil
	}
	return []string{"true"}
}

func setKeepNotes(a *asked, texts []string) (err error) {
	if a.batch.KeepNotes, err = settings("--keep-mailbox-note", texts); err != nil {
		return err
	}
	for _, note := range a.batch.KeepNotes {
		if problem := validate.NoteProblem(note); problem != "" {
			return misused("--keep-mailbox-note: %s", problem)
		}
	}
	return nil
}

// checkLeavers checks what the options about users who leave say together.
func (a *asked) checkLeavers() error {
	switch {
	case len(a.batch.KeepNotes) > 0 && !a.keepsMailbox:
		return misused("--keep-mailbox-note is a note on users whose mailboxes are kept: give --keep-mailbox too")
	case a.keepsMailbox && a.batch.ReassignTo != "":
		return misused("--reassign-to hands over what refers to users who are deleted, and with --keep-mailbox nobody is: give one of them")
	}
	return nil
}

// checkPINs checks what the options about PINs say together.
func (a *asked) checkPINs() error {
	by := "--pin random"
	switch {
	case a.keepsMailbox:
		by = "--keep-mailbox"
	case !a.randomPINs:
		return nil
	}
	if a.batch.SealTo == "" {
		return misused("%s needs --seal-to: PINs are never written in clear; age-keygen makes a key and prints its recipient", by)
	}
	if err := plan.CheckPINLength(a.pinLength); err != nil {
		return misused("--pin-length: %v", err)
	}
	if a.randomPINs {
		a.batch.PINLength = a.pinLength
	}
	if a.keepsMailbox {
		a.batch.KeptPINLength = a.pinLength
	}
	return nil
}

func setSettings(a *asked, texts []string) (err error) {
	if a.batch.Set, err = settings("--set", texts); err != nil {
		return err
	}
	for _, setting := range a.batch.Set {
		if _, known := validate.ColumnByHeading(setting.Column); !known {
			return misused("--set: there is no column %q%s", setting.Column, didYouMean(validate.NearestHeading(setting.Column)))
		}
	}
	return nil
}

func setOnly(a *asked, texts []string) (err error) {
	if a.batch.Only, err = settings("--only", texts); err != nil {
		return err
	}
	for i, only := range a.batch.Only {
		column, known := validate.ColumnByHeading(only.Column)
		if !known {
			return misused("--only: there is no column %q%s", only.Column, didYouMean(validate.NearestHeading(only.Column)))
		}
		a.batch.Only[i].Column = column.Name
	}
	return nil
}

func setUndoOnly(a *asked, texts []string) (err error) {
	if a.undo.Only, err = settings("--only", texts); err != nil {
		return err
	}
	return checkUndoColumns(a.undo)
}

// settings reads Column=Value.
func settings(flag string, texts []string) ([]validate.Setting, error) {
	var list []validate.Setting
	for _, text := range texts {
		column, value, ok := strings.Cut(text, "=")
		if !ok || column == "" {
			return nil, misused("%s takes Column=Value, not %q", flag, text)
		}
		if secret, known := validate.ColumnByHeading(column); known && secret.Secret {
			return nil, misused("%s: %s is a secret, and others can read a command line and the journal, where it would stand: put it into a column of the CSV file", flag, secret.Name)
		}
		list = append(list, validate.Setting{Column: column, Value: value})
	}
	return list, nil
}

// settingTexts writes them as they are read.
func settingTexts(list []validate.Setting) []string {
	var texts []string
	for _, setting := range list {
		texts = append(texts, setting.Column+"="+setting.Value)
	}
	return texts
}

func didYouMean(near string) string {
	if near == "" {
		return ""
	}
	return "; did you mean " + near + "?"
}

func setRange(a *asked, texts []string) (err error) {
	a.batch.FirstRow, a.batch.LastRow, err = rowRange(texts[0])
	return err
}

// rowRange reads "1-100", "5", "5-" or "-5"; an open end is 0.
func rowRange(text string) (first, last int, err error) {
	if text == "" {
		return 0, 0, nil
	}
	from, to, isRange := strings.Cut(text, "-")
	if !isRange {
		to = from
	}
	number := func(part string) int {
		n, wrong := strconv.Atoi(part)
		if part != "" && (wrong != nil || n < 1) {
			err = misused("--rows takes FIRST-LAST, counted from 1, not %q", text)
		}
		return n
	}
	first, last = number(from), number(to)
	if err == nil && (text == "-" || last > 0 && first > last) {
		err = misused("--rows takes FIRST-LAST, counted from 1, not %q", text)
	}
	return first, last, err
}

// rangeText writes a range as it is read, "" for all rows.
func rangeText(first, last int) string {
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	if first == 0 && last == 0 {
		return ""
	}
	return number(first) + "-" + number(last)
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
	if texts[0] != send.PreImageFull && texts[0] != send.PreImageUser {
		return misused("--pre-image takes full or user, not %q", texts[0])
	}
	a.batch.PreImage = "" // full
	if texts[0] == send.PreImageUser {
		a.batch.PreImage = texts[0]
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
