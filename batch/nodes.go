package batch

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"cucbulk/cupi"
)

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

// askNodes asks which servers share the users. Where the list that numbers them is not
// there, or the account may not see it, the one without numbers is asked for: of a
// server that is alone it tells as much. They are not told when the server shows
// neither, or ask fails.
func askNodes(ask func(cupi.Request) ([]cupi.Object, error), address string) (found nodes, told bool) {
	members, err := ask(cupi.List(cupi.ClusterMembers, cupi.Query{}, 1, listingRows))
	var problem *cupi.Error
	if errors.As(err, &problem) && (problem.Status == http.StatusNotFound || problem.Status == http.StatusForbidden) {
		members, err = ask(cupi.List(cupi.ClusterNodes, cupi.Query{}, 1, listingRows))
	}
	if err != nil || len(members) == 0 {
		return nodes{}, false
	}
	return readNodes(members, address), true
}

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
		return fmt.Sprintf(" (it is one of %s)", strings.Join(n.names, ", "))
	}
	return fmt.Sprintf(" (that is %s, and the address given is none that the servers have)", n.publisher)
}
