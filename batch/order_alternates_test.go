package batch_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// extensionsOf gives what a user has: "0" is the primary extension, the others are
// slots of alternate ones.
func extensionsOf(simulator *cupitest.Server, alias string) string {
	var list []string
	for part, fields := range partsOf(simulator.Snapshot())[alias] {
		if kind, slot, _ := strings.Cut(part, " "); kind == "alternateextensions" {
			list = append(list, slot+"="+fields["DtmfAccessId"])
		} else if part == "user " {
			list = append(list, "0="+fields["DtmfAccessId"])
		}
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// Primary and alternate extensions are one name space: whatever a row frees, by a
// delete, a change or by clearing it, another row of the file may take.
func TestHandedOnAlternateExtensions(t *testing.T) {
	t.Parallel()
	const branch = "Branch Partition"
	for _, test := range []struct {
		name, headings, rows string
		want                 string
		has                  map[string]string
	}{
		{"what a delete frees", "Operation,Alias,DtmfAccessId,Extension_Alt1", "create,fresh,777001,777002\ndelete,user00001,,\ncreate,other,4711,777003", "created, deleted, created",
			map[string]string{"fresh": "0=777001 1=777002", "other": "0=4711 1=777003"}},
		{"what a change frees", "Operation,Alias,Extension_Alt1,Extension_Alt2", "update,user00002,777001,777002\nupdate,user00001,777008,777009", "updated, updated",
			map[string]string{"user00002": "0=10001 1=777001 2=777002 3=888003", "user00001": "0=10000 1=777008 2=777009 3=777003"}},
		{"what clearing frees", "Operation,Alias,DtmfAccessId,Extension_Alt1", "update,user00002,777001,888001\nupdate,user00001,,%null%", "updated, updated",
			map[string]string{"user00002": "0=777001 1=888001 2=888002 3=888003", "user00001": "0=10000 2=777002 3=777003"}},
		{"a primary extension becomes an alternate one", "Operation,Alias,DtmfAccessId,Extension_Alt9", "update,user00002,,10000\nupdate,user00001,4711,", "updated, updated",
			map[string]string{"user00002": "0=10001 1=888001 2=888002 3=888003 9=10000"}},
		{"a chain", "Operation,Alias,Extension_Alt1,Extension_Alt2", "update,user00003,888001,\nupdate,user00002,777001,\nupdate,user00001,777009,", "updated, updated, updated",
			map[string]string{"user00003": "0=10002 1=888001", "user00002": "0=10001 1=777001 2=888002 3=888003", "user00001": "0=10000 1=777009 2=777002 3=777003"}},
		{"a swap, and a row beside it", "Operation,Alias,Extension_Alt1,Extension_Alt9", "update,user00001,888001,\nupdate,user00002,777001,\nupdate,user00003,,4711",
			"invalid rows-in-a-circle, invalid rows-in-a-circle, updated", map[string]string{"user00001": "0=10000 1=777001 2=777002 3=777003"}},
		{"a swap with a primary extension", "Operation,Alias,DtmfAccessId,Extension_Alt1", "update,user00001,888001,\nupdate,user00002,,10000", "updated, updated",
			map[string]string{"user00001": "0=888001 1=777001 2=777002 3=777003", "user00002": "0=10001 1=10000 2=888002 3=888003"}},
		{"one user's own, handed on", "Operation,Alias,DtmfAccessId,Extension_Alt1,Extension_Alt2,Extension_Alt9", "update,user00001,777001,777002,777009,\nupdate,user00002,,,,10000", "updated, updated",
			map[string]string{"user00001": "0=777001 1=777002 2=777009 3=777003", "user00002": "0=10001 1=888001 2=888002 3=888003 9=10000"}},
		{"one user's own, swapped", "Operation,Alias,Extension_Alt1,Extension_Alt2", "update,user00001,777002,777001\nupdate,user00002,888009,", "invalid extensions-in-a-circle, updated", nil},
		{"one user's own, kept elsewhere", "Operation,Alias,DtmfAccessId,Extension_Alt1", "update,user00001,777003,777001\nupdate,user00002,,888009", "invalid extension-taken, updated", nil},
		{"what nobody frees", "Operation,Alias,Extension_Alt1,Extension_Alt2", "update,user00002,777001,\nupdate,user00001,,777009", "invalid extension-taken, updated", nil},
		{"what only gets another place", "Operation,Alias,DtmfAccessId,Extension_Alt1", "update,user00003,10001,\nupdate,user00002,4711,10001", "invalid extension-taken, updated",
			map[string]string{"user00002": "0=4711 1=10001 2=888002 3=888003", "user00003": "0=10002"}},
		{"the same number in two partitions", "Operation,Alias,Extension_Alt1,Extension_Alt1_Partition", "update,user00002,777001," + branch + "\nupdate,user00001,777009,", "updated, updated", nil},
		{"what is there already", "Operation,Alias,Extension_Alt1,Extension_Alt2", "update,user00002,888001,888002\nupdate,user00001,777001,777002", "unchanged, unchanged", nil},
	} {
		for _, wire := range []cupi.Wire{cupi.JSON, cupi.XML} {
			t.Run(test.name+" "+string(wire), func(t *testing.T) {
				t.Parallel()
				simulator := &cupitest.Server{}
				simulator.AddUsers(4)
				s := newSite(t, simulator)
				s.wire = wire
				o := s.other()
				for slot := 1; slot <= 3; slot++ {
					o.giveExtension("user00001", fmt.Sprint(slot), fmt.Sprint(777000+slot))
					o.giveExtension("user00002", fmt.Sprint(slot), fmt.Sprint(888000+slot))
				}
				before := withoutIDs(simulator.Snapshot())
				_, history := s.run(t.Context(), "run", test.headings+"\n"+test.rows+"\n", options(""), 4)
				if got := statuses(t, history); got != test.want {
					t.Errorf("%s, want %s\n%s", got, test.want, messages(t, history))
				}
				if strings.Contains(test.want, "rows-in-a-circle") && !strings.Contains(messages(t, history), "rows 1, 2 (line 2, line 3) each take") {
					t.Errorf("the rows are not named: %s", messages(t, history))
				}
				for alias, want := range test.has {
					if got := extensionsOf(simulator, alias); got != want {
						t.Errorf("%s has %s, want %s", alias, got, want)
					}
				}
				_, undone := s.rollback(t.Context(), "undo", history, record.UndoOptions{Template: "voicemailusertemplate"})
				for _, result := range results(t, undone) {
					if result.Status == record.Failed || result.Status == record.Kept {
						t.Errorf("rollback: %+v", result)
					}
				}
				compareSnapshots(t, before, withoutIDs(simulator.Snapshot()))
			})
		}
	}
}

// However rows hand extensions round, primary and alternate, each ends as it wants, or
// is refused before anything is sent: the server never has to.
func TestOrderOfExtensions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		simulator := &cupitest.Server{}
		simulator.AddUsers(4)
		s := drawnSite(t, rt, simulator)
		o := s.other()
		pool := []string{"10000", "10001", "10002", "10003", "66001", "66002", "66003"}
		for user := 1; user <= 3; user++ {
			if extension := fmt.Sprint(55000 + user); rapid.Bool().Draw(rt, "alternate") {
				o.giveExtension(fmt.Sprintf("user%05d", user), "1", extension)
				pool = append(pool, extension)
			}
		}
		before := withoutIDs(simulator.Snapshot())
		wanted := rapid.Permutation(pool).Draw(rt, "wanted")
		file := "Operation,Alias,DtmfAccessId,Extension_Alt1\n"
		has := map[int]map[string]string{}
		for row, user := range rapid.Permutation([]int{1, 2, 3, 4}).Draw(rt, "rows") {
			alias, cells := fmt.Sprintf("user%05d", user), map[string]string{}
			switch rapid.SampledFrom([]string{"both", "primary", "alternate", "clear", "delete"}).Draw(rt, "row") {
			case "both":
				cells["0"], cells["1"] = wanted[2*row], wanted[(2*row+1)%len(wanted)]
			case "primary":
				cells["0"] = wanted[2*row%len(wanted)]
			case "alternate":
				cells["1"] = wanted[2*row%len(wanted)]
			case "clear":
				cells["1"] = "%null%"
			case "delete":
				file += "delete," + alias + ",,\n"
				continue
			}
			file += "update," + alias + "," + cells["0"] + "," + cells["1"] + "\n"
			has[row+1] = cells
		}
		deep := options("")
		deep.Deep = true // users without a row have extensions too
		_, history := s.run(t.Context(), "run", file, deep, 4)
		for _, result := range results(t, history) {
			switch result.Status {
			case record.Updated, record.Unchanged, record.Deleted:
			case record.Invalid:
				continue
			default:
				rt.Fatalf("%s: %+v", file, result)
			}
			for slot, want := range has[result.Row] {
				if got := " " + extensionsOf(simulator, result.Alias) + " "; want != "%null%" && want != "" && !strings.Contains(got, " "+slot+"="+want+" ") {
					rt.Errorf("%s: %s has %s, want %s in %s", file, result.Alias, got, want, slot)
				}
			}
		}
		s.rollback(t.Context(), "undo", history, record.UndoOptions{Template: "voicemailusertemplate"})
		compareSnapshots(t, before, withoutIDs(simulator.Snapshot()))
	})
}

// What the pre-flight read of a row's extensions, the run need not read again.
func TestAlternateExtensionsAreReadOnce(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(6)
	s := newSite(t, simulator)
	o := s.other()
	file := "Alias,Extension_Alt1\n"
	for user := 1; user <= 6; user++ {
		o.giveExtension(fmt.Sprintf("user%05d", user), "1", fmt.Sprint(55000+user))
		file += fmt.Sprintf("user%05d,%d\n", user, 55000+user)
	}
	before := simulator.Total()
	_, history := s.run(t.Context(), "run", file, options(validate.Update), 4)
	if got := statuses(t, history); strings.Count(got, "unchanged") != 6 {
		t.Fatal(got)
	}
	reads := 0
	for what, n := range simulator.Requests() {
		if strings.HasPrefix(what, "GET") && strings.Contains(what, "alternateextensions") {
			reads += n
		}
	}
	if reads != 6 {
		t.Errorf("the alternate extensions of 6 users were read %d times, of %d requests", reads, simulator.Total()-before)
	}
}
