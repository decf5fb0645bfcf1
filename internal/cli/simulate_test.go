package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cucbulk/batch/record"
)

// readyWriter tells when a line has been printed that names the address.
type readyWriter struct {
	*output
	ready chan string
}

var addressLine = regexp.MustCompile(`answers at (\S+)\n`)

func (w readyWriter) Write(text []byte) (int, error) {
	if found := addressLine.FindSubmatch(text); found != nil {
		w.ready <- string(found[1])
	}
	return w.output.Write(text)
}

// simulating runs simulate until the function that it returns is called.
func simulating(t *testing.T, p *process) (url string, end func()) {
	t.Helper()
	ready, exit := make(chan string, 1), make(chan int, 1)
	p.environment.Stderr = readyWriter{p.stderr, ready}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { exit <- Main(ctx, p.environment) }()
	select {
	case url = <-ready:
	case code := <-exit:
		cancel()
		t.Fatalf("simulate ended with %d\n%s", code, p.stderr)
	}
	return url, func() {
		cancel()
		if got := <-exit; got != 0 {
			t.Errorf("simulate: exit code %d, want 0\n%s", got, p.stderr)
		}
	}
}

func TestSimulateServesAndCounts(t *testing.T) {
	t.Parallel()
	state := filepath.Join(t.TempDir(), "state.json")
	server := newProcess("simulate", "--addr", "127.0.0.1:0", "--tls", "--users", "5", "--user", "admin", "--state", state, "--json")
	server.settings["CUCBULK_PASSWORD"] = "correct-horse"
	url, end := simulating(t, server)

	pin := strings.TrimSpace(newProcess("fingerprint", url).run(t, 0).stdout.String())
	variable := newProcess("fingerprint")
	variable.settings["CUCBULK_SERVER"] = url
	for name, p := range map[string]*process{"--server": newProcess("fingerprint", "--server", url), "CUCBULK_SERVER": variable} {
		if got := strings.TrimSpace(p.run(t, 0).stdout.String()); got != pin {
			t.Errorf("by %s the pin is %q, want %q", name, got, pin)
		}
	}
	shows(t, newProcess("fingerprint").run(t, record.ExitUsage).stderr, "CUCBULK_SERVER")
	shows(t, newProcess("fingerprint", url, "--server", "cuc2.example.com").run(t, record.ExitUsage).stderr, "once")
	shows(t, server.stderr, "--tls-pin "+pin)
	file := fileWith(t, "Alias,DtmfAccessId\njdoe,4001\n")
	arguments := []string{"run", file, "--operation", "create", "--template", "voicemailusertemplate", "--server", url, "--user", "admin", "--out", filepath.Join(t.TempDir(), "run")}
	distrusted := newProcess(arguments...)
	distrusted.settings["CUCBULK_PASSWORD"] = "correct-horse"
	shows(t, distrusted.run(t, record.ExitFailed).stderr, "--ca-file")
	trusted := newProcess(append(arguments, "--tls-pin", pin)...)
	trusted.settings["CUCBULK_PASSWORD"] = "correct-horse"
	shows(t, trusted.run(t, 0).stdout, "--tls-pin "+pin)
	end()

	var seen counted
	if err := json.Unmarshal([]byte(server.stdout.String()), &seen); err != nil {
		t.Fatal(err)
	}
	if seen.Requests["POST /vmrest/users"] != 1 || seen.SignIns != 1 || seen.FailedSignIns != 0 || len(seen.Unknown) != 0 {
		t.Errorf("counted %+v, want one POST and one sign-in", seen)
	}

	again := newProcess("simulate", "--addr", "127.0.0.1:0", "--state", state, "--users", "100", "--user", "admin")
	again.settings["CUCBULK_PASSWORD"] = "correct-horse"
	url, end = simulating(t, again)
	check := newProcess("validate", file, "--operation", "create", "--template", "voicemailusertemplate", "--server", url, "--user", "admin")
	check.settings["CUCBULK_PASSWORD"] = "correct-horse"
	shows(t, check.run(t, record.ExitInvalid).stdout, "alias-taken") // the state was kept
	end()
	shows(t, again.stdout, "1 sign-ins and 0 that failed")
}

