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

// CheckSurroundings asks the server whether it is the publisher, how it and the other one are, and what
// roles the account has, and after [Prepared.LookAround] how many licences are in use, for the next
// [Prepared.Forecast]. It sends six requests at most, all of them reading; what the server does not tell
// stays unchecked. A run asks for the state itself.
func (p *Prepared) CheckSurroundings(ctx context.Context) {
	e := &send.Requester{Session: p.Session}
	p.Unchecked = nil
	p.checkNode(ctx, e)
	p.checkRoles(ctx, e)
	p.countLicences(ctx, e)
}

func (p *Prepared) checkNode(ctx context.Context, e *send.Requester) {
	ask := func(request cupi.Request) ([]cupi.Object, error) {
		answer, problem, err := e.ReadOnce(ctx, request)
		if problem != nil {
			return nil, problem
		}
		return answer.Page.Items, err
	}
	if p.mayChange {
		p.Requests++ // a run asks for the state too
	}
	nodes, told := site.AskNodes(ask, p.Server.URL)
	clean := p.Server.Client.Clean // a server may repeat a secret
	p.checkState(nodes.States, clean)
	switch {
	case !told:
		p.Unchecked = append(p.Unchecked, uncheckedNode)
	case nodes.Asked == site.Subscriber:
		p.warn(codes.Subscriber, "this is not the publisher: %s is; give --server its address, because what another "+
			"node takes may not be seen at once", clean(nodes.Publisher))
	case nodes.Asked == site.Unknown:
		p.Unchecked = append(p.Unchecked, uncheckedNode+clean(nodes.Hint()))
	}
}

func (p *Prepared) checkRoles(ctx context.Context, e *send.Requester) {
	ask := func(request cupi.Request) ([]cupi.Object, bool) {
		answer, problem, err := e.ReadOnce(ctx, request)
		return answer.Page.Items, problem == nil && err == nil
	}
	roles, known := site.ReadRoles(ask, p.Server.Account, p.Snapshot.ownID)
	switch {
	case !known:
		p.Unchecked = append(p.Unchecked, uncheckedRoles)
	case roles.Suffice:
	case len(roles.Unclear) > 0:
		p.Unchecked = append(p.Unchecked, fmt.Sprintf("%s: only the server knows what %s allows", uncheckedRoles,
			strings.Join(roles.Unclear, ", ")))
	default:
		p.warn(codes.Role, "the account %s has %s: %s", p.Server.Account, roles, site.Mend())
	}
}

// checkState tells how the servers are that share the users.
func (p *Prepared) checkState(states site.States, clean func(string) string) {
	switch {
	case !states.Told:
		p.Unchecked = append(p.Unchecked, uncheckedState)
	case states.Unready != "":
		p.warn(codes.ServerState, "the server says that %s, and a run refuses to begin: what it writes may be lost; %s",
			clean(states.Unready), site.Wait)
	case states.Odd != "":
		p.warn(codes.ServerState, "the server says that %s: what a run changes may not be seen everywhere at once",
			clean(states.Odd))
	}
}
