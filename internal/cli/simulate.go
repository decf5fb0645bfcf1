package cli

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cucbulk/cupi/cupitest"
	"cucbulk/internal/shell"
	"cucbulk/reports"
)

// simulateOptions are what simulate was asked to do, and what it does it with.
type simulateOptions struct {
	*screen
	access *access

	address, user, passwordFile  string
	tls, anyAddress, json        bool
	users, slots, directory      int
	latency, queueTimeout, retry time.Duration
	clockAhead                   time.Duration
	seed                         uint64
	faults, as                   []string
	switches, bare               bool
	state                        string
}

const simulateHelp = `Serve the provisioning interface of a Unity Connection server from memory, so that
any script can be tried without harm. It answers as recorded servers do, oddities
included: 5 requests at a time, a quarter of the fields in lists, 503 when it is busy.

It starts with what a fresh server has, a branch office and some services to try things
with (none of those with --bare), and --users more. Without --user any
credentials will do. --fault makes requests go wrong, each at a rate from 0 to 1; the
names are ` + "%s" + `.

A field that it does not know is refused by its name: it may be misspelt. What public
sources leave open or say in two ways is a switch, set with --as; --switches lists them,
each with its source. With --as unknown-fields=pass-over such fields are passed over, and
named at once.

It listens on this computer only, unless --any-address is given. Ctrl-C or SIGTERM
ends it; then it prints what it counted.`

const simulateExample = `  cucbulk simulate --users 200
  cucbulk simulate --tls --users 5000 --latency 1.7s --fault busy=0.02
  cucbulk simulate --state server.json --fault cut-after-commit=0.01
  cucbulk simulate --as unknown-fields=pass-over --as null-time=refuse`

// simulateGrace is how long requests in flight may take when it ends.
const simulateGrace = 10 * time.Second

func simulateCommand(p *program) *cobra.Command {
	o := simulateOptions{screen: p.screen, access: p.access}
	command := &cobra.Command{
		Use: "simulate [flags]", Short: "Serve a simulated Unity Connection server",
		Long: fmt.Sprintf(simulateHelp, strings.Join(cupitest.FaultNames(), ", ")) + exitStatus +
			"  0  ended by Ctrl-C or SIGTERM\n  1  could not serve: address, certificate, state file\n  2  the command line is wrong",
		Example: simulateExample, Args: cobra.NoArgs,
	}
	flags := command.Flags()
	flags.StringVar(&o.address, "addr", "127.0.0.1:8443", "listen on `HOST:PORT`; port 0 takes a free one")
	flags.BoolVar(&o.anyAddress, "any-address", false, "allow an address that others can reach")
	flags.BoolVar(&o.tls, "tls", false, "serve https, with a certificate made at the start")
	flags.StringVar(&o.user, "user", "", "accept only this `NAME`")
	flags.StringVar(&o.passwordFile, "password-file", "", "with the password in the first line of `FILE` (or env CUCBULK_PASSWORD)")
	flags.BoolVar(&o.bare, "bare", false, "no more than a new installation has: without the branch office and the "+
		"services that are there to try things with")
	flags.IntVar(&o.users, "users", 0, "`N` plausible users more, user00001 and so on")
	flags.IntVar(&o.directory, "directory", 50, "`N` people in its LDAP directory, ldap00001 and so on, who can be imported")
	flags.DurationVar(&o.clockAhead, "clock-ahead", 0, "how far its clock is ahead of this computer's; behind it with a minus")
	flags.DurationVar(&o.latency, "latency", 0, "how long each request takes")
	flags.IntVar(&o.slots, "slots", 5, "`N` requests are worked on at a time")
	flags.DurationVar(&o.queueTimeout, "queue-timeout", 20*time.Second, "how long a request may wait for a slot before it is answered 503")
	flags.DurationVar(&o.retry, "retry-after", 0, "what a 503 asks to wait; 0 says nothing")
	flags.StringArrayVar(&o.faults, "fault", nil, "`NAME=RATE`; may be repeated")
	flags.StringArrayVar(&o.as, "as", nil, "`NAME=VALUE` turns a switch; may be repeated")
	flags.BoolVar(&o.switches, "switches", false, "list the switches, with their values, defaults and sources, and serve nothing")
	flags.Uint64Var(&o.seed, "seed", 0, "`N` makes ids and faults; the same seed, the same ones")
	flags.StringVar(&o.state, "state", "", "load the users from `FILE` if it is there (then --users and --directory add "+
		"none), and save them there, soon after changes and at the end")
	flags.BoolVar(&o.json, "json", false, "print what was counted as JSON")
	command.RunE = p.does(func(ctx context.Context, _ []string) (int, error) { return 0, o.simulate(ctx) })
	return command
}

