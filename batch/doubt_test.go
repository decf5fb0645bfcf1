package batch_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/gate"
	"cucbulk/batch/journal"
	"cucbulk/batch/pool"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// After a kill every intent without an answer is doubted, all of them at the same
// time: the resume waits for one doubt window, however many there are.
func TestOneDoubtWindowForAll(t *testing.T) {
	t.Parallel()
	const rows = 40
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		options := options(validate.Create)
		options.DoubtWindow = 80 * time.Second
		server, _, history, in := killedBeforeAnswers(t, folder, creates(rows), rows, options)
		undo, err := record.PlanUndo(history, record.UndoOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for line, err := range undo.Irreversible() {
			if err != nil || line.Alias == "" {
				t.Errorf("row %d, which is in doubt, is called %q: %v", line.Row, line.Alias, err)
			}
		}
		var told []gate.State
		waiting := fmt.Sprintf("%d answers lost, asks at %s", pool.MaxInProgress(server.Workers),
			time.Now().Add(options.DoubtWindow).Format("15:04:05"))
		toldLost := false
		var mutex sync.Mutex
		server.Notice = func(news gate.Notice) {
			mutex.Lock()
			defer mutex.Unlock()
			told = append(told, news.State)
			toldLost = toldLost || news.Text == waiting
		}
		began := time.Now()
		summary, err := batch.Resume(t.Context(), server, history, in, options, batch.Recorder{Folder: folder, Tool: "test"})
		if err != nil || summary.Counts[record.Created] != rows {
			t.Fatalf("counts %v, error %v; want %d created", summary.Counts, err, rows)
		}
		if took := time.Since(began); took < 80*time.Second || took > 82*time.Second {
			t.Errorf("took %s, want one doubt window of 80 s for all %d rows", took, rows)
		}
		if got, want := standing(told), []gate.State{gate.Waiting, gate.GoingOn}; !slices.Equal(got, want) {
			t.Errorf("people were told %q, want %q: once that it waits, once that it goes on", got, want)
		}
		if !toldLost {
			t.Errorf("people were not told %q, and no pace foretells when these rows end", waiting)
		}
		if last := told[len(told)-1]; last != gate.Settled {
			t.Errorf("people were last told %q, want that all answers are known", last)
		}
	})
}

// standing is what people were told of whether the run stands still.
func standing(told []gate.State) (still []gate.State) {
	for _, state := range told {
		if state == gate.Waiting || state == gate.GoingOn {
			still = append(still, state)
		}
	}
	return still
}

// Where the window ends while the first looks are still under way, nothing waits any more, and
// nobody is told that it does; those that waited before are told of once. A resume that
// is interrupted meanwhile does not go on.
func TestWaitingIsToldOnceAState(t *testing.T) {
	t.Parallel()
	const rows = 40
	for _, test := range []struct {
		name        string
		window      time.Duration // the looks take 100 ms, 4 at a time
		interrupted time.Duration
		want        []gate.State
	}{
		{"the first wait, the others come late", 25 * time.Millisecond, time.Hour, []gate.State{gate.Waiting, gate.GoingOn}},
		{"all come late", 5 * time.Millisecond, time.Hour, nil},
		{"interrupted", 80 * time.Second, 40 * time.Second, []gate.State{gate.Waiting}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				options := options(validate.Create)
				options.DoubtWindow = test.window
				server, _, history, in := killedBeforeAnswers(t, folder, creates(rows), rows, options)
				var told []gate.State
				server.Notice = func(news gate.Notice) { told = append(told, news.State) } // one at a time
				ctx, cancel := context.WithTimeout(t.Context(), test.interrupted)
				defer cancel()
				summary, err := batch.Resume(ctx, server, history, in, options, batch.Recorder{Folder: folder, Tool: "test"})
				if test.interrupted == time.Hour && (err != nil || summary.Counts[record.Created] != rows) {
					t.Fatalf("counts %v, error %v; want %d created", summary.Counts, err, rows)
				}
				if got := standing(told); !slices.Equal(got, test.want) {
					t.Errorf("people were told %q, want %q", got, test.want)
				}
			})
		})
	}
}

