package cli

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/audio"
	"cucbulk/cupi/cupitest"
	"cucbulk/internal/codes"
	"cucbulk/internal/shell"
	"cucbulk/reports"
	"cucbulk/samples"
	"cucbulk/validate"
)

const demoHelp = `Show what cucbulk does, without a server and without harm: a Unity Connection server is
simulated inside this program, one that is busy now and then and loses some answers.
A file with mistakes is checked, a file of some hundred rows is run, and everything is
rolled back. Then the server is compared with what it was before.`

// The server of the demo.
const (
	demoUsers    = 200
	builtInUsers = 5 // that every server has
	demoAccount  = "demo"
	demoPassword = "not-a-secret"
	demoLatency  = 10 * time.Millisecond
	demoSeed     = 12
)

// demoFaults is how often what goes wrong in the demo.
var demoFaults = cupitest.Faults{Busy: 0.02, CutAfterCommit: 0.01, LateCommit: 0.004}

// How long a late change may take, and how long the demo doubts that it will come.
const (
	demoLateBy = 100 * time.Millisecond
	demoDoubt  = 400 * time.Millisecond
)

// demoOptions are what demo was asked to do, and what it does it with.
type demoOptions struct {
	*screen
	access        *access // to the demo's server
	folders       runFolders
	out, progress string
}

func demoCommand(p *program) *cobra.Command {
	access := &access{screen: p.screen, audio: new(audio.Store), getenv: demoEnvironment(p.access.getenv)}
	o := demoOptions{screen: p.screen, access: access, folders: p.folders}
	command := &cobra.Command{
		Use: "demo [flags]", Short: "Show it all on a simulated server: validate, run, roll back",
		Long: demoHelp + exitStatus +
			"  0  the server is as before\n  1  it is not, or the demo could not run\n  2  the command line is wrong\n  6  interrupted",
		Example: "  cucbulk demo\n  cucbulk demo --out demo", Args: cobra.NoArgs,
	}
	command.Flags().StringVar(&o.out, "out", "",
		"put all files into the folder `DIR`; it must not be there yet (default: a temporary folder)")
	command.Flags().StringVar(&o.progress, "progress", progressAuto, progressHelp)
	command.RunE = p.does(func(ctx context.Context, _ []string) (int, error) {
		if err := checkProgress(o.progress); err != nil {
			return 0, err
		}
		return 0, o.demo(ctx)
	})
	return command
}

func (o demoOptions) demo(ctx context.Context) error {
	folder, err := demoFolder(o.out)
	if err != nil {
		return err
	}
	simulator := &cupitest.Server{Username: demoAccount, Password: demoPassword, Latency: demoLatency, Seed: demoSeed,
		Faults: demoFaults, LateBy: demoLateBy}
	simulator.AddUsers(demoUsers)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("the simulator can't listen: %w", err)
	}
	simulator.Location = cupitest.LocationOf(listener.Addr().String()) // two demos may run at once
	serving, ended := context.WithCancel(context.WithoutCancel(ctx))
	gone := make(chan error, 1)
	go func() { gone <- serve(serving, simulator, listener) }()
	err = o.demonstrate(ctx, folder, simulator, "http://"+listener.Addr().String())
	ended()
	return errors.Join(err, <-gone)
}

func demoFolder(out string) (string, error) {
	if out != "" {
		return out, makeNew(out)
	}
	folder, err := os.MkdirTemp("", "cucbulk-demo-")
	if err != nil {
		return "", fmt.Errorf("there is no place for the demo's files: %w", err)
	}
	return folder, nil
}

// demonstrate takes the steps of the demo, and tells of each.
func (o demoOptions) demonstrate(ctx context.Context, folder string, simulator *cupitest.Server, url string) error {
	o.print("1. THE SERVER\n   A Unity Connection server is simulated on this computer, with %s.\n", usersText(demoUsers+builtInUsers))
	o.print("   It is too busy now and then and loses some answers, as real servers do.\n\n")
	if err := showMistakes(o.screen, folder); err != nil {
		return err
	}
	before := pictureOf(simulator)
	history, err := o.run(ctx, folder, url)
	if err != nil {
		return err
	}
	if err := showRejects(o.screen, history); err != nil {
		return err
	}
	if _, err := o.rollback(ctx, history, url); err != nil {
		return err
	}
	simulator.Wait()
	if err := showVerdict(o.screen, before, pictureOf(simulator)); err != nil {
		return err
	}
	o.print("\nThe demo's files are in %s\n", folder)
	o.suggest([]reports.Suggestion{
		suggestion("Make a file of your own:", shell.New("new").File("users.csv")),
		suggestion("Check it, when it has rows:", shell.New("validate").File("users.csv").Flag("operation",
			"create").Flag("template", demoTemplate)),
		suggestion("Try it on a simulated server that stays:", shell.New("simulate").Flag("users", "200")),
	})
	return nil
}

// showMistakes checks a file that is full of them.
func showMistakes(s *screen, folder string) error {
	path := filepath.Join(folder, "mistakes.csv")
	text, err := samples.Files.ReadFile("mistakes.csv")
	if err == nil {
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		return fmt.Errorf("the demo's file can't be written: %w", err)
	}
	in, err := record.OpenInput("mistakes.csv", path)
	if err != nil {
		return err
	}
	s.print("2. VALIDATE\n   A file is checked before anything is sent. This one is full of mistakes:\n\n")
	const shown = 5
	problems := 0
	checked, err := plan.Check(in, record.Options{}, func(problem validate.Problem) {
		if problem.Row == 0 || problem.Warning {
			return
		}
		if problems++; problems <= shown {
			s.print("   %s\n", problem)
		}
	})
	if err != nil {
		return err
	}
	s.print("   … and %d errors more. %d of %s are invalid, so nothing is sent.\n\n", problems-shown, checked.Invalid,
		rowsText(checked.Rows))
	return nil
}

