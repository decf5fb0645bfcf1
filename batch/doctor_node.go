package batch

import (
	"context"
	"fmt"
	"strings"

	"cucbulk/cupi"
)

// node tells which servers share the users. A run belongs on the publisher.
func (d *doctor) node(ctx context.Context, client *cupi.Client) {
	ask := func(request cupi.Request) ([]cupi.Object, error) {
		answer, err := d.ask(ctx, client, request)
		return answer.Page.Items, err
	}
	nodes, told := askNodes(ask, client.Server())
	if !told {
		d.warn("node", "the server does not tell whether it is one of a pair", "if there are two servers, give the publisher's address")
		return
	}
	about := fmt.Sprintf("%d servers share the users: %s", len(nodes.names), strings.Join(nodes.names, ", "))
	switch {
	case len(nodes.names) == 1:
		d.ok("node", "%s, the only one", nodes.publisher)
		return
	case nodes.asked == asksPublisher:
		d.ok("node", "%s; this is the publisher", about)
		return
	case nodes.asked == asksSubscriber:
		about += "; this is not the publisher"
	}
	mend := "give the address of the publisher"
	if nodes.publisher != "" {
		mend += ", " + nodes.publisher
	}
	d.warn("node", about, mend+": what another one takes may not be seen at once")
}
