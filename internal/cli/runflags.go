package cli

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cucbulk/batch"
	"cucbulk/validate"
)

// doubtBeyondTimeout is how much longer than the time-out an absent answer is
// doubted: as long as a request may wait for its turn on the server.
const doubtBeyondTimeout = 20 * time.Second

// inputOptions are what the command line says about the rows of a file.
type inputOptions struct {
	operation, template, match string
	set                        []string
	strict, deep               bool
	resetCredentials           bool
	ldapOwned                  string
	sheet                      string
	pinOptions
}

func (o *inputOptions) flags(command *cobra.Command) {
	flags := command.Flags()
	o.pinOptions.flags(command)
	flags.StringVar(&o.operation, "operation", "", "`OPERATION` of every row, for a file without a column Operation: "+validate.OperationsText())
	flags.StringVar(&o.template, "template", "", "`ALIAS` of the template of new users, for rows without TemplateAlias")
	flags.StringVar(&o.match, "match", "Alias", "`COLUMN` by which a row finds its user: "+strings.Join(validate.MatchColumns(), ", "))
	flags.StringArrayVar(&o.set, "set", nil, "`Column=Value` for every row that leaves the cell empty; may be repeated")
	flags.StringVar(&o.sheet, "sheet", "", "the sheet of this `NAME`, of a workbook (default: the first)")
	flags.BoolVar(&o.strict, "strict", false, "columns that can't be sent are errors, not warnings")
	flags.BoolVar(&o.deep, "deep", false, "also check the alternate extensions of every user: a request a user")
	flags.BoolVar(&o.resetCredentials, "reset-credentials", false, "rows that upsert also set the PIN and password of users that are there already")
	flags.StringVar(&o.ldapOwned, "ldap-owned", batch.OwnedSkip, "`skip|error`: a field that an LDAP directory owns is left out, with a warning, or makes its row invalid")
}

func (o *inputOptions) fill(options *batch.Options) error {
	if _, known := validate.ParseOperation(o.operation); o.operation != "" && !known {
		return misused("--operation takes %s, not %q", validate.OperationsText(), o.operation)
	}
	if !slices.ContainsFunc(validate.MatchColumns(), func(column string) bool { return strings.EqualFold(column, o.match) }) {
		return misused("--match takes %s, not %q", strings.Join(validate.MatchColumns(), ", "), o.match)
	}
	options.Operation, options.Template, options.Match, options.Strict = validate.Operation(strings.ToLower(o.operation)), o.template, o.match, o.strict
	if o.ldapOwned != batch.OwnedSkip && o.ldapOwned != batch.OwnedError {
		return misused("--ldap-owned takes skip or error, not %q", o.ldapOwned)
	}
	options.LdapOwned, options.Deep, options.ResetCredentials = o.ldapOwned, o.deep, o.resetCredentials
	err := o.pinOptions.fill(options)
	if err != nil {
		return err
	}
	if options.Set, err = settings("--set", o.set); err != nil {
		return err
	}
	for _, setting := range options.Set {
		if _, known := validate.ColumnByHeading(setting.Column); !known {
			return misused("--set: there is no column %q%s", setting.Column, didYouMean(validate.NearestHeading(setting.Column)))
		}
	}
	return nil
}

