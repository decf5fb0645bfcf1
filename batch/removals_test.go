package batch_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// previewsOf are what the pre-flight says of the rows of a file.
func (s *site) previewsOf(name, text string, options record.Options) []batch.Preview {
	s.t.Helper()
	checked := s.prepare(s.recorder(name), text, options)
	p, err := batch.Preflight(s.t.Context(), s.server(2), checked, func(problem validate.Problem) { s.t.Error(problem) })
	if err != nil {
		s.t.Fatal(err)
	}
	var said []batch.Preview
	for preview, err := range p.Previews(s.t.Context()) {
		if err != nil {
			s.t.Fatal(err)
		}
		said = append(said, preview)
	}
	return said
}

// Whatever a row takes away is told, each by its name, for each DELETE that a run sends.
func TestEachRemovalIsTold(t *testing.T) {
	t.Parallel()
	wanted := map[string]string{
		"alternateextensions/1":               "the alternate extension 777001",
		"alternateextensions/9":               "the alternate extension 777001",
		"smtpproxyaddresses":                  "the SMTP proxy address a@x.org; the SMTP proxy address b@x.org",
		"alternatenames":                      "the alternate name Bob A; the alternate name Rob B",
		"externalserviceaccounts":             "the unified messaging account u@x.org",
		"userroles":                           "the role Greeting Administrator; the role Help Desk Administrator",
		"privatelists/2":                      "the private list Friends",
		"privatelists/3 privatelistmembers/3": "the private list member ", // two of them
	}
	for _, p := range partCases() {
		if p.cleared == "" {
			continue
		}
		t.Run(p.step, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(3)
			s := newSite(t, simulator)
			s.run(t.Context(), "set", p.file(presentUser+p.set), options(""), 1)
			clear := p.file(presentUser + p.cleared)
			said := s.previewsOf("look", clear, options(""))
			var texts []string
			for _, removal := range said[0].Removed {
				if len(removal.Fields) == 0 {
					t.Errorf("%s: what is lost of it is not told", removal.What)
				}
				texts = append(texts, removal.What)
			}
			slices.Sort(texts)
			if got := strings.Join(texts, "; "); got != wanted[p.step] && (wanted[p.step] == "" || !strings.Contains(got, wanted[p.step])) {
				t.Errorf("removed: %s; want %s", got, wanted[p.step])
			}
			partly := slices.ContainsFunc(said[0].Lost, func(lost string) bool { return strings.Contains(lost, "does not come back") })
			if got := said[0].Reversible; (got == record.PartlyReversible) != partly || partly != (p.step == "privatelists/2" || p.step == "externalserviceaccounts") {
				t.Errorf("reversible: %s, and lost is %q", got, said[0].Lost)
			}
			before := deletes(simulator)
			_, cleared := s.run(t.Context(), "clear", clear, options(""), 1)
			if got := only(t, cleared).Reversible; got != said[0].Reversible {
				t.Errorf("the run says reversible: %s, and the forecast %s", got, said[0].Reversible)
			}
			if n := deletes(simulator) - before; n != len(texts) {
				t.Errorf("%d removals told, and %d sent", len(texts), n)
			}
		})
	}
}

func deletes(simulator *cupitest.Server) int {
	n := 0
	for what, count := range simulator.Requests() {
		if strings.HasPrefix(what, "DELETE ") {
			n += count
		}
	}
	return n
}

// Of a user that is deleted the forecast says who goes, and what does not come back; with
// --deep also what goes with it.
func TestADeletedUserIsTold(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(3)
	s := newSite(t, simulator)
	s.run(t.Context(), "set", "Alias,Extension_Alt1,SmtpProxyAddresses,DistributionLists\nuser00001,777001,a@x.org,allvoicemailusers\n", options(validate.Update), 1)
	user := simulator.UserByAlias("user00001")
	const text = "Alias\nuser00001\n"
	said := s.previewsOf("look", text, options(validate.Delete))[0]
	if want := fmt.Sprintf("the user user00001 (%s), extension %s", user["DisplayName"], user["DtmfAccessId"]); len(said.Removed) != 1 || said.Removed[0].What != want {
		t.Errorf("removed %v, want %s", said.Removed, want)
	}
	if got := strings.Join(said.Lost, "; "); !strings.Contains(got, "messages, places in private lists of others, PIN, passwords and ObjectId") {
		t.Errorf("lost: %s", got)
	}
	deep := options(validate.Delete)
	deep.Deep = true
	said = s.previewsOf("deep", text, deep)[0]
	var texts []string
	for _, removal := range said.Removed[1:] {
		texts = append(texts, removal.What)
	}
	if got, want := strings.Join(texts, "; "), "the alternate extension 777001; the SMTP proxy address a@x.org; the membership in the list All Voice Mail Users"; !strings.HasPrefix(got, "the alternate extension 777001; ") || !strings.Contains(got, "the SMTP proxy address a@x.org") || !strings.Contains(got, "the membership in the list ") {
		t.Errorf("with it goes %s, want %s", got, want)
	}
}

// A list that a user gets into is told by its name.
func TestAMembershipIsTold(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(2)
	s := newSite(t, simulator)
	said := s.previewsOf("look", "Alias,DistributionLists\nuser00001,allvoicemailusers\n", options(validate.Update))[0]
	if len(said.Changes) != 1 || said.Changes[0].Field != "DistributionList" || said.Changes[0].New != "allvoicemailusers" {
		t.Errorf("told: %+v", said.Changes)
	}
}

// Neither a PIN that was nor one that will be is told, and that the former one is lost is.
func TestNoSecretIsTold(t *testing.T) {
	t.Parallel()
	simulator := &cupitest.Server{}
	simulator.AddUsers(2)
	s := newSite(t, simulator)
	said := s.previewsOf("look", "Alias,PIN,Password,Inactive\nuser00001,947251,Tr0ub4dor&3x,\n", options(validate.Update))[0]
	if got := fmt.Sprint(said); strings.Contains(got, "947251") || strings.Contains(got, "Tr0ub4dor") {
		t.Errorf("told: %s", got)
	}
	if got, want := strings.Join(said.Lost, "; "), "the former PIN does not come back: no server shows it; the former password does not come back: no server shows it"; got != want {
		t.Errorf("lost: %s, want %s", got, want)
	}
}