// A field that the simulator does not know is refused, and its name is in the answer. With --bare there is nothing that a
// new installation has not.
func TestSimulateRefusesUnknownFields(t *testing.T) {
	t.Parallel()
	url, end := simulating(t, newProcess("simulate", "--addr", "127.0.0.1:0", "--bare"))
	defer end()
	listed, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/vmrest/partitions", nil)
	if err != nil {
		t.Fatal(err)
	}
	listed.SetBasicAuth("any", "any")
	partitions, err := http.DefaultClient.Do(listed)
	if err != nil {
		t.Fatal(err)
	}
	defer partitions.Body.Close()
	if text, _ := io.ReadAll(partitions.Body); !strings.Contains(string(text), `total="1"`) {
		t.Errorf("a bare server has the partitions %s", text)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/vmrest/users?templateAlias=voicemailusertemplate", strings.NewReader(`{"Alias":"anna","DtmfAccessId":"71","Titel":"Dr."}`))
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth("any", "any")
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if text, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusBadRequest || !strings.Contains(string(text), "Titel") {
		t.Errorf("got %s: %s", answer.Status, text)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestSimulateListsSwitches(t *testing.T) {
	t.Parallel()
	p := newProcess("simulate", "--switches").run(t, 0)
	shows(t, p.stdout, "unknown-fields=refuse|pass-over (default refuse)")
	shows(t, p.stdout, "source: ")
}

// Where they are passed over, a field that the simulator does not know is named while it serves,
// once for each kind of request, and again when it ends.
func TestSimulateNamesUnknownFieldsAtOnce(t *testing.T) {
	t.Parallel()
	server := newProcess("simulate", "--addr", "127.0.0.1:0", "--as", "unknown-fields=pass-over")
	url, end := simulating(t, server)
	for _, alias := range []string{"anna", "berta"} {
		body := strings.NewReader(`{"Alias":"` + alias + `","DtmfAccessId":"7` + fmt.Sprint(len(alias)) + `","Titel":"Dr."}`)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/vmrest/users?templateAlias=voicemailusertemplate", body)
		if err != nil {
			t.Fatal(err)
		}
		request.SetBasicAuth("any", "any")
		request.Header.Set("Content-Type", "application/json")
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if answer.Body.Close(); answer.StatusCode != http.StatusCreated {
			t.Errorf("got %s: the answer is to be as before", answer.Status)
		}
		const line = "POST /vmrest/users gives \"Titel\", a field that is not known here"
		if got := strings.Count(server.stderr.String(), line); got != 1 {
			t.Errorf("after %s: told %d times, want once:\n%s", alias, got, server.stderr)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	end()
	shows(t, server.stdout, "field not known here, passed over: Titel")
}

func TestSimulateRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		arguments []string
		want      string
	}{
		{[]string{"--addr", "0.0.0.0:0"}, "others could reach"},
		{[]string{"--addr", ":0"}, "others could reach"},
		{[]string{"--addr", "example.com:0"}, "others could reach"},
		{[]string{"--addr", "8443"}, "--addr takes HOST:PORT"},
		{[]string{"--fault", "bussy=0.1"}, `no fault is named "bussy"`},
		{[]string{"--fault", "busy=2"}, "from 0 to 1"},
		{[]string{"--fault", "busy"}, "NAME=RATE"},
		{[]string{"--as", "unknown-fields"}, "NAME=VALUE"},
		{[]string{"--as", "unknown-fields=perhaps"}, "refuse, pass-over"},
		{[]string{"--as", "no-such=true"}, "extension-alone"},
		{[]string{"--user", "admin"}, "--user needs a password"},
		{[]string{"--slots", "0"}, "--slots"},
	} {
		p := newProcess(append([]string{"simulate"}, test.arguments...)...).run(t, record.ExitUsage)
		shows(t, p.stderr, test.want)
	}
}
