package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"cucbulk/batch/export"
	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/shell"
	"cucbulk/reports"
	"cucbulk/validate"
)

// exportOptions are what export was asked to do, and what it does it with.
type exportOptions struct {
	*screen
	access *access
	connection
	out, onlyIn string
	portable    bool
	batch       export.Options
	layout      export.Layout
	again       again
}

const exportHelp = `Write users, or with --object lists, their members, contacts or accounts, as CSV, in the columns that run reads, as
the server shows them. A file that is run again as it is changes nothing.

By default the columns are those that the server's listing shows, which costs a request
for each 100 users. Other columns of the user cost a request for each user, and so does
each part beside it (PIN flags, alternate extensions, devices ...); then it says before it
starts how many that are. cucbulk fields lists the columns.

With --bat the columns are those of Cisco's Bulk Administration Tool that can be filled,
under its headings: names in place of ids, 1 and 0, lists as a;b. BAT has no column that
says whether a TimeZone or a Language counts, so where the default counts the cell is
empty. PINs and passwords are never shown.

With --portable the users are written to be made again on another server: everything that can
be carried, by names and never by ObjectIds, and what is recorded, into the new folder that
--out names. What can't be carried is told, and listed in the folder. Interrupted, the same
command goes on.

The text goes to stdout, or into a new file with --out. Nothing is written unless all
was read. Cells stand as the server has them; one that would be read as something else
(4001.0, =x, a blank at the end) has %text% before it, which a run takes off. With --bat
such a cell is left empty, because BAT does not know that.`

const exportExample = `  cucbulk export --out users.csv
  cucbulk export --query '(alias startswith a)' --columns LastName,Title
  cucbulk export --bat --out for-bat.csv
  cucbulk export --portable --out moving
  cucbulk export --only-in leavers.csv --excel --out leavers-now.csv
  cucbulk export | cucbulk run - --operation update --dry-run`

const exportExits = `  0  exported
  1  could not export: file, connection, sign-in, certificate, disk
  2  the command line is wrong
  6  interrupted; nothing was written, or with --portable less than all`

func exportCommand(p *program) *cobra.Command {
	o := exportOptions{screen: p.screen, access: p.access}
	var query, columns, object string
	command := &cobra.Command{
		Use: "export [flags]", Short: "Write users or lists as CSV, in the columns that run reads",
		Long: exportHelp + exitStatus + exportExits, Example: exportExample, Args: cobra.NoArgs,
	}
	declare(command, groupsOfClient)
	flags := command.Flags()
	flags.StringVar(&object, "object", validate.Users.Object, "`OBJECT` to export: "+objectNames())
	flags.StringVar(&query, "query", "", "only those that a `QUERY` of one clause finds: (alias startswith a)")
	flags.StringVar(&o.onlyIn, "only-in", "", "only those whose alias is in the column Alias of `FILE`, or - for standard input")
	flags.StringVar(&columns, "columns", "", "the columns after Alias, as `A,B,C` (default: all that cost no request more)")
	flags.StringVar(&o.batch.Tenant, "tenant", "", "only those of the tenant with this `ALIAS`")
	flags.BoolVar(&o.batch.BAT, "bat", false, "write the columns of Cisco's Bulk Administration Tool, as it reads them")
	flags.BoolVar(&o.portable, "portable", false, "write all that another server can take of users into the folder --out, with recordings")
	flags.StringVar(&o.out, "out", "", "write to the new file `FILE`, not to stdout; with --portable into a folder")
	flags.BoolVar(&o.batch.BOM, "excel", false, "begin with a byte order mark, by which Excel knows UTF-8")
	command.RunE = p.does(func(ctx context.Context, _ []string) (int, error) {
		var err error
		o.again = typedAgain(command, groupsOfServer)
		if o.connection, err = connectionOf(command); err != nil {
			return 0, err
		}
		if err := errors.Join(o.fill(object, query, columns), o.connection.ready(ctx, o.access)); err != nil {
			return 0, err
		}
		return 0, o.export(ctx)
	})
	return command
}

