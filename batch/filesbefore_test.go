package batch_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// fileOf is one of several files that are one run.
type fileOf struct {
	text    string
	options record.Options
}

// planned are the rows of a plan.
func planned(previews []batch.Preview) iter.Seq2[batch.Preview, error] {
	return func(yield func(batch.Preview, error) bool) {
		for _, preview := range previews {
			if !yield(preview, nil) {
				return
			}
		}
	}
}

// inSeries does what several files say, one after the other: it prepares them all, each after those before it, and then
// runs each when its turn comes, prepared anew, but for the rows that were found in conflict at first.
// It gives what was foretold of the rows of each file, and what became of them.
func (s *site) inSeries(name string, files ...fileOf) (foretold, done []string) {
	s.t.Helper()
	var before []*batch.Preparation
	for i, file := range files {
		checked := s.prepare(s.recorder(fmt.Sprint(name, " foretold ", i)), file.text, file.options)
		p, err := batch.Preflight(s.t.Context(), s.server(2), checked, func(p validate.Problem) { s.t.Log(p) }, before...)
		if err != nil {
			s.t.Fatal(err)
		}
		before = append(before, p)
	}
	plans := make([][]batch.Preview, len(files))
	for i, p := range before {
		var statuses []string
		for preview, err := range p.Previews(s.t.Context()) {
			if err != nil {
				s.t.Fatal(err)
			}
			plans[i] = append(plans[i], preview)
			statuses = append(statuses, strings.TrimSpace(fmt.Sprintf("%s %s", preview.Status, preview.Code)))
		}
		foretold = append(foretold, strings.Join(statuses, ", "))
	}
	touched := record.Touched{}
	for i, file := range files {
		recorder := s.recorder(fmt.Sprint(name, " ", i))
		checked := s.prepare(recorder, file.text, file.options)
		for row := 1; row <= before[i].Rows; row++ {
			if code, message, rejected := before[i].Rejection(row); rejected {
				checked.Reject(row, code, message)
			}
		}
		p, err := batch.Preflight(s.t.Context(), s.server(2), checked, func(p validate.Problem) { s.t.Log("at its turn:", p) })
		if err == nil {
			_, err = p.HoldTo(s.t.Context(), batch.Agreed{Rows: planned(plans[i]), Before: touched}, func(p validate.Problem) { s.t.Error("not as planned:", p) })
		}
		if err == nil {
			_, err = p.Run(s.t.Context(), recorder)
		}
		if err == nil {
			err = touched.AddRun(s.history(recorder.Folder))
		}
		if err != nil {
			s.t.Fatal(err)
		}
		done = append(done, statuses(s.t, s.history(recorder.Folder)))
	}
	return foretold, done
}

