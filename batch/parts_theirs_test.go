package batch_test

import (
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

// Somebody takes away what the run added and adds the same again: it is theirs now, and a
// rollback keeps it and says so.
func TestPartsThatOthersAddedAgainAreKept(t *testing.T) {
	t.Parallel()
	for _, p := range partCases() {
		for _, row := range []string{presentUser, freshUser} {
			t.Run(p.step+" "+row, func(t *testing.T) {
				t.Parallel()
				simulator := &cupitest.Server{}
				simulator.AddUsers(3)
				s := newSite(t, simulator)
				guarded := simulator.OnChange
				var added []cupitest.Change
				simulator.OnChange = func(c cupitest.Change) error {
					if c.Method == "POST" && c.Path != "/vmrest/users" {
						added = append(added, c)
					}
					return guarded(c)
				}
				before := simulator.Snapshot()
				_, history := s.run(t.Context(), "run", p.file(row+p.set), options(""), 1)
				simulator.Snapshot() // after it, nobody adds to the list
				parts := added
				o := s.other()
				theirs := 0
				for _, c := range parts {
					collection := cupi.Collection{Path: c.Path}
					for path, object := range simulator.Snapshot() {
						id := object["ObjectId"]
						if before[path] != nil || !strings.HasSuffix(path, "/"+id) || !showsAll(object, c.Fields) ||
							!strings.HasSuffix(c.Path, lastCollection(path)) || !strings.Contains(c.Path, object["DistributionListObjectId"]) {
							continue
						}
						o.do(cupi.Delete(collection, id))
						o.s.guard.Exempt("POST", c.Path)
						o.do(cupi.Create(collection, c.Fields))
						theirs++
						break
					}
				}
				if theirs == 0 {
					return // nothing was added, or it is told by no id
				}
				if row == freshUser && !strings.HasPrefix(p.step, "alternateextensions") && p.step != "smtpproxyaddresses" {
					return // it proves nothing of a user who was new
				}
				kept := simulator.Snapshot()
				_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
				if got := only(t, of); got.Status != record.Kept || got.Code != "changed-since" || got.Message == "" {
					t.Errorf("rollback: %+v", got)
				}
				compareSnapshots(t, kept, simulator.Snapshot())
			})
		}
	}
}

// lastCollection is the collection in which an object of a snapshot is.
func lastCollection(path string) string {
	parts := strings.Split(path, "/")
	return parts[len(parts)-2]
}

func showsAll(object map[string]string, fields cupi.Object) bool {
	for name, value := range fields {
		if shown, is := object[name]; is && shown != value {
			return false
		}
	}
	return true
}

// Somebody takes away a part that the run changed, and makes one of the same slot that looks
// as the run left it: it is theirs, and a rollback does not change it.
func TestPartsThatOthersMadeAnewAreKept(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		columns, cells string
		collection     func(string) cupi.Collection
		before, after  cupi.Object
	}{
		"an alternate extension": {"Extension_Alt1", "777002", cupi.AlternateExtensionsOf,
			cupi.Object{"IdIndex": "1", "DtmfAccessId": "777001"}, cupi.Object{"IdIndex": "1", "DtmfAccessId": "777002"}},
		"a private list": {"PrivateList2", "Friends", cupi.PrivateListsOf,
			cupi.Object{"NumericId": "2", "DisplayName": "Family"}, cupi.Object{"NumericId": "2", "DisplayName": "Friends"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(1)
			s := newSite(t, simulator)
			o := s.other()
			collection := test.collection(o.id("user00001"))
			for _, fields := range []cupi.Object{test.before, test.after} {
				if fields["DtmfAccessId"] != "" {
					fields["PartitionObjectId"] = simulator.UserByAlias("user00001")["PartitionObjectId"]
				}
			}
			made := o.do(cupi.Create(collection, test.before)).ObjectID
			_, history := s.run(t.Context(), "run", "Operation,Alias,"+test.columns+"\nupdate,user00001,"+test.cells+"\n", options(""), 1)
			o.do(cupi.Delete(collection, made))
			o.s.guard.Exempt("POST", collection.Path)
			o.do(cupi.Create(collection, test.after))
			theirs := simulator.Snapshot()
			_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
			if got := only(t, of); got.Status != record.Kept || got.Code != "changed-since" {
				t.Errorf("rollback: %+v", got)
			}
			compareSnapshots(t, theirs, simulator.Snapshot())
		})
	}
}

// Each part of a row that is kept is told, and does not keep the others from being looked at.
func TestEachPartThatIsKeptIsTold(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(1)
	s := newSite(t, simulator)
	_, history := s.run(t.Context(), "run", "Alias,SmtpProxyAddresses\nuser00001,\"one@example.com,two@example.com\"\n", options("update"), 1)
	o := s.other()
	for path, object := range simulator.Snapshot() {
		if object["SmtpAddress"] == "one@example.com" || object["SmtpAddress"] == "two@example.com" {
			collection := cupi.Collection{Path: strings.TrimSuffix(path, "/"+object["ObjectId"])}
			o.do(cupi.Delete(cupi.SmtpProxyAddresses, object["ObjectId"]))
			s.guard.Exempt("POST", collection.Path)
			o.do(cupi.Create(cupi.SmtpProxyAddresses, cupi.Object{"SmtpAddress": object["SmtpAddress"], "ObjectGlobalUserObjectId": object["ObjectGlobalUserObjectId"]}))
		}
	}
	_, of := s.rollback(t.Context(), "undo", history, record.UndoOptions{})
	if got := only(t, of); got.Status != record.Kept || strings.Count(got.Message, "so it is kept") != 2 {
		t.Errorf("rollback: %+v", got)
	}
}
