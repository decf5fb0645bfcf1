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
// has, for the next [Preparation.Forecast]. It sends three requests at most, all of
// them reading; what the server does not tell stays unchecked.
func (p *Preparation) Examine(ctx context.Context) {
	e := &errand{engine: p.engine}
	p.warnings, p.unchecked = nil, nil
	p.examineNode(ctx, e)
	p.examineRoles(ctx, e)
	p.unchecked = append(p.unchecked, uncheckedLicences)
}

func (p *Preparation) examineNode(ctx context.Context, e *errand) {
	answer, problem := e.do(ctx, cupi.List(cupi.ClusterMembers, cupi.Query{}, 1, listingRows))
	if problem != nil {
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

// sufficientRoles let an account do whatever a run does; insufficientRoles are the
// server's own that do not, not even together. Roles that are in neither were made by
// an administrator, and only the server knows what they allow.
var (
	sufficientRoles   = []string{"System Administrator", "User Administrator"}
	insufficientRoles = []string{"Audio Text Administrator", "Audit Administrator", "Greeting Administrator", "Help Desk Administrator",
		"Mailbox Access Delegate Account", "Remote Administrator", "Technician"}
)

func (p *Preparation) examineRoles(ctx context.Context, e *errand) {
	id := p.ownID(ctx, e)
	if id == "" {
		p.unchecked = append(p.unchecked, uncheckedRoles)
		return
	}
	answer, problem := e.do(ctx, cupi.List(cupi.UserRolesOf(id), cupi.Query{}, 1, listingRows))
	if problem != nil {
		p.unchecked = append(p.unchecked, uncheckedRoles)
		return
	}
	var names, others []string
	for _, role := range answer.Page.Items {
		name := role["RoleName"]
		names = append(names, name)
		if slices.Contains(sufficientRoles, name) {
			return
		}
		if !slices.Contains(insufficientRoles, name) {
			others = append(others, name)
		}
	}
	switch {
	case len(others) > 0:
		p.unchecked = append(p.unchecked, fmt.Sprintf("%s: only the server knows what %s allows", uncheckedRoles, strings.Join(others, ", ")))
	default:
		has := "no role"
		if len(names) > 0 {
			has = "only the role " + strings.Join(names, ", ")
		}
		p.warnings = append(p.warnings, Warning{"role",
			fmt.Sprintf("the account %s has %s: give it the role %s on the server", p.Server.Account, has, strings.Join(sufficientRoles, " or "))})
	}
}

// ownID finds the account among the users that were read and then, because most
// administrators have no mailbox, among those without. "": it was not found.
func (p *Preparation) ownID(ctx context.Context, e *errand) string {
	if p.directory.ownID != "" {
		return p.directory.ownID
	}
	query := cupi.Query{Column: "Alias", Op: cupi.Is, Value: p.Server.Account}
	answer, problem := e.do(ctx, cupi.List(cupi.AdminUsers, query, 0, 0))
	if problem != nil {
		return ""
	}
	for _, admin := range answer.Page.Items {
		if strings.EqualFold(admin["Alias"], p.Server.Account) {
			return admin["ObjectId"]
		}
	}
	return ""
}