func (o simulateOptions) simulate(ctx context.Context) error {
	if o.switches {
		printSwitches(o.screen)
		return nil
	}
	host, _, err := net.SplitHostPort(o.address)
	if err != nil {
		return misused("--addr takes HOST:PORT, such as 127.0.0.1:8443, not %q", o.address)
	}
	if address := net.ParseIP(host); host != "localhost" && (address == nil || !address.IsLoopback()) && !o.anyAddress {
		return misused("others could reach %q, and the simulator is no safe server: give an address of this computer, "+
			"or --any-address", host)
	}
	simulator, err := o.simulator(ctx)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.address)
	if err != nil {
		return fmt.Errorf("the simulator can't listen: %w", err)
	}
	// Several may serve at once, each a server of its own; on the same port again it is the same one.
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	simulator.Location = cupitest.LocationOf(fmt.Sprint(o.seed, " ", port))
	served := simulatorAddress{url: "http://" + listener.Addr().String()}
	if o.tls {
		served.url = "https://" + listener.Addr().String()
		var certificate tls.Certificate
		if certificate, served.pin, err = makeCertificate(host, time.Now()); err != nil {
			listener.Close()
			return err
		}
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{certificate},
			MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}})
	}
	o.introduce(served)
	lines := log.New(o.Stderr, "", 0)
	simulator.OnPassedOver = func(request, field string) {
		lines.Printf("%s gives %q, a field that is not known here: it is passed over", request, field)
	}
	end := o.keep(simulator, func(err error) { fmt.Fprintf(o.Stderr, "The state is not safe: %v\n", err) })
	err = serve(ctx, simulator, listener)
	end()
	if err != nil {
		return err
	}
	return errors.Join(o.save(simulator), o.tellCounted(simulator))
}

// simulator makes the server that the options describe.
func (o simulateOptions) simulator(ctx context.Context) (*cupitest.Server, error) {
	simulator := &cupitest.Server{Username: o.user, Slots: o.slots, Latency: o.latency, QueueTimeout: o.queueTimeout,
		RetryAfter: o.retry, Seed: o.seed, ClockAhead: o.clockAhead, Bare: o.bare}
	if o.slots < 1 || o.users < 0 || o.directory < 0 || o.latency < 0 || o.queueTimeout <= 0 {
		return nil, misused("--slots and --queue-timeout must be more than 0, and --users, --directory and --latency not negative")
	}
	if o.user != "" {
		password, err := o.password(ctx)
		if err != nil {
			return nil, err
		}
		simulator.Password = password
	}
	for _, text := range o.faults {
		name, rateText, _ := strings.Cut(text, "=")
		rate, err := strconv.ParseFloat(rateText, 64)
		if err != nil {
			return nil, misused("--fault takes NAME=RATE with a rate from 0 to 1, not %q", text)
		}
		if err := simulator.SetFault(name, rate); err != nil {
			return nil, misused("--fault: %v", err)
		}
	}
	for _, text := range o.as {
		name, value, given := strings.Cut(text, "=")
		if !given {
			return nil, misused("--as takes NAME=VALUE, not %q; --switches lists the names", text)
		}
		if err := simulator.Set(name, value); err != nil {
			return nil, misused("--as: %v", err)
		}
	}
	loaded, err := o.load(ctx, simulator)
	if !loaded {
		simulator.AddUsers(o.users)
		simulator.AddDirectoryUsers(o.directory)
	}
	return simulator, err
}

