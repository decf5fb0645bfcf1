package cupitest

import (
	"strings"
	"sync"
)

// gossip is what the fault "echo-earlier" repeats: the last secrets that were heard.
type gossip struct {
	mu             sync.Mutex
	body, password string
}

func (g *gossip) hear(body, authorization string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if strings.Contains(body, "Credentials") || strings.Contains(body, "UserPassword") {
		g.body = body
	}
	if authorization != "" {
		g.password = authorization
	}
}

func (g *gossip) told() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.body + " " + g.password
}
