package batch_test

import (
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// objectCase is a file about one kind of object that makes, changes and deletes some.
type objectCase struct {
	table   *validate.Table
	site    func(*testing.T, cupi.Wire) *site
	options record.Options
	file    string
	want    string // how its rows end
	undone  string // and how they go back
	changes int    // requests that the run sends to change something
}

func objectCases() []objectCase {
	return []objectCase{
		{validate.DistributionLists, listSite, listOptions(""), "Operation,Alias,Extension,AltNames\ncreate,fresh,5002,New\n" +
			"update,undeliverablemessages,5003,\ndelete,inner,,\ndelete,outer,,\n",
			"created, updated, deleted, deleted", "deleted, restored, recreated, recreated", 5},
		{validate.AdminUsers, adminSite, adminOptions(""), "Operation,Alias,Title,UserRoles\ncreate,fresh,Boss,Help Desk Administrator\n" +
			"update,there,Deputy,User Administrator\ndelete,leaver,,\n",
			"created, updated, deleted", "deleted, restored, recreated", 8},
		{validate.ListMembers, memberSite, exactly(memberOptions("")), "Operation,DLAlias,MemberAlias\ncreate,inner,user00002\ndelete,outer,inner\ncreate,outer,vendor\ncreate,closed,user00003\n",
			"created, deleted, created, created", "restored, restored, restored, restored", 7},
		{validate.Contacts, contactSite, contactOptions(""), "Operation,Alias,Extension,City,AltFirstNames,AltLastNames\ncreate,fresh,5002,Oslo,N,New\n" +
			"update,there,5003,Bergen,,\ndelete,leaver,,,,\n",
			"created, updated, deleted", "deleted, restored, recreated", 4},
		{validate.ServiceAccounts, accountSite, accountOptions(""), "Operation,subscriberAlias,serviceDisplayName,UMEmailAddress,loginType\ncreate,user00003,Exchange,u3@x.org,1\n" +
			"update,user00001,Office 365,new@x.org,\ndelete,user00002,Exchange,,\n", "created, updated, deleted", "restored, restored, restored", 3},
	}
}

// Each object that a file can be about has a case.
func TestEachObjectHasACase(t *testing.T) {
	t.Parallel()
	tried := map[*validate.Table]bool{validate.Users: true}
	for _, c := range objectCases() {
		tried[c.table] = true
	}
	for _, table := range validate.Tables() {
		if !tried[table] {
			t.Errorf("no case tries %s", table.Object)
		}
	}
}

// A run that dies at any of its changes goes on, and goes back whole; so does a rollback that is
// interrupted anywhere. Each wire takes half of the ways to die, and both each change.
func TestObjectsOutliveTheProcess(t *testing.T) {
	for _, c := range objectCases() {
		t.Run(c.table.Object, func(t *testing.T) {
			inBothWires(t, func(t *testing.T, wire cupi.Wire) { c.outlives(t, wire) })
		})
	}
}

func (c objectCase) outlives(t *testing.T, wire cupi.Wire) {
	s := c.site(t, wire)
	before, setUp := withoutIDs(s.simulator.Snapshot()), s.guard.Changes()
	_, whole := s.run(t.Context(), "run", c.file, c.options, 1)
	after, changes := withoutIDs(s.simulator.Snapshot()), s.guard.Changes()-setUp
	if got := statuses(t, whole); got != c.want || changes != c.changes {
		t.Fatalf("%d changes: %s\n%s", changes, got, messages(t, whole))
	}
	xml := map[cupi.Wire]int{cupi.JSON: 0, cupi.XML: 1}[wire]
	for at := 1 + xml; ; at += 2 {
		s := c.site(t, wire)
		_, history := s.run(t.Context(), "run", c.file, c.options, 1)
		if !s.interrupt(t, history, at, xml == 1) {
			break
		}
		if of := s.goOn(t, history, at); statuses(t, of) != c.undone {
			t.Fatalf("a rollback ended at sync %d: %s\n%s", at, statuses(t, of), messages(t, of))
		}
		compareSnapshots(t, before, withoutIDs(s.simulator.Snapshot()))
	}
	for change := 1; change <= changes; change++ {
		fault := []cupitest.Fault{cupitest.Reset, cupitest.NoFault}[(change+xml)%2] // not done, or done
		s := c.site(t, wire)
		killed := s.killedAt(change, "run", c.file, c.options, fault)
		_, history := s.resume(t.Context(), killed, c.options)
		if got := statuses(t, history); got != c.want {
			t.Errorf("%s, want %s\n%s", got, c.want, messages(t, history))
		}
		compareSnapshots(t, after, withoutIDs(s.simulator.Snapshot()))
		s.rollback(t.Context(), "undo", history, record.UndoOptions{})
		compareSnapshots(t, before, withoutIDs(s.simulator.Snapshot()))
		if t.Failed() {
			t.Fatalf("killed at change %d by %v", change, fault)
		}
	}
}

// exactly takes out of lists whom the file does not name.
func exactly(o record.Options) record.Options {
	o.Exact = true
	return o
}