// printSwitches lists what can be set with --as.
func printSwitches(s *screen) {
	for _, one := range cupitest.Switches() {
		s.print("%s=%s (default %s)\n    %s\n    source: %s\n", one.Name, one.Values, one.Default, one.Meaning, one.Source)
	}
}

func (o simulateOptions) password(ctx context.Context) (string, error) {
	if o.passwordFile != "" {
		return o.access.passwordFrom(ctx, o.passwordFile)
	}
	if password := o.access.getenv("CUCBULK_PASSWORD"); password != "" {
		return password, nil
	}
	return "", misused("--user needs a password: set CUCBULK_PASSWORD, or give --password-file FILE")
}

// serve answers requests until ctx ends, and then those that are in flight.
func serve(ctx context.Context, simulator *cupitest.Server, listener net.Listener) error {
	server := &http.Server{Handler: simulator, ReadHeaderTimeout: time.Minute}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("the simulator can't serve: %w", err)
	case <-ctx.Done():
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), simulateGrace)
	defer cancel()
	if err := server.Shutdown(patience); err != nil {
		server.Close()
	}
	<-ended
	simulator.Wait()
	return nil
}

// simulatorAddress is how a simulator is reached.
type simulatorAddress struct{ url, pin string }

func (o simulateOptions) introduce(served simulatorAddress) {
	fmt.Fprintf(o.Stderr, "The simulator answers at %s\n", served.url)
	try := shell.New("doctor").Flag("server", served.url).Flag("user", cmp.Or(o.user, "any"))
	if served.pin != "" {
		try = try.Flag("tls-pin", served.pin)
		fmt.Fprintf(o.Stderr, "Its pin is %s\n", served.pin)
	}
	fmt.Fprintf(o.Stderr, "Try, in another window, with the password in CUCBULK_PASSWORD:\n  %s\n", try)
}

// counted is what a simulator saw.
type counted struct {
	Requests      map[string]int `json:"requests"` // by method and path
	Total         int            `json:"total"`
	MostInFlight  int            `json:"mostInFlight"`
	SignIns       int            `json:"signIns"`
	FailedSignIns int            `json:"failedSignIns"`
	Unauthorized  int            `json:"unauthorized"`         // answers 401
	Busy          int            `json:"busy"`                 // answers 503
	Unknown       []string       `json:"unknown,omitempty"`    // requests that it does not know
	PassedOver    []string       `json:"passedOver,omitempty"` // fields that it does not know
}

// tellCounted prints it.
func (o simulateOptions) tellCounted(simulator *cupitest.Server) error {
	seen := counted{simulator.Requests(), simulator.Total(), simulator.MaxInFlight(), simulator.SignIns(), simulator.FailedSignIns(),
		simulator.Unauthorized(), simulator.Busy(), simulator.Unknown(), simulator.PassedOver()}
	if o.json {
		return json.NewEncoder(o.Stdout).Encode(seen)
	}
	for _, route := range sortedKeys(seen.Requests) {
		o.print("%7d  %s\n", seen.Requests[route], route)
	}
	for _, request := range seen.Unknown {
		o.print("         not known here: %s\n", request)
	}
	for _, field := range seen.PassedOver {
		o.print("         field not known here, passed over: %s\n", field)
	}
	o.print("%s, at most %d at a time; %d sign-ins and %d that failed; answers: %d times 401, %d times 503\n",
		reports.Count(seen.Total, "request", "requests"), seen.MostInFlight, seen.SignIns, seen.FailedSignIns, seen.Unauthorized, seen.Busy)
	return nil
}
