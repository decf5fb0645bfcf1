package cupitest

import "fmt"

// clusterRoutes tell which servers share the users: [Server.Nodes]. The vendor's page prints the same answer for both
// lists; recorded answers of the first have other fields.
var clusterRoutes = []route{
	{"GET /vmrest/cluster", nil, listServers},
	{"GET /vmrest/vmsservers", nil, listNodes},
	{"GET /vmrest/vmsservers/{id}", nil, getNode},
}

// nodeState is a ServerState and a ServerDisplayState of the vendor's.
type nodeState struct{ state, shown string }

// nodeStates are those of a publisher and of a subscriber that work, and those of [Server.NodeState].
var (
	primary   = nodeState{"1", "3"}
	secondary = nodeState{"8", "4"}

	nodeStates = map[string]nodeState{
		"down":          {"24", "1"},
		"initializing":  {"0", "2"},
		"database-sync": {"14", "6"},
		"split-brain":   {"13", "7"},
	}
)

// SetNodeState sets what the last of the servers says that it is. It may be called while the server serves.
func (s *Server) SetNodeState(state string) {
	s.tally.mu.Lock()
	defer s.tally.mu.Unlock()
	s.NodeState = state
}

func (s *Server) nodeState() string {
	s.tally.mu.Lock()
	defer s.tally.mu.Unlock()
	return s.NodeState
}

var nodeSchema = schemaAt("vmsservers")

// serverSchema is a node as /vmrest/cluster shows it.
var serverSchema = schemaAt("cluster")

func listServers(c *call) answer {
	if c.s.VmsServersInCluster {
		return listNodes(c)
	}
	var servers []*document
	for _, node := range c.nodes() {
		servers = append(servers, &document{schema: serverSchema(), owner: node,
			own: map[string]string{"Description": "", "Ipv6Name": "", "MacAddress": ""}})
	}
	return c.listing("Servers", "Server", serverSchema(), servers)
}

func listNodes(c *call) answer {
	return c.listing("VmsServers", "VmsServer", nodeSchema(), c.nodes())
}

func getNode(c *call) answer {
	for _, node := range c.nodes() {
		if node.own["ObjectId"] == c.ids[0] {
			return c.object("VmsServer", node.pairs(false))
		}
	}
	return c.fail(notFound("vmsserver", "ObjectId", c.ids[0]))
}

// nodes is the servers, the publisher first.
func (c *call) nodes() []*document {
	names := c.s.Nodes
	if len(names) == 0 {
		names = []string{"cuc1.example.com"}
	}
	nodes := make([]*document, len(names))
	for i, name := range names {
		is := secondary
		if i == 0 {
			is = primary
		}
		if other, set := nodeStates[c.s.nodeState()]; set && i == len(names)-1 {
			is = other
		}
		nodes[i] = &document{schema: nodeSchema(), own: map[string]string{
			"ObjectId": objectID(hash(name, "node")), "ServerName": name, "HostName": name, "IpAddress": fmt.Sprintf("192.0.2.%d", i+1),
			"ClusterMemberId": fmt.Sprint(i), "ServerState": is.state, "ServerDisplayState": is.shown,
		}}
	}
	return nodes
}