// fill reads which users and columns are asked for.
func (o *exportOptions) fill(object, query, columns string) error {
	if query != "" && o.onlyIn != "" {
		return misused("--query and --only-in each choose what is exported: give one of them")
	}
	if o.portable {
		if err := o.checkPortable(object, columns); err != nil {
			return err
		}
	}
	var err error
	if o.batch.Table, err = tableNamed(object); err != nil {
		return err
	}
	if o.batch.Query, err = cupi.ParseQuery(query); err != nil {
		return misused("--query: %v", err)
	}
	if columns != "" {
		o.batch.Columns = strings.Split(columns, ",")
	}
	if o.layout, err = o.batch.Layout(); err != nil {
		return misused("--columns: %v", err)
	}
	return nil
}

func (o *exportOptions) export(ctx context.Context) error {
	if o.onlyIn != "" {
		var err error
		if o.batch.Aliases, err = aliasesIn(ctx, sourceFile{screen: o.screen, path: o.onlyIn}); err != nil {
			return err
		}
	}
	if o.portable {
		return o.exportPortable(ctx)
	}
	if o.out == "" {
		var text memory // what reads a pipe can't know that the rest is missing
		if err := o.exportTo(ctx, &text); err != nil {
			return err
		}
		return text.print(o.data)
	}
	if err := writeNew(o.out, func(file io.Writer) error { return o.exportTo(ctx, file) }); err != nil {
		return err
	}
	operation := validate.Update
	if operations := o.batch.Table.Operations(); !slices.Contains(operations, operation) {
		operation = operations[0]
	}
	next := export.ForObject(shell.New("run").File(o.out), o.batch.Table).Flag("operation", string(operation)).Switch("dry-run")
	if o.batch.Tenant != "" {
		next = next.Flag("tenant", o.batch.Tenant)
	}
	o.suggest([]reports.Suggestion{suggestion("Change it, and see what a run of it would do:", o.again.on(next, groupsOfServer))})
	return nil
}

// mostInMemory is how much of an export is held, in bytes.
const mostInMemory = 64 << 20

// memory holds an export until it is whole, in pieces: a text that grows would take
// several times as much.
type memory struct {
	pieces [][]byte
	bytes  int
}

func (m *memory) Write(text []byte) (int, error) {
	if m.bytes += len(text); m.bytes > mostInMemory {
		return 0, fmt.Errorf("what is exported is more than %d MiB, and nothing is printed before all were read: write them "+
			"to a file with --out FILE", mostInMemory>>20)
	}
	m.pieces = append(m.pieces, bytes.Clone(text))
	return len(text), nil
}

// print writes it in pieces that cut no character: on a terminal each piece is made inert
// by itself.
func (m *memory) print(out io.Writer) error {
	var begun []byte // a character of which the next piece has the rest
	for _, piece := range m.pieces {
		piece = append(begun, piece...)
		begun = begunRune(piece)
		if _, err := out.Write(piece[:len(piece)-len(begun)]); err != nil {
			return err
		}
	}
	_, err := out.Write(begun)
	return err
}

// begunRune is the character at the end of a text that is not whole, if there is one.
func begunRune(text []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(text); i++ {
		if end := text[len(text)-i:]; utf8.RuneStart(end[0]) {
			if utf8.FullRune(end) {
				return nil
			}
			return end
		}
	}
	return nil
}

