package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// newUser is the body of one create, as small as the rules allow.
func newUser(i int) []byte {
	return fmt.Appendf(nil, `{"Alias":"user%06d","DtmfAccessId":"%d","DisplayName":"User Number `+
		`%d","FirstName":"Josephine","LastName":"Doe"}`, i, 1_000_000+i, i)
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
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: j.Workers, MaxConnsPerHost: j.Workers,
		TLSClientConfig: &tls.Config{RootCAs: roots}}}
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
