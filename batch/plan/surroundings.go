package plan

import (
	"context"
	"fmt"
	"strings"

	"cucbulk/batch/send"
	"cucbulk/batch/site"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// Warning is what the pre-flight warns of that is no row's fault.
type Warning struct {
	Code    codes.Code `json:"code"`
	Message string     `json:"message"`
}

// What a run needs to be true besides its rows, as the list of what is not checked
// names it.
const (
	uncheckedNode     = "whether this node is the publisher"
	uncheckedRoles    = "whether the roles of the account suffice"
	uncheckedState    = "whether the server is initializing, in database sync or recovering from a split brain"
	uncheckedLicences = "how many licences are left"
)

// UncheckedAlternates is not checked unless the options say so.
const UncheckedAlternates = "alternate extensions of other users"

// Surroundings are what the server tells besides its users.
type Surroundings struct {
	Warnings  []Warning
	Unchecked []string          // what it did not tell
	Licences  *LicencesForecast // nil: nothing is known of them, or they don't matter
	pinRule   string            // the authentication rule that says how long drawn PINs are; "": none does
}

func (s *Surroundings) checkNode(ctx context.Context, e *send.Requester, server string) {
	ask := func(request cupi.Request) ([]cupi.Object, error) {
		answer, problem, err := e.ReadOnce(ctx, request)
		if problem != nil {
			return nil, problem
		}
		return answer.Page.Items, err
	}
	nodes, told := site.AskNodes(ask, server)
	clean := e.Client.Clean // a server may repeat a secret
	s.checkState(nodes.States, clean)
	switch {
	case !told:
		s.Unchecked = append(s.Unchecked, uncheckedNode)
	case nodes.Asked == site.Subscriber:
		s.warn(codes.Subscriber, "this is not the publisher: %s is; give --server its address, because what another "+
			"node takes may not be seen at once", clean(nodes.Publisher))
	case nodes.Asked == site.Unknown:
		s.Unchecked = append(s.Unchecked, uncheckedNode+clean(nodes.Hint()))
	}
}

func (s *Surroundings) checkRoles(ctx context.Context, e *send.Requester, account, ownID string) {
	ask := func(request cupi.Request) ([]cupi.Object, bool) {
		answer, problem, err := e.ReadOnce(ctx, request)
		return answer.Page.Items, problem == nil && err == nil
	}
	roles, known := site.ReadRoles(ask, account, ownID)
	switch {
	case !known:
		s.Unchecked = append(s.Unchecked, uncheckedRoles)
	case roles.Suffice:
	case len(roles.Unclear) > 0:
		s.Unchecked = append(s.Unchecked, fmt.Sprintf("%s: only the server knows what %s allows", uncheckedRoles,
			strings.Join(roles.Unclear, ", ")))
	default:
		s.warn(codes.Role, "the account %s has %s: %s", account, roles, site.Mend())
	}
}

// checkState tells how the servers are that share the users.
func (s *Surroundings) checkState(states site.States, clean func(string) string) {
	switch {
	case !states.Told:
		s.Unchecked = append(s.Unchecked, uncheckedState)
	case states.Unready != "":
		s.warn(codes.ServerState, "the server says that %s, and a run refuses to begin: what it writes may be lost; %s",
			clean(states.Unready), site.Wait)
	case states.Odd != "":
		s.warn(codes.ServerState, "the server says that %s: what a run changes may not be seen everywhere at once",
			clean(states.Odd))
	}
}

// LicencesForecast is how the server is licensed, and what the file adds to that.
type LicencesForecast struct {
	site.Licences
	Adds int `json:"adds"` // users that a run makes, each of whom takes a licence
}

// checkLicences asks whether the licences of the server are in order. A server that does not say is
// asked by a dry run how many are in use: see countLicences.
func (s *Surroundings) checkLicences(ctx context.Context, e *send.Requester, adds int) (err error) {
	found, untold := site.AskLicenceDetails(askOnce(ctx, e, &err))
	if err != nil || untold != "" {
		return err
	}
	found = found.Cleaned(e.Client.Clean)
	s.Licences = &LicencesForecast{found, adds}
	if found.Problem != "" {
		s.warn(codes.Licences, "the licences of the server are not in order, and it may refuse to make users: %s", found.Problem)
	}
	return nil
}

// countLicences finds out how many licences are in use, where that is not known and matters.
func (s *Surroundings) countLicences(ctx context.Context, e *send.Requester, adds int) {
	if adds == 0 {
		return
	}
	const ordered = ", and whether they are in order"
	if s.Licences == nil {
		var found site.Licences
		var ended error
		if untold := found.AskCounts(askOnce(ctx, e, &ended)); untold != "" {
			s.Unchecked = append(s.Unchecked, uncheckedLicences+ordered+": "+untold)
			return
		}
		s.Licences = &LicencesForecast{found.Cleaned(e.Client.Clean), adds}
	}
	unchecked := uncheckedLicences
	if s.Licences.Status == "" {
		unchecked += ordered
	}
	s.Unchecked = append(s.Unchecked, unchecked+": a server tells only how many are in use")
}

// askOnce asks once for what is good to know. ended is why nothing can be asked any more.
func askOnce(ctx context.Context, e *send.Requester, ended *error) func(cupi.Request) (cupi.Answer, error) {
	return func(request cupi.Request) (cupi.Answer, error) {
		answer, problem, err := e.ReadOnce(ctx, request)
		if *ended = err; err == nil && problem != nil {
			err = problem
		}
		return answer, err
	}
}

// warn notes what is no row's fault.
func (s *Surroundings) warn(code codes.Code, format string, values ...any) {
	s.Warnings = append(s.Warnings, Warning{code, fmt.Sprintf(format, values...)})
}
