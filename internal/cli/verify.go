package cli

import (
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"cucbulk/batch/export"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/batch/verify"
	"cucbulk/internal/shell"
	"cucbulk/reports"
	"cucbulk/validate"
)

// verifyOptions are what verify was asked to do, and what it does it with.
type verifyOptions struct {
	*screen
	access *access
	connection
	folder string
	json   bool
	again  again
}

const verifyHelp = `Read back what a run, or a rollback, wrote, and print a line for each object that the
server does not have as it was written, field by field. An object is a user, or the call
handler of one. Servers pass over some fields without a word, and people change users.

It costs a request for each object and changes nothing. --server and --user are by
default those of the run; another server is refused. Rows that are pending are not
looked at; of those that were begun and cut off only what is done is. Requests of which it
is not proven what became are named. Of rows that the run did not look at (as-last-run)
it wrote nothing: verify of the run that they are as in reads back what that wrote.

With --format json each line is an object, and its type is object or, at the end,
summary; the objects that were kept are printed too.`

const verifyExits = `  0  the server has everything as it was written
  1  could not verify: run folder, connection, sign-in, certificate
  2  the command line is wrong
  4  some of it is not as it was written
  6  interrupted
  7  of some of it can't be told what was written`

func verifyCommand(p *program) *cobra.Command {
	o := verifyOptions{screen: p.screen, access: p.access}
	var format outputFormat
	command := &cobra.Command{
		Use: "verify RUN [flags]", Short: "Read back what a run wrote, and tell what the server did not keep",
		Long:    verifyHelp + exitStatus + verifyExits,
		Example: "  cucbulk verify runs/20260102-150405-users\n  cucbulk verify runs/20260102-150405-users --format json",
		Args:    oneArgument("the run's folder"),
	}
	declare(command, groupsOfClient)
	format.declare(command, eachLine)
	command.RunE = p.does(func(ctx context.Context, arguments []string) (int, error) {
		o.folder, o.json, o.again = filepath.Clean(arguments[0]), format.isJSON(), typedAgain(command, groupsOfServer)
		var err error
		if o.connection, err = connectionOf(command); err == nil {
			err = format.check()
		}
		if err != nil {
			return 0, err
		}
		return o.verify(ctx)
	})
	return command
}

// verdict is the end of what verify prints.
type verdict struct {
	Type     string         `json:"type"`    // "summary"
	Objects  int            `json:"objects"` // read back
	Kept     int            `json:"kept"`
	Lost     int            `json:"lost"`                // gone, there again, or not as they were written
	Unproven int            `json:"unproven,omitempty"`  // a request of theirs may have been carried out, or not
	AsLast   int            `json:"asLastRun,omitempty"` // rows that the run did not look at: they are not read back
	Requests map[string]int `json:"requests"`            // sent, by method
	ExitCode int            `json:"exitCode"`
	Folder   string         `json:"folder,omitempty"` // of the run, where several are one

	column string // of the first field that was lost
}

// verifiedLine is one object as scripts read it.
type verifiedLine struct {
	Type string `json:"type"`
	verify.Result
}

func (o *verifyOptions) verify(ctx context.Context) (int, error) {
	same := o.again.on(shell.New("verify").File(o.folder), groupsOfServer)
	if record.IsSeries(o.folder) {
		return o.verifySeries(ctx, same)
	}
	history, err := record.ReadHistory(o.folder)
	if err != nil {
		return 0, err
	}
	if err := ended(history, same); err != nil {
		return 0, err
	}
	server, release, err := o.connect(ctx, history)
	if err != nil {
		return 0, err
	}
	defer release()
	found, err := o.readAll(ctx, server, history)
	if err != nil {
		return 0, err
	}
	if !o.json {
		o.suggest(o.next(history, found))
	}
	return found.ExitCode, nil
}

// verifySeries reads back what each file of a series wrote.
func (o *verifyOptions) verifySeries(ctx context.Context, same shell.Command) (int, error) {
	_, histories, err := readSeries(o.folder, same)
	if err != nil {
		return 0, err
	}
	server, release, err := o.connect(ctx, histories...)
	if err != nil {
		return 0, err
	}
	defer release()
	var exits []int
	for _, history := range histories {
		found, err := o.readAll(ctx, server, history)
		if err != nil {
			return 0, err
		}
		exits = append(exits, found.ExitCode)
	}
	exit := record.Worst(exits...)
	if !o.json {
		var next []reports.Suggestion
		if !finished(histories) {
			next = append(next, suggestion("The run is not finished; go on with it:", resumeOf(o.folder, "", o.again)))
		}
		if histories[0].Header.Kind == record.KindRun {
			next = append(next, suggestion("Take the run back, but for what was changed since:", rollbackOf(histories[0], o.again)))
		}
		o.suggest(next)
	}
	return exit, nil
}

// connect connects to the server of runs, if any of them began; else nothing is needed of one.
func (o *verifyOptions) connect(ctx context.Context, histories ...*record.History) (server send.Server, release func(), err error) {
	if !slices.ContainsFunc(histories, func(h *record.History) bool { return len(h.Begins) > 0 }) {
		return server, func() {}, nil
	}
	for _, history := range histories {
		o.connection.asIn(history)
	}
	if err := o.connection.ready(ctx, o.access); err != nil {
		return server, nil, err
	}
	server, err = o.connection.open(ctx, o.access)
	return server, func() { server.Client.Close() }, err
}

