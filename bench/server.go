package main

import (
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"cucbulk/cupi/cupitest"
)

// workers is how many requests are in flight at most, of whatever client: one less
// than the server works on.
const workers = 4

const account, password = "bench", "bench"

// site is a simulated server behind TLS.
type site struct {
	*cupitest.Server
	listener    *httptest.Server
	certificate string // the file that holds its certificate, PEM
	folder      string
}

// newSite starts a server that takes so long for each request.
func (b *bench) newSite(latency time.Duration) (*site, error) {
	folder, err := os.MkdirTemp(b.folder, "site-")
	if err != nil {
		return nil, err
	}
	s := &site{Server: &cupitest.Server{Latency: latency}, folder: folder, certificate: filepath.Join(folder, "ca.pem")}
	s.listener = httptest.NewTLSServer(s.Server)
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.listener.Certificate().Raw})
	return s, os.WriteFile(s.certificate, text, 0o600)
}

func (s *site) close() { s.listener.Close() }

// summary is what the measurements need of summary.json.
type summary struct {
	Rows          int
	Seconds       float64
	TotalRequests int
	Statuses      map[string]int
}

// creates runs a file on a new server of its own, and checks that every row became
// a user and that no request was sent that the summary does not count.
func (b *bench) creates(path string, latency time.Duration) (c cost, s summary, err error) {
	site, err := b.newSite(latency)
	if err != nil {
		return c, s, err
	}
	defer site.close()
	out := filepath.Join(site.folder, "run")
	c, err = spend([]string{"CUCBULK_PASSWORD=" + password}, b.program, "run", path, "--operation", "create", "--template",
		"voicemailusertemplate",
		"--server", site.listener.URL, "--user", account, "--ca-file", site.certificate, "--workers", fmt.Sprint(workers),
		"--out", out, "--progress", "none")
	if err != nil {
		return c, s, err
	}
	text, err := os.ReadFile(filepath.Join(out, "summary.json"))
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err == nil && s.Statuses["created"] != s.Rows {
		err = fmt.Errorf("of %d rows these came out: %v", s.Rows, s.Statuses)
	}
	if sent := site.Total(); err == nil && sent != s.TotalRequests {
		err = fmt.Errorf("summary.json counts %d requests, and the server %d", s.TotalRequests, sent)
	}
	return c, s, errors.Join(err, os.RemoveAll(site.folder))
}
