package batch_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cucbulk/batch"
	"cucbulk/batch/journal"
	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// fate is how one start of the program ends.
type fate struct {
	what string // "", killed, interrupted, refused, lost
	at   int    // which of its changes
	done bool   // killed: the server carries that change out
}

func (f fate) String() string { return fmt.Sprintf("%s at %d, done %t", f.what, f.at, f.done) }

func randomFate(rt *rapid.T, label string, kinds ...string) fate {
	return fate{rapid.SampledFrom(kinds).Draw(rt, label), rapid.IntRange(1, 8).Draw(rt, "at"), rapid.Bool().Draw(rt, "done")}
}

// strike makes a fault of a fate, which tells when the program is dead.
func (f fate) strike(dead func()) func(*http.Request) cupitest.Fault {
	var mutex sync.Mutex
	changes, died := 0, false
	return func(r *http.Request) cupitest.Fault {
		mutex.Lock()
		defer mutex.Unlock()
		if r.Method == "GET" {
			return cupitest.NoFault
		}
		if died { // it never left
			return cupitest.Forbidden
		}
		if changes++; changes != f.at {
			return cupitest.NoFault
		}
		switch f.what {
		case "killed":
			died = true
			dead()
			return map[bool]cupitest.Fault{true: cupitest.CutAfterCommit, false: cupitest.Reset}[f.done]
		case "interrupted":
			dead()
		case "refused":
			return cupitest.NotFound
		case "lost":
			return cupitest.CutAfterCommit
		}
		return cupitest.NoFault
	}
}

// live lets a start of the program work in a folder until it ends or dies, and gives the
// folder in which the next one goes on: after a death that is a copy of what was durable.
func (s *site) live(rt *rapid.T, f fate, folder string, work func(context.Context, batch.Recorder) (batch.Summary, error)) (batch.Summary, string) {
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	recorder := s.recorderIn(folder)
	var synced, last atomic.Int64
	recorder.Journal = journal.Options{Synced: func(path string, bytes int64) {
		s.guard.Synced(path, bytes)
		synced.Store(bytes)
	}}
	s.simulator.Fault = f.strike(func() {
		last.Store(synced.Load())
		cancel()
	})
	summary, err := work(ctx, recorder)
	s.simulator.Fault = nil
	if err != nil {
		rt.Fatalf("%v: %v", f, err)
	}
	if f.what != "killed" || last.Load() == 0 {
		return summary, folder
	}
	next := s.recorder(filepath.Base(folder) + " killed").Folder
	for name, length := range map[string]int64{record.InputFile: -1, record.JournalFile: last.Load()} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			rt.Fatal(err)
		}
		if length >= 0 {
			text = text[:length]
		}
		if err := os.WriteFile(filepath.Join(next, name), text, 0o600); err != nil {
			rt.Fatal(err)
		}
	}
	return summary, next
}

// randomCircles is a file that hands extensions, primary and alternate, and names round, with
// the user of each row.
func randomCircles(rt *rapid.T) (file string, users []string) {
	file = "Operation,Alias,DtmfAccessId,Extension_Alt1,NewAlias,Title\n"
	pool := rapid.Permutation([]string{"10000", "10001", "10002", "10003", "10004", "667001", "667002", "667003", "4711", "4712"}).Draw(rt, "extensions")
	names := rapid.Permutation([]string{"", "", "", "user00001", "user00002", "moved"}).Draw(rt, "names")
	for row, user := range rapid.Permutation([]int{1, 2, 3, 4, 5}).Draw(rt, "rows") {
		alias := fmt.Sprintf("user%05d", user)
		primary, alternate := pool[2*row], ""
		what := rapid.SampledFrom([]string{"primary", "primary", "both", "alternate", "clear", "delete", "none"}).Draw(rt, "row")
		switch what {
		case "both":
			alternate = pool[2*row+1]
		case "alternate":
			primary, alternate = "", pool[2*row]
		case "clear":
			alternate = "%null%"
		case "none":
			continue
		}
		users = append(users, alias)
		if what == "delete" {
			file += "delete," + alias + ",,,,\n"
			continue
		}
		newAlias := ""
		if rapid.Bool().Draw(rt, "renamed") && names[row] != alias {
			newAlias = names[row]
		}
		file += fmt.Sprintf("update,%s,%s,%s,%s,%s\n", alias, primary, alternate, newAlias, rapid.SampledFrom([]string{"", "Boss"}).Draw(rt, "title"))
		if newAlias == "" && rapid.IntRange(0, 3).Draw(rt, "again") == 0 {
			users = append(users, alias)
			file += fmt.Sprintf("update,%s,%s,,,Later\n", alias, rapid.SampledFrom([]string{"", "", "4713", pool[9]}).Draw(rt, "extension"))
		}
	}
	if rapid.Bool().Draw(rt, "a new user") {
		users = append(users, "fresh")
		file += "create,fresh," + rapid.SampledFrom(append(pool[:9:9], "4714")).Draw(rt, "its extension") + ",,,\n"
	}
	return file, users
}

