package batch_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"cucbulk/batch"
	"cucbulk/batch/export"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// meanwhile does something once, before the first request for a page of a list is worked on.
func (s *site) meanwhile(list, page string, do func(*other)) {
	o := s.other()
	var once sync.Once
	s.simulator.Fault = func(r *http.Request) cupitest.Fault {
		if r.URL.Path == list && r.URL.Query().Get("pageNumber") == page {
			once.Do(func() { do(o) })
		}
		return cupitest.NoFault
	}
}

// somebodyMoves removes a user of the first page and makes one at the end: the total is
// as before, and the first of the second page is on the first now.
func somebodyMoves(o *other) {
	o.do(cupi.DeleteUser(o.id("user00001")))
	o.do(cupi.CreateUser("voicemailusertemplate", "", cupi.Object{"Alias": "zz-new", "DtmfAccessId": "77001"}))
}

// somebodyLeaves removes one of the first page.
func somebodyLeaves(o *other) { o.do(cupi.DeleteUser(o.id("user00001"))) }

// addUsersOf adds users of an age, as AddUsers does.
func addUsersOf(t *testing.T, simulator *cupitest.Server, n int, age time.Duration) {
	t.Helper()
	made := time.Now().Add(-age).UTC().Format(time.RFC3339)
	for i := range n {
		if _, err := simulator.AddUser(map[string]string{"Alias": fmt.Sprintf("user%05d", i+1), "DtmfAccessId": fmt.Sprint(10000 + i), "EmployeeId": fmt.Sprint(500001 + i), "CreationTime": made}); err != nil {
			t.Fatal(err)
		}
	}
}

// ages are how old users are. Of those who were made in the second in which they are listed
// no time tells whether they were added meanwhile.
func ages() map[string]time.Duration { return map[string]time.Duration{"old": time.Hour, "young": 0} }

// The listing has "operator" and "undeliverablemessagesmailbox" before user00001, so that
// user00099 is the first of the second page.
const passedOver = "user00099"

// Nobody is said to be absent whom the listing passed over.
func TestNobodyIsAbsentWhomTheListingPassedOver(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, file string
		match      string
		want       string
	}{
		{"delete", "Operation,Alias\ndelete,user00099\ndelete,user00150\n", "", "deleted, deleted"},
		{"update", "Operation,Alias,DisplayName\nupdate,user00099,New\nupdate,user00150,New\n", "", "updated, updated"},
		{"upsert by another key", "Operation,Alias,DtmfAccessId,EmployeeId,DisplayName\nupsert,user00099,10098,500099,New\n", "EmployeeId", "updated"},
		{"absent all the same", "Operation,Alias,DisplayName\ndelete,nobody,\nupdate,nobody2,New\n", "", "unchanged already-absent, skipped no-such-user"},
	} {
		for name, moves := range map[string]func(*other){"moves": somebodyMoves, "leaves": somebodyLeaves} {
			for old, age := range ages() {
				t.Run(test.name+" "+name+" "+old, func(t *testing.T) {
					t.Parallel()
					simulator := &cupitest.Server{}
					addUsersOf(t, simulator, 150, age)
					s := newSite(t, simulator)
					s.meanwhile("/vmrest/users", "2", moves)
					o := options("")
					o.Match, o.AllowMissing = test.match, true
					_, history := s.run(t.Context(), "run", test.file, o, 4)
					if got := statuses(t, history); got != test.want {
						t.Errorf("got %s, want %s: %s", got, test.want, messages(t, history))
					}
					if strings.HasPrefix(test.want, "deleted") && simulator.UserByAlias(passedOver) != nil {
						t.Error("the user is there")
					}
				})
			}
		}
	}
}

// An export has everybody who was there all the time, or does not end well; also where all
// were made in the second in which the list is read.
func TestExportsOfAListThatMoves(t *testing.T) {
	t.Parallel()
	for name, moves := range map[string]func(*other){"moves": somebodyMoves, "leaves": somebodyLeaves} {
		for old, age := range ages() {
			t.Run(name+" "+old, func(t *testing.T) {
				t.Parallel()
				simulator := &cupitest.Server{}
				addUsersOf(t, simulator, 250, age)
				s := newSite(t, simulator)
				s.meanwhile("/vmrest/users", "2", moves)
				var text bytes.Buffer
				exported, err := export.Write(t.Context(), s.server(1), export.Options{}, &text)
				if err != nil {
					t.Fatal(err)
				}
				for _, alias := range simulator.Aliases() {
					if !strings.Contains(text.String(), "\n"+alias+",") && alias != "zz-new" {
						t.Errorf("%s is not among the %d users", alias, exported.Users)
					}
				}
			})
		}
	}
	for fault, want := range map[cupitest.Fault]string{
		cupitest.MovingList: "same ones again", cupitest.RepeatPage: "same ones again", cupitest.EndlessList: "and then",
		cupitest.HugeTotal: "more than 500000", cupitest.HugeList: "more than 20000", cupitest.DeepList: "more than 64 deep",
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(250)
			s := newSite(t, simulator)
			if err := simulator.SetFault(string(fault), 1); err != nil {
				t.Fatal(err)
			}
			_, err := export.Write(t.Context(), s.server(4), export.Options{}, &bytes.Buffer{})
			var stop *record.Stop
			if !errors.As(err, &stop) || stop.Exit != record.ExitFailed || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v, want one with %q", err, want)
			}
			if n := simulator.Total(); n > 20 {
				t.Errorf("%d requests", n)
			}
		})
	}
	t.Run("capital-ids", func(t *testing.T) {
		t.Parallel()
		simulator := &cupitest.Server{}
		simulator.AddUsers(250)
		s := newSite(t, simulator)
		simulator.Fault = func(r *http.Request) cupitest.Fault {
			if r.URL.Query().Get("pageNumber") == "2" {
				return cupitest.CapitalIDs
			}
			return cupitest.NoFault
		}
		exported, err := export.Write(t.Context(), s.server(4), export.Options{Columns: []string{"Title"}}, &bytes.Buffer{})
		if err != nil || exported.Users != 252 {
			t.Errorf("%d users and error %v, want 252", exported.Users, err)
		}
	})
}

