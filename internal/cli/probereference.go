package cli

import (
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

// reference starts the simulators beside which a probe walks.
type reference struct{ wire cupi.Wire }

// The account of those simulators.
const (
	referenceAccount  = "probe"
	referencePassword = "not-a-secret"
)

// start serves a fresh simulator with these settings on loopback.
func (r reference) start(settings []string) (*cupi.Client, func(), error) {
	simulator := &cupitest.Server{Username: referenceAccount, Password: referencePassword}
	for _, setting := range settings {
		name, value, _ := strings.Cut(setting, "=")
		if err := simulator.Set(name, value); err != nil {
			return nil, nil, err
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, fmt.Errorf("the simulator can't listen: %w", err)
	}
	url := "http://" + listener.Addr().String()
	client, err := cupi.New(cupi.Config{Server: url, User: referenceAccount, Password: referencePassword, Wire: r.wire,
		Workers: 1, Timeout: time.Minute})
	if err != nil {
		listener.Close()
		return nil, nil, err
	}
	serving, ended := context.WithCancel(context.Background())
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_ = serve(serving, simulator, listener) // what it can't serve, the client sees
	}()
	return client, func() { client.Close(); ended(); <-gone }, nil
}

// someNumbers are what is tried of switches that take any number.
var someNumbers = []string{"1", "100"}

// probeSettings lists each value that a switch of the simulator may have besides its default.
func probeSettings() []string {
	var settings []string
	for _, one := range cupitest.Switches() {
		values := strings.Split(one.Values, "|")
		if one.Values == "N" {
			values = someNumbers
		}
		for _, value := range values {
			if value != one.Default {
				settings = append(settings, one.Name+"="+value)
			}
		}
	}
	return settings
}