// However a file hands extensions and names round, and whenever the run, its resume, its
// rollback and the rollback's resume are killed or interrupted: after a rollback that says
// that all is done the server is as before, and after any other each row that is not says so.
func TestARollbackOfCirclesIsExactOrTold(t *testing.T) {
	t.Parallel()
	exact, parked := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		simulator := &cupitest.Server{}
		simulator.AddUsers(5)
		s := drawnSite(t, rt, simulator)
		o := s.other()
		for user := 1; user <= 3; user++ {
			o.giveExtension(fmt.Sprintf("user%05d", user), "1", fmt.Sprint(667000+user))
		}
		before := withoutIDs(simulator.Snapshot())
		aliases := map[string]string{} // by ObjectId
		for _, user := range simulator.Snapshot() {
			aliases[user["ObjectId"]] = user["Alias"]
		}
		file, users := randomCircles(rt)
		story := file
		tell := func(what string, f fate, summary batch.Summary) {
			story += fmt.Sprintf("%s: %v, exit %d\n", what, f, summary.Exit)
		}

		recorder := s.recorder("run")
		checked := s.prepare(recorder, file, options(""))
		workers := rapid.IntRange(1, 3).Draw(rt, "workers")
		f := randomFate(rt, "run", "", "killed", "interrupted", "refused", "lost")
		summary, folder := s.live(rt, f, recorder.Folder, func(ctx context.Context, recorder batch.Recorder) (batch.Summary, error) {
			p, err := batch.Preflight(ctx, s.server(workers), checked, func(validate.Problem) {})
			if err != nil {
				return batch.Summary{}, err
			}
			return p.Run(ctx, recorder)
		})
		tell("run", f, summary)
		history := s.history(folder)
		for n := rapid.IntRange(0, 2).Draw(rt, "resumes"); n > 0 && !history.Finished(); n-- {
			f := randomFate(rt, "resume", "", "", "killed", "interrupted", "refused", "lost")
			summary, folder = s.live(rt, f, folder, func(ctx context.Context, recorder batch.Recorder) (batch.Summary, error) {
				in, err := history.SourceInput()
				if err != nil {
					return batch.Summary{}, err
				}
				return batch.Resume(ctx, s.server(workers), history, in, options(""), recorder)
			})
			tell("resume", f, summary)
			history = s.history(folder)
		}
		for _, user := range simulator.Snapshot() {
			if strings.HasPrefix(user["DtmfAccessId"], "99999") {
				parked++
			}
		}
		folder = s.recorder("undo").Folder
		for n, own := rapid.IntRange(0, 2).Draw(rt, "deaths of the rollback"), (*record.History)(nil); n >= 0; n-- {
			f := fate{}
			if n > 0 {
				f = randomFate(rt, "rollback", "killed", "interrupted", "lost")
			}
			undo, err := record.PlanUndo(history, record.UndoOptions{Patience: record.Patience{DoubtWindow: 1, MaxOutage: 1}, Template: "voicemailusertemplate"})
			if err != nil {
				rt.Fatal(err)
			}
			summary, folder = s.live(rt, f, folder, func(ctx context.Context, recorder batch.Recorder) (batch.Summary, error) {
				return rollback.Run(ctx, undo, s.server(workers), recorder, own)
			})
			tell("rollback", f, summary)
			if own = s.history(folder); own.Finished() {
				break
			}
		}
		after := withoutIDs(simulator.Snapshot())
		of := s.history(folder)
		story += statuses(s.t, history) + "\n" + statuses(s.t, of) + "\n" + messages(s.t, of) + "\n"
		if summary.Exit == record.ExitDone {
			exact++
			if diff := cmp.Diff(before, after); diff != "" {
				rt.Errorf("the rollback says that all is done, and the server is not as before (- before, + after):\n%s\n%s", diff, story)
			}
		}
		said := map[string]bool{}
		for _, r := range results(s.t, of) {
			if !r.Status.Done() || r.Code == "partly-recreated" {
				said[users[r.Row-1]] = true
			}
		}
		for path, was := range before {
			alias := strings.Split(path, "/")[1]
			if is := after[path]; !cmp.Equal(was, is) && !said[alias] && strings.HasPrefix(alias, "user0") {
				rt.Errorf("%s is not as before, and its row does not say so (- before, + after):\n%s\n%s", path, cmp.Diff(was, is), story)
			}
		}
		s.checkIntents(rt)
		entries, _ := os.ReadDir(s.folder)
		for _, entry := range entries {
			_ = os.RemoveAll(filepath.Join(s.folder, entry.Name()))
		}
	})
	t.Logf("%d rollbacks were whole; users had a temporary extension %d times", exact, parked)
}