// aliasesIn gathers the aliases that a file names, folded.
func aliasesIn(ctx context.Context, file sourceFile) (map[string]bool, error) {
	aliases := map[string]bool{}
	_, err := file.with(ctx, func(in record.Input) (int, error) {
		headings, _, _, err := in.HeadingLine()
		if err != nil {
			return 0, err
		}
		alias, _ := validate.ColumnByHeading("Alias")
		position := slices.IndexFunc(headings, func(heading string) bool {
			column, known := validate.ColumnByHeading(heading)
			return known && column.Name == alias.Name
		})
		if position < 0 {
			return 0, misused("--only-in: %s has no column Alias", in.Name)
		}
		for row, err := range in.Rows() {
			switch {
			case err != nil:
				return 0, err
			case row.Broken != nil:
				return 0, fmt.Errorf("%s:%d: %s", in.Name, row.Broken.Line, row.Broken.Message)
			case position < len(row.Cells) && strings.TrimSpace(row.Cells[position]) != "":
				aliases[export.Fold(alias.CellText(row.Cells[position]))] = true
			}
		}
		if len(aliases) == 0 {
			return 0, misused("--only-in: no row of %s has an Alias", in.Name)
		}
		return 0, nil
	})
	return aliases, err
}

// exportTo reads the users, and says before and after what that costs.
func (o *exportOptions) exportTo(ctx context.Context, out io.Writer) error {
	server, err := o.connection.open(ctx, o.access)
	if err != nil {
		return err
	}
	defer server.Client.Close()
	if o.layout.Unlisted > 0 {
		o.sayCost(ctx, server.Client)
	}
	stop := every(plainEvery, func() {
		fmt.Fprintf(o.Stderr, "%s so far\n", reports.Count(total(server.Client.Counts()), "request", "requests"))
	})
	exported, err := export.Write(ctx, server, o.batch, out)
	stop()
	if err != nil {
		return beforeChanges(ctx, err)
	}
	fmt.Fprintf(o.Stderr, "%s exported with %s.\n", reports.Count(exported.Users, o.batch.Table.One, o.batch.Table.Many),
		reports.Count(total(server.Client.Counts()), "request", "requests"))
	if exported.LeftOut > 0 {
		o.warn("%s left empty, because no cell can hold what the server has there; a run leaves it as it is",
			map[bool]string{true: "1 cell is", false: fmt.Sprintf("%d cells are", exported.LeftOut)}[exported.LeftOut == 1])
	}
	if exported.Strangers > 0 {
		o.warn("%s left out, who are no user, list or contact of this server: a run can't name them",
			map[bool]string{true: "1 member is", false: fmt.Sprintf("%d members are", exported.Strangers)}[exported.Strangers == 1])
	}
	if exported.Alike > 0 {
		o.warn("%d rows are about members of one list who have the same alias, and nothing tells them apart, so a run refuses "+
			"them: export the column MemberType too, without --bat", exported.Alike)
	}
	return nil
}

// sayCost tells how many requests the columns cost that the listing does not show.
// One request asks how many users there are; when it fails, the export meets the
// same trouble and tells of it.
func (o *exportOptions) sayCost(ctx context.Context, client *cupi.Client) {
	users, about := len(o.batch.Aliases), model.ObjectOf(o.batch.Table)
	if users == 0 {
		answer, err := client.Do(ctx, cupi.List(about.Collection, o.batch.Query, 1, 1))
		if err != nil {
			return
		}
		users = answer.Page.Total
	}
	each, lists, most, requests := "a request", "", "", users*o.layout.Requests
	if o.layout.Requests > 1 {
		each = reports.Count(o.layout.Requests, "request", "requests")
	}
	if o.layout.Shared > 0 && users > 1 {
		lists, most = fmt.Sprintf(", of which lists that show more at once spare up to %d", o.layout.Shared), " at most"
	}
	if o.batch.Tenant != "" { // how many it has, only its own listing tells
		most = " at most"
	}
	if names := len(o.layout.Lists); names > 0 {
		lists += map[bool]string{true: ", and a list of names is read", false: fmt.Sprintf(", and %d lists of names are read",
			names)}[names == 1]
		requests += names
	}
	fmt.Fprintf(o.Stderr, "The listing does not show %s, so each %s costs %s more%s: %s%s.\n",
		reports.Count(o.layout.Unlisted, "column", "columns"), about.One(), each, lists,
		reports.Count(requests, "request", "requests"), most)
}
