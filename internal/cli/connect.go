package cli

import (
	"context"
	"fmt"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"cucbulk/batch/gate"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// workersAuto leaves one of the five requests that the server works on at a time
// to the administrator.
const workersAuto = 4

// connection is which server to use, and how.
type connection struct {
	server, user, passwordFile string
	caFile, pin, wire, workers string
	certificates               []byte // that caFile holds, once it was read
	trace                      string // the file of what was said; "": none
	timeout                    time.Duration
	rate                       rateValue
	schedule                   scheduleOptions // of commands that change the server
	anyState                   bool            // and go on whatever the servers say of themselves
}

const noServer = "no server: give --server https://cuc1.example.com, or set CUCBULK_SERVER"

// ready finds out, before anything is done, whether connecting can be tried.
func (c *connection) ready(ctx context.Context, a *access) error {
	switch {
	case c.server == "":
		return misused("%s", noServer)
	case c.user == "":
		return misused("no account: give --user NAME, or set CUCBULK_USER")
	case c.passwordFile == "" && a.getenv("CUCBULK_PASSWORD") == "" && !a.screen.canAsk():
		return misused("no password: set CUCBULK_PASSWORD, or give --password-file FILE")
	case c.timeout <= 0:
		return misused("--timeout must be longer than 0")
	}
	config, err := c.config(ctx, "checked later")
	if err != nil {
		return err
	}
	_, err = newClient(config)
	return err
}

func (c *connection) workerCount() (int, error) {
	if c.workers == "auto" {
		return workersAuto, nil
	}
	n, err := strconv.Atoi(c.workers)
	if err != nil || n < 1 {
		return 0, misused("--workers takes auto or a number from 1, not %q", c.workers)
	}
	return n, nil
}

// config reads what the flags name.
func (c *connection) config(ctx context.Context, password string) (cupi.Config, error) {
	workers, err := c.workerCount()
	if err != nil {
		return cupi.Config{}, err
	}
	config := cupi.Config{Server: c.server, User: c.user, Password: password, Wire: cupi.Wire(c.wire), Workers: workers,
		Timeout: c.timeout, Pin: c.pin}
	if c.caFile != "" && c.certificates == nil { // a pipe can be read once
		if c.certificates, err = readWhole(ctx, "--ca-file", c.caFile, mostCertificates); err != nil {
			return config, err
		}
	}
	config.CA = c.certificates
	return config, nil
}

func newClient(config cupi.Config) (*cupi.Client, error) {
	client, err := cupi.New(config)
	if err != nil {
		return nil, misused("%v", err)
	}
	return client, nil
}

// collectAtWaiting is collectAt for who waits for a server, and has time for more.
const collectAtWaiting = 30

// open makes the client. It sends nothing; it may ask for the password.
func (c *connection) open(ctx context.Context, a *access) (send.Server, error) {
	password, err := c.password(ctx, a)
	if err != nil {
		return send.Server{}, err
	}
	config, err := c.config(ctx, password)
	if err != nil {
		return send.Server{}, err
	}
	if config.Workers > 5 {
		a.screen.warn("%d workers: the server works on 5 requests at a time, for all its clients together; the rest wait, and "+
			"the administrator's pages with them", config.Workers)
	}
	config.Audio = a.audio
	if config.Trace, err = a.openTrace(c.trace); err != nil {
		return send.Server{}, err
	}
	client, err := newClient(config)
	if err != nil {
		return send.Server{}, err
	}
	debug.SetGCPercent(collectAtWaiting)
	return send.Server{Client: client, URL: client.Server(), Account: c.user, Workers: config.Workers, Auto: c.workers == "auto",
		Schedule: gate.Schedule{Rate: float64(c.rate)}}, nil
}

// password comes from a file, else from the environment, else from the terminal.
func (c *connection) password(ctx context.Context, a *access) (string, error) {
	if c.passwordFile != "" {
		return a.passwordFrom(ctx, c.passwordFile)
	}
	if password := a.getenv("CUCBULK_PASSWORD"); password != "" {
		return password, nil
	}
	fmt.Fprintf(a.screen.Stderr, "Password of %s on %s: ", c.user, c.server)
	password, err := a.readPassword(ctx)
	fmt.Fprintln(a.screen.Stderr)
	if err == nil && len(password) == 0 {
		err = misused("no password was typed")
	}
	return string(password), err
}

// asIn takes the server and the account of a run where none are given.
func (c *connection) asIn(history *record.History) {
	if len(history.Begins) == 0 {
		return
	}
	c.asOf(history.Begins[0].Server, history.Begins[0].Account)
}

// asOf takes the server and the account that nothing else names.
func (c *connection) asOf(server record.Identity, account string) {
	if c.server == "" {
		c.server = server.URL
	}
	if c.user == "" {
		c.user = account
	}
}

// host is the part of a server's address by which people know it.
func host(server string) string {
	if !strings.Contains(server, "://") {
		server = "https://" + server
	}
	address, err := url.Parse(server)
	if err != nil {
		return server
	}
	return address.Hostname()
}

// scheduleOptions say when a command may send.
type scheduleOptions struct {
	window, notAfter, pauseFile string
}
