package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"cucbulk/batch/lock"
	"cucbulk/batch/probe"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/internal/shell"
	"cucbulk/reports"
)

// probeOptions are what probe was asked to do, and what it does it with.
type probeOptions struct {
	*screen
	access *access
	connection
	template, out string
	yes, clean    bool
	again         again
}

const probeHelp = `Find out where a real server answers otherwise than the simulator in this program, for
whom has a server in a lab. It makes one user of its own, whose alias has a random mark,
goes through every part that a row can have (set, read back, changed, cleared, undone,
and what must be refused), looks at lists and their pages, and deletes the user again.
It changes nothing else, and sends one request at a time. The same requests go to the
simulator. It prints what differs, and the settings with which the simulator answers
most like the server.

Before it starts it says how many requests it will send, and asks for the host to be
typed; off a terminal --yes answers. The user is deleted whatever happens. If the
program itself was killed, --clean does it: FILE.user names the user, and only one with
that ObjectId and that alias is deleted.

FILE holds the requests and the answers without names, numbers, hosts and secrets, so
that it can be sent to the makers: see docs/probe.md.`

const probeExample = `  cucbulk probe --server https://lab-cuc1.example.com --user bulkadmin
  cucbulk probe --config cucbulk.yaml --profile lab --template staff --yes
  cucbulk probe --server https://lab-cuc1.example.com --user bulkadmin --clean`

const probeExits = `  0  nothing differs; of --clean: nothing of a probe is left
  1  could not run: file, connection, sign-in, certificate; the server failed
  2  the command line is wrong
  4  some answers differ, or some requests could not be tried
  5  not agreed; nothing was sent
  6  interrupted; if it was told so twice, probe --clean deletes the user
  7  the user may be there still: probe --clean looks again`

const probeFile = "probe.json"

func probeCommand(p *program) *cobra.Command {
	o := probeOptions{screen: p.screen, access: p.access}
	command := &cobra.Command{
		Use: "probe [flags]", Short: "Find out where a server answers otherwise than the simulator",
		Long: probeHelp + exitStatus + probeExits, Example: probeExample, Args: cobra.NoArgs,
	}
	declare(command, groupsOfClient)
	flags := command.Flags()
	flags.StringVar(&o.template, "template", "", "`ALIAS` of the template of the user (default voicemailusertemplate)")
	flags.StringVar(&o.out, "out", probeFile, "write the exchanges into this new `FILE`")
	flags.BoolVar(&o.yes, "yes", false, "do not ask")
	flags.BoolVar(&o.clean, "clean", false, "only delete the user of a probe that was cut off, by its FILE.user")
	command.RunE = p.does(func(ctx context.Context, _ []string) (int, error) {
		var err error
		if o.connection, err = connectionOf(command); err == nil {
			err = o.connection.ready(ctx, o.access)
		}
		if err != nil {
			return 0, err
		}
		o.again = typedAgain(command, groupsOfServer)
		return o.probe(ctx)
	})
	return command
}

func (o probeOptions) probe(ctx context.Context) (int, error) {
	if err := o.startable(); err != nil {
		return 0, err
	}
	if !o.clean {
		if agreed, err := o.agree(ctx); !agreed || err != nil {
			return record.ExitRail, err
		}
	}
	o.workers = "1"
	server, err := o.open(ctx, o.access)
	if err != nil {
		return 0, err
	}
	defer server.Client.Close()
	taken, err := lock.Take(server.URL, "cucbulk probe", o.user)
	if err != nil {
		return 0, err
	}
	defer taken.Release()
	if o.clean {
		return o.cleanUp(server.Client)
	}
	return o.carryOut(ctx, server.Client)
}

// startable says why a probe can't start, before it asks for anything.
func (o probeOptions) startable() error {
	_, err := os.Lstat(probe.Owned(o.out))
	switch {
	case o.clean && errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no %s, so no probe that writes %s was cut off: nothing was sent; name another with "+
			"--out, or type it where the probe was typed", probe.Owned(o.out), o.out)
	case o.clean:
		return nil
	case err == nil:
		return fmt.Errorf("%s is there: a probe was cut off, and its user may be there still; nothing was "+
			"sent: type first: %s", probe.Owned(o.out), o.cleaning())
	}
	if _, err := os.Lstat(o.out); err == nil {
		return fmt.Errorf("%s is there already, and nothing is ever overwritten; nothing was sent: give --out a file "+
			"that is not there", o.out)
	}
	return nil
}

// cleaning is the command that deletes the user.
func (o probeOptions) cleaning() shell.Command {
	c := o.again.on(shell.New("probe"), groupsOfServer)
	if o.out != probeFile {
		c = c.Flag("out", o.out)
	}
	return c.Switch("clean")
}

// agree tells what will be done, and asks whether to.
func (o probeOptions) agree(ctx context.Context) (bool, error) {
	requests, changes, err := probe.Requests()
	if err != nil {
		return false, err
	}
	const aWrite = 1700 * time.Millisecond // what a lab server was seen to take
	fmt.Fprint(o.Stderr, hanging("", "", fmt.Sprintf("This sends some %d requests to %s, one at a time; %d of them "+
		"would change something, and only the one user that the probe makes itself. At 1.7 s each that takes %s. The "+
		"user is deleted at the end. What it finds goes into %s, without names, numbers, hosts and secrets.",
		requests, o.server, changes, (time.Duration(requests)*aWrite).Round(time.Minute), o.out)))
	if o.yes {
		return true, nil
	}
	if !o.canAsk() {
		return false, misused("probe asks before it starts; without a terminal give --yes")
	}
	agreed, err := o.ask(ctx, "It makes a user there, and deletes it.", host(o.server))
	if err == nil && !agreed {
		fmt.Fprintln(o.Stderr, "cucbulk: not agreed, so nothing was sent")
	}
	return agreed, err
}

