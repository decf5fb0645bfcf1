package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"cucbulk/batch/export"
	"cucbulk/internal/shell"
	"cucbulk/reports"
	"cucbulk/validate"
)

// checkPortable refuses what a portable export does not go with.
func (o *exportOptions) checkPortable(object, columns string) error {
	switch {
	case o.out == "":
		return misused("--portable writes a folder: name it with --out DIR")
	case object != validate.Users.Object:
		return misused("--portable exports users: leave --object out")
	case columns != "" || o.batch.BAT || o.batch.BOM:
		return misused("--portable has columns and a form of its own: leave --columns, --bat and --excel out")
	}
	return nil
}

// exportPortable writes a folder for another server, or goes on with one.
func (o *exportOptions) exportPortable(ctx context.Context) error {
	server, err := o.connection.open(ctx, o.access)
	if err != nil {
		return err
	}
	defer server.Client.Close()
	stop := every(plainEvery, func() {
		fmt.Fprintf(o.Stderr, "%s so far\n", reports.Count(total(server.Client.Counts()), "request", "requests"))
	})
	done, err := export.WritePortable(ctx, server, o.batch, o.out, o.access.audio, tool())
	stop()
	if err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("%w; what was read is kept in %s, and the same command goes on", err, o.out)
		}
		return beforeChanges(ctx, err)
	}
	o.tellPortable(done)
	return nil
}

// tellPortable says what the folder holds, what it does not, and what to type.
func (o *exportOptions) tellPortable(done export.Portable) {
	people := filepath.Join(o.out, export.PeopleFile)
	read := done.Users + len(done.Own) - done.Before
	cost := reports.Count(done.Requests, "request", "requests")
	if read > 0 {
		cost += fmt.Sprintf(", %.1f for each of %s that were read", float64(done.Requests)/float64(read),
			reports.Count(read, "user", "users"))
	}
	fmt.Fprint(o.Stderr, o.hanging("", "  ", fmt.Sprintf("%s and %s are in %s: %s.", usersText(done.Users),
		reports.Count(done.Recordings, "recording", "recordings"), o.out, cost)))
	if done.Before > 0 {
		fmt.Fprintf(o.Stderr, "%s read before, when it was interrupted.\n", reports.Count(done.Before, "user was", "users were"))
	}
	if done.Gone > 0 {
		fmt.Fprintf(o.Stderr, "%s read then, and not on the server any more: in no file.\n",
			reports.Count(done.Gone, "user was", "users were"))
	}
	if len(done.Own) > 0 {
		fmt.Fprint(o.Stderr, o.hanging("", "  ", fmt.Sprintf("Left out are the server's own users, whom each server has: %s.",
			oneLine(strings.Join(done.Own, ", ")))))
	}
	fmt.Fprint(o.Stderr, o.hanging("Not carried: ", "  ", strings.Join(export.NotCarried, "; ")+"."))
	if done.Left > 0 {
		fmt.Fprint(o.Stderr, o.hanging("", "  ", fmt.Sprintf("Of single people %s not carried, which %s lists.",
			reports.Count(done.Left, "thing is", "things are"), filepath.Join(o.out, export.LeftFile))))
	}
	if done.Linked {
		fmt.Fprint(o.Stderr, o.hanging("", "  ", fmt.Sprintf("What of people leads to people (keys, private lists) is in %s, "+
			"which is run behind the people.", filepath.Join(o.out, export.LinksFile))))
	}
	run := shell.New("run").File(people)
	if done.Linked {
		run = run.File(filepath.Join(o.out, export.LinksFile))
	}
	run = run.Flag("operation", "upsert").Flag("server", "https://OTHER").Flag("template", "TEMPLATE").Switch("dry-run")
	o.suggest([]reports.Suggestion{suggestion("See what the other server says to it:", run)})
}
