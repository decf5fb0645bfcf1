package batch

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cucbulk/cupi"
)

// node tells which servers share the users. A run belongs on the publisher, and
// with one server there is no question which that is; of several, the server's
// answer does not say in words.
func (d *doctor) node(ctx context.Context, client *cupi.Client) {
	answer, err := client.Do(ctx, cupi.List(cupi.ClusterMembers, cupi.Query{}, 1, listingRows))
	if err != nil || len(answer.Page.Items) == 0 {
		d.warn("node", "the server does not tell whether it is one of a pair", "if there are two servers, give the publisher's address")
		return
	}
	var names []string
	for _, member := range answer.Page.Items {
		names = append(names, member["HostName"])
	}
	slices.Sort(names)
	if len(names) == 1 {
		d.ok("node", "%s, the only one", names[0])
		return
	}
	d.warn("node", fmt.Sprintf("%d servers share the users: %s", len(names), strings.Join(names, ", ")),
		"give the address of the publisher: what another one takes may not be seen at once")
}