func (o probeOptions) doubt() time.Duration { return o.timeout + doubtBeyondTimeout }

func (o probeOptions) cleanUp(client *cupi.Client) (int, error) {
	found, err := probe.Clean(client, o.out, o.doubt())
	if err != nil {
		return 0, unclean(err, o)
	}
	o.print("Nothing of the probe is left: %s.\n", found)
	return 0, nil
}

// unclean is the end of a command whose user may be there still.
func unclean(err error, o probeOptions) error {
	if !errors.Is(err, probe.ErrUncertain) {
		return err
	}
	return &record.Stop{Exit: record.ExitUncertain, Code: codes.ProbeUserLeft,
		Reason: "look again with: " + o.cleaning().String(), Err: err}
}

func (o probeOptions) carryOut(ctx context.Context, client *cupi.Client) (int, error) {
	defer context.AfterFunc(ctx, func() {
		fmt.Fprintln(o.Stderr, "\ncucbulk: ending: nothing more is tried, and the user is deleted; press Ctrl-C again "+
			"to leave at once. If it is left, type: "+o.cleaning().String())
	})()
	reference := reference{cupi.Wire(o.wire)}
	part := ""
	result, err := probe.Run(ctx, probe.Options{
		Client: client, Template: o.template, Path: o.out, Tool: tool(), Rate: float64(o.rate), Doubt: o.doubt(),
		Simulator: reference.start, Settings: probeSettings(),
		Report: func(c probe.Compared) {
			if c.Part != part {
				part = c.Part
				fmt.Fprintf(o.Stderr, "%s …\n", part)
			}
		},
	})
	if err != nil {
		return 0, err
	}
	o.tell(result)
	return exitOfProbe(ctx, result, o)
}

// exitOfProbe is the exit code, and what is wrong.
func exitOfProbe(ctx context.Context, result *probe.Result, o probeOptions) (int, error) {
	var left error
	if result.Unclean != nil {
		left = unclean(result.Unclean, o)
	}
	switch {
	case result.Ended != nil && ctx.Err() != nil:
		if left == nil {
			left = errors.New("the user was deleted")
		}
		return 0, &record.Stop{Exit: record.ExitInterrupted, Code: codes.Interrupted, Reason: "interrupted", Err: left}
	case result.Ended != nil:
		return 0, errors.Join(result.Ended, left)
	case left != nil:
		return 0, left
	case result.Unwritten != nil:
		return 0, result.Unwritten
	case result.Count(probe.Same) != len(result.Tries):
		return record.ExitIncomplete, nil
	}
	return 0, nil
}

// tell prints the table: each part with its counts, and what is not the same.
func (o probeOptions) tell(result *probe.Result) {
	var parts []string
	counts := map[string]map[probe.Verdict]int{}
	for _, c := range result.Tries {
		if counts[c.Part] == nil {
			counts[c.Part] = map[probe.Verdict]int{}
			parts = append(parts, c.Part)
		}
		counts[c.Part][c.Verdict]++
	}
	o.print("%-26s %5s %8s %18s\n", "part", probe.Same, probe.Differs, probe.Untried)
	for _, part := range parts {
		n := counts[part]
		o.print("%-26s %5d %8d %18d\n", part, n[probe.Same], n[probe.Differs], n[probe.Untried])
	}
	o.print("%-26s %5d %8d %18d\n\n", "all", result.Count(probe.Same), result.Count(probe.Differs), result.Count(probe.Untried))
	told := map[string]bool{}
	for _, c := range result.Tries {
		answers := fmt.Sprintf("  server     %s\n  simulator  %s\n", c.Server, c.Simulator)
		for _, difference := range c.Differences {
			answers += hanging("  - ", "    ", difference)
		}
		if c.Verdict == probe.Untried {
			answers = hanging("  could not be tried: ", "    ", c.Server)
		}
		if c.Verdict != probe.Same && !told[c.Request+answers] { // the same request is made several times
			told[c.Request+answers] = true
			o.print("%s%s", hanging(c.Part+": ", "  ", c.Request), answers)
		}
	}
	if len(told) > 0 {
		o.print("\n")
	}
	o.print("Never tried:\n")
	for _, text := range probe.LeftOut() {
		o.print("%s", hanging("- ", "  ", text))
	}
	o.print("\n")
	if result.Cleaned != "" {
		o.print("Of the probe nothing is left on the server: %s.\n", result.Cleaned)
	}
	var next []reports.Suggestion
	if len(result.Settings) > 0 {
		simulate := shell.New("simulate")
		for _, setting := range result.Settings {
			simulate = simulate.Flag("as", setting)
		}
		next = append(next, suggestion(fmt.Sprintf("The simulator answers most like this server (%s left) with:",
			reports.Count(result.Left, "difference is", "differences are")), simulate))
	}
	if result.Written {
		o.print("What was said is in %s, to be sent to the makers: see docs/probe.md.\n", o.out)
	}
	o.suggest(next)
}
