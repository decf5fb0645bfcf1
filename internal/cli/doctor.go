package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cucbulk/batch/doctor"
	"cucbulk/batch/record"
	"cucbulk/internal/shell"
	"cucbulk/reports"
)

// doctorOptions are what doctor was asked to look at.
type doctorOptions struct {
	*screen
	access *access
	connection
	template, runs string
	tenant         string
	json           bool
}

const doctorHelp = `Look at everything that a run needs, before the night in which it is needed: the
connection, the certificate, the sign-in, the clocks, the account's roles, whether
the server is the publisher and ready, its licences, the clusters of its network, the
template, the tenant of --tenant, how busy the server is (its throttle answers 503), whether another run has
it, and the disk. For each it says ok, warn or fail, and what to mend.

It signs in once, sends some fifteen requests, and changes nothing.`

const doctorExample = `  cucbulk doctor --server https://cuc1.example.com --user bulkadmin
  cucbulk doctor --config cucbulk.yaml --profile lab --template staff
  cucbulk doctor --config cucbulk.yaml --format json`

const doctorExits = `  0  all is well
  1  a check failed: a run would not work
  2  the command line is wrong
  4  a run would work, and something should be mended
  6  interrupted`

func doctorCommand(p *program) *cobra.Command {
	o := doctorOptions{screen: p.screen, access: p.access}
	var format outputFormat
	command := &cobra.Command{
		Use: "doctor [flags]", Short: "Check all that a run needs, and say what to mend",
		Long: doctorHelp + exitStatus + doctorExits, Example: doctorExample, Args: cobra.NoArgs,
	}
	declare(command, groupsOfClient|groupTenant)
	flags := command.Flags()
	flags.StringVar(&o.template, "template", "", "`ALIAS` of a template that must be there (default: any)")
	flags.StringVar(&o.runs, "runs", runsFolder, "the `FOLDER` in which runs leave their folders")
	format.declare(command, "")
	command.RunE = p.does(func(ctx context.Context, _ []string) (int, error) {
		o.json = format.isJSON()
		var a asked
		err := errors.Join(a.take(command, groupsOfClient|groupTenant), format.check())
		if err == nil {
			o.connection, o.tenant = a.connection, a.batch.Tenant
			err = o.connection.ready(ctx, o.access)
		}
		if err != nil {
			return 0, err
		}
		return o.doctor(ctx)
	})
	return command
}

func (o *doctorOptions) doctor(ctx context.Context) (int, error) {
	password, err := o.password(ctx, o.access)
	if err != nil {
		return 0, err
	}
	config, err := o.connection.config(ctx, password)
	if err != nil {
		return 0, err
	}
	if config.Trace, err = o.access.openTrace(o.trace); err != nil {
		return 0, err
	}
	findings := []doctor.Finding{}
	doctor.Examine(ctx, doctor.Examination{Config: config, Template: o.template, Tenant: o.tenant, Runs: o.runs, Rate: float64(o.rate)},
		func(f doctor.Finding) {
			findings = append(findings, f)
			if !o.json && ctx.Err() == nil {
				o.printFinding(f)
			}
		})
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	exit := exitOfFindings(findings)
	if o.json {
		return exit, json.NewEncoder(o.Stdout).Encode(map[string]any{"server": o.server, "checks": findings, "exitCode": exit})
	}
	if exit == 0 {
		next := (&asked{batch: record.Options{Tenant: o.tenant}}).on(shell.New("run").File("users.csv").Flag("operation", "create"),
			groupTenant)
		o.suggest([]reports.Suggestion{suggestion("See what a run would do:", next.Switch("dry-run"))})
	}
	return exit, nil
}

// exitOfFindings is the exit code that goes with the worst of them.
func exitOfFindings(findings []doctor.Finding) int {
	exit := record.ExitDone
	for _, f := range findings {
		switch {
		case f.Level == doctor.LevelFail:
			return record.ExitFailed
		case f.Level == doctor.LevelWarn:
			exit = record.ExitIncomplete
		}
	}
	return exit
}

func (s *screen) printFinding(f doctor.Finding) {
	first := fmt.Sprintf("%-5s %-12s ", f.Level, f.Check)
	margin := strings.Repeat(" ", len(first))
	s.print("%s", s.hanging(first, margin, f.Found))
	if f.Mend != "" {
		s.print("%s", s.hanging(margin, margin, "-> "+f.Mend))
	}
}
