package batch

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"cucbulk/cupi"
)

// Warning is what the pre-flight warns of that is no row's fault.
type Warning struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// What a run needs to be true besides its rows, as the list of what is not checked
// names it.
const (
	uncheckedNode     = "whether this node is the publisher"
	uncheckedRoles    = "whether the roles of the account suffice"
	uncheckedLicences = "how many licences are left"
)

// Examine asks the server whether it is the publisher and what roles the account
// has, for the next [Preparation.Forecast]. It sends four requests at most, all of
// them reading; what the server does not tell stays unchecked.
func (p *Preparation) Examine(ctx context.Context) {
	e := &errand{engine: p.engine}
	p.warnings, p.unchecked = nil, nil
	p.examineNode(ctx, e)
	p.examineRoles(ctx, e)
	p.unchecked = append(p.unchecked, uncheckedLicences)
}

func (p *Preparation) examineNode(ctx context.Context, e *errand) {
	answer, told, err := e.glance(ctx, cupi.List(cupi.ClusterMembers, cupi.Query{}, 1, listingRows))
	if !told || err != nil {
		p.unchecked = append(p.unchecked, uncheckedNode)
		return
	}
	switch nodes := readNodes(answer.Page.Items, p.Server.URL); {
	case nodes.asked == asksSubscriber:
		p.warnings = append(p.warnings, Warning{"subscriber",
			fmt.Sprintf("this is not the publisher: %s is; give --server its address, because what another node takes may not be seen at once", nodes.publisher)})
	case nodes.asked == asksUnknown:
		p.unchecked = append(p.unchecked, uncheckedNode+nodes.hint())
	}
}

// nodes are the servers that share the users, and which of them was asked.
type nodes struct {
	names     []string
	publisher string // "": not told
	asked     asked
}

type asked int

const (
	asksUnknown asked = iota
	asksPublisher
	asksSubscriber
)

// readNodes finds the server at an address among the members of its cluster. The
// one that is alone is the publisher, whatever its address.
func readNodes(members []cupi.Object, address string) nodes {
	var n nodes
	host := ""
	if parsed, err := url.Parse(address); err == nil {
		host = parsed.Hostname()
	}
	for _, member := range members {
		name := strings.TrimSpace(member["HostName"])
		n.names = append(n.names, name)
		publishes := member["ClusterMemberId"] == "0"
		if publishes {
			n.publisher = name
		}
		for _, field := range []string{"HostName", "ServerName", "IpAddress"} {
			if host == "" || !strings.EqualFold(strings.TrimSpace(member[field]), host) || member["ClusterMemberId"] == "" {
				continue
			}
			if n.asked = asksSubscriber; publishes {
				n.asked = asksPublisher
			}
		}
	}
	slices.Sort(n.names)
	if len(n.names) == 1 {
		n.publisher, n.asked = n.names[0], asksPublisher
	}
	return n
}

// hint tells what is known of the publisher.
func (n nodes) hint() string {
	if n.publisher == "" {
		return ""
	}
	return fmt.Sprintf(" (that is %s, and the address given is none that the servers have)", n.publisher)
}

func (p *Preparation) examineRoles(ctx context.Context, e *errand) {
	ask := func(request cupi.Request) ([]cupi.Object, bool) {
		answer, told, err := e.glance(ctx, request)
		return answer.Page.Items, told && err == nil
	}
	roles, known := readRoles(ask, p.Server.Account, p.directory.ownID)
	switch {
	case !known:
		p.unchecked = append(p.unchecked, uncheckedRoles)
	case roles.suffice:
	case len(roles.unclear) > 0:
		p.unchecked = append(p.unchecked, fmt.Sprintf("%s: only the server knows what %s allows", uncheckedRoles, strings.Join(roles.unclear, ", ")))
	default:
		p.warnings = append(p.warnings, Warning{"role", fmt.Sprintf("the account %s has %s: %s", p.Server.Account, roles, mendRoles)})
	}
}
