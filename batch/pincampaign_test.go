package batch_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cucbulk/batch"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/validate"
)

// campaign is a vault's options for new PINs of users who are there.
func (v vault) campaign(operation validate.Operation) record.Options {
	options := v.options(options(operation))
	options.ResetCredentials = true
	return options
}

// Users who are there get PINs of their own: asked for once, whoever was locked out is no more, and the sealed
// file has what a letter needs, from the row or from the server. What a row says itself stays.
func TestPINCampaign(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	simulator := &cupitest.Server{}
	simulator.AddUsers(40)
	s := newSite(t, simulator)
	pinOf := func(alias string) cupi.Object {
		return s.other().do(cupi.Get(cupi.CredentialsOf(simulator.UserByAlias(alias)["ObjectId"]), "pin")).Object
	}
	for _, alias := range []string{"user00002", "user00003"} {
		s.other().do(cupi.Update(cupi.CredentialsOf(simulator.UserByAlias(alias)["ObjectId"]), "pin", cupi.Object{"Locked": "true", "HackCount": "5", "CredMustChange": "false"}))
	}
	s.other().do(cupi.UpdateUser(simulator.UserByAlias("user00005")["ObjectId"], cupi.Object{"EmailAddress": "five@example.com", "Department": "=Sales"}))
	text := "Operation,Alias,DtmfAccessId,LastName,PIN,PIN_CredMustChange\nupdate,user00001,,Married,,\nupdate,user00002,,,,false\nupdate,user00003,,,739514,\nupsert,new,4711,New,,\n"
	for i := range 36 {
		text += fmt.Sprintf("upsert,user%05d,,,,\n", i+4)
	}
	recorder := s.recorder("run")
	checked := s.prepare(recorder, text, v.campaign(""))
	p, err := batch.Preflight(t.Context(), s.server(4), checked, func(p validate.Problem) { t.Log(p) })
	if err != nil {
		t.Fatal(err)
	}
	if pins := p.Forecast().PINs; pins == nil || pins.Count != 39 || pins.Digits != 6 {
		t.Errorf("the forecast of PINs is %+v", pins)
	}
	if summary, err := p.Run(t.Context(), recorder); err != nil || summary.Exit != record.ExitDone {
		t.Fatalf("exit %d, %v: %s", summary.Exit, err, statuses(t, s.history(recorder.Folder)))
	}
	s.wantPINs(recorder.Folder, v.pins(t, recorder.Folder), 39)
	for _, line := range v.open(t, filepath.Join(recorder.Folder, record.PINsFile)) {
		user, alias, pin := simulator.UserByAlias(line[2]), line[2], line[4]
		if why := validate.TrivialPIN(pin, alias, user["DtmfAccessId"], user["FirstName"], user["LastName"]); why != "" || len(pin) != 6 {
			t.Errorf("%s got %s: %s", alias, pin, why)
		}
		want := []string{user["DtmfAccessId"], pin, user["DisplayName"], user["FirstName"], user["LastName"], user["EmailAddress"], strings.Replace(user["Department"], "=", "'=", 1)}
		if alias == "new" {
			want[2], want[3], want[6] = "", "", "" // which the server makes up, and the template gives
		}
		if !slices.Equal(line[3:], want) {
			t.Errorf("%s: the file has %q, want %q", alias, line[3:], want)
		}
	}
	for alias, want := range map[string]string{"user00001": "true false 0", "user00002": "false false 0", "user00003": "false true 5", "user00030": "true false 0"} {
		if pin := pinOf(alias); fmt.Sprint(pin["CredMustChange"], " ", pin["Locked"], " ", pin["HackCount"]) != want {
			t.Errorf("the PIN of %s: %v, want %s", alias, pin, want)
		}
	}
	for _, r := range results(t, s.history(recorder.Folder)) {
		if r.Row > 4 && r.Requests != 2 {
			t.Errorf("row %d: %d requests, want 2", r.Row, r.Requests)
		}
	}
	_, again := s.run(t.Context(), "without", "Operation,Alias\nupdate,user00001\nupsert,user00004\n", v.options(options("")), 2)
	if got := statuses(t, again); got != "unchanged, unchanged" {
		t.Errorf("without --reset-credentials the rows are %s", got)
	}
}

