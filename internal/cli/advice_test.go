package cli

import (
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cucbulk/batch/record"
	"cucbulk/internal/codes"
)

// A server that can't be reached, or is not the right one, is not the end of the sentence:
// what to do comes next, as the table of codes has it.
func TestAdviceAboutTheServer(t *testing.T) {
	t.Parallel()
	plain, secure := httptest.NewUnstartedServer(http.NotFoundHandler()), httptest.NewUnstartedServer(http.NotFoundHandler())
	for _, server := range []*httptest.Server{plain, secure} {
		server.Config.ErrorLog = log.New(io.Discard, "", 0) // it is shown what it can't read
		t.Cleanup(server.Close)
	}
	plain.Start()
	secure.StartTLS()
	otherKey := "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	for _, test := range []struct {
		name      string
		arguments []string
		want      codes.Code
	}{
		{"nobody is there", []string{"--server", "http://127.0.0.1:1"}, codes.Unreachable},
		{"plain http", []string{"--server", "https" + strings.TrimPrefix(plain.URL, "http")}, codes.NotTLS},
		{"something else", []string{"--server", "https://" + babble(t)}, codes.NotTLS},
		{"no trust", []string{"--server", secure.URL}, codes.Certificate},
		{"another key", []string{"--server", secure.URL, "--tls-pin", otherKey}, codes.OtherKey},
		{"no CUPI", []string{"--server", plain.URL}, codes.NotCUPI},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newProcess(append([]string{"export", "--user", "admin"}, test.arguments...)...)
			p.settings["CUCBULK_PASSWORD"] = "correct-horse"
			entry, _ := codes.Lookup(test.want)
			said := p.run(t, record.ExitFailed).stderr.String()
			if !strings.HasSuffix(strings.TrimSpace(said), strings.TrimSuffix(entry.Advice, ".")) {
				t.Errorf("got %q, want the advice about %s at its end", said, test.want)
			}
		})
	}
}

// babble listens at an address, and answers what is no protocol.
func babble(t *testing.T) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(connection, "SSH-2.0-babble\r\n")
			_ = connection.Close()
		}
	}()
	return listener.Addr().String()
}

// A reason that says what to do is the end of the sentence.
func TestAdviceIsGivenOnce(t *testing.T) {
	t.Parallel()
	stop := &record.Stop{Exit: record.ExitFailed, Code: codes.NoPlace, Reason: "the server makes no users at this address; see the template, then resume", Err: errors.New("404")}
	if got := sentence(stop); !strings.HasSuffix(got, "then resume: 404") {
		t.Errorf("got %q", got)
	}
}
