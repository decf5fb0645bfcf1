// Package site reads what a server tells of the place that a run goes to, besides its users:
// which nodes share them, and which roles the account has. Not every server tells.
package site

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"cucbulk/cupi"
)

// mostShown is how many nodes or roles are asked for; no server has more.
const mostShown = 100

// Nodes are the servers that share the users, and which of them was asked.
type Nodes struct {
	Names     []string
	Publisher string // "": not told
	Asked     Asked
	States    States
}

// Asked says which of them it is that was asked.
type Asked int

// The nodes that one may ask.
const (
	Unknown Asked = iota
	Publisher
	Subscriber
)

// AskNodes asks which servers share the users. Where the list that numbers them is not
// there, or the account may not see it, the one without numbers is asked for: of a
// server that is alone it tells as much. They are not told when the server shows
// neither, or ask fails.
func AskNodes(ask func(cupi.Request) ([]cupi.Object, error), address string) (found Nodes, told bool) {
	members, err := ask(cupi.List(cupi.ClusterMembers, cupi.Query{}, 1, mostShown))
	var problem *cupi.Error
	if errors.As(err, &problem) && (problem.Status == http.StatusNotFound || problem.Status == http.StatusForbidden) {
		members, err = ask(cupi.List(cupi.ClusterNodes, cupi.Query{}, 1, mostShown))
	}
	if err != nil || len(members) == 0 {
		return Nodes{}, false
	}
	return readNodes(members, address), true
}

// readNodes finds the server at an address among the members of its cluster. The
// one that is alone is the publisher, whatever its address.
func readNodes(members []cupi.Object, address string) Nodes {
	n := Nodes{States: ReadStates(members)}
	host := ""
	if parsed, err := url.Parse(address); err == nil {
		host = parsed.Hostname()
	}
	for _, member := range members {
		name := strings.TrimSpace(member["HostName"])
		n.Names = append(n.Names, name)
		publishes := member["ClusterMemberId"] == "0"
		if publishes {
			n.Publisher = name
		}
		for _, field := range []string{"HostName", "ServerName", "IpAddress"} {
			if host == "" || !strings.EqualFold(strings.TrimSpace(member[field]), host) || member["ClusterMemberId"] == "" {
				continue
			}
			if n.Asked = Subscriber; publishes {
				n.Asked = Publisher
			}
		}
	}
	slices.Sort(n.Names)
	if len(n.Names) == 1 {
		n.Publisher, n.Asked = n.Names[0], Publisher
	}
	return n
}

// Hint tells what is known of the publisher.
func (n Nodes) Hint() string {
	if n.Publisher == "" {
		return fmt.Sprintf(" (it is one of %s)", strings.Join(n.Names, ", "))
	}
	return fmt.Sprintf(" (that is %s, and the address given is none that the servers have)", n.Publisher)
}
