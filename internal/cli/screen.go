package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"cucbulk/reports"
)

// screen is how a command speaks to people and scripts, and asks them.
type screen struct {
	Streams            // what is written to them is inert
	terminal io.Writer // stderr as it is, for the bar
	data     io.Writer // stdout as it is, unless that is a terminal: for what must arrive byte for byte
	noBar    bool      // nobody watches: CI is set
	recorded bool      // a run folder holds all that is told: who reads it there misses nothing
}

// newScreen speaks on these streams.
func newScreen(streams Streams, noBar bool) *screen {
	s := &screen{Streams: streams, terminal: streams.Stderr, data: streams.Stdout, noBar: noBar}
	s.Stdout, s.Stderr = inertWriter{streams.Stdout}, inertWriter{streams.Stderr}
	if s.StdoutIsTerminal {
		s.data = s.Stdout
	}
	return s
}

func (s *screen) print(format string, values ...any) {
	fmt.Fprint(s.Stdout, softened(fmt.Sprintf(format, values...), s.outputColumns()))
}

// printJSON prints a value on one line.
func (s *screen) printJSON(value any) {
	_ = json.NewEncoder(s.Stdout).Encode(value) // a closed stdout does not change what is found
}

// warn tells on stderr what goes on all the same.
func (s *screen) warn(format string, values ...any) {
	s.say("cucbulk: warning: ", fmt.Sprintf(format, values...))
}

// say tells a sentence on stderr. A terminal would break words at its edge; there the lines end
// between them.
func (s *screen) say(first, text string) {
	fmt.Fprint(s.Stderr, sentenceIn(s.errorColumns(), first, text))
}

// suggest tells what to type next.
func (s *screen) suggest(next []reports.Suggestion) {
	if len(next) == 0 {
		return
	}
	s.print("\nNext:\n")
	for _, one := range next {
		s.print("  %s\n    %s\n", one.When, one.Command)
	}
}

// outputColumns is how wide the terminal is that stdout is; 0: it is none, or nobody knows.
func (s *screen) outputColumns() int {
	if !s.StdoutIsTerminal || s.StdoutSize == nil {
		return 0
	}
	width, _ := s.StdoutSize()
	return width
}

// errorColumns is the same of stderr.
func (s *screen) errorColumns() int {
	if !s.StderrIsTerminal || s.StderrColumns == nil {
		return 0
	}
	return s.StderrColumns()
}

// hanging breaks a text into lines that fit the terminal, see [hanging].
func (s *screen) hanging(first, margin, text string) string {
	width := cmp.Or(s.outputColumns(), s.errorColumns(), columns)
	return hangingIn(min(columns, width), first, margin, strings.Fields(text))
}

// canAsk reports whether a person is there to answer.
func (s *screen) canAsk() bool { return s.StdinIsTerminal && s.StderrIsTerminal }

// ask puts a question and reports whether the answer is the one word for word.
func (s *screen) ask(ctx context.Context, question, wanted string) (bool, error) {
	fmt.Fprintf(s.Stderr, "%sType  %s  to go on: ", s.hanging("", "", question), wanted)
	answer, err := waitFor(ctx, func() ([]byte, error) { return readLine(s.Stdin) }, func() { fmt.Fprintln(s.Stderr) })
	if err != nil {
		return false, err
	}
	return oneLine(string(answer)) == wanted, nil
}

// readLine reads up to a line feed and not a byte further.
func readLine(source io.Reader) ([]byte, error) {
	var line []byte
	next := make([]byte, 1)
	for {
		n, err := source.Read(next)
		switch {
		case n == 1 && next[0] == '\n':
			return line, nil
		case n == 1:
			line = append(line, next[0])
		case errors.Is(err, io.EOF):
			return line, nil
		case err != nil:
			return nil, fmt.Errorf("the answer can't be read: %w", err)
		}
	}
}
