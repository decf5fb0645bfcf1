package batch_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// The requests that a forecast foresees are those that the run sends, whatever the rows are about, do, and record of what
// they delete: each row's own, and what is read once for several.
func TestTheForecastHasEveryRequest(t *testing.T) {
	t.Parallel()
	users := objectCase{table: validate.Users, site: listSite, options: options("")}
	users.file = "Operation,Alias,DtmfAccessId,PIN,Extension_Alt1,DistributionLists\n" +
		"create,fresh,5009,947251,777001,inner\nupdate,user00001,,,777002,inner;undeliverablemessages\ndelete,user00002,,,,\n"
	made := objectCase{table: validate.DistributionLists, site: listSite, options: listOptions("")}
	made.file = "Operation,Alias,Extension,DisplayName\ncreate,fresh,5009,Fresh\nupdate,fresh,,Again\ndelete,fresh,,\ndelete,inner,,\n"
	for i, c := range append(objectCases(), users, made) {
		for _, preImage := range []string{send.PreImageUser, send.PreImageUsual, send.PreImageFull} {
			for _, deep := range []bool{false, true} {
				t.Run(fmt.Sprint(i, c.table.Object, " ", preImage, " deep=", deep), func(t *testing.T) {
					t.Parallel()
					o := c.options
					o.PreImage, o.Deep = preImage, deep
					c.site(t, cupi.JSON).foretellsRequests(c.file, o)
				})
			}
		}
	}
}

// A list of a user's devices of all kinds is read once for all steps that it serves, and so the forecast counts it. What
// it does not show is read by kind.
func TestTheForecastOfDevicesThatOneListShows(t *testing.T) {
	t.Parallel()
	const people = 6
	devices := func(digit int) string { // the last two rows have no two kinds of which the list is known to show all
		file := "Alias,PhoneNumber_HomePhone,PhoneNumber_WorkPhone,PhoneNumber_Pager,SmtpAddress_TextPager1,SmtpAddress_HTML2\n"
		for i := range people {
			file += fmt.Sprintf("user%05d,55%d,56%[2]d,57%[2]d,p%[2]d@x.org,\n", i+1, digit)
		}
		return file + fmt.Sprintf("user%05d,55%d,56%[2]d,,,\nuser%05[3]d,,,57%[2]d,,h%[2]d@x.org\n", people+1, digit, people+2)
	}
	for name, test := range map[string]struct {
		fault  cupitest.Fault
		singly int // reads of the devices of a kind, by forecast and run
	}{"it is read": {cupitest.NoFault, 0}, "there is none": {cupitest.NotFound, 2 * people}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simulator := &cupitest.Server{}
			simulator.AddUsers(people + 2)
			simulator.Fault = func(r *http.Request) cupitest.Fault {
				if strings.HasSuffix(r.URL.Path, "/notificationdevices") {
					return test.fault
				}
				return cupitest.NoFault
			}
			s := newSite(t, simulator)
			s.run(t.Context(), "before", devices(1), options(validate.Update), 1)
			ofKind := func() int { return simulator.Requests()["GET /vmrest/users/{id}/notificationdevices/smtpdevices"] }
			before := ofKind()
			s.foretellsRequests(devices(2), options(validate.Update))
			if got := ofKind() - before; got != test.singly {
				t.Errorf("the devices of one kind were read %d times, want %d", got, test.singly)
			}
		})
	}
}

// foretellsRequests makes a forecast of a file, runs it as another command would, and compares the requests.
func (s *site) foretellsRequests(text string, o record.Options) {
	s.t.Helper()
	prepare := func(name string) (*batch.Preparation, batch.Recorder) {
		recorder := s.recorder(name)
		p, err := batch.Preflight(s.t.Context(), s.server(1), s.prepare(recorder, text, o), func(p validate.Problem) {
			if !p.Warning {
				s.t.Error(p)
			}
		})
		if err != nil {
			s.t.Fatal(err)
		}
		return p, recorder
	}
	dry, _ := prepare("dry")
	forecast := dry.Forecast()
	var foreseen []int
	taken := 0 // from those that are there, which the run finds when it reads them
	for preview, err := range dry.Previews(s.t.Context()) {
		if err != nil {
			s.t.Fatal(err)
		}
		forecast.Add(preview)
		if foreseen = append(foreseen, sumOf(preview.Requests)); preview.Operation == validate.Update {
			taken += len(preview.Removed)
		}
	}
	dry.Estimate(forecast)

	before := s.simulator.Requests()
	p, recorder := prepare("run")
	preflight := sumOf(s.simulator.Requests()) - sumOf(before)
	if _, err := p.Run(s.t.Context(), recorder); err != nil {
		s.t.Fatal(err)
	}
	history := s.history(recorder.Folder)
	var spent []int
	for _, result := range results(s.t, history) {
		if spent = append(spent, result.Requests); !result.Status.Done() {
			s.t.Errorf("%+v", result)
		}
	}
	sent := sumOf(s.simulator.Requests()) - sumOf(before)
	if !slices.Equal(foreseen, spent) {
		s.t.Errorf("the rows were to cost %v requests, and cost %v", foreseen, spent)
	}
	if got := sumOf(forecast.Requests); got != sent-preflight {
		s.t.Errorf("%d requests were foreseen, %v, and %d sent", got, forecast.Requests, sent-preflight)
	}
	if got := history.Begins[0].Foreseen + taken; got != sent {
		s.t.Errorf("the run said that it would send %d requests, and sent %d", got, sent)
	}
}

// sumOf adds up counts.
func sumOf(counts map[string]int) (sum int) {
	for n := range maps.Values(counts) {
		sum += n
	}
	return sum
}
