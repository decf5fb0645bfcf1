package doctor

import (
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
)

// examined gives what Examine finds, by check, of a server with a handler.
func examined(t *testing.T, handler http.Handler, serve func(http.Handler) *httptest.Server, change func(*Examination, *httptest.Server)) map[string]Finding {
	t.Helper()
	web := serve(handler)
	t.Cleanup(web.Close)
	x := Examination{Config: cupi.Config{Server: web.URL, User: "admin", Password: "correct-horse", Timeout: 10 * time.Second}, Runs: t.TempDir()}
	if change != nil {
		change(&x, web)
	}
	found := map[string]Finding{}
	Examine(t.Context(), x, func(f Finding) {
		if _, twice := found[f.Check]; twice {
			t.Errorf("%s is reported twice", f.Check)
		}
		if (f.Level == LevelOK) != (f.Mend == "") || f.Found == "" {
			t.Errorf("got %+v: what is not ok says what to do", f)
		}
		found[f.Check] = f
	})
	return found
}

// plain is a simulator that accepts the account.
func plain() *cupitest.Server {
	return &cupitest.Server{Username: "admin", Password: "correct-horse"}
}

// answering puts a step before a handler.
func answering(next http.Handler, before func(http.ResponseWriter, *http.Request) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !before(w, r) {
			next.ServeHTTP(w, r)
		}
	})
}

