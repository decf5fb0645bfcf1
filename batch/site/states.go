package site

import (
	"cmp"
	"fmt"
	"strings"

	"cucbulk/cupi"
)

// States is what the servers that share the users say of themselves.
type States struct {
	Told    bool   // some server says how it is
	Unready string // why nothing should be written now: "cuc2 is in database sync"; "": nothing speaks against it
	Odd     string // what is worth knowing, and no reason to wait: "cuc2 is down"
}

// ServerDisplayState, and ServerState of a server that does not show the former, as words. The
// vendor's page has the numbers.
const (
	isPrimary      = "is the primary one"
	isDown         = "is down"
	isInitializing = "is initializing"
	isInSync       = "is in database sync"
	isInSplitBrain = "is recovering from a split brain"
	isAnother      = "is neither of these"
)

var (
	displayStates = map[string]string{"1": isDown, "2": isInitializing, "3": isPrimary, "4": isAnother, "5": isAnother,
		"6": isInSync, "7": isInSplitBrain}
	serverStates = map[string]string{"1": isPrimary, "6": isInSplitBrain, "8": isAnother, "13": isInSplitBrain,
		"14": isInSync, "20": isPrimary, "24": isDown}
)

// ReadStates reads what the members of a cluster say of themselves. While one of them starts, or they
// compare their databases, what is written may be lost.
func ReadStates(members []cupi.Object) States {
	var found States
	var unready, odd []string
	told, primaries := 0, 0
	for _, member := range members {
		state := cmp.Or(displayStates[strings.TrimSpace(member["ServerDisplayState"])],
			serverStates[strings.TrimSpace(member["ServerState"])])
		if state == "" {
			continue
		}
		told++
		text := fmt.Sprintf("%s %s", strings.TrimSpace(cmp.Or(member["HostName"], member["ServerName"], "the server")), state)
		switch state {
		case isInitializing, isInSync, isInSplitBrain:
			unready = append(unready, text)
		case isDown:
			odd = append(odd, text)
		case isPrimary:
			primaries++
		}
	}
	if found.Told = told > 0; told == len(members) && told > 0 && primaries == 0 && len(unready) == 0 {
		odd = append(odd, "no server says that it is the primary one")
	}
	found.Unready, found.Odd = strings.Join(unready, ", "), strings.Join(odd, ", ")
	return found
}

// Wait is what to do while servers are not ready.
const Wait = "wait until " +
	"cucbulk doctor says that the node is ok, or the cluster management page of " +
	"Cisco Unity Connection Serviceability shows one primary server and no other of these states"