// asIn takes from a run what says how its rows are meant, where no flag does.
func (o *inputOptions) asIn(command *cobra.Command, run batch.Options) {
	given := command.Flags().Changed
	o.pinOptions.asIn(command, run)
	if !given("operation") {
		o.operation = string(run.Operation)
	}
	if !given("template") {
		o.template = run.Template
	}
	if !given("match") && run.Match != "" {
		o.match = run.Match
	}
	if !given("strict") {
		o.strict = run.Strict
	}
	if !given("deep") {
		o.deep = run.Deep
	}
	if !given("ldap-owned") && run.LdapOwned != "" {
		o.ldapOwned = run.LdapOwned
	}
	if !given("reset-credentials") {
		o.resetCredentials = run.ResetCredentials
	}
	if !given("set") {
		for _, setting := range run.Set {
			o.set = append(o.set, setting.Column+"="+setting.Value)
		}
	}
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

// filterOptions choose rows of a file.
type filterOptions struct {
	only []string
	rows string
}

func (o *filterOptions) flags(command *cobra.Command) {
	command.Flags().StringArrayVar(&o.only, "only", nil, "`Column=Value`: only rows that have it; repeated, rows that have any")
	command.Flags().StringVar(&o.rows, "rows", "", "`FIRST-LAST`: only these rows, counted from 1 below the headings; 5, 5- and -5 too")
}

func (o *filterOptions) fill(options *batch.Options) error {
	only, err := settings("--only", o.only)
	if err != nil {
		return err
	}
	for i := range only {
		column, known := validate.ColumnByHeading(only[i].Column)
		if !known {
			return misused("--only: there is no column %q%s", only[i].Column, didYouMean(validate.NearestHeading(only[i].Column)))
		}
		only[i].Column = column.Name
	}
	options.Only = only
	options.FirstRow, options.LastRow, err = rowRange(o.rows)
	return err
}

func didYouMean(near string) string {
	if near == "" {
		return ""
	}
	return "; did you mean " + near + "?"
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

// limitOptions are the guard rails, and how much is recorded for a rollback. They
// may be given anew when a run is resumed.
type limitOptions struct {
	maxFailures, maxDeletes, maxChanges string
	preImage                            string
	canary                              int
	patienceOptions
}

// patienceOptions say how long to wait for a server in trouble.
type patienceOptions struct{ maxOutage, doubtWindow time.Duration }

func (o *limitOptions) flags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&o.maxFailures, "max-failures", "", "`N|N%` rows may go wrong before the run stops (default 5%, at least 10)")
	flags.StringVar(&o.maxDeletes, "max-deletes", "", "`N|N%` users may be deleted (default 0; on a terminal it asks)")
	flags.StringVar(&o.maxChanges, "max-changes", "", "`N|N%` rows may change something (default: all)")
	flags.IntVar(&o.canary, "canary", 1, "so many rows of each operation go first, alone; one that fails stops the run")
	flags.StringVar(&o.preImage, "pre-image", batch.PreImageFull, "`full|user`: before a delete, record all of the user that a rollback can bring back, or (2 requests less each) not its alternate extensions, proxy addresses and lists")
	o.patienceOptions.flags(command)
}

func (o *patienceOptions) flags(command *cobra.Command) {
	command.Flags().DurationVar(&o.maxOutage, "max-outage", 15*time.Minute, "how long the server may be too busy before the run is interrupted")
	command.Flags().DurationVar(&o.doubtWindow, "doubt-window", 0, "how long an absent answer is doubted before it is believed (default: --timeout and 20s more)")
}

func (o *patienceOptions) check() error {
	if o.maxOutage < 0 || o.doubtWindow < 0 {
		return misused("--max-outage and --doubt-window can't be negative")
	}
	return nil
}

// window is the doubt window, when none was given one that follows the time-out.
func (o *patienceOptions) window(timeout time.Duration) time.Duration {
	if o.doubtWindow > 0 {
		return o.doubtWindow
	}
	return timeout + doubtBeyondTimeout
}

// limitFlags are the flags that a resume needs again, beside those of the connection.
func limitFlags() []string {
	return []string{"max-failures", "max-deletes", "max-changes", "canary", "pre-image", "max-outage", "doubt-window", "window", "not-after", "pause-file"}
}

// fill sets the limits that were given, and leaves the others as they are.
func (o *limitOptions) fill(command *cobra.Command, timeout time.Duration, options *batch.Options) error {
	given := command.Flags().Changed
	for _, rail := range []struct {
		flag, text string
		set        func(batch.Limit)
	}{
		{"max-failures", o.maxFailures, func(limit batch.Limit) { options.MaxFailures = limit }},
		{"max-deletes", o.maxDeletes, func(limit batch.Limit) { options.MaxDeletes = limit }},
		{"max-changes", o.maxChanges, func(limit batch.Limit) { options.MaxChanges = &limit }},
	} {
		if !given(rail.flag) {
			continue
		}
		limit, err := batch.ParseLimit(rail.text)
		if err != nil {
			return misused("--%s: %v", rail.flag, err)
		}
		rail.set(limit)
	}
	if o.canary < 0 {
		return misused("--canary can't be negative")
	}
	if err := o.patienceOptions.check(); err != nil {
		return err
	}
	if o.preImage != batch.PreImageFull && o.preImage != batch.PreImageUser {
		return misused("--pre-image takes full or user, not %q", o.preImage)
	}
	if given("pre-image") {
		options.PreImage = o.preImage
	}
	if given("canary") {
		options.Canary = o.canary
	}
	if given("max-outage") {
		options.MaxOutage = o.maxOutage
	}
	if given("doubt-window") || given("timeout") || options.DoubtWindow == 0 {
		options.DoubtWindow = o.window(timeout)
	}
	return nil
}