// A later file finds what an earlier one leaves, whatever the two are about.
func TestFilesFindWhatFilesBeforeLeave(t *testing.T) {
	t.Parallel()
	users, lists := options(validate.Create), listOptions(validate.Create)
	for name, test := range map[string]struct {
		files []fileOf
		want  string
	}{
		"taken": {[]fileOf{{"Alias,DtmfAccessId\na,5001\n", users}, {"Alias,Extension,PartitionName\ns,5001,cuc1 Partition\nt,5002,cuc1 Partition\n", lists}},
			"created / invalid extension-taken, created"},
		"accounts of who is made": {[]fileOf{{"Alias,DtmfAccessId\na,5001\n", users},
			{"subscriberAlias,serviceDisplayName,UMEmailAddress\na,Exchange,a@x.org\nc,Exchange,c@x.org\n", accountOptions(validate.Create)}},
			"created / created, invalid no-such-user"},
		"taken by an alternate one": {[]fileOf{{"Alias,DtmfAccessId,Extension_Alt1\na,5001,5002\n", users}, {"Alias,Extension,PartitionName\ns,5002,cuc1 Partition\n", lists}},
			"created / invalid extension-taken"},
		"taken by a list": {[]fileOf{{"Alias,Extension,PartitionName\ns,5001,cuc1 Partition\n", lists}, {"Alias,DtmfAccessId\na,5001\nb,5002\n", users}},
			"created / invalid extension-taken, created"},
		"freed by a delete": {[]fileOf{{"Operation,Alias\ndelete,user00001\n", options("")}, {"Alias,Extension,PartitionName\ns,10000,cuc1 Partition\n", lists}},
			"deleted / created"},
		"freed and taken again": {[]fileOf{{"Operation,Alias,DtmfAccessId\nupdate,user00001,5001\ncreate,a,10000\n", options("")}, {"Alias,Extension,PartitionName\ns,10000,cuc1 Partition\nt,5001,cuc1 Partition\n", lists}},
			"updated, created / invalid extension-taken, invalid extension-taken"},
		"not freed, as that row is invalid": {[]fileOf{{"Operation,Alias,DtmfAccessId\nupdate,user00001,10001\n", options("")}, {"Alias,Extension,PartitionName\ns,10000,cuc1 Partition\n", lists}},
			"invalid extension-taken / invalid extension-taken"},
		"an alias": {[]fileOf{{"Alias,DtmfAccessId\na,5001\n", users}, {"Alias,DtmfAccessId\nA,5002\n", users}},
			"created / invalid alias-taken"},
		"an alias of another kind": {[]fileOf{{"Alias,DtmfAccessId\na,5001\n", users}, {"Alias,Extension\na,5002\n", lists}},
			"created / created"},
		"a user that is made": {[]fileOf{{"Alias,DtmfAccessId,Title\na,5001,Boss\n", users}, {"Operation,Alias,Title,NewAlias\nupdate,a,Clerk,b\n", options("")}, {"Operation,Alias\ndelete,b\ndelete,a\n", options("")}},
			"created / updated / deleted, unchanged already-absent"},
		"a user that goes": {[]fileOf{{"Operation,Alias\ndelete,user00001\n", options("")}, {"Alias,DtmfAccessId\nuser00001,10000\n", users}, {"Operation,Alias,Title\nupdate,user00001,Clerk\n", options("")}},
			"deleted / created / updated"},
		"a list that is made": {[]fileOf{{"Alias\ns\n", lists}, {"Operation,Alias,DtmfAccessId,DistributionLists\ncreate,a,5001,s\nupdate,user00001,,s\ncreate,b,5002,t\n", options("")}},
			"created / created, updated, invalid unknown-name"},
		"a list that goes": {[]fileOf{{"Operation,Alias\ncreate,s\ndelete,s\n", listOptions("")}, {"Operation,Alias,DistributionLists\nupdate,user00001,s\n", options("")}},
			"created, deleted / invalid unknown-name"},
		"a list that is not made": {[]fileOf{{"Alias,Extension,PartitionName\ns,10000,cuc1 Partition\n", lists}, {"Operation,Alias,DistributionLists\nupdate,user00001,s\n", options("")}},
			"invalid extension-taken / invalid unknown-name"},
		"a successor who is made": {[]fileOf{{"Alias,DtmfAccessId\na,5001\n", users}, {"Operation,Alias,ReassignTo\ndelete,user00001,a\n", options("")}},
			"created / deleted"},
		"members who are made, of a list that is made": {[]fileOf{{"Alias,DtmfAccessId\na,5001\n", users}, {"Alias,AllowContacts\ns,true\nt,true\n", lists},
			{"Alias,MemberAlias\ns,a\ns,t\nt,user00001\nt,s\nt,nobody\n", memberOptions(validate.Create)}, {"Operation,Alias,MemberAlias\ncreate,t,user00001\ndelete,s,a\ndelete,s,user00001\n", memberOptions("")}},
			"created / created, created / created, created, created, invalid list-circle, invalid unknown-name / unchanged, deleted, unchanged already-absent"},
		"members who go, of a list that goes": {[]fileOf{{"Operation,Alias,NewAlias\ndelete,user00001,\nupdate,user00002,b\n", options("")}, {"Operation,Alias\ndelete,allvoicemailusers2\n", listOptions("")},
			{"Alias,MemberAlias\nundeliverablemessages,user00001\nundeliverablemessages,b\nundeliverablemessages,user00002\n", memberOptions(validate.Create)}},
			"deleted, updated / unchanged already-absent / invalid unknown-name, created, invalid unknown-name"},
		"a member who goes and is made anew": {[]fileOf{{"Alias,MemberAlias\nundeliverablemessages,user00001\n", memberOptions(validate.Create)},
			{"Operation,Alias,DtmfAccessId\ndelete,user00001,\ncreate,user00001,10000\n", options("")}, {"Alias,MemberAlias\nundeliverablemessages,user00001\n", memberOptions(validate.Create)}},
			"created / deleted, created / created"},
		"members who go, and members who are renamed": {[]fileOf{{"Alias,MemberAlias\nundeliverablemessages,user00001\nundeliverablemessages,user00002\nundeliverablemessages,user00003\n", memberOptions(validate.Create)},
			{"Operation,Alias,NewAlias\ndelete,user00001,\nupdate,user00002,b\n", options("")}, {"Alias,MemberAlias\nundeliverablemessages,user00001\nundeliverablemessages,b\nundeliverablemessages,user00003\n", memberOptions(validate.Create)}},
			"created, created, created / deleted, updated / invalid unknown-name, unchanged, unchanged"},
		"only some members, where one goes before": {[]fileOf{{"Alias,MemberAlias\nundeliverablemessages,user00001\nundeliverablemessages,user00002\nundeliverablemessages,user00003\n", memberOptions(validate.Create)},
			{"Operation,Alias\ndelete,user00001\n", options("")}, {"Alias,MemberAlias\nundeliverablemessages,user00002\n", exactly(memberOptions(validate.Create))}},
			"created, created, created / deleted / updated"},
		"three hand one round": {[]fileOf{{"Operation,Alias,DtmfAccessId\nupdate,user00001,5001\n", options("")}, {"Operation,Alias,DtmfAccessId\nupdate,user00002,10000\n", options("")}, {"Alias,Extension,PartitionName\ns,10001,cuc1 Partition\nt,10000,cuc1 Partition\n", lists}},
			"updated / updated / created, invalid extension-taken"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(3)
			s := newSite(t, simulator)
			foretold, done := s.inSeries("run", test.files...)
			if got := strings.Join(done, " / "); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if got := strings.Join(foretold, " / "); got != test.want {
				t.Errorf("foretold was %s, and not %s", got, test.want)
			}
		})
	}
}

