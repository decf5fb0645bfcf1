package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"cucbulk/batch/export"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// What a run and a dry run do before the first change.

// check reads every row and hands on its problems.
func check(in record.Input, options record.Options, problems func(validate.Problem)) (*plan.Checked, error) {
	headings, _, _, err := in.HeadingLine()
	if err != nil {
		return nil, err
	}
	for _, only := range options.Only {
		same := func(heading string) bool {
			column, known := validate.ColumnByHeading(heading)
			return known && column.Name == only.Column
		}
		if !slices.ContainsFunc(headings, same) {
			return nil, misused("--only names %s, and %s has no such column", only.Column, in.Name)
		}
	}
	if err := export.CheckManifest(in.Name, in.SHA256, options.Audio); err != nil {
		return nil, err
	}
	checked, err := plan.Check(in, options, problems)
	var notUsers *record.NotUsersError
	var exact *record.ExactError
	if errors.As(err, &notUsers) || errors.As(err, &exact) {
		return nil, misused("%v", err)
	}
	return checked, err
}

// beforeChanges says of an error that nothing was changed and that there is nothing to
// resume, when a person, the clock or a server that is out ended the command.
func beforeChanges(ctx context.Context, err error) error {
	var stop *record.Stop
	switch {
	case err != nil && ctx.Err() != nil:
		return fmt.Errorf("%w before anything was changed; type the same command again", err)
	case errors.As(err, &stop) && stop.Exit == record.ExitInterrupted:
		return &record.Stop{Exit: stop.Exit, Code: codes.NotBegun,
			Reason: stop.Reason + "; nothing was changed: type the same command again", Err: stop.Err}
	}
	return err
}