// The rules of the server say how long PINs must be, and are asked for once.
func TestPINLengthByTheServersRules(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name        string
		rule        string // one more: its MinLength
		applies     bool   // to the user's PIN
		fixed, want int    // digits that are asked for, 0: none, and that are drawn; 0: the command ends
		told, codes string
		requests    int
		fault       cupitest.Fault // that strikes the list of rules
		file        string
	}{
		{"the usual rules", "", false, 0, 6, "", "", 3, "", ""}, // that of passwords asks for 8
		{"a rule for longer PINs", "10", true, 0, 10, "Strict", "", 3, "", ""},
		{"a rule that may be for PINs", "10", false, 0, 10, "Strict", "", 3, "", ""},
		{"as long as the longest", "10", true, 10, 10, "", "", 1, "", ""},
		{"shorter than one", "10", false, 7, 7, "", "pin-rule", 3, "", ""},
		{"shorter than any", "10", false, 5, 0, "", "pin-rule", 3, "", ""},
		{"the server does not tell", "", false, 0, 6, "", "", 1, cupitest.NotFound, ""},
		{"new users only", "10", false, 0, 6, "", "", 2, "", "Operation,Alias,DtmfAccessId\ncreate,new,4711\n"}, // licences, clusters
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			v := newVault(t)
			simulator := &cupitest.Server{}
			simulator.AddUsers(3)
			s := newSite(t, simulator)
			if test.rule != "" {
				guarded := simulator.OnChange
				simulator.OnChange = nil
				admin := s.server(1).Client
				made, err := admin.Do(t.Context(), cupi.Create(cupi.AuthenticationRules, cupi.Object{"DisplayName": "Strict", "MinLength": test.rule}))
				if err == nil && test.applies {
					_, err = admin.Do(t.Context(), cupi.Update(cupi.CredentialsOf(simulator.UserByAlias("user00001")["ObjectId"]), "pin", cupi.Object{"CredentialPolicyObjectId": made.ObjectID}))
				}
				if err != nil {
					t.Fatal(err)
				}
				simulator.OnChange = guarded
			}
			simulator.Fault = func(r *http.Request) cupitest.Fault {
				if r.URL.Path == cupi.AuthenticationRules.Path {
					return test.fault
				}
				return cupitest.NoFault
			}
			o := v.campaign("")
			if test.fixed > 0 {
				o.PINLength, o.PINFixed = test.fixed, true
			}
			server, recorder := s.server(1), s.recorder("run")
			text := test.file
			if text == "" {
				text = "Operation,Alias\nupdate,user00001\nupdate,user00002\n"
			}
			p, err := batch.Preflight(t.Context(), server, s.prepare(recorder, text, o), nil)
			if err != nil {
				t.Fatal(err)
			}
			before := server.Client.Counts()[http.MethodGet]
			err = p.LookAround(t.Context(), nil)
			if got := server.Client.Counts()[http.MethodGet] - before; got != test.requests {
				t.Errorf("%d requests, want %d", got, test.requests)
			}
			if test.want == 0 {
				if err == nil || !strings.Contains(err.Error(), "the shortest asks for 6") {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			forecast := p.Forecast()
			var codes []string
			for _, w := range forecast.Warnings {
				codes = append(codes, string(w.Code))
			}
			if pins := forecast.PINs; pins.Digits != test.want || pins.Rule != test.told || strings.Join(codes, " ") != test.codes {
				t.Errorf("got %+v and %v, want %d %s and %s", pins, codes, test.want, test.told, test.codes)
			}
			if got := strings.Contains(fmt.Sprint(forecast.NotChecked), "long enough"); got != (test.fault != "") {
				t.Errorf("not checked: %v", forecast.NotChecked)
			}
			if _, err := p.Run(t.Context(), recorder); err != nil {
				t.Fatal(err)
			}
			for _, pin := range v.pins(t, recorder.Folder) {
				if len(pin) != test.want {
					t.Errorf("the PIN %s was drawn, want %d digits", pin, test.want)
				}
			}
			if got := s.history(recorder.Folder).Header.Options.PINLength; got != test.want {
				t.Errorf("a resume would draw %d digits", got)
			}
		})
	}
}