// readAll reads back what a run wrote, and tells of it.
func (o *verifyOptions) readAll(ctx context.Context, server send.Server, history *record.History) (verdict, error) {
	found := verdict{Type: "summary", Requests: map[string]int{}, AsLast: history.Rows.AsLastRun()}
	if record.SeriesOf(history.Folder) != "" {
		found.Folder = history.Folder
	}
	if len(history.Begins) > 0 {
		if err := o.readBack(ctx, server, history, &found); err != nil {
			return found, err
		}
	}
	if found.Lost > 0 {
		found.ExitCode = record.ExitIncomplete
	}
	if found.Unproven > 0 {
		found.ExitCode = record.ExitUncertain
	}
	if o.json {
		o.printJSON(found)
	} else {
		o.printVerdict(history, found)
	}
	return found, nil
}

// readBack compares every object that the run wrote.
func (o *verifyOptions) readBack(ctx context.Context, server send.Server, history *record.History, found *verdict) error {
	if n := history.Counts()[record.Uncertain]; n > 0 {
		o.warn("%s uncertain: what has no answer is named, and can't be compared", reports.Count(n, "row is", "rows are"))
	}
	if n := history.Rows.AsLastRun(); n > 0 {
		o.warn("%s: this run wrote nothing of them, so they are not read back; verify reads back what that run wrote",
			reports.NotLookedAt(n, history.Header.Options.Since.Run))
	}
	if n := history.CutOff(); n > 0 {
		o.warn("%s begun and cut off: what is done of them is read back, and resume does the rest",
			reports.Count(n, "row was", "rows were"))
	}
	sent := server.Client.Counts()
	objects, err := verify.ReadBack(ctx, server, history)
	if err != nil {
		return beforeChanges(ctx, err)
	}
	for object, err := range objects {
		if err != nil {
			return beforeChanges(ctx, err)
		}
		found.take(object)
		if o.json {
			o.printJSON(verifiedLine{"object", object})
		} else if object.Message != "" {
			o.print("%s\n", lostText(object))
		}
	}
	found.Requests = server.Client.Counts()
	for method, n := range sent { // for the files before
		if found.Requests[method] -= n; found.Requests[method] == 0 {
			delete(found.Requests, method)
		}
	}
	return nil
}

// take counts an object, once. Of one in doubt it can't be told whether all of it is lost or
// kept, whatever else of it is.
func (v *verdict) take(object verify.Result) {
	v.Objects++
	switch {
	case object.Unproven:
		v.Unproven++
	case object.Kept:
		v.Kept++
	default:
		v.Lost++
	}
	if v.column == "" && len(object.Lost) > 0 {
		column, _ := validate.ColumnFor(object.Lost[0].Step, object.Lost[0].Field)
		v.column = column.Name
	}
}

// lostText is one line: row 3 jdoe: Title is "", and the run wrote "Buyer".
func lostText(object verify.Result) string {
	parts := make([]string, len(object.Lost))
	for i, change := range object.Lost {
		old, now := change.Shown()
		parts[i] = change.Name() + " is " + valueText(old, true) + ", not " + valueText(now, true)
	}
	if len(parts) == 0 || object.Unproven {
		parts = append(parts, object.Message)
	}
	return "row " + strconv.Itoa(object.Row) + " " + oneLine(object.Alias) + ": " + strings.Join(parts, "; ")
}

func (o *verifyOptions) printVerdict(history *record.History, found verdict) {
	if found.Folder != "" && found.Objects > 0 {
		o.print("%s: ", oneLine(history.FileName()))
	}
	switch {
	case found.Objects == 0:
		o.print("%s wrote nothing, so there is nothing to read back.\n", history.Folder)
	case found.Unproven > 0:
		o.print("%s, %s: %d as written, %d not, and of %d it can't be told.\n", objectsText(found.Objects),
			requestsText(found.Requests), found.Kept, found.Lost, found.Unproven)
	case found.Lost == 0:
		o.print("%s read back with %s: the server kept all that was written.\n", objectsText(found.Objects), requestsText(found.Requests))
	default:
		o.print("%s read back with %s: %d as written, %d not.\n", objectsText(found.Objects), requestsText(found.Requests),
			found.Kept, found.Lost)
	}
}

// next is what can be done then.
func (o *verifyOptions) next(history *record.History, found verdict) []reports.Suggestion {
	var next []reports.Suggestion
	table := history.Header.Options.Table()
	if !history.Finished() {
		next = append(next, suggestion("The run is not finished; go on with it:", resumeFrom(history, o.again)))
	}
	if found.column != "" {
		next = append(next, suggestion("See what a column sets, and whether it can be written:",
			export.ForObject(shell.New("fields"), table).Word(found.column)))
	}
	if found.Lost > 0 && history.Header.Kind == record.KindRun {
		next = append(next, suggestion("Take the run back, but for what was changed since:", rollbackOf(history, o.again)))
	}
	if history.Header.Kind == record.KindRun && found.Lost == 0 && found.Unproven == 0 && found.Objects > 0 {
		next = append(next, suggestion("If the run was a mistake, take it back:", rollbackOf(history, o.again)))
	}
	if len(next) == 0 {
		next = append(next, suggestion("Write a file of the "+table.Many+" as they are now:",
			o.again.on(export.ForObject(shell.New("export"), table).Flag("out", table.Object+".csv"), groupsOfServer)))
	}
	return next
}

func objectsText(n int) string { return reports.Count(n, "object", "objects") }
