package cli

import (
	"context"
	"fmt"

	"cucbulk/batch"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
)

// carryOut takes a file from its rules to its last row.
func (o *runOptions) carryOut(ctx context.Context, in record.Input, folder string, problems *problems) error {
	shown := o.screen.progress(o.progress)
	checked, err := o.checked(in, folder, problems, shown)
	if err != nil || checked.Refused() {
		return err
	}
	server, release, err := o.connection.openToChange(ctx, o.access, folder, shown.notice)
	if err != nil {
		return err
	}
	defer release()
	return o.carryOutOn(ctx, server, checked, folder, problems, shown)
}

// checked checks the rows, and records it if nothing of them may be sent.
func (o *runOptions) checked(in record.Input, folder string, problems *problems, shown *progress) (*plan.Checked, error) {
	options := o.batch
	options.Audio = o.access.audio
	checked, err := check(in, options, problems.take)
	problems.tell()
	if err == nil && checked.Refused() {
		problems.end()
		_, err = batch.Refuse(checked, o.folders.recorder(folder, o.again, shown))
	}
	return checked, err
}

// carryOutOn takes checked rows from the pre-flight to the last of them.
func (o *runOptions) carryOutOn(ctx context.Context, server send.Server, checked *plan.Checked, folder string,
	problems *problems, shown *progress) error {
	preparation, err := preflight(ctx, server, checked, problems.take)
	problems.end()
	if err != nil {
		return err
	}
	o.tellMissing(o.Stderr, preparation.Missing(), checked.Options.Maps())
	o.plan.allow(preparation)
	if preparation.Refused() {
		_, err := preparation.Refuse(o.folders.recorder(folder, o.again, shown))
		return err
	}
	if o.plan != nil {
		if err := o.plan.hold(ctx, o.screen, preparation, problems.take); err != nil {
			problems.tell()
			return err
		}
		problems.tell()
	}
	for _, warning := range preparation.Surroundings.Warnings {
		o.warn("%s (%s)", warning.Message, warning.Code)
	}
	fmt.Fprint(o.Stderr, o.hanging("", "  ", planText(preparation)))
	if !o.limitedDeletes {
		deletes, err := o.allowDeletes(ctx, preparation)
		if err != nil {
			return err
		}
		if deletes > 0 {
			preparation.Options.MaxDeletes = record.Limit{Rows: deletes}
		}
	}
	shown.begin(checked.Rows)
	over := told(ctx, o.resume(folder), shown)
	recorder := o.folders.recorder(folder, o.again, shown)
	recorder.Planned = func(work plan.Workload) {
		o.begun()
		shown.planned(work)
	}
	preparation.Requests += o.asked
	_, err = preparation.Run(ctx, recorder)
	over()
	shown.end()
	return err
}
