package torture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/batchtest"
	"cucbulk/batch/journal"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/rollback"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// doubt is the doubt window of a run in a bubble: the time-out and the server's queue.
const doubt = 80 * time.Second

// bubble is the engine and a simulator in one synctest bubble, joined by connections
// in memory. A change whose intent is not durable fails the test.
type bubble struct {
	listener
	t         *testing.T
	simulator *cupitest.Server
	web       *http.Server
	guard     batchtest.IntentGuard
	folder    string
	wire      cupi.Wire
	workers   int
	meet      http.HandlerFunc // in the way of every request; nil: nobody
	refuse    func() bool      // asked before each connection; nil: never
	sync      func(*os.File) error

	mutex   sync.Mutex
	dead    bool               // no request of the start under way is heard any more
	kept    remains            // of its journal when it died
	cancel  context.CancelFunc // ends the start under way
	journal string
	durable int64 // bytes of it
}

func newBubble(t *testing.T, simulator *cupitest.Server) *bubble {
	t.Helper()
	b := &bubble{t: t, simulator: simulator, listener: newListener(), folder: t.TempDir(),
		wire: cupi.JSON, workers: 4, sync: func(*os.File) error { return nil }} // the disk is not what is tried here
	simulator.OnChange = func(c cupitest.Change) error { return b.guard.CheckChange(c.Method, c.Path, c.Fields) }
	b.web = &http.Server{Handler: http.HandlerFunc(b.receive), ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = b.web.Serve(b) }()
	return b
}

// end closes everything, and reports what the simulator found wrong.
func (b *bubble) end() {
	b.t.Helper()
	b.simulator.Wait()
	_ = b.web.Close()
	if err := b.guard.HalfMade(); err != nil {
		b.t.Error(err)
	}
	for _, err := range b.simulator.ChangeErrors() {
		b.t.Errorf("a change without a durable intent: %v", err)
	}
	for _, request := range b.simulator.Unknown() {
		b.t.Errorf("the simulator does not know %s", request)
	}
}

func (b *bubble) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if b.isDead() || b.refuse != nil && b.refuse() {
		return nil, errors.New("connection refused")
	}
	near, far := net.Pipe()
	select {
	case b.accepted <- far:
		return near, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (b *bubble) receive(w http.ResponseWriter, r *http.Request) {
	switch {
	case b.isDead():
		panic(http.ErrAbortHandler)
	case b.meet != nil:
		b.meet(w, r)
	default:
		b.simulator.ServeHTTP(w, r)
	}
}

// die is what SIGKILL is to a process: the journal keeps what is written by now, and
// nothing more is sent.
func (b *bubble) die() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.dead {
		return
	}
	kept, err := remainsOf(b.journal)
	if err != nil {
		b.t.Error(err)
	}
	b.dead, b.kept = true, kept
	b.cancel()
}

// synced takes note of what is durable, as long as the process lives.
func (b *bubble) synced(path string, bytes int64) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if !b.dead {
		b.guard.Synced(path, bytes)
		b.durable = bytes
	}
}

func (b *bubble) isDead() bool {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.dead
}

// begin does one start of the engine. It reports whether it died: then what it gives
// means nothing, and the journal is put back to what it was.
func (b *bubble) begin(folder string, start func(context.Context, send.Server, batch.Recorder) (batch.Summary, error)) (summary batch.Summary, died bool, err error) {
	b.t.Helper()
	client, err := cupi.New(cupi.Config{Server: "http://127.0.0.1", User: "admin", Password: "secret", Wire: b.wire, Workers: b.workers, Timeout: time.Minute, DialContext: b.dial})
	must(b.t, err)
	defer client.Close()
	ctx, cancel := context.WithCancel(b.t.Context())
	defer cancel()
	b.mutex.Lock()
	b.dead, b.cancel, b.journal = false, cancel, filepath.Join(folder, record.JournalFile)
	b.mutex.Unlock()
	summary, err = start(ctx, send.Server{Client: client, URL: client.Server(), Account: "admin", Workers: b.workers},
		batch.Recorder{Folder: folder, Tool: "test", Journal: journal.Options{Synced: b.synced, Sync: b.sync}})
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if died = b.dead; died {
		must(b.t, b.kept.putBack(b.journal))
	}
	b.dead = false
	return summary, died, err
}