func TestExamine(t *testing.T) {
	t.Parallel()
	paged := plain()
	paged.MaxRows = 1
	for _, test := range []struct {
		name    string
		handler http.Handler
		tls     bool
		change  func(*Examination, *httptest.Server)
		check   string
		level   Level
		found   string
		mend    string
		ends    bool // nothing that needs the server is checked after it
	}{
		{name: "all is well", handler: plain(), check: "sign-in", level: LevelOK, found: "as admin, who sees "},
		{name: "the certificate of an unknown authority", handler: plain(), tls: true, check: "certificate", level: LevelFail, found: "certificate signed by unknown authority", mend: "--ca-file", ends: true},
		{name: "a certificate that is trusted", handler: plain(), tls: true, check: "certificate", level: LevelOK, found: "trusted, for example.com",
			change: func(x *Examination, web *httptest.Server) {
				x.Config.CA = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: web.Certificate().Raw})
			}},
		{name: "a pin", handler: plain(), tls: true, check: "certificate", level: LevelOK, found: "the pinned key",
			change: func(x *Examination, web *httptest.Server) {
				x.Config.Pin, _, _ = cupi.Fingerprint(t.Context(), web.URL)
			}},
		{name: "another pin", handler: plain(), tls: true, check: "certificate", level: LevelFail, found: "not the pinned one", mend: "somebody stands between", ends: true,
			change: func(x *Examination, _ *httptest.Server) {
				x.Config.Pin = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
			}},
		{name: "an account without the right", check: "sign-in", level: LevelFail, found: "403", mend: "role User Administrator", ends: true,
			handler: answering(plain(), func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(http.StatusForbidden); return true })},
		{name: "an administrator", handler: plain(), check: "role", level: LevelOK, found: "System Administrator"},
		{name: "a user who is an administrator", handler: withRole("User Administrator"), check: "role", level: LevelOK, found: "User Administrator", change: as("user00001")},
		{name: "a help desk", handler: withRole("Help Desk Administrator"), check: "role", level: LevelFail, found: "user00001 has only the role Help Desk Administrator", mend: "give it the role System Administrator or User Administrator", change: as("user00001")},
		{name: "a subscriber without a role", handler: withRole(""), check: "role", level: LevelFail, found: "has no role", mend: "give it the role", change: as("user00001")},
		{name: "a role of the site's own", handler: withRole("Provisioning"), check: "role", level: LevelWarn, found: "only the server knows what Provisioning allows", mend: "--rows 1-2", change: as("user00001")},
		{name: "an account that the server does not show", handler: withRole(""), check: "role", level: LevelWarn, found: "does not tell", mend: "look there", change: as("nobody")},
		{name: "a portal", check: "sign-in", level: LevelFail, found: "302 Found", mend: "publisher itself", ends: true,
			handler: answering(plain(), func(w http.ResponseWriter, r *http.Request) bool {
				http.Redirect(w, r, "https://portal.example.com/", http.StatusFound)
				return true
			})},
		{name: "a clock that is wrong", check: "clock", level: LevelWarn, found: "ahead of the server", mend: "NTP",
			handler: answering(plain(), func(w http.ResponseWriter, _ *http.Request) bool {
				w.Header().Set("Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
				return false
			})},
		{name: "a template that is not there", handler: plain(), check: "template", level: LevelFail, found: "there is no staff", mend: "voicemailusertemplate",
			change: func(x *Examination, _ *httptest.Server) { x.Template = "staff" }},
		{name: "a tenant", handler: plain(), check: "tenant", level: LevelOK, found: "branch, with 1 users", change: func(x *Examination, _ *httptest.Server) { x.Tenant = "Branch" }},
		{name: "a tenant that is not there", handler: plain(), check: "tenant", level: LevelFail, found: "there is no nobody", mend: "one of branch, labs", change: func(x *Examination, _ *httptest.Server) { x.Tenant = "nobody" }},
		{name: "a server without tenants", handler: &cupitest.Server{Bare: true}, check: "tenant", level: LevelFail, found: "shows no tenants", mend: "leave --tenant out", change: func(x *Examination, _ *httptest.Server) { x.Tenant = "branch" }},
		{name: "a template of the second page", handler: paged, check: "template", level: LevelOK, found: "executivetemplate is there",
			change: func(x *Examination, _ *httptest.Server) { x.Template = "executivetemplate" }},
		{name: "templates of all pages", handler: paged, check: "template", level: LevelOK,
			found: "there are administratortemplate, executivetemplate, voicemailusertemplate"},
		{name: "a tenant without a template", handler: plain(), check: "template", level: LevelFail, found: "branch has no user template", mend: "in the tenant's partition", change: func(x *Examination, _ *httptest.Server) { x.Tenant = "branch" }},
		{name: "one server", handler: plain(), check: "node", level: LevelOK, found: "cuc1.example.com, the only one"},
		{name: "a pair of servers", check: "node", level: LevelWarn, found: "2 servers share the users: cuc1, cuc2", mend: "the publisher",
			handler: answering(plain(), func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path != "/vmrest/vmsservers" {
					return false
				}
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(`{"@total":"2","VmsServer":[{"HostName":"cuc2"},{"HostName":"cuc1"}]}`))
				return true
			})},
		{name: "one server, told by the other list", check: "node", level: LevelOK, found: "cuc1.example.com, the only one",
			handler: answering(plain(), func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path != "/vmrest/vmsservers" {
					return false
				}
				w.WriteHeader(http.StatusNotFound)
				return true
			})},
		{name: "a server that tells of no others", check: "node", level: LevelWarn, found: "does not tell", mend: "the publisher's address",
			handler: answering(plain(), func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path != "/vmrest/vmsservers" && r.URL.Path != "/vmrest/cluster" {
					return false
				}
				w.WriteHeader(http.StatusNotFound)
				return true
			})},
		{name: "a server in split brain", handler: &cupitest.Server{NodeState: "split-brain"}, check: "node", level: LevelFail, found: "cuc1.example.com is recovering from a split brain", mend: "a run refuses to begin"},
		{name: "a pair of which one is down", handler: &cupitest.Server{Nodes: []string{"cuc1", "cuc2"}, NodeState: "down"}, check: "node", level: LevelWarn, found: "cuc2 is down", mend: "bring it back"},
		{name: "an evaluation", handler: plain(), check: "licences", level: LevelOK, found: "in its evaluation, 87 days left"},
		{name: "an evaluation that is over", handler: &cupitest.Server{Licence: "over"}, check: "licences", level: LevelWarn, found: "the evaluation is over", mend: "put them in order"},
		{name: "licences that are not told", check: "licences", level: LevelOK, found: "not told: the server has no /vmrest/licensestatuscounts",
			handler: answering(plain(), func(w http.ResponseWriter, r *http.Request) bool {
				told := !strings.Contains(r.URL.Path, "licens")
				if !told {
					w.WriteHeader(http.StatusNotFound)
				}
				return !told
			})},
		{name: "a cluster that is alone", handler: plain(), check: "network", level: LevelOK, found: "this cluster is alone"},
		{name: "two clusters", handler: &cupitest.Server{Elsewhere: 3}, check: "network", level: LevelOK, found: "2 clusters share a network: Munich, cuc1"},
		{name: "a server that is busy", check: "speed", level: LevelWarn, found: "too busy for 1 requests of 5", mend: "quiet hour", handler: busyAt(plain(), 3)},
		{name: "a folder that is a file", handler: plain(), check: "disk", level: LevelFail, found: "doctor_test.go", mend: "another folder",
			change: func(x *Examination, _ *httptest.Server) { x.Runs = filepath.Join("doctor_test.go", "runs") }},
		{name: "no server", handler: plain(), check: "connection", level: LevelFail, found: "can't be reached", mend: "firewall", ends: true, tls: true,
			change: func(x *Examination, _ *httptest.Server) { x.Config.Server = "https://127.0.0.1:1" }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			serve := httptest.NewServer
			if test.tls {
				serve = func(handler http.Handler) *httptest.Server {
					web := httptest.NewUnstartedServer(handler)
					web.TLS = &tls.Config{NextProtos: []string{"http/1.1"}}
					web.StartTLS()
					return web
				}
			}
			found := examined(t, test.handler, serve, test.change)
			got := found[test.check]
			if got.Level != test.level || !strings.Contains(got.Found, test.found) || !strings.Contains(got.Mend, test.mend) {
				t.Errorf("got %+v, want %s, %q and %q", got, test.level, test.found, test.mend)
			}
			if _, went := found["speed"]; went == test.ends {
				t.Errorf("the speed was looked at: %t", went)
			}
			if _, looked := found["disk"]; !looked {
				t.Error("the disk was not looked at")
			}
		})
	}
}

// busyAt answers 503 to the nth request for users after the first.
func busyAt(next http.Handler, n int) http.Handler {
	left := n
	return answering(next, func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/users") {
			if left--; left == 0 {
				w.WriteHeader(http.StatusServiceUnavailable)
				return true
			}
		}
		return false
	})
}

// as lets another account sign in.
func as(account string) func(*Examination, *httptest.Server) {
	return func(x *Examination, _ *httptest.Server) { x.Config.User = account }
}

// withRole is a simulator for any account, whose users have one role, "" for none.
func withRole(role string) http.Handler {
	simulator := &cupitest.Server{}
	simulator.AddUsers(5)
	return answering(simulator, func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/userroles") {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		if role == "" {
			_, _ = w.Write([]byte(`{"@total":"0"}`))
			return true
		}
		_, _ = fmt.Fprintf(w, `{"@total":"1","UserRole":{"RoleName":%q}}`, role)
		return true
	})
}