// run makes a file of rows of every kind and runs it.
func (o demoOptions) run(ctx context.Context, folder, url string) (*record.History, error) {
	path, counts, err := writeDemoFile(folder)
	if err != nil {
		return nil, err
	}
	o.print("3. RUN\n   A file of %d rows: %d creates, %d updates, %d deletes and %d upserts.\n", counts.total(),
		counts[validate.Create], counts[validate.Update], counts[validate.Delete], counts[validate.Upsert])
	o.print("   Rows that are wrong are left out (--skip-invalid):\n\n")
	work := runOptions{
		screen: o.screen, access: o.access, folders: o.folders,
		begun:      func() {},
		connection: demoConnection(url), file: path, progress: o.progress, limitedDeletes: true,
		batch: record.Options{Template: demoTemplate, Match: "Alias", SkipInvalid: true,
			Limits: record.Limits{MaxFailures: record.DefaultMaxFailures(), MaxDeletes: record.Limit{Rows: counts[validate.Delete]},
				Canary: 1},
			Patience: record.Patience{MaxOutage: time.Minute, DoubtWindow: demoDoubt}},
	}
	run := filepath.Join(folder, "run")
	if err := makeNew(run); err != nil {
		return nil, err
	}
	in, err := work.source().copyTo(ctx, run, record.InputFile)
	if err != nil {
		return nil, err
	}
	if err := work.carryOut(ctx, in, run, unseenProblems()); err != nil {
		return nil, err
	}
	return o.end(run)
}

// end tells how a run or a rollback of the demo ended.
func (o demoOptions) end(folder string) (*record.History, error) {
	history, err := o.folders.conclude(folder, record.Input{})
	if err != nil {
		return nil, err
	}
	summary := reports.Summarize(history)
	if history.Exit() == record.ExitInterrupted || history.Exit() == record.ExitRail {
		return nil, &record.Stop{Exit: history.Exit(), Code: codes.Demo, Reason: summary.Reason + "; the demo ends here"}
	}
	o.print("\n   %s.\n", countsText(history.Counts()))
	o.print("   %s in %.1f s; %d times the server was busy; %s tried again.\n\n",
		reports.Count(summary.TotalRequests, "request", "requests"), summary.Seconds, summary.Busy,
		reports.Count(summary.Retries, "was", "were"))
	return history, nil
}

// showRejects shows what was not done, and why.
func showRejects(s *screen, history *record.History) error {
	s.print("4. WHAT WAS NOT DONE, AND WHY\n   rejects.csv has these rows, ready to be mended and run again:\n\n")
	file, err := os.Open(filepath.Join(history.Folder, reports.RejectsFile))
	if err != nil {
		return err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return fmt.Errorf("rejects.csv can't be read: %w", err)
	}
	for _, cells := range rows[1:] {
		s.print("%s", hanging("   ", "     ", fmt.Sprintf("%s %s: %s", cells[1], cells[2], cells[0])))
	}
	s.print("\n")
	return nil
}

// rollback takes the run back.
func (o demoOptions) rollback(ctx context.Context, history *record.History, url string) (*record.History, error) {
	undo, err := record.PlanUndo(history, record.UndoOptions{Patience: record.Patience{MaxOutage: time.Minute, DoubtWindow: demoDoubt}})
	if err != nil {
		return nil, err
	}
	o.print("5. ROLL BACK\n   %s changed something. All of it is taken back, newest first:\n", rowsText(len(undo.Rows)))
	folder, err := makeNumbered(history.Folder + "-rollback")
	if err != nil {
		return nil, err
	}
	work := undoing{screen: o.screen, access: o.access, folders: o.folders, connection: demoConnection(url),
		undo: undo, folder: folder, progress: o.progress}
	if err := work.carryOut(ctx); err != nil {
		return nil, err
	}
	return o.end(folder)
}

// showVerdict says whether the server is as it was.
func showVerdict(s *screen, before, after picture) error {
	s.print("6. BEFORE AND AFTER\n")
	different := before.compare(after)
	if len(different) > 0 {
		for _, line := range different {
			s.print("   %s\n", line)
		}
		return fmt.Errorf("the server is not as before: %s", reports.Count(len(different), "difference", "differences"))
	}
	s.print("   All %s and their call handlers are as before, field by field.\n", usersText(len(after.ids)))
	renewed := before.renewed(after)
	s.print("   %s deleted and made again, under a new ObjectId: it can't be\n   brought back, nor can messages, greetings and PINs.\n",
		reports.Count(renewed, "user was", "users were"))
	return nil
}

func demoConnection(url string) connection {
	return connection{server: url, user: demoAccount, wire: string(cupi.JSON), workers: "auto", timeout: time.Minute}
}

// demoEnvironment knows the password of the demo's server.
func demoEnvironment(getenv func(string) string) func(string) string {
	return func(name string) string {
		if name == "CUCBULK_PASSWORD" {
			return demoPassword
		}
		return getenv(name)
	}
}
