package torture

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// colleague is another administrator, who makes, changes and deletes users at random,
// those of the files too.
type colleague struct {
	*tempest
	random   *rand.Rand
	families []*family
	did      atomic.Int64
	mutex    sync.Mutex
	acts     map[string]int
}

// shared is a source that several goroutines draw from.
type shared struct {
	mutex  sync.Mutex
	source rand.Source
}

func newShared(seed, stream uint64) *rand.Rand {
	return rand.New(&shared{source: rand.NewPCG(seed, stream)})
}

func (s *shared) Uint64() uint64 {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.source.Uint64()
}

// mostActs is how often an administrator acts in a phase, so that users are left.
const mostActs = 25

// works lets the administrator act now and then until the phase is over.
func (c *colleague) works(over <-chan struct{}, pause time.Duration) {
	for range mostActs {
		timer := time.NewTimer(time.Duration(c.random.ExpFloat64() * float64(pause)))
		select {
		case <-over:
			timer.Stop()
			return
		case <-timer.C:
			c.act()
		}
	}
}

// act does one thing.
func (c *colleague) act() {
	c.did.Add(1)
	some := c.somebody()
	if some == nil {
		c.make(false)
		return
	}
	switch c.random.IntN(10) {
	case 0, 1:
		c.make(false)
	case 2, 3, 4, 5:
		field := []string{"Title", "City", "Department", "DisplayName"}[c.random.IntN(4)]
		c.change("change", "PUT", "users/"+some["ObjectId"], map[string]string{field: fmt.Sprintf("of another %d", c.did.Load())})
	case 6:
		c.change("delete", "DELETE", "users/"+some["ObjectId"], nil)
	case 7:
		c.change("extension", "PUT", "users/"+some["ObjectId"], map[string]string{"DtmfAccessId": fmt.Sprint(87000 + c.did.Load())})
	case 8:
		c.change("alternate", "POST", "users/"+some["ObjectId"]+"/alternateextensions", map[string]string{
			"IdIndex": fmt.Sprint(1 + c.random.IntN(5)), "DtmfAccessId": fmt.Sprint(88000 + c.did.Load()), "PartitionObjectId": some["PartitionObjectId"]})
	default:
		alias := fmt.Sprintf("other%03d", c.did.Load())
		if f := c.families[c.random.IntN(len(c.families))]; c.random.IntN(2) == 0 {
			alias = f.rows[c.random.IntN(len(f.rows))].alias
		}
		c.change("rename", "PUT", "users/"+some["ObjectId"], map[string]string{"Alias": alias})
	}
}

// change sends one change.
func (c *colleague) change(what, method, path string, fields map[string]string) {
	body, err := json.Marshal(fields)
	if err != nil {
		panic(err)
	}
	if c.another(method, path, string(body)) {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		c.acts[what]++
	}
}

// somebody is a user, of the files or not, but none of the server's own.
func (c *colleague) somebody() map[string]string {
	aliases := slices.DeleteFunc(c.simulator.Aliases(), func(alias string) bool {
		return strings.Contains(alias, "operator") || strings.Contains(alias, "undeliverable")
	})
	if len(aliases) == 0 {
		return nil
	}
	return c.simulator.UserByAlias(aliases[c.random.IntN(len(aliases))])
}

// make makes a user of an alias that a file makes too: with a name of their own, or the
// same as the row's.
func (c *colleague) make(same bool) {
	f := c.families[c.random.IntN(len(c.families))]
	row := f.rows[c.random.IntN(len(f.rows))]
	fields := map[string]string{"Alias": row.alias, "DtmfAccessId": row.cells["DtmfAccessId"]}
	for _, name := range []string{"DisplayName", "Title", "Department", "EmployeeId"} {
		if value := row.cells[name]; value != "" {
			fields[name] = value
		}
	}
	if !same {
		fields["DisplayName"] = fmt.Sprintf("Somebody Else %d", c.did.Load())
		if c.random.IntN(2) == 0 || fields["DtmfAccessId"] == "" {
			fields["DtmfAccessId"] = fmt.Sprint(86000 + c.did.Load())
		}
	}
	c.change(map[bool]string{true: "make the same", false: "make"}[same], "POST", "users?templateAlias=voicemailusertemplate", fields)
}

// repeats does what other rows of the files ask for, hours later, when nothing of the
// run can be under way any more: somebody does the file by hand, or with another tool.
func (c *colleague) repeats() {
	for range 1 + c.random.IntN(6) {
		c.did.Add(1)
		c.make(true)
	}
}
