package batch_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// swift is a server over TLS that answers creates after its service time, and does
// nothing else for them. Whatever is asked before goes to the simulator.
type swift struct {
	*httptest.Server
	service     time.Duration
	creates     atomic.Int64
	connections atomic.Int64
}

func newSwift(b *testing.B, service time.Duration) *swift {
	b.Helper()
	s := &swift{service: service}
	simulator := &cupitest.Server{}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			simulator.ServeHTTP(w, r)
			return
		}
		_, _ = io.Copy(io.Discard, r.Body) // a client that leaves is not measured
		time.Sleep(s.service)
		path := fmt.Sprintf("/vmrest/users/%08x-0000-4000-8000-000000000000", s.creates.Add(1))
		w.Header().Set("Location", path)
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, path)
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.connections.Add(1)
		}
	}
	s.StartTLS()
	b.Cleanup(s.Close)
	return s
}

// BenchmarkCreates sends creates with four requests at a time: with the whole engine,
// journal included, and with a loop that only posts. The time of an iteration is a
// row's. Run it with -cpuprofile to see what the engine costs.
func BenchmarkCreates(b *testing.B) {
	for _, service := range []time.Duration{0, 20 * time.Millisecond} {
		b.Run(fmt.Sprintf("loop/service=%s", service), func(b *testing.B) { benchmarkLoop(b, service) })
		b.Run(fmt.Sprintf("engine/service=%s", service), func(b *testing.B) { benchmarkEngine(b, service) })
	}
}

const benchWorkers = 4

func benchmarkLoop(b *testing.B, service time.Duration) {
	server := newSwift(b, service)
	transport := &http.Transport{MaxIdleConnsPerHost: benchWorkers, MaxConnsPerHost: benchWorkers, TLSClientConfig: &tls.Config{RootCAs: server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}}
	defer transport.CloseIdleConnections()
	var left atomic.Int64
	left.Store(int64(b.N))
	b.ResetTimer()
	var group sync.WaitGroup
	for range benchWorkers {
		group.Go(func() {
			for i := left.Add(-1); i >= 0; i = left.Add(-1) {
				body := fmt.Sprintf(`{"Alias":"person%05d","DtmfAccessId":"%d","FirstName":"Per","LastName":"Son %d","DisplayName":"Person %d"}`, i, 30000+i, i, i)
				request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, server.URL+"/vmrest/users?templateAlias=voicemailusertemplate", strings.NewReader(body))
				if err != nil {
					b.Error(err)
					return
				}
				request.Header.Set("Content-Type", "application/json")
				response, err := transport.RoundTrip(request)
				if err != nil {
					b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, response.Body)
				response.Body.Close()
			}
		})
	}
	group.Wait()
	b.StopTimer()
	report(b, server)
}

func benchmarkEngine(b *testing.B, service time.Duration) {
	server := newSwift(b, service)
	folder := b.TempDir()
	path := filepath.Join(folder, record.InputFile)
	if err := os.WriteFile(path, []byte(creates(b.N)), 0o600); err != nil {
		b.Fatal(err)
	}
	in, err := record.OpenInput("users.csv", path)
	if err != nil {
		b.Fatal(err)
	}
	checked, err := plan.Check(in, options(validate.Create), func(p validate.Problem) { b.Log(p) })
	if err != nil {
		b.Fatal(err)
	}
	var authority bytes.Buffer
	if err := pem.Encode(&authority, &pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}); err != nil {
		b.Fatal(err)
	}
	client, err := cupi.New(cupi.Config{Server: server.URL, User: "admin", Password: "secret", Workers: benchWorkers, CA: authority.Bytes()})
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	p, err := batch.Preflight(context.Background(), send.Server{Client: client, URL: server.URL, Account: "admin", Workers: benchWorkers}, checked, func(p validate.Problem) { b.Log(p) })
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	summary, err := p.Run(context.Background(), batch.Recorder{Folder: folder, Tool: "bench"})
	b.StopTimer()
	if err != nil || summary.Counts[record.Created] != b.N {
		b.Fatalf("counts %v, error %v", summary.Counts, err)
	}
	report(b, server)
}

// report fails where something was sent twice, or where connections were not kept.
func report(b *testing.B, server *swift) {
	b.Helper()
	if n := server.creates.Load(); n != int64(b.N) {
		b.Errorf("%d requests for %d rows", n, b.N)
	}
	if n := server.connections.Load(); n > benchWorkers {
		b.Errorf("%d connections for %d workers", n, benchWorkers)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