// People are told how many rows wait to ask again, and when the last of them does.
func TestLostAnswersAreTold(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		simulator := &cupitest.Server{LateBy: time.Minute, Fault: func(r *http.Request) cupitest.Fault {
			if r.Method == "POST" {
				return cupitest.LateCommit
			}
			return cupitest.NoFault
		}}
		server, end := inBubble(t, newMemoryNet(), simulator, 4)
		defer end()
		var told []gate.Notice
		var until string
		server.Notice = func(news gate.Notice) { // one at a time, as nothing else is told
			if told = append(told, news); len(told) == 2 {
				until = time.Now().Add(80 * time.Second).Format("15:04:05")
			}
		}
		options := options(validate.Create)
		options.DoubtWindow = 80 * time.Second
		p := preflightFile(t, server, folder, creates(2), options)
		if _, err := p.Run(t.Context(), batch.Recorder{Folder: folder, Tool: "test"}); err != nil {
			t.Fatal(err)
		}
		one, two := gate.Notice{State: gate.Settling, Text: "1 answer lost, asks at " + until}, gate.Notice{State: gate.Settling, Text: "2 answers lost, asks at " + until}
		if want := []gate.Notice{one, two, one, {State: gate.Settled}}; !slices.Equal(told, want) {
			t.Errorf("told %q, want %q", told, want)
		}
	})
}

// While some rows wait for the end of the doubt window, the others are sent.
func TestRowsInDoubtKeepNoOtherWaiting(t *testing.T) {
	t.Parallel()
	const rows = 300
	for doubted := 10; doubted < 34; doubted += 2 { // of the 36 that are at hand
		folder := t.TempDir()
		synctest.Test(t, func(t *testing.T) {
			options := options(validate.Create)
			options.DoubtWindow = 80 * time.Second
			server, empty, history, in := killedBeforeAnswers(t, folder, creates(rows), doubted, options)
			go func() {
				time.Sleep(10 * time.Second)
				if got := empty.Requests()["POST /vmrest/users"]; got != rows-doubted {
					t.Errorf("after 10 s %d users were made, want the %d that nobody doubts", got, rows-doubted)
				}
			}()
			summary, err := batch.Resume(t.Context(), server, history, in, options, batch.Recorder{Folder: folder, Tool: "test"})
			if err != nil || summary.Counts[record.Created] != rows {
				t.Fatalf("counts %v, error %v; want %d created", summary.Counts, err, rows)
			}
		})
	}
}

// killedBeforeAnswers runs creates, and forgets the answers to the first changes of the
// doubted ones, the first, and what came after. It gives what a resume needs, with a server that none of them reached.
func killedBeforeAnswers(t *testing.T, folder, text string, doubted int, options record.Options) (send.Server, *cupitest.Server, *record.History, record.Input) {
	t.Helper()
	server, end := inBubble(t, newMemoryNet(), &cupitest.Server{}, 4)
	t.Cleanup(end)
	p := preflightFile(t, server, folder, text, options)
	if _, err := p.Run(t.Context(), batch.Recorder{Folder: folder, Tool: "test"}); err != nil {
		t.Fatal(err)
	}
	forgetAnswers(t, filepath.Join(folder, record.JournalFile), doubted)
	empty := &cupitest.Server{Latency: 10 * time.Millisecond}
	server, end = inBubble(t, newMemoryNet(), empty, 4)
	t.Cleanup(end)
	history, err := record.ReadHistory(folder)
	if err != nil {
		t.Fatal(err)
	}
	in, err := history.SourceInput()
	if err != nil {
		t.Fatal(err)
	}
	return server, empty, history, in
}

// forgetAnswers leaves of a journal what a kill leaves that comes before any answer, of
// the first so many rows.
func forgetAnswers(t *testing.T, path string, rows int) {
	t.Helper()
	type kept struct {
		kind string
		data json.RawMessage
	}
	var records []kept
	_, err := journal.Read(path, func(r journal.Record) error {
		switch r.Type {
		case "intent":
			var intent record.Intent
			if err := r.Decode(&intent); err != nil || intent.Row > rows || intent.Step != validate.StepUser {
				return err
			}
			fallthrough
		case "header", "begin":
			records = append(records, kept{r.Type, r.Data})
		}
		return nil
	})
	if err == nil {
		err = os.Remove(path)
	}
	if err != nil {
		t.Fatal(err)
	}
	writer, err := journal.Create(path, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if err := writer.Append(r.kind, r.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
}
