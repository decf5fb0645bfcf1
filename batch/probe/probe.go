package probe

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"cucbulk/cupi"
	"cucbulk/cupi/trace"
)

// usualTemplate is one that every server has.
const usualTemplate = "voicemailusertemplate"

// Options say what to probe, and how.
type Options struct {
	Client   *cupi.Client
	Template string        // of the user; "": voicemailusertemplate
	Path     string        // of the file of exchanges, which must not be there; and see [Owned]
	Tool     string        // what writes it
	Rate     float64       // requests a second at most; 0: as they come
	Doubt    time.Duration // how long a user may yet come of whom no answer told

	// Simulator gives a client of a fresh simulator with these settings, each NAME=VALUE, and what
	// ends it.
	Simulator func(settings []string) (*cupi.Client, func(), error)
	Settings  []string // all that could be set

	Report func(Compared) // is told of each try as it is done; nil: nobody is

	only  func(part string) bool // the parts to try; nil: all
	pause func(time.Duration)    // between attempts to clean up; nil: time.Sleep
}

// Result is what a probe found.
type Result struct {
	Tries     []Compared
	Settings  []string // of the simulator, with which it answers most like the server
	Left      int      // tries that differ all the same
	Ended     error    // why the walk did not come to its end; nil: it did
	Cleaned   string   // what became of the user
	Unclean   error    // wraps [ErrUncertain]: the user may be there still
	Written   bool     // the file of exchanges is there
	Unwritten error    // why it is not, though there is something to write
}

// Count is how many tries have a verdict.
func (r *Result) Count(verdict Verdict) int {
	n := 0
	for _, c := range r.Tries {
		if c.Verdict == verdict {
			n++
		}
	}
	return n
}

// Requests is how many requests a walk has, and those that clean up after it.
func Requests() (tries, changes int, err error) {
	table, _, err := parseTable(triesText)
	for _, t := range table {
		if t.method != "GET" {
			changes++
		}
	}
	return len(table), changes, err
}

// LeftOut lists what a walk can't try, and why.
func LeftOut() []string {
	_, leftOut, _ := parseTable(triesText)
	return leftOut
}

// Run takes the walk, cleans up, and writes the file. An error says that nothing was sent.
func Run(ctx context.Context, o Options) (*Result, error) {
	p, err := prepare(o)
	if err != nil {
		return nil, err
	}
	return p.run(ctx)
}

// prepare takes the walk on the simulator.
func prepare(o Options) (*probe, error) {
	tries, _, err := parseTable(triesText)
	if err != nil {
		return nil, err
	}
	if o.only != nil {
		tries = slices.DeleteFunc(tries, func(t try) bool { return !o.only(t.part) })
	}
	p := &probe{Options: o, tries: tries, values: drawValues(), sent: sentIn(tries)}
	p.simulated, err = p.simulate(nil)
	return p, err
}

func (p *probe) run(ctx context.Context) (*Result, error) {
	if _, err := os.Lstat(p.Path); !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is there already, and nothing is ever overwritten: nothing was sent", p.Path)
	}
	mine, err := begin(Owned(p.Path), own{Server: p.Client.Server(),
		Aliases: []string{p.values["alias"], p.values["renamed"]}, Mark: p.values["mark"]})
	if err != nil {
		return nil, err
	}
	began := time.Now()
	result := p.onServer(ctx, mine)
	p.nearest(ctx, result)
	result.Unwritten = p.write(began, result)
	return result, nil
}

type probe struct {
	Options
	tries     []try
	values    values
	sent      map[string][]string
	server    []outcome // as far as the walk came
	simulated []outcome
}

// simulate takes the walk on a fresh simulator.
func (p *probe) simulate(settings []string) ([]outcome, error) {
	client, end, err := p.Simulator(settings)
	if err != nil {
		return nil, err
	}
	defer end()
	defer client.Close()
	w := newWalk(client, p.values, usualTemplate, usualTemplate, 0)
	var outcomes []outcome
	for i := range p.tries {
		o, err := w.step(context.Background(), &p.tries[i])
		if err != nil {
			o.why = err.Error()
		}
		outcomes = append(outcomes, o)
	}
	return outcomes, nil
}

// onServer takes the walk on the server, and deletes the user.
func (p *probe) onServer(ctx context.Context, mine *own) *Result {
	w := newWalk(p.Client, p.values, or(p.Template, usualTemplate), usualTemplate, p.Rate)
	w.own = mine
	result := &Result{}
	for i := range p.tries {
		if result.Ended = ctx.Err(); result.Ended != nil {
			break
		}
		var o outcome
		if o, result.Ended = w.step(ctx, &p.tries[i]); result.Ended != nil && !o.sent {
			break
		}
		p.server = append(p.server, o)
		if !idle(&p.tries[i], o) {
			c := compare(&p.tries[i], o, p.simulated[i], p.sent[p.tries[i].part])
			result.Tries = append(result.Tries, c)
			if p.Report != nil {
				p.Report(c)
			}
		}
		if result.Ended != nil {
			break
		}
	}
	if p.pause == nil {
		p.pause = time.Sleep
	}
	result.Cleaned, result.Unclean = (&removal{p.Client, mine, p.Doubt, p.pause}).finish()
	return result
}

// nearest finds the settings with which the simulator answers most like the server.
func (p *probe) nearest(ctx context.Context, result *Result) {
	result.Left = result.Count(Differs)
	if 2*result.Count(Untried) > len(p.tries) {
		return // without a user there is nothing to explain
	}
	for _, setting := range p.Settings {
		if result.Left == 0 || ctx.Err() != nil {
			return
		}
		name, _, _ := strings.Cut(setting, "=")
		settings := append(slices.DeleteFunc(slices.Clone(result.Settings), func(other string) bool { // that fitted less
			return strings.HasPrefix(other, name+"=")
		}), setting)
		outcomes, err := p.simulate(settings)
		if err != nil {
			continue
		}
		if left := p.differing(outcomes); left < result.Left {
			result.Left, result.Settings = left, settings
		}
	}
}

func (p *probe) differing(simulated []outcome) int {
	n := 0
	for i, o := range p.server {
		if compare(&p.tries[i], o, simulated[i], p.sent[p.tries[i].part]).Verdict == Differs {
			n++
		}
	}
	return n
}

// write makes the file of exchanges, if there are any.
func (p *probe) write(began time.Time, result *Result) error {
	var exchanges []trace.Exchange
	for _, o := range p.server {
		if o.exchange.Method != "" {
			exchanges = append(exchanges, o.exchange)
		}
	}
	if len(exchanges) == 0 {
		return nil
	}
	file, err := os.OpenFile(p.Path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		err = errors.Join(trace.Write(file, trace.Header{Tool: p.Tool, Began: began.UTC(), As: result.Settings,
			Comment: "a probe"}, exchanges), file.Close())
	}
	if err != nil {
		return fmt.Errorf("the exchanges can't be written: %w", err)
	}
	result.Written = true
	return nil
}