// What is foretold of several files is what they do.
func TestTheForecastOfSeveralFilesIsWhatTheyDo(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(3)
			s := newSite(t, simulator)
			random := rand.New(rand.NewPCG(seed, 1))
			var files []fileOf
			for range 4 {
				files = append(files, randomFileOfSeries(random))
			}
			foretold, done := s.inSeries("run", files...)
			if !slices.Equal(foretold, done) {
				for i, file := range files {
					t.Errorf("%s\nforetold %s\ndone     %s", file.text, foretold[i], done[i])
				}
			}
		})
	}
}

// randomFileOfSeries has a few rows about people, or about lists, who have much in common.
func randomFileOfSeries(random *rand.Rand) fileOf {
	one := func(texts ...string) string { return texts[random.IntN(len(texts))] }
	var text strings.Builder
	if random.IntN(3) == 0 {
		text.WriteString("Operation,Alias,Extension,PartitionName\n")
		for range 3 {
			fmt.Fprintf(&text, "%s,%s,%s,cuc1 Partition\n", one("create", "update", "upsert", "delete"), one("s", "t", "u"), one("10000", "10001", "5001", "5002"))
		}
		return fileOf{text.String(), listOptions("")}
	}
	if random.IntN(3) == 0 {
		text.WriteString("Operation,Alias,MemberAlias\n")
		for range 3 {
			fmt.Fprintf(&text, "%s,%s,%s\n", one("create", "create", "delete"), one("s", "t", "u"), one("a", "b", "user00001", "user00002", "s", "t"))
		}
		return fileOf{text.String(), memberOptions("")}
	}
	text.WriteString("Operation,Alias,DtmfAccessId,NewAlias,Title,City,Extension_Alt1,DistributionLists\n")
	for range 3 {
		switch operation := one("create", "update", "update", "delete"); operation {
		case "create":
			fmt.Fprintf(&text, "create,%s,%s,,%s,%s,%s,%s\n", one("a", "b", "user00001", "user00002"), one("10000", "10001", "5001", "5002"), one("", "Boss"), one("", "Leeds"), one("", "5003"), one("", "s", "t"))
		case "update":
			fmt.Fprintf(&text, "update,%s,%s,%s,%s,%s,%s,%s\n", one("a", "b", "user00001", "user00002", "user00003"), one("10000", "10001", "5001", "5002", ""), one("", "", "a", "c"), one("", "Boss", "Clerk"), one("", "%null%", "York"), one("", "5003", "%null%"), one("", "s", "t"))
		default:
			fmt.Fprintf(&text, "delete,%s,,,,,,\n", one("a", "user00001", "user00002"))
		}
	}
	return fileOf{text.String(), options("")}
}
