// Command cucbulk provisions users of Cisco Unity Connection in bulk.
package main

import (
	"context"
	"os"
	"os/signal"

	"cucbulk/internal/cli"
)

func main() { os.Exit(run(cli.System())) }

// run hands the signals to the command: the first asks it to end, the second
// leaves at once.
func run(environment cli.Environment) int {
	ctx, interrupt := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, cli.EndSignals()...)
	go func() {
		<-signals
		interrupt()
		<-signals
		os.Exit(cli.ExitInterrupted)
	}()
	return cli.Main(ctx, environment)
}
