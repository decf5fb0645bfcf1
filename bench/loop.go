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

// job tells a bare loop what to send. It is a file, since the loop is a process of
// its own, as the program is.
type job struct {
	URL, Certificate string
	Rows, Workers    int
	Seconds          float64 // filled in by the loop: from the first request to the last answer
}

// newUser is the body of one create, as small as the rules allow.
func newUser(i int) []byte {
	return fmt.Appendf(nil, `{"Alias":"user%06d","DtmfAccessId":"%d","DisplayName":"User Number %d","FirstName":"Josephine","LastName":"Doe"}`, i, 1_000_000+i, i)
}

func (j job) address() string { return j.URL + "/vmrest/users?templateAlias=voicemailusertemplate" }

// postOnly is the yardstick of sending: so many workers post bodies that are ready,
// keep their connections, and remember nothing.
func postOnly(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var j job
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	authority, err := os.ReadFile(j.Certificate)
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
	next, failures := make(chan []byte), make(chan error, j.Workers)
	began := time.Now()
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
	j.Seconds = time.Since(began).Seconds()
	close(failures)
	for failed := range failures {
		err = errors.Join(err, failed)
	}
	if err != nil {
		return err
	}
	if text, err = json.Marshal(j); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
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

// loop runs the bare loop on a new server. The wall time of the cost is that of the
// sending alone.
func (b *bench) loop(rows int, latency time.Duration) (c cost, err error) {
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
	j := job{URL: site.listener.URL, Certificate: site.certificate, Rows: rows, Workers: workers}
	text, err := json.Marshal(j)
	if err == nil {
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		return c, err
	}
	if c, err = spend(nil, self, "-post", path); err != nil {
		return c, err
	}
	if text, err = os.ReadFile(path); err == nil {
		err = json.Unmarshal(text, &j)
	}
	c.wall = time.Duration(j.Seconds * float64(time.Second))
	return c, err
}
