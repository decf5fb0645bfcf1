package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/internal/codes"
	"cucbulk/internal/shell"
	"cucbulk/reports"
	"cucbulk/validate"
)

// agreement is the plan that a run is held to.
type agreement struct {
	*reports.Plan
	refuses bool // nothing is done if anything has moved on
}

// takePlan takes from a plan what the command line does not say, and gives the file to run.
func (a *asked) takePlan(command *cobra.Command, arguments []string) (file string, plan *agreement, err error) {
	if a.plan == "" {
		for _, name := range []string{"plan-sha256", "plan-drift"} {
			if command.Flags().Changed(name) {
				return "", nil, misused("--%s is about a plan: give --plan DIR too", name)
			}
		}
		return arguments[0], nil, nil
	}
	read, err := reports.ReadPlan(a.plan)
	if err == nil {
		err = refuseOtherPlan(a.plan, a.planSHA, read.SHA256)
	}
	if err != nil {
		return "", nil, err
	}
	if name, _ := typedOf(read.Options); name != command.Name() {
		return "", nil, misused("the plan in %s is of a %s: type %s", a.plan, name, shell.New(name).Flag("plan", a.plan))
	}
	file = read.Path
	if len(arguments) > 0 {
		file = arguments[0]
	}
	if file == "" {
		return "", nil, misused("the plan in %s is of rows that came through a pipe: name a file that holds them", a.plan)
	}
	before := asked{batch: read.Options, sheet: read.Input.Sheet}
	if err := a.takeFrom(&before, command, groupsOfFile); err != nil {
		return "", nil, err
	}
	a.connection.asOf(read.Server, read.Account)
	a.batch.Plan = read.SHA256
	return file, &agreement{read, a.planDrift == driftRefuse}, nil
}

// refuseOtherPlan refuses a plan that is not the one that was agreed to.
func refuseOtherPlan(folder, agreed, is string) error {
	if agreed == "" || strings.EqualFold(agreed, is) {
		return nil
	}
	return &record.Stop{Exit: record.ExitInvalid, Code: codes.PlanDrift,
		Reason: fmt.Sprintf("the plan in %s is not the one that was named, and nothing was sent: its SHA-256 is %s, "+
			"and --plan-sha256 says %s. Name the folder of the plan that was agreed to, or make one with run FILE "+
			"--dry-run --out DIR, have it agreed to, and give the SHA-256 that it prints", folder, is, agreed)}
}

// allow lets a run go on without the rows that have got invalid since the plan was made.
func (g *agreement) allow(preparation *batch.Preparation) {
	if g != nil && !g.refuses && g.Forecast.Counts[record.Invalid] == 0 {
		preparation.Options.SkipInvalid = true
	}
}

// hold makes a run do what the plan says and nothing else. The error says that it does nothing.
func (g *agreement) hold(ctx context.Context, s *screen, preparation *batch.Preparation, report func(validate.Problem)) error {
	moved, err := g.compare(ctx, s, preparation, report)
	if err == nil {
		err = g.decide(moved)
	}
	if err == nil {
		preparation.Options.SkipInvalid = true // rows that have drifted are left out
	}
	return err
}

// compare rejects the rows that would not do what the plan says, and tells what has moved on.
func (g *agreement) compare(ctx context.Context, s *screen, preparation *batch.Preparation, report func(validate.Problem)) (
	[]string, error) {
	if err := g.CheckServer(preparation.Identity); err != nil {
		return nil, err
	}
	moved := g.moved(preparation)
	for _, text := range moved {
		s.warn("%s", text)
	}
	drifted, err := preparation.HoldTo(ctx, batch.Agreed{Rows: g.Rows(), Moved: len(moved) > 0}, report)
	if err != nil {
		return nil, beforeChanges(ctx, err)
	}
	if drifted > 0 {
		moved = append(moved, rowsText(drifted)+" would not do what the plan says")
	}
	return moved, nil
}

// decide ends a run that is to do nothing once anything has moved on.
func (g *agreement) decide(moved []string) error {
	if !g.refuses || len(moved) == 0 {
		return nil
	}
	return &record.Stop{Exit: record.ExitInvalid, Code: codes.PlanDrift,
		Reason: "nothing was sent, as --plan-drift refuse asks for: " + strings.Join(moved, "; ") +
			". Look what has moved on; then make a new plan with run FILE --dry-run --out DIR, or do the other rows " +
			"with --plan-drift rows"}
}

// moved says what is not as it was when the plan was made, but for the rows, with both values.
func (g *agreement) moved(now *batch.Preparation) []string {
	var texts []string
	tell := func(what, then, today string) {
		texts = append(texts, fmt.Sprintf("%s is not that of the plan: %s then, and %s now", what, then, today))
	}
	if now.Input.SHA256 != g.Input.SHA256 {
		tell("the SHA-256 of "+now.Input.Name, g.Input.SHA256, now.Input.SHA256)
	}
	if !now.Options.SameRows(g.Options) {
		tell("what the flags say", flagsText(g.Options), flagsText(now.Options))
	}
	if now.Server.Account != g.Account {
		tell("the account", g.Account, now.Server.Account)
	}
	return texts
}

// flagsText are flags as they are typed.
func flagsText(options record.Options) string {
	name, options := typedOf(options)
	words := (&asked{batch: options}).on(shell.New(name),
		groupWhat|groupSync|groupRows|groupTenant|groupMap|groupFilter|groupContinues).String()
	return cmp.Or(strings.TrimSpace(strings.TrimPrefix(words, shell.New(name).String())), "none")
}
