package cli

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cucbulk/batch"
	"cucbulk/batch/export"
	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/internal/codes"
	"cucbulk/internal/shell"
	"cucbulk/reports"
	"cucbulk/validate"
)

// compareOptions are what compare was asked to do, and what it does it with.
type compareOptions struct {
	*screen
	access *access
	connection
	batch  record.Options
	folder string
	json   bool
	again  again
}

const compareHelp = `Read the people of a portable export on the server that they were brought to, and print a
line for each whom the server does not have as the export does, field by field. It is what a dry
run of an update would change. --map and --renumber are those of the run.

DIR is the folder of the export; a FILE of users is compared too. It changes nothing. At the end it
tells what no export carries, and of whom something is not carried.

With --format json each line is an object: the people who differ, what is not carried of single
people, and a summary at the end.`

const compareExits = `  0  nobody differs
  1  could not compare: folder, connection, sign-in, certificate
  2  the command line is wrong
  4  somebody differs, is not there, or can't be compared
  6  interrupted`

func compareCommand(p *program) *cobra.Command {
	o := compareOptions{screen: p.screen, access: p.access}
	var format outputFormat
	command := &cobra.Command{
		Use: "compare DIR [flags]", Short: "Tell how a server differs from a portable export",
		Long:    compareHelp + exitStatus + compareExits,
		Example: "  cucbulk compare moving --map map.yaml --server https://new.example.com",
		Args:    oneArgument("the folder of a portable export, or a file of users"),
	}
	declare(command, groupsOfClient)
	declare(command, groupTenant|groupMap|groupFilter)
	format.declare(command, eachLine)
	command.RunE = p.does(func(ctx context.Context, arguments []string) (int, error) {
		o.folder, o.json, o.again = filepath.Clean(arguments[0]), format.isJSON(), typedAgain(command, groupsOfServer)
		var a asked
		err := errors.Join(a.take(command, groupsOfClient|groupTenant|groupMap|groupFilter), format.check())
		if err != nil {
			return 0, err
		}
		o.connection, o.batch = a.connection, a.batch
		o.batch.Operation, o.batch.AllowMissing, o.batch.SkipInvalid = validate.Update, true, true
		if err := o.connection.ready(ctx, o.access); err != nil {
			return 0, err
		}
		return o.compare(ctx)
	})
	return command
}

// compared is the end of what compare prints.
type compared struct {
	Type       string         `json:"type"` // "summary"
	Rows       int            `json:"rows"`
	Equal      int            `json:"equal"`
	Differ     int            `json:"differ"`
	Absent     int            `json:"absent"`   // they are not there
	Unknown    int            `json:"unknown"`  // they can't be compared
	NotShown   []string       `json:"notShown"` // columns that can't be compared
	NotCarried []string       `json:"notCarried,omitempty"`
	Left       int            `json:"left"` // of single people, what is not carried
	Requests   map[string]int `json:"requests"`
	ExitCode   int            `json:"exitCode"`
}

// comparedLine is a person who differs, as scripts read it.
type comparedLine struct {
	Type string `json:"type"` // "person"
	File string `json:"file"`
	batch.Preview
}

// leftLine is what of a person is not carried.
type leftLine struct {
	Type  string `json:"type"` // "notCarried"
	Alias string `json:"alias"`
	What  string `json:"what"`
	Why   string `json:"why"`
}

func (o *compareOptions) compare(ctx context.Context) (int, error) {
	files, portable := []string{o.folder}, false
	if info, err := os.Stat(o.folder); err == nil && info.IsDir() {
		files, portable = []string{filepath.Join(o.folder, export.PeopleFile)}, true
		if export.Unfinished(o.folder) {
			return 0, fmt.Errorf("%s holds a portable export that is not finished: type the command of the export again, "+
				"which goes on; nothing was compared", o.folder)
		}
		if links := filepath.Join(o.folder, export.LinksFile); there(links) {
			files = append(files, links)
		}
	}
	server, err := o.connection.open(ctx, o.access)
	if err != nil {
		return 0, err
	}
	defer server.Client.Close()
	stop := every(plainEvery, func() {
		fmt.Fprintf(o.Stderr, "%s so far\n", reports.Count(total(server.Client.Counts()), "request", "requests"))
	})
	defer stop()
	found := compared{Type: "summary", NotShown: []string{}}
	for _, file := range files {
		if portable {
			o.batch.Set = nil
			if filepath.Base(file) == export.PeopleFile {
				o.batch.Set = export.Emptied()
			}
		}
		_, err := sourceFile{screen: o.screen, path: file}.with(ctx, func(in record.Input) (int, error) {
			return 0, o.compareFile(ctx, in, &found, func(checked *plan.Checked, take func(validate.Problem)) (*batch.Preparation, error) {
				preparation, err := batch.Preflight(ctx, server, checked, take)
				return preparation, beforeChanges(ctx, err)
			})
		})
		if err != nil {
			return 0, err
		}
	}
	if portable {
		found.NotCarried = export.NotCarried
		if err := o.tellLeft(&found); err != nil {
			return 0, err
		}
	}
	found.Requests = server.Client.Counts()
	if found.Equal < found.Rows {
		found.ExitCode = record.ExitIncomplete
	}
	if o.json {
		o.printJSON(found)
	} else {
		o.printCompared(found)
	}
	return found.ExitCode, nil
}

