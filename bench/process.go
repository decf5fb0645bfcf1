package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"time"
)

// cost is what a process took.
type cost struct {
	wall, processor time.Duration
	whole           time.Duration // from start to exit, where wall is that of the sending alone
	memory          int64         // most bytes that were resident; 0 where the system does not tell
}

// spend runs a process to its end and measures it. A small process stands between:
// the system counts what the parent held as the child's most memory.
func spend(environment []string, name string, arguments ...string) (cost, error) {
	self, err := os.Executable()
	if err != nil {
		return cost{}, err
	}
	command := exec.Command(self, append([]string{"-spend", name, "--"}, arguments...)...)
	command.Env = append(os.Environ(), environment...)
	var said bytes.Buffer
	command.Stderr = &said
	text, err := command.Output()
	if err != nil {
		return cost{}, fmt.Errorf("%s %v: %w\n%s", name, arguments, err, said.Bytes())
	}
	var c cost
	_, err = fmt.Sscan(string(text), &c.wall, &c.processor, &c.memory)
	c.whole = c.wall
	return c, err
}

// spendHere runs a process and prints its cost, for spend in another process.
func spendHere(name string, arguments []string) error {
	command := exec.Command(name, arguments...)
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	began := time.Now()
	if err := command.Run(); err != nil {
		return fmt.Errorf("%w\n%s", err, said.Bytes())
	}
	wall, state := time.Since(began), command.ProcessState
	fmt.Println(wall.Nanoseconds(), (state.UserTime() + state.SystemTime()).Nanoseconds(), mostMemory(state))
	return nil
}

// inTurns measures several things one after the other, and again, and gives the
// median of each.
func inTurns(rounds int, things ...func() (cost, error)) ([]cost, error) {
	costs := make([][]cost, len(things))
	for range rounds {
		for i, thing := range things {
			c, err := thing()
			if err != nil {
				return nil, err
			}
			costs[i] = append(costs[i], c)
		}
	}
	medians := make([]cost, len(things))
	for i, all := range costs {
		medians[i] = cost{
			wall:      medianOf(all, func(c cost) time.Duration { return c.wall }),
			processor: medianOf(all, func(c cost) time.Duration { return c.processor }),
			whole:     medianOf(all, func(c cost) time.Duration { return c.whole }),
			memory:    int64(medianOf(all, func(c cost) time.Duration { return time.Duration(c.memory) })),
		}
	}
	return medians, nil
}

func medianOf(all []cost, figure func(cost) time.Duration) time.Duration {
	figures := make([]time.Duration, len(all))
	for i, c := range all {
		figures[i] = figure(c)
	}
	slices.Sort(figures)
	return figures[len(figures)/2]
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.0f ms", float64(d.Microseconds())/1e3)
}

func ratio(a, b time.Duration) string { return fmt.Sprintf("%.2f", a.Seconds()/b.Seconds()) }

func megabytes(bytes int64) string {
	if bytes == 0 {
		return "not told"
	}
	return fmt.Sprintf("%.0f MB", float64(bytes)/1e6)
}

// grouped writes a number with a comma at each thousand.
func grouped(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1000), n%1000)
}
