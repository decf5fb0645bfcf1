package probe

import (
	"bytes"
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
	if alike(server.exchange, simulator.exchange) {
		return c
	}
	one, other := seenIn(t, server.exchange), seenIn(t, simulator.exchange)
	whole := !t.outline && !one.others && !other.others
	for _, d := range trace.Differences(server.exchange, simulator.exchange) {
		if whole || d.What != "missing" && d.What != "further" {
			c.Differences = append(c.Differences, inWords(d))
		}
	}
	if server.exchange.Status == simulator.exchange.Status {
		c.Differences = append(c.Differences, further(t, one, other, whole, values)...)
		if one, other := server.exchange.Answer, simulator.exchange.Answer; one.Digest != other.Digest && one.Digest != "" &&
			other.Digest != "" {
			c.Differences = append(c.Differences, "the recording is not the same, byte by byte")
		}
	}
	if len(c.Differences) > 0 {
		c.Verdict = Differs
	}
	return c
}

// alike reports whether two answers are the same, letter by letter.
func alike(one, other trace.Exchange) bool {
	if one.Status != other.Status || one.Answer == nil || other.Answer == nil {
		return false
	}
	return bytes.Equal(one.Answer.Body, other.Answer.Body) && one.Answer.LeftOut == other.Answer.LeftOut &&
		one.Answer.Digest == other.Answer.Digest &&
		len(one.Answer.Headers) > 0 && one.Answer.Headers[0] == other.Answer.Headers[0]
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

// seen is what no field's name tells of an answer.
type seen struct {
	texts    map[string][]string
	errors   int
	doubled  bool   // booleans begin with a second bracket
	total    string // the field in which a list tells how many elements there are
	elements string
	others   bool // it shows elements that are not the walk's own
}

func seenIn(t *try, e trace.Exchange) seen {
	if e.Answer == nil {
		return seen{}
	}
	s := seen{texts: e.Answer.Texts()}
	text := e.Answer.Text()
	s.errors, s.doubled = len(s.texts["code"]), strings.Contains(text, ">>") || strings.Contains(text, ">&gt;")
	if t.list == "" {
		return s
	}
	for _, name := range []string{"@total", "-total", "total"} {
		if len(s.texts[name]) > 0 {
			s.total = name
			break
		}
	}
	shown := len(s.texts[t.root]) + e.Answer.LeftOut
	total, _ := strconv.Atoi(strings.Join(s.texts[s.total], ""))
	s.elements = elements(t, shown, total)
	s.others = strings.Contains(t.target, "query=") && max(shown, total) > 1
	return s
}

var rowsAsked = regexp.MustCompile(`rowsPerPage=([0-9]+)`)

// elements tells how many elements a page has: of a query and of the walk's own the number, else
// whether there are as many as were asked for.
func elements(t *try, shown, total int) string {
	asked := rowsAsked.FindStringSubmatch(t.target)
	switch {
	case !t.outline && total > shown:
		return fmt.Sprintf("%d and more", shown)
	case !t.outline:
		return fmt.Sprintf("%d", shown)
	case asked == nil:
		return strconv.Itoa(min(shown, 1))
	case asked[1] == strconv.Itoa(shown), shown == total: // there are no more
		return "as many as asked for"
	}
	return strconv.Itoa(shown)
}

// further compares how lists are told, how many there are, and values that the walk sent.
func further(t *try, server, simulator seen, whole bool, values []string) (differences []string) {
	differ := func(what, one, other string) {
		if one != other {
			differences = append(differences, fmt.Sprintf("%s: server %s, simulator %s", what, or(one, "none"), or(other, "none")))
		}
	}
	differ("errors", strconv.Itoa(server.errors), strconv.Itoa(simulator.errors))
	differ("booleans that begin with >", strconv.FormatBool(server.doubled), strconv.FormatBool(simulator.doubled))
	differ("the total is told by", server.total, simulator.total)
	differ("elements", server.elements, simulator.elements)
	if !whole {
		return differences
	}
	for _, field := range values {
		ones, others := server.texts[field], simulator.texts[field]
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

// shortly is an answer in a few words.
func shortly(e trace.Exchange) string {
	text := strconv.Itoa(e.Status)
	if e.Answer == nil {
		return text
	}
	if e.Status >= 400 {
		text = strings.TrimSpace(text + " " + strings.Join(e.Answer.Texts()["code"], ", "))
	}
	if e.Answer.Digest != "" {
		text += fmt.Sprintf(", a recording of %d bytes", e.Answer.Bytes)
	}
	return text
}
