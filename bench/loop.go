package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// job tells a process what to send: a bare loop, or the engine alone. It is a file,
// since what is measured is a process of its own, as the program is.
type job struct {
	URL, Certificate string
	Rows, Workers    int

	Input string // for the engine: the file of rows
	Disk  string // for the engine: how its journal is synced, one of disks

	// Filled in by the process: of the sending alone, from first to last.
	Took, Processor time.Duration
}

// readJob reads the file that the parent wrote.
func readJob(path string) (j job, authority []byte, err error) {
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &j)
	}
	if err == nil {
		authority, err = os.ReadFile(j.Certificate)
	}
	return j, authority, err
}

// write makes the file of a job.
func (j job) write(path string) error {
	text, err := json.Marshal(j)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}

// measure does the work of a job, and writes what it took.
func (j job) measure(path string, work func() error) error {
	began, spent := time.Now(), processorTime()
	if err := work(); err != nil {
		return err
	}
	j.Took, j.Processor = time.Since(began), processorTime()-spent
	return j.write(path)
}

// newUser is the body of one create, as small as the rules allow.
func newUser(i int) []byte {
	return fmt.Appendf(nil, `{"Alias":"user%06d","DtmfAccessId":"%d","DisplayName":"User Number %d","FirstName":"Josephine","LastName":"Doe"}`, i, 1_000_000+i, i)
}

func (j job) address() string { return j.URL + "/vmrest/users?templateAlias=voicemailusertemplate" }

// postOnly is the yardstick of sending: so many workers post bodies that are ready,
// keep their connections, and remember nothing.
func postOnly(path string) error {
	j, authority, err := readJob(path)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: j.Workers, MaxConnsPerHost: j.Workers, TLSClientConfig: &tls.Config{RootCAs: roots}}}
	bodies := make([][]byte, j.Rows)
	for i := range bodies {
		bodies[i] = newUser(i)
	}
	return j.measure(path, func() (err error) {
		next, failures := make(chan []byte), make(chan error, j.Workers)
		var group sync.WaitGroup
		for range j.Workers {
			group.Go(func() {
				var failed error
				for body := range next {
					failed = errors.Join(failed, postOne(client, j.address(), body))
				}
				failures <- failed
			})
		}
		for _, body := range bodies {
			next <- body
		}
		close(next)
		group.Wait()
		close(failures)
		for failed := range failures {
			err = errors.Join(err, failed)
		}
		return err
	})
}

func postOne(client *http.Client, address string, body []byte) error {
	request, err := http.NewRequest(http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.SetBasicAuth(account, password)
	request.Header.Set("Content-Type", "application/json")
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
	if err == nil && answer.StatusCode != http.StatusCreated {
		err = fmt.Errorf("a create was answered with %s", answer.Status)
	}
	return err
}

// loop runs the bare loop on a new server. The cost is that of the sending alone.
func (b *bench) loop(rows int, latency time.Duration) (cost, error) {
	return b.does("-post", job{Rows: rows}, latency)
}

// does lets this program, as a process of its own, do a job on a new server. The
// times are those of the sending alone.
func (b *bench) does(what string, j job, latency time.Duration) (c cost, err error) {
	site, err := b.newSite(latency)
	if err != nil {
		return c, err
	}
	defer site.close()
	self, err := os.Executable()
	if err != nil {
		return c, err
	}
	path := filepath.Join(site.folder, "job.json")
	j.URL, j.Certificate, j.Workers = site.listener.URL, site.certificate, workers
	if err := j.write(path); err != nil {
		return c, err
	}
	if c, err = spend(nil, self, what, path); err != nil {
		return c, err
	}
	j, _, err = readJob(path)
	c.wall, c.processor = j.Took, j.Processor
	return c, errors.Join(err, os.RemoveAll(site.folder))
}