// options let no guard rail stop a run.
func options() record.Options {
	all := record.Limit{Percent: 100}
	return record.Options{Template: "voicemailusertemplate", SkipInvalid: true, Limits: record.Limits{MaxFailures: all, MaxDeletes: all}, Patience: record.Patience{DoubtWindow: doubt, MaxOutage: 15 * time.Minute}}
}

// run starts a file in a new folder of that name.
func (b *bubble) run(name, text string) (folder string, summary batch.Summary, died bool, err error) {
	b.t.Helper()
	folder = filepath.Join(b.folder, name)
	must(b.t, os.Mkdir(folder, 0o700))
	path := filepath.Join(folder, record.InputFile)
	must(b.t, os.WriteFile(path, []byte(text), 0o600))
	in, err := record.OpenInput("users.csv", path)
	must(b.t, err)
	checked, err := plan.Check(in, options(), func(p validate.Problem) {
		if !p.Warning {
			b.t.Errorf("the file: %v", p)
		}
	})
	must(b.t, err)
	summary, died, err = b.begin(folder, func(ctx context.Context, server send.Server, recorder batch.Recorder) (batch.Summary, error) {
		p, err := batch.Preflight(ctx, server, checked, func(validate.Problem) {})
		if err != nil {
			return batch.Summary{}, err
		}
		return p.Run(ctx, recorder)
	})
	return folder, summary, died, err
}

// resume goes on with a run.
func (b *bubble) resume(folder string) (batch.Summary, error) {
	b.t.Helper()
	history := b.history(folder)
	in, err := history.SourceInput()
	must(b.t, err)
	summary, died, err := b.begin(folder, func(ctx context.Context, server send.Server, recorder batch.Recorder) (batch.Summary, error) {
		return batch.Resume(ctx, server, history, in, options(), recorder)
	})
	if died {
		err = errors.Join(err, errors.New("the resume died"))
	}
	return summary, err
}

// rollback undoes a run in a new folder, and gives what became of it.
func (b *bubble) rollback(of string) []record.Result {
	b.t.Helper()
	folder := filepath.Join(b.folder, "rollback")
	must(b.t, os.Mkdir(folder, 0o700))
	undo, err := record.PlanUndo(b.history(of), record.UndoOptions{Patience: record.Patience{DoubtWindow: doubt, MaxOutage: 15 * time.Minute}})
	must(b.t, err)
	_, _, err = b.begin(folder, func(ctx context.Context, server send.Server, recorder batch.Recorder) (batch.Summary, error) {
		return rollback.Run(ctx, undo, server, recorder, nil)
	})
	must(b.t, err)
	return b.results(folder)
}

func (b *bubble) history(folder string) *record.History {
	b.t.Helper()
	history, err := record.ReadHistory(folder)
	must(b.t, err)
	return history
}

func (b *bubble) results(folder string) []record.Result {
	b.t.Helper()
	var list []record.Result
	for r, err := range b.history(folder).Results() {
		must(b.t, err)
		list = append(list, r)
	}
	return list
}

// carryOut does what the request asks for, and gives the answer as it would be sent,
// and how long its head is.
func (b *bubble) carryOut(r *http.Request) (answer []byte, head int) {
	recorder := httptest.NewRecorder()
	b.simulator.ServeHTTP(recorder, r)
	var text bytes.Buffer
	if err := recorder.Result().Write(&text); err != nil {
		b.t.Error(err)
	}
	return text.Bytes(), bytes.Index(text.Bytes(), []byte("\r\n\r\n")) + 4
}

// cut sends so much of an answer and ends the connection.
func cut(w http.ResponseWriter, answer []byte) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	_, _ = connection.Write(answer) // a client that has left hears nothing
	connection.Close()
}

// ended says how a row ended, as far as it matters: "created", "failed exists".
func ended(r record.Result) string {
	if r.Code == "" || r.Status.Done() {
		return string(r.Status)
	}
	return fmt.Sprintf("%s %s", r.Status, r.Code)
}
