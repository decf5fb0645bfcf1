package batch

import (
	"fmt"
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
