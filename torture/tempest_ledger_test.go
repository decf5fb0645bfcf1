package torture

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"cucbulk/cupi/cupitest"
)

// ledger is who changed what on the server, as the simulator saw it.
type ledger struct {
	simulator *cupitest.Server
	families  []*family
	now       *start            // whose change is being carried out
	sent      map[string]string // fields of that change
	entries   []*entry
	made      map[string]*start // user -> who made it; not there: it was there before all
	parts     map[string]*entry // path of a part -> who made or changed it last
	handlers  map[string]string // call handler -> its user
}

// entry is one change that was carried out.
type entry struct {
	who           *start // nil: another administrator
	method, path  string
	number        int
	user          string // that it is about; "" for none
	part          string // path of the part that it is about; "": the user itself
	before, after map[string]string
	sent          map[string]string // by a start
	seen          map[string]int    // what the start had read when it sent this, see [start]
}

func newLedger(simulator *cupitest.Server) ledger {
	return ledger{simulator: simulator, made: map[string]*start{}, parts: map[string]*entry{}, handlers: map[string]string{}}
}

// before notes what is there before a change.
func (l *ledger) before(who *start, r *http.Request) *entry {
	e := &entry{who: who, method: r.Method, path: strings.TrimPrefix(r.URL.Path, "/vmrest/"), number: len(l.entries)}
	e.user = l.userOf(e.path)
	if e.user != "" {
		e.before = l.simulator.User(e.user)
	}
	return e
}

// userOf finds the user in a path.
func (l *ledger) userOf(path string) string {
	words := strings.Split(path, "/")
	switch {
	case len(words) > 1 && words[0] == "users":
		return words[1]
	case len(words) > 2 && words[1] == "callhandlers":
		if l.handlers[words[2]] == "" {
			for _, alias := range l.simulator.Aliases() {
				user := l.simulator.UserByAlias(alias)
				l.handlers[user["CallHandlerObjectId"]] = user["ObjectId"]
			}
		}
		return l.handlers[words[2]]
	}
	return ""
}

// after notes what is there after it.
func (l *ledger) after(e *entry, answer http.ResponseWriter) {
	l.entries = append(l.entries, e)
	location := answer.Header().Get("Location")
	words := strings.Split(e.path, "/")
	switch {
	case e.method == http.MethodPost && (e.path == "users" || strings.HasPrefix(e.path, "import/")):
		e.user = location[strings.LastIndexByte(location, '/')+1:]
		l.made[e.user] = e.who
		if e.who == nil {
			l.made[e.user] = nobody
		}
	case words[0] == "users" && len(words) > 2, words[0] == "handlers":
		if e.part = e.path; e.method == http.MethodPost {
			e.part += "/" + location[strings.LastIndexByte(location, '/')+1:]
		}
		l.parts[e.part] = e
	}
	if e.user == "" || e.part != "" {
		return
	}
	e.after = l.simulator.User(e.user)
}

// nobody stands for another administrator as the maker of a user.
var nobody = &start{name: "another administrator"}

// makerOf is the family that made a user; nil if none of the runs did.
func (l *ledger) makerOf(user string) *family {
	if maker := l.made[user]; maker != nil {
		return maker.family
	}
	return nil
}

// replaced reports whether a user whom a family's run made is gone, and others made one of the same
// alias: the run can't tell whether the server had named the wrong one.
func (l *ledger) replaced(f *family, alias string) bool {
	gone, again := false, false
	for _, e := range l.entries {
		switch {
		case e.family() == f || !strings.EqualFold(e.alias(), alias):
		case e.method == http.MethodDelete:
			gone = gone || l.makerOf(e.user) == f
		case e.method == http.MethodPost && e.path == "users":
			again = true
		}
	}
	return gone && again
}

// familyOf is the family of who changed something; nil for another administrator.
func (e *entry) family() *family {
	if e == nil || e.who == nil {
		return nil
	}
	return e.who.family
}

func (e *entry) String() string {
	who := "another administrator"
	if e.who != nil {
		who = e.who.name
	}
	return fmt.Sprintf("%s: %s %s (%s)", who, e.method, e.path, e.alias())
}

func (e *entry) alias() string {
	if alias := e.before["Alias"]; alias != "" {
		return alias
	}
	return e.after["Alias"]
}

// judge says what speaks against a change that a run or a rollback made.
func (l *ledger) judge(e *entry) []string {
	switch {
	case e.who == nil:
		return nil
	case e.who.rollback:
		return l.judgeRollback(e)
	}
	return l.judgeRun(e)
}

// judgeRun lets a run change what its rows are about, and what it made itself.
func (l *ledger) judgeRun(e *entry) []string {
	if e.user == "" || l.makerOf(e.user) == e.who.family || e.who.family.bound[e.user] {
		return nil
	}
	return []string{fmt.Sprintf("touched what no row is about: %v\n%s", e, l.story(e.user))}
}