// A list that stands still is read once, and once more where many of its users were made in
// this second.
func TestHowOftenAListIsRead(t *testing.T) {
	t.Parallel()
	for old, most := range map[string]int{"old": 3, "young": 6} {
		t.Run(old, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			addUsersOf(t, simulator, 250, ages()[old])
			s := newSite(t, simulator)
			exported, err := export.Write(t.Context(), s.server(4), export.Options{}, &bytes.Buffer{})
			if err != nil || exported.Users != 252 || exported.Requests > most {
				t.Errorf("%d users by %d requests, and error %v; want 252 by at most %d", exported.Users, exported.Requests, err, most)
			}
		})
	}
}

// Whatever a server does with its lists, rows of users who are there are done.
func TestRunsWithOddLists(t *testing.T) {
	t.Parallel()
	for _, fault := range []cupitest.Fault{cupitest.MovingList, cupitest.RepeatPage, cupitest.CapitalIDs} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(250)
			s := newSite(t, simulator)
			simulator.Fault = func(r *http.Request) cupitest.Fault {
				if r.URL.Path == "/vmrest/users" && r.URL.Query().Has("pageNumber") || fault == cupitest.CapitalIDs {
					return fault
				}
				return cupitest.NoFault
			}
			before := byAlias(simulator.Snapshot())
			file := "Operation,Alias,DtmfAccessId,DisplayName\n"
			for i := range 120 {
				file += fmt.Sprintf("update,user%05d,,New\n", 2*i+1)
			}
			file += "delete,user00002,,\ndelete,user00250,,\ndelete,nobody,,\ncreate,fresh,77001,Fresh\n"
			summary, history := s.run(t.Context(), "run", file, options(""), 4)
			if got := summary.Counts; got[record.Updated] != 120 || got[record.Deleted] != 2 || got[record.Unchanged] != 1 || got[record.Created] != 1 {
				t.Errorf("counts %v: %s", got, messages(t, history))
			}
			simulator.Fault = nil
			undone, back := s.rollback(t.Context(), "back", history, record.UndoOptions{})
			if undone.Exit != record.ExitDone {
				t.Errorf("rollback: exit %d: %s", undone.Exit, messages(t, back))
			}
			compareSnapshots(t, before, byAlias(simulator.Snapshot()))
		})
	}
}

// A user who is deleted and made again is in the distribution lists as before, also
// where a list moved while its members were read; or it is said that it may not be.
func TestMembershipsOfAListThatMoves(t *testing.T) {
	t.Parallel()
	for name, capital := range map[string]string{"small ids": "nowhere", "capital ids of members": "members", "capital ids of users": "users"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(150)
			s := newSite(t, simulator)
			o := s.other()
			list := o.do(cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": "big", "DisplayName": "Big"})).ObjectID
			members := map[string]string{}
			for i := range 150 {
				alias := fmt.Sprintf("user%05d", i+1)
				members[alias] = o.do(cupi.Create(cupi.MembersOf(list), cupi.Object{"MemberUserObjectId": o.id(alias)})).ObjectID
			}
			path := cupi.MembersOf(list).Path
			var once sync.Once
			simulator.Fault = func(r *http.Request) cupitest.Fault {
				if r.URL.Path == path && r.URL.Query().Get("pageNumber") == "2" {
					once.Do(func() { o.do(cupi.Delete(cupi.MembersOf(list), members["user00001"])) })
				}
				if strings.HasSuffix(r.URL.Path, capital) {
					return cupitest.CapitalIDs
				}
				return cupitest.NoFault
			}
			before := func() int { return o.do(cupi.List(cupi.MembersOf(list), cupi.Query{}, 1, 100)).Page.Total }
			_, history := s.run(t.Context(), "run", "Operation,Alias\ndelete,user00100\ndelete,user00101\ndelete,user00102\n", options(validate.Delete), 1)
			if got := statuses(t, history); got != "deleted, deleted, deleted" {
				t.Fatal(got, messages(t, history))
			}
			s.rollback(t.Context(), "back", history, record.UndoOptions{})
			if n := before(); n != 149 {
				t.Errorf("%d members, want 149: those of before but for one whom somebody took out", n)
			}
		})
	}
}

// Of a list of names that could not be read whole, nobody says that the server has none,
// or that a name is not in it.
func TestNamesOfAListThatMoves(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(5)
	s := newSite(t, simulator)
	o := s.other()
	for i := range 120 {
		o.do(cupi.Create(cupi.DistributionLists, cupi.Object{"Alias": fmt.Sprintf("list%03d", i), "DisplayName": fmt.Sprintf("List %03d", i)}))
	}
	simulator.Fault = func(r *http.Request) cupitest.Fault {
		if r.URL.Path == "/vmrest/distributionlists" {
			return cupitest.MovingList
		}
		return cupitest.NoFault
	}
	checked := s.prepare(s.recorder("run"), "Alias,DistributionLists\nuser00001,list100\n", options(validate.Update))
	var said []string
	if _, err := batch.Preflight(t.Context(), s.server(2), checked, func(p validate.Problem) { said = append(said, p.String()) }); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(said, "\n"); !strings.Contains(got, "could not be read whole") || !strings.Contains(got, "names-not-shown") {
		t.Errorf("got %q, want that the list could not be read whole", got)
	}
}
