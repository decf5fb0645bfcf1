package batch_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// foreseen gives the requests that the pre-flight says the rows of a file cost, and
// what they cost when it is run.
func (s *site) foreseen(name, text string, o record.Options) (foreseen, spent []int) {
	s.t.Helper()
	recorder := s.recorder(name)
	preparation, err := batch.Preflight(s.t.Context(), s.server(4), s.prepare(recorder, text, o), func(validate.Problem) {})
	if err != nil {
		s.t.Fatal(err)
	}
	for preview, err := range preparation.Previews(s.t.Context()) {
		if err != nil {
			s.t.Fatal(err)
		}
		n := 0
		for _, count := range preview.Requests {
			n += count
		}
		foreseen = append(foreseen, n)
	}
	if _, err := preparation.Run(s.t.Context(), recorder); err != nil {
		s.t.Fatal(err)
	}
	for _, result := range results(s.t, s.history(recorder.Folder)) {
		if !result.Status.Done() {
			s.t.Errorf("%+v", result)
		}
		spent = append(spent, result.Requests)
	}
	return foreseen, spent
}

// Several names and addresses of a new user are a request each, before the run as in it.
func TestTheWorkloadOfSeveralNames(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{})
	const text = "Alias,DtmfAccessId,SmtpProxyAddresses,AltFirstNames,AltLastNames\n" +
		"first,4711,a@example.com;b@example.com,Al;Bo;Cy,Xa;Ya;Za\nsecond,4712,c@example.com,,\n"
	recorder := s.recorder("run")
	preparation, err := batch.Preflight(t.Context(), s.server(2), s.prepare(recorder, text, options(validate.Create)), func(validate.Problem) {})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := preparation.Run(t.Context(), recorder); err != nil {
		t.Fatal(err)
	}
	for _, result := range results(t, s.history(recorder.Folder)) {
		if foreseen := preparation.Workload.Of(result.Row); result.Status != record.Created || foreseen != result.Requests {
			t.Errorf("row %d, %s: %d requests foreseen, %d sent", result.Row, result.Status, foreseen, result.Requests)
		}
	}
}

// asForetold runs rows, which must end as the forecast says, and tells how many requests of each method it
// said more than were sent.
func (s *site) asForetold(name, text string, o record.Options) (history *record.History, more map[string]int) {
	s.t.Helper()
	recorder := s.recorder(name)
	preparation, err := batch.Preflight(s.t.Context(), s.server(1), s.prepare(recorder, text, o), func(p validate.Problem) {
		if !p.Warning {
			s.t.Error(p)
		}
	})
	if err != nil {
		s.t.Fatal(err)
	}
	more = map[string]int{}
	var foretold []string
	for preview, err := range preparation.Previews(s.t.Context()) {
		if err != nil {
			s.t.Fatal(err)
		}
		for method, n := range preview.Requests {
			more[method] += n
		}
		foretold = append(foretold, strings.TrimSpace(fmt.Sprint(preview.Status, " ", preview.Code)))
	}
	before := s.simulator.Requests()
	if _, err := preparation.Run(s.t.Context(), recorder); err != nil {
		s.t.Fatal(err)
	}
	history = s.history(recorder.Folder)
	if got := statuses(s.t, history); got != strings.Join(foretold, ", ") {
		s.t.Errorf("%s: the forecast said %s, and the run did %s: %s", name, strings.Join(foretold, ", "), got, messages(s.t, history))
	}
	for what, n := range s.simulator.Requests() {
		method, _, _ := strings.Cut(what, " ")
		more[method] -= n - before[what]
	}
	return history, more
}

// The figures that docs/files.md gives of rows that set up whole people.
func TestRequestsOfAWholeRow(t *testing.T) {
	const few = "Alias,DtmfAccessId,PIN,Extension_Alt1,Extension_Alt2\n"
	inBothWires(t, func(t *testing.T, wire cupi.Wire) {
		simulator := &cupitest.Server{}
		simulator.AddUsers(3)
		s := newSite(t, simulator)
		s.wire = wire
		for _, test := range []struct {
			name, text string
			operation  validate.Operation
			want       []int
		}{
			{"the user, a PIN and two more extensions", few + "first,4711,947251,777001,777002\nsecond,4712,836142,777003,777004\n", validate.Create, []int{4, 4}},
			{"unchanged, of which only the extensions are read", few + "first,4711,947251,777001,777002\n", validate.Upsert, []int{1}},
			{"a whole row", wholeFile(1), validate.Create, []int{37}},
			{"a whole row, unchanged", wholeFile(1), validate.Upsert, []int{15}},
		} {
			foreseen, spent := s.foreseen(test.name, test.text, options(test.operation))
			if !slices.Equal(foreseen, test.want) || !slices.Equal(spent, test.want) {
				t.Errorf("%s: the pre-flight says %v and the run took %v, want %v", test.name, foreseen, spent, test.want)
			}
		}
	})
}

// What rows cost that are about a user whom a row before makes is foretold too, though nothing
// can be read of that user yet.
func TestRequestsOfRowsAboutANewUser(t *testing.T) {
	t.Parallel()
	s := newSite(t, &cupitest.Server{})
	const create = "Operation,Alias,DtmfAccessId,TemplateAlias,Title,PIN,Extension_Alt1,ScheduleSetName\n" +
		"create,fresh,4711,voicemailusertemplate,Boss,947251,777001,\n"
	for name, test := range map[string]struct {
		rows string
		want []int
	}{
		"unchanged": {"update,fresh,,,Boss,,,\ndelete,fresh,,,,,,\n", []int{4, 2, 5}},
		"changed":   {"update,fresh,,,Clerk,,777002,Weekdays\ndelete,fresh,,,,,,\n", []int{4, 7, 5}},
	} {
		if foreseen, spent := s.foreseen(name, create+test.rows, options("")); !slices.Equal(foreseen, test.want) || !slices.Equal(spent, test.want) {
			t.Errorf("%s: the pre-flight says %v and the run took %v, want %v", name, foreseen, spent, test.want)
		}
	}
}
