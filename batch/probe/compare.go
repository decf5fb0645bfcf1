package probe

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cucbulk/cupi/trace"
)

// Verdict is how the answers to a try compare.
type Verdict string

// The verdicts.
const (
	Same    Verdict = "same"
	Differs Verdict = "differs"
	Untried Verdict = "could not be tried"
)

// Compared is one try and what became of it.
type Compared struct {
	Part, Request string
	Verdict       Verdict
	Server        string // what the server answered, in short; of an untried one why
	Simulator     string
	Differences   []string
}

// marked is a value that stands for another.
var marked = regexp.MustCompile(`^[a-z]+-[0-9]+$`)

// compare holds the server's answer beside the simulator's. values are the fields whose values
// count.
func compare(t *try, server, simulator outcome, values []string) Compared {
	c := Compared{Part: t.part, Request: t.String(), Verdict: Same}
	switch {
	case idle(t, server) || idle(t, simulator):
		return c // that there is something to tidy up was told before
	case !server.sent:
		c.Verdict, c.Server = Untried, server.why
		return c
	case !simulator.sent:
		c.Verdict, c.Server, c.Simulator = Differs, shortly(server.exchange), "not asked: "+simulator.why
		c.Differences = []string{"only the server could be asked"}
		return c
	}
	c.Server, c.Simulator = shortly(server.exchange), shortly(simulator.exchange)
	for _, d := range trace.Differences(server.exchange, simulator.exchange) {
		if !t.outline || d.What != "missing" && d.What != "further" {
			c.Differences = append(c.Differences, inWords(d))
		}
	}
	if server.exchange.Status == simulator.exchange.Status && server.exchange.Answer != nil && simulator.exchange.Answer != nil {
		c.Differences = append(c.Differences, further(t, *server.exchange.Answer, *simulator.exchange.Answer, values)...)
	}
	if len(c.Differences) > 0 {
		c.Verdict = Differs
	}
	return c
}

// idle reports whether there was nothing to tidy up.
func idle(t *try, o outcome) bool { return t.what == "tidy" && !o.sent && o.why == "" }

func inWords(d trace.Difference) string {
	switch d.What {
	case "missing":
		return "the simulator lacks the field " + d.Recorded
	case "further":
		return "the simulator has a field " + d.Got + " that the server lacks"
	}
	return fmt.Sprintf("%s: server %s, simulator %s", d.What, or(d.Recorded, "none"), or(d.Got, "none"))
}

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// further compares what no field's name tells: how lists are told, how many there are, and
// values that the walk sent.
func further(t *try, server, simulator trace.Message, values []string) (differences []string) {
	differ := func(what, one, other string) {
		if one != other {
			differences = append(differences, fmt.Sprintf("%s: server %s, simulator %s", what, or(one, "none"), or(other, "none")))
		}
	}
	differ("errors", strconv.Itoa(len(server.Texts("code"))), strconv.Itoa(len(simulator.Texts("code"))))
	differ("booleans that begin with >", strconv.FormatBool(doubled(server)), strconv.FormatBool(doubled(simulator)))
	if t.list != "" {
		differ("the total is told by", totalName(server), totalName(simulator))
		differ("elements", elements(t, server), elements(t, simulator))
	}
	if t.outline {
		return differences
	}
	for _, field := range values {
		ones, others := server.Texts(field), simulator.Texts(field)
		if t.list != "" { // their order is the server's
			slices.Sort(ones)
			slices.Sort(others)
		}
		for i := range min(len(ones), len(others)) {
			if !marked.MatchString(ones[i]) || !marked.MatchString(others[i]) {
				differ(field, ones[i], others[i])
			}
		}
	}
	return differences
}

func doubled(m trace.Message) bool {
	text := m.Text()
	return strings.Contains(text, ">>") || strings.Contains(text, ">&gt;")
}

// totalName is the field in which a list tells how many elements there are.
func totalName(m trace.Message) string {
	for _, name := range []string{"@total", "-total", "total"} {
		if len(m.Texts(name)) > 0 {
			return name
		}
	}
	return ""
}

var rowsAsked = regexp.MustCompile(`rowsPerPage=([0-9]+)`)

// elements tells how many elements a page has: of the walk's own the number, else whether there are
// as many as the page has room for, or as there are.
func elements(t *try, m trace.Message) string {
	shown := len(m.Texts(t.root)) + m.LeftOut
	total, _ := strconv.Atoi(strings.Join(m.Texts(totalName(m)), ""))
	if !t.outline {
		return fmt.Sprintf("%d of %d", shown, total)
	}
	asked := rowsAsked.FindStringSubmatch(t.target)
	if asked == nil {
		return strconv.Itoa(min(shown, 1))
	}
	rows, _ := strconv.Atoi(asked[1])
	switch {
	case shown == rows:
		return "as many as asked for"
	case shown == total:
		return "as many as asked for" // there are no more
	}
	return strconv.Itoa(shown)
}

// shortly is an answer in a few words.
func shortly(e trace.Exchange) string {
	text := strconv.Itoa(e.Status)
	if e.Answer == nil {
		return text
	}
	if codes := e.Answer.Texts("code"); len(codes) > 0 {
		text += " " + strings.Join(codes, ", ")
	}
	return text
}