func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// compareFile compares the rows of a file by what an update of them would change.
func (o *compareOptions) compareFile(ctx context.Context, in record.Input, found *compared,
	preflight func(*plan.Checked, func(validate.Problem)) (*batch.Preparation, error)) error {
	options := o.batch
	options.Audio = o.access.audio
	list := o.newProblems(false, true)
	take := func(problem validate.Problem) {
		switch {
		case problem.Code == codes.CreateOnly:
			if !slices.Contains(found.NotShown, problem.Column) {
				found.NotShown = append(found.NotShown, problem.Column)
			}
		case !problem.Warning:
			list.take(problem)
		}
	}
	checked, err := check(in, options, take)
	if err != nil {
		return err
	}
	found.Rows += checked.Rows
	if checked.Refused() {
		list.tell()
		found.Unknown += checked.Rows
		return nil
	}
	preparation, err := preflight(checked, take)
	list.tell()
	if err != nil {
		return err
	}
	o.tellMissing(o.Stderr, preparation.Missing(), options.Maps())
	for preview, err := range preparation.Previews(ctx) {
		if err != nil {
			return beforeChanges(ctx, err)
		}
		o.take(in.Name, preview, found)
	}
	return nil
}

// take counts a person, and prints who differs.
func (o *compareOptions) take(file string, preview batch.Preview, found *compared) {
	text := ""
	switch {
	case preview.Code == codes.Filtered:
		found.Rows--
		return
	case preview.Status == record.Unchanged:
		found.Equal++
		return
	case preview.Code == codes.NoSuchUser:
		found.Absent++
		text = "is not there"
	case preview.Status == record.Updated:
		found.Differ++
		text = differencesText(preview)
	default:
		found.Unknown++
		text = "can't be compared: " + oneLine(preview.Message)
	}
	if o.json {
		o.printJSON(comparedLine{"person", file, preview})
		return
	}
	o.print("%s: %s\n", oneLine(preview.Alias), text)
}

// differencesText is what the server has, and what the file has.
func differencesText(preview batch.Preview) string {
	var parts []string
	for _, change := range preview.Changes {
		if change.Old == change.New { // it is sent with what differs
			continue
		}
		old, now := change.Shown()
		parts = append(parts, change.Name()+" is "+valueText(old, true)+", not "+valueText(now, true))
	}
	for _, removal := range preview.Removed {
		if !model.IsMain(removal.Step) {
			parts = append(parts, "has "+oneLine(removal.What)+", and the file has not")
		}
	}
	return strings.Join(parts, "; ")
}

// tellLeft prints what of single people the export does not carry.
func (o *compareOptions) tellLeft(found *compared) error {
	file, err := os.Open(filepath.Join(o.folder, export.LeftFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	lines := csv.NewReader(file)
	lines.FieldsPerRecord = 3
	for first := true; ; first = false {
		line, err := lines.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("%s: %w", file.Name(), err)
		case first:
			continue
		}
		found.Left++
		if o.json {
			o.printJSON(leftLine{"notCarried", line[0], line[1], line[2]})
		} else {
			o.print("%s: not carried: %s: %s\n", oneLine(line[0]), oneLine(line[1]), oneLine(line[2]))
		}
	}
}

func (o *compareOptions) printCompared(found compared) {
	o.print("%s compared with %s: %d equal, %d differ, %d not there, %d can't be compared.\n", rowsText(found.Rows),
		requestsText(found.Requests),
		found.Equal, found.Differ, found.Absent, found.Unknown)
	if len(found.NotShown) > 0 {
		o.print("%s", o.hanging("", "  ", fmt.Sprintf("Not compared, since it counts only when a user is made: %s.",
			strings.Join(found.NotShown, ", "))))
	}
	if len(found.NotCarried) > 0 {
		o.print("%s", o.hanging("Not carried by any export: ", "  ", strings.Join(found.NotCarried, "; ")+"."))
	}
	if found.Differ+found.Absent == 0 {
		return
	}
	file := o.folder
	if there(filepath.Join(file, export.PeopleFile)) {
		file = filepath.Join(file, export.PeopleFile)
	}
	next := (&asked{batch: o.batch}).on(shell.New("run").File(file), groupTenant|groupMap|groupFilter).Flag("operation",
		"upsert").Flag("template", "TEMPLATE").Switch("dry-run")
	o.suggest([]reports.Suggestion{suggestion("Make the server as the file says, and see before what that does:",
		o.again.on(next, groupsOfServer))})
}
