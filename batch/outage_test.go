package batch_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// memoryNet joins a client and a server in one process, so that their time can be
// faked: real sockets do not work in a synctest bubble.
type memoryNet struct {
	accepted chan net.Conn
	closed   chan struct{}

	mutex sync.Mutex
	down  bool
	open  []net.Conn
}

func newMemoryNet() *memoryNet {
	return &memoryNet{accepted: make(chan net.Conn), closed: make(chan struct{})}
}

func (m *memoryNet) Accept() (net.Conn, error) {
	select {
	case conn := <-m.accepted:
		return conn, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

func (m *memoryNet) Close() error   { close(m.closed); return nil }
func (m *memoryNet) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

func (m *memoryNet) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.down {
		return nil, errors.New("connection refused")
	}
	near, far := net.Pipe()
	m.open = append(m.open, near, far)
	select {
	case m.accepted <- far:
		return near, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// cut ends every connection and refuses new ones, or lets them be made again.
func (m *memoryNet) cut(down bool) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.down = down
	if down {
		for _, conn := range m.open {
			conn.Close()
		}
		m.open = nil
	}
}

// A server that is out for a day, in the middle of a run: the run waits, and then
// every row is done; beyond --max-outage it ends with the rows pending instead.
func TestADayOfOutage(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		maxOutage time.Duration
		exit      int
	}{
		{"waited for", 25 * time.Hour, record.ExitDone},
		{"too long", 15 * time.Minute, record.ExitInterrupted},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			began := time.Now()
			synctest.Test(t, func(t *testing.T) {
				simulator := &cupitest.Server{Latency: 2 * time.Second}
				memory := newMemoryNet()
				server, end := inBubble(t, memory, simulator, 4)
				defer end()
				options := options(validate.Create)
				options.MaxOutage, options.DoubtWindow = test.maxOutage, 80*time.Second
				p := preflightFile(t, server, folder, creates(200), options)
				time.AfterFunc(20*time.Second, func() { memory.cut(true) })
				time.AfterFunc(20*time.Second+24*time.Hour, func() { memory.cut(false) })
				start := time.Now()
				summary, err := p.Run(t.Context(), batch.Recorder{Folder: folder, Tool: "test"})
				if err != nil {
					t.Fatal(err)
				}
				if summary.Exit != test.exit || summary.Counts.Total() != 200 {
					t.Fatalf("exit %d, counts %v, stop %v; want exit %d", summary.Exit, summary.Counts, summary.Stop, test.exit)
				}
				if test.exit == record.ExitDone && (summary.Counts[record.Created] != 200 || time.Since(start) < 24*time.Hour) {
					t.Errorf("counts %v after %s", summary.Counts, time.Since(start))
				}
				if test.exit != record.ExitDone && (summary.Counts[record.Pending] == 0 || summary.Counts[record.Failed] != 0 || time.Since(start) > time.Hour) {
					t.Errorf("counts %v after %s: rows that were not reached are pending, not failed", summary.Counts, time.Since(start))
				}
			})
			t.Logf("took %s of real time", time.Since(began).Round(time.Millisecond))
		})
	}
}

// A server that answers what it is asked and is too busy for every change is out too,
// though whoever asks whether it is back hears that it is.
func TestBusyForChangesOnly(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ outage, least, most time.Duration }{
		// A row that was put off for the first time just before another gave up has 15 minutes too.
		{15 * time.Minute, 15 * time.Minute, 32 * time.Minute},
		{0, 0, 5 * time.Second},
	} {
		t.Run(test.outage.String(), func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				simulator := &cupitest.Server{Latency: time.Second}
				simulator.Fault = func(r *http.Request) cupitest.Fault {
					if r.Method != http.MethodGet {
						return cupitest.Busy
					}
					return cupitest.NoFault
				}
				server, end := inBubble(t, newMemoryNet(), simulator, 4)
				defer end()
				options := options(validate.Create)
				options.MaxOutage = test.outage
				p := preflightFile(t, server, folder, creates(20), options)
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Hour)
				defer cancel()
				start := time.Now()
				summary, err := p.Run(ctx, batch.Recorder{Folder: folder, Tool: "test"})
				if err != nil {
					t.Fatal(err)
				}
				if took := time.Since(start); summary.Exit != record.ExitInterrupted || summary.Counts[record.Pending] != 20 || took < test.least || took > test.most {
					t.Errorf("exit %d after %s, counts %v, stop %v; want an outage of %s", summary.Exit, took, summary.Counts, summary.Stop, test.outage)
				}
			})
		})
	}
}

// Whoever interrupts a run that asks whether the server is back gets an interrupted run.
func TestInterruptedWhileTheServerIsAskedWhetherItIsBack(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		ctx, interrupt := context.WithCancel(t.Context())
		defer interrupt()
		simulator := &cupitest.Server{Latency: time.Second}
		var requests atomic.Int64
		simulator.Fault = func(r *http.Request) cupitest.Fault {
			if requests.Add(1) == 6 { // five failures open the breaker
				interrupt()
			}
			return cupitest.Busy
		}
		server, end := inBubble(t, newMemoryNet(), simulator, 4)
		defer end()
		options := options(validate.Create)
		options.MaxOutage = 15 * time.Minute
		_, err := batch.Preflight(ctx, server, checkFile(t, folder, creates(20), options), func(validate.Problem) {})
		var stop *record.Stop
		if !errors.As(err, &stop) || stop.Exit != record.ExitInterrupted {
			t.Errorf("error %v after %d requests, want to be interrupted", err, requests.Load())
		}
	})
}

// Hours in which a run was paused are none in which the server was out, though what it is
// asked first after them finds it busy once more.
func TestAPauseIsNoOutage(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	pause := filepath.Join(folder, "pause")
	synctest.Test(t, func(t *testing.T) {
		simulator := &cupitest.Server{Latency: time.Second}
		simulator.AddUsers(2)
		changes := 0
		simulator.Fault = func(r *http.Request) cupitest.Fault {
			if r.Method != http.MethodPut {
				return cupitest.NoFault
			}
			changes++
			if changes == 1 {
				if err := os.WriteFile(pause, nil, 0o600); err != nil {
					t.Error(err)
				}
				time.AfterFunc(time.Hour, func() { os.Remove(pause) })
			}
			return map[bool]cupitest.Fault{true: cupitest.Busy}[changes <= 2]
		}
		server, end := inBubble(t, newMemoryNet(), simulator, 1)
		defer end()
		server.Schedule.PauseFile = pause
		options := options(validate.Update)
		options.MaxOutage = 15 * time.Minute
		p := preflightFile(t, server, folder, titles(2), options)
		summary, err := p.Run(t.Context(), batch.Recorder{Folder: folder, Tool: "test"})
		if err != nil || summary.Exit != record.ExitDone {
			t.Errorf("exit %d, counts %v, stop %v, error %v; want all done", summary.Exit, summary.Counts, summary.Stop, err)
		}
	})
}
