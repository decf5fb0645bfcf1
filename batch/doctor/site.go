package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/site"
	"cucbulk/cupi"
)

// evaluationSoon is below how many days an evaluation is told to end soon.
const evaluationSoon = 30

// node tells which servers share the users. A run belongs on the publisher.
func (d *doctor) node(ctx context.Context, client *cupi.Client) {
	ask := func(request cupi.Request) ([]cupi.Object, error) {
		answer, err := d.ask(ctx, client, request)
		return answer.Page.Items, err
	}
	nodes, told := site.AskNodes(ask, client.Server())
	if !told {
		d.warn("node", "the server does not tell whether it is one of a pair", "if there are two servers, give the publisher's address")
		return
	}
	if states := nodes.States; states.Unready != "" {
		d.fail("node", client.Clean(states.Unready), site.Wait+": a run refuses to begin, because what is written now may be lost")
		return
	} else if states.Odd != "" {
		d.warn("node", client.Clean(states.Odd),
			"bring it back before the night: what a run changes may not be seen everywhere at once")
		return
	}
	about := fmt.Sprintf("%d servers share the users: %s", len(nodes.Names), strings.Join(nodes.Names, ", "))
	switch {
	case len(nodes.Names) == 1:
		d.ok("node", "%s, the only one", nodes.Publisher)
		return
	case nodes.Asked == site.Publisher:
		d.ok("node", "%s; this is the publisher", about)
		return
	case nodes.Asked == site.Subscriber:
		about += "; this is not the publisher"
	}
	mend := "give the address of the publisher"
	if nodes.Publisher != "" {
		mend += ", " + nodes.Publisher
	}
	d.warn("node", about, mend+": what another one takes may not be seen at once")
}

// role tells whether the account may do what a run does.
func (d *doctor) role(ctx context.Context, client *cupi.Client) {
	ask := func(request cupi.Request) ([]cupi.Object, bool) {
		answer, err := d.ask(ctx, client, request)
		return answer.Page.Items, err == nil
	}
	switch roles, known := site.ReadRoles(ask, d.Config.User, ""); {
	case !known:
		d.warn("role", "the server does not tell what roles the account has",
			"look there that it has "+site.Sufficient())
	case roles.Suffice:
		d.ok("role", "%s", strings.Join(roles.Names, ", "))
	case len(roles.Unclear) > 0:
		d.warn("role", fmt.Sprintf("only the server knows what %s allows", strings.Join(roles.Unclear, ", ")),
			"try a row or two before the night: cucbulk run users.csv --rows 1-2")
	default:
		d.fail("role", fmt.Sprintf("the account %s has %s", d.Config.User, roles), site.Mend())
	}
}

// licences tells how the server is licensed.
func (d *doctor) licences(ctx context.Context, client *cupi.Client) {
	found, untold := site.AskLicences(func(request cupi.Request) (cupi.Answer, error) { return d.ask(ctx, client, request) })
	found = found.Cleaned(client.Clean)
	switch {
	case untold != "":
		d.ok("licences", "not told: %s", untold)
	case found.Problem != "":
		d.warn("licences", fmt.Sprintf("%s; %s", found.Problem, found),
			"put them in order before many users are made: the server may refuse them")
	case found.Evaluation != nil && *found.Evaluation < evaluationSoon:
		d.warn("licences", found.String(), "license the server before its evaluation is over")
	default:
		d.ok("licences", "%s; how many are left, no server tells", found)
	}
}

// network tells which other clusters share users with this one.
func (d *doctor) network(ctx context.Context, client *cupi.Client) {
	all, err := d.all(ctx, client, cupi.ConnectionLocations)
	var names []string
	for _, location := range all {
		names = append(names, client.Clean(location["DisplayName"]))
	}
	slices.Sort(names)
	switch {
	case err != nil:
		d.ok("network", "not told: %s", site.Untold(err))
	case len(names) > 1:
		d.ok("network", "%d clusters share a network: %s; a run looks there for the aliases and extensions that it gives",
			len(names), strings.Join(names, ", "))
	default:
		d.ok("network", "this cluster is alone")
	}
}
