package cupitest

import "fmt"

// clusterRoutes tell which servers share the users: [Server.Nodes].
var clusterRoutes = []route{
	{"GET /vmrest/cluster", nil, listNodes},
	{"GET /vmrest/vmsservers", nil, listNodes},
}

// The vendor's states of a server.
const (
	primaryActive   = "1"
	secondaryActive = "8"
	showsPrimary    = "3"
	showsSecondary  = "4"
)

var nodeSchema = newSchema(
	field{"URI", derived, 0, "/vmrest/vmsservers/{ObjectId}", listed},
	field{"ObjectId", text, 36, "", listed | fixed},
	field{"ServerName", text, 255, "", listed | fixed},
	field{"IpAddress", text, 255, "", listed | fixed},
	field{"VmsServerObjectId", derived, 0, "{ObjectId}", listed},
	field{"ClusterMemberId", integer, 0, "", listed | fixed},
	field{"ServerState", integer, 0, "", listed | fixed},
	field{"HostName", text, 255, "", listed | fixed},
	field{"ServerDisplayState", integer, 0, "", listed | fixed},
	field{"SubToPerformReplicationRole", boolean, 0, "false", listed | fixed},
)

func listNodes(c *call) answer {
	names := c.s.Nodes
	if len(names) == 0 {
		names = []string{"cuc1.example.com"}
	}
	nodes := make([]*document, len(names))
	for i, name := range names {
		state, shown := secondaryActive, showsSecondary
		if i == 0 {
			state, shown = primaryActive, showsPrimary
		}
		nodes[i] = &document{schema: nodeSchema, own: map[string]string{
			"ObjectId": objectID(hash(name, "node")), "ServerName": name, "HostName": name, "IpAddress": fmt.Sprintf("192.0.2.%d", i+1),
			"ClusterMemberId": fmt.Sprint(i), "ServerState": state, "ServerDisplayState": shown,
		}}
	}
	return c.listing("VmsServers", "VmsServer", nodeSchema, nodes)
}
