package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cucbulk/batch/record"
	"cucbulk/batch/roster"
	"cucbulk/batch/send"
)

// sync makes of the file the input of the run, and carries that out. It gives what became of the
// input.
func (o *runOptions) sync(ctx context.Context, in record.Input, folder string, problems *problems) (record.Input, error) {
	shown := o.screen.progress(o.progress)
	file, err := roster.Check(in, o.batch)
	if err != nil {
		return in, err
	}
	rows := filepath.Join(folder, record.InputFile)
	if file.Refused() { // it stands for itself, and the check tells why
		if err := os.Rename(filepath.Join(folder, record.OwnFile), rows); err != nil {
			return in, err
		}
		if in, err = record.OpenRows(in.Name, rows, record.As{Sheet: in.Sheet, Encoding: o.batch.Encoding}); err != nil {
			return in, err
		}
		if err := file.SaveRefused(folder, o.batch, time.Now()); err != nil {
			return in, err
		}
		_, err = o.checked(in, folder, problems, shown)
		return in, err
	}
	server, release, err := o.connection.openToChange(ctx, o.access, folder, shown.notice)
	if err != nil {
		return in, err
	}
	defer release()
	composed, people, err := o.compose(ctx, server, file, rows)
	if err != nil {
		return in, err
	}
	o.asked = people.Requests
	if err := people.Save(folder); err != nil {
		return in, err
	}
	fmt.Fprint(o.Stderr, rosterText(people, o.batch, o.errorColumns()))
	checked, err := o.checked(composed, folder, problems, shown)
	if err != nil || checked.Refused() {
		return composed, err
	}
	checked.Seen = people.Seen
	return composed, o.carryOutOn(ctx, server, checked, folder, problems, shown)
}

// syncDryRun finds out what a run would do, and of whom.
func (o *runOptions) syncDryRun(ctx context.Context, in record.Input) (int, error) {
	options := o.batch
	options.SkipInvalid = true
	file, err := roster.Check(in, options)
	if err != nil {
		return 0, err
	}
	if file.Refused() || file.Invalid == file.Rows {
		return o.preview.dryRun(ctx, in)
	}
	server, err := o.connection.open(ctx, o.access)
	if err != nil {
		return 0, err
	}
	defer server.Client.Close()
	composed, people, err := o.compose(ctx, server, file, "")
	if err != nil {
		return 0, err
	}
	if o.json {
		for _, leaver := range people.Leavers {
			o.printJSON(leaverLine{"leaver", leaver})
		}
	} else {
		o.print("%s", rosterText(people, o.batch, o.outputColumns()))
	}
	o.preview.opened, o.preview.asked, o.preview.seen = &server, people.Requests, people.Seen
	return o.preview.dryRun(ctx, composed)
}

// compose makes of a file, and of who is on the server, the rows of the run, at a path or held.
func (o *runOptions) compose(ctx context.Context, server send.Server, file *roster.File, path string) (record.Input,
	*roster.Roster, error) {
	people, err := roster.Compose(ctx, server, file, o.batch, time.Now())
	if err != nil {
		return record.Input{}, nil, beforeChanges(ctx, err)
	}
	var rows bytes.Buffer
	if err := people.WriteRows(&rows, o.batch); err != nil {
		return record.Input{}, nil, err
	}
	if path != "" {
		if err := writeRows(path, rows.Bytes()); err != nil {
			return record.Input{}, nil, err
		}
	}
	in, err := file.Input.Composed(path, rows.Bytes())
	in.Leavers, in.Problems = people.Told(), slices.Concat(file.Input.Problems, people.Problems, in.Problems)
	return in, people, err
}

// leaverLine is a leaver as scripts read it.
type leaverLine struct {
	Type string `json:"type"`
	roster.Leaver
}

// writeRows writes the rows of the run into its folder.
func writeRows(path string, rows []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("the rows can't be written: %w", err)
	}
	_, err = file.Write(rows)
	return errors.Join(err, file.Sync(), file.Close())
}
