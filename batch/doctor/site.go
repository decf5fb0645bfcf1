package doctor

import (
	"context"
	"fmt"
	"strings"

	"cucbulk/batch/site"
	"cucbulk/cupi"
)

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