// judgeRollback lets a rollback delete what its run made, put back what its run changed,
// and touch nothing that somebody else changed, if it could know that.
func (l *ledger) judgeRollback(e *entry) []string {
	mine := e.who.family
	known := func(change *entry) bool { // to the rollback, when it read what it changes now
		return change.family() != mine && change.number < e.seen["/vmrest/"+readFor(change)]
	}
	switch {
	case e.user == "" || e.method == http.MethodPost && e.part == "":
		return nil
	case e.part != "":
		if l.makerOf(e.user) == mine || l.touched(mine, e.user) {
			return nil
		}
		return []string{fmt.Sprintf("a rollback touched a part of a user that its run did not touch: %v\n%s", e, l.story(e.user))}
	case e.method == http.MethodDelete:
		if l.makerOf(e.user) != mine {
			return []string{fmt.Sprintf("a rollback deleted a user that its run did not make: %v\n%s", e, l.story(e.user))}
		}
		for name := range texts {
			if e.before["LdapType"] == imported && name != "City" {
				continue // the directory writes it
			}
			if last := l.lastBefore(e, name); last != nil && e.before[name] != "" && known(last) && !l.wrote(mine, e, name) {
				return []string{fmt.Sprintf("a rollback deleted a user of whom somebody changed %s: %v\n%s", name, e, l.story(e.user))}
			}
		}
	default:
		for name, value := range e.after {
			if e.before[name] == value || !texts[name] {
				continue
			}
			if last := l.lastBefore(e, name); last == nil || known(last) && !l.wrote(mine, e, name) {
				return []string{fmt.Sprintf("a rollback wrote %s, which its run did not write last (it was %q and is %q): %v\n%s", name, e.before[name], value, e, l.story(e.user))}
			}
		}
	}
	return nil
}

// texts are the fields that other administrators change.
var texts = map[string]bool{"Title": true, "City": true, "Department": true, "DisplayName": true, "Alias": true, "DtmfAccessId": true}

// imported is the LdapType of a user that came from the directory.
const imported = "3"

// readFor is where a rollback reads what a change was about.
func readFor(change *entry) string {
	if change.user != "" {
		return "users/" + change.user
	}
	return change.path
}

// lastBefore is the change that a field had before this one.
func (l *ledger) lastBefore(e *entry, name string) *entry {
	var last *entry
	for _, other := range l.entries {
		if other.number < e.number && other.user == e.user && other.part == "" && other.before[name] != other.after[name] {
			last = other
		}
	}
	return last
}

// overwritten reports whether somebody else has changed all that a change of a user had changed:
// where its answer was lost, or was that of something in between, no look can tell that it was made.
func (l *ledger) overwritten(e *entry) bool {
	if e.part != "" || e.method != http.MethodPut {
		return false
	}
	for name, value := range e.after {
		changed := func(other *entry) bool {
			return other.user == e.user && other.part == "" && other.family() != e.family() && other.before[name] != other.after[name]
		}
		if e.before[name] != value && !slices.ContainsFunc(l.entries[e.number+1:], changed) {
			return false
		}
	}
	return true
}

// touched reports whether a family changed something of a user.
func (l *ledger) touched(f *family, user string) bool {
	for _, e := range l.entries {
		if e.user == user && e.family() == f {
			return true
		}
	}
	return false
}

// wrote reports whether the value that a field had before a change is one that a family
// wrote: then nothing shows that somebody else did. So it is, too, where the family wrote what
// was there already: two runs may want the same of a user (the same text), and the
// one that writes second, by what it read before the first wrote, can't tell the first one's
// value from its own.
func (l *ledger) wrote(f *family, e *entry, name string) bool {
	for _, other := range l.entries[:e.number] {
		if other.user != e.user || other.family() != f || other.part != "" || other.after[name] != e.before[name] {
			continue
		}
		if _, sent := other.sent[name]; sent || other.before[name] != other.after[name] {
			return true
		}
	}
	return false
}

// story is all that happened to a user.
func (l *ledger) story(user string) string {
	var text strings.Builder
	for _, e := range l.entries {
		if e.user != user {
			continue
		}
		fmt.Fprintf(&text, "  %d %v", e.number, e)
		if e.part == "" && e.before != nil && e.after != nil {
			for name, value := range e.after {
				if e.before[name] != value {
					fmt.Fprintf(&text, " %s: %q -> %q", name, e.before[name], value)
				}
			}
		}
		text.WriteByte('\n')
	}
	return text.String()
}

// rebind lets rows of runs that still plan mean a user that somebody made or changed
// meanwhile: another administrator, or the run of a second computer. Such a run has yet to
// look whom its keys name, and its rows are about the users that it finds then.
func (l *ledger) rebind(e *entry) {
	if e.user == "" || e.part != "" || e.after == nil {
		return
	}
	for _, f := range l.families {
		if f.planning != nil && !f.planning.changing {
			f.bind(e.after, f.planning)
		}
	}
}

// profiles is all users with all that hangs on them, by alias, without ids.
func profiles(simulator *cupitest.Server) map[string]map[string]string {
	snapshot := simulator.Snapshot()
	owner := map[string]string{} // id of a user or of a call handler -> alias
	all := map[string]map[string]string{}
	for path, object := range snapshot {
		if strings.HasPrefix(path, "users/") && strings.Count(path, "/") == 1 && object["Alias"] != "" {
			alias := object["Alias"]
			owner[object["ObjectId"]], owner[object["CallHandlerObjectId"]] = alias, alias
			all[alias] = maps.Clone(object)
			for _, name := range []string{"ObjectId", "CallHandlerObjectId", "CreationTime"} {
				delete(all[alias], name)
			}
		}
	}
	for path, object := range snapshot {
		words := strings.Split(path, "/")
		var alias, kind string
		switch {
		case words[0] == "users" && len(words) > 2:
			alias, kind = owner[words[1]], words[2]
		case words[0] == "handlers" && len(words) > 2:
			if alias, kind = owner[words[2]], "callhandler"; len(words) > 3 {
				kind = words[3] + "/" + words[len(words)-1]
			}
		}
		if alias == "" {
			continue
		}
		for name, value := range object {
			if name == "ObjectId" || name == "URI" || strings.HasSuffix(name, "ObjectId") && owner[value] != "" {
				continue
			}
			key := kind + "." + object["IdIndex"] + object["DisplayName"] + "." + name
			if kind == "callhandler" {
				key = kind + "." + name
			}
			all[alias][key] = value
		}
	}
	return all
}
