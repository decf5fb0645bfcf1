package cli

import (
	"cmp"
	"fmt"
	"path"
	"strings"

	"cucbulk/cupi/cupitest"
)

// picture is all that a simulated server holds, without the ids that a user who is
// created again can't get back.
type picture struct {
	things map[string]map[string]string // "user jdoe" or "callhandlers Goodbye" -> fields
	ids    map[string]string            // alias -> ObjectId
}

// pictureOf takes the picture of a server. A user's own call handler and mailbox
// are part of the user.
func pictureOf(simulator *cupitest.Server) picture {
	taken := picture{things: map[string]map[string]string{}, ids: map[string]string{}}
	snapshot := simulator.Snapshot()
	type part struct {
		of   map[string]string // the user's fields in the picture
		name string
	}
	parts := map[string]part{} // by path
	for place, fields := range snapshot {
		if alias := fields["Alias"]; isUser(place) {
			user := without(fields, "ObjectId", "CallHandlerObjectId")
			taken.things["user "+alias], taken.ids[alias] = user, fields["ObjectId"]
			parts["handlers/callhandlers/"+fields["CallHandlerObjectId"]] = part{user, "call handler"}
			parts[place+"/mailboxattributes"] = part{user, "mailbox"}
		}
	}
	for place, fields := range snapshot {
		if isUser(place) {
			continue
		}
		owned, is := parts[place]
		if !is {
			taken.things[path.Base(path.Dir(place))+" "+cmp.Or(fields["DisplayName"], fields["Alias"])] = fields
			continue
		}
		for name, value := range without(fields, "ObjectId") {
			owned.of[owned.name+"'s "+name] = value
		}
	}
	return taken
}

// isUser reports whether a user stands at a place of the server; a user template, which
// has an alias too, does not.
func isUser(place string) bool {
	return strings.HasPrefix(place, "users/") && strings.Count(place, "/") == 1
}

// without copies fields, but for some.
func without(fields map[string]string, names ...string) map[string]string {
	rest := map[string]string{}
	for name, value := range fields {
		rest[name] = value
	}
	for _, name := range names {
		delete(rest, name)
	}
	return rest
}

// compare lists what differs, one field a line.
func (p picture) compare(after picture) []string {
	var lines []string
	for _, thing := range sortedKeys(p.things) {
		now, there := after.things[thing]
		if !there {
			lines = append(lines, thing+" is gone")
			continue
		}
		for _, name := range sortedKeys(merged(p.things[thing], now)) {
			if was, is := p.things[thing][name], now[name]; was != is {
				lines = append(lines, fmt.Sprintf("%s: %s was %q and is %q", thing, name, was, is))
			}
		}
	}
	for _, thing := range sortedKeys(after.things) {
		if _, there := p.things[thing]; !there {
			lines = append(lines, thing+" is new")
		}
	}
	return lines
}

func merged(one, other map[string]string) map[string]string {
	all := without(one)
	for name, value := range other {
		all[name] = value
	}
	return all
}

// renewed counts the users that are there under another ObjectId.
func (p picture) renewed(after picture) int {
	n := 0
	for alias, id := range p.ids {
		if now := after.ids[alias]; now != "" && now != id {
			n++
		}
	}
	return n
}
