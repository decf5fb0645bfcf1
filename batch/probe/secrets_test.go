package probe

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/cupi/trace"
)

// spellings are the ways in which a text may stand in a file.
func spellings(text string) []string {
	quoted, _ := json.Marshal(text)
	all := []string{text, strings.ToUpper(text), strings.ToLower(text), strings.Trim(string(quoted), `"`), html.EscapeString(text), url.QueryEscape(text), url.PathEscape(text), hex.EncodeToString([]byte(text)), strings.Join(strings.Split(text, ""), "\\u0000")}
	for shift := range 3 {
		coded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(" ", shift) + text))
		all = append(all, strings.TrimRight(coded[(shift*8+5)/6:len(coded)-4], "="))
	}
	return all
}

// TestTheFileTellsOfNobody: no secret, host, account, name, number or id of the server, also where the server repeats what
// it got.
func TestTheFileTellsOfNobody(t *testing.T) {
	t.Parallel()
	const account, password, template = "zzbulkaccount", "Zz-Gh7 secret&word", "zzacmestaff"
	var changes atomic.Int32
	server := &cupitest.Server{Username: account, Password: password, PassOverQueries: true, Fault: func(r *http.Request) cupitest.Fault {
		if r.Method == http.MethodPut {
			switch changes.Add(1) % 4 {
			case 2:
				return cupitest.Echo
			case 3:
				return cupitest.EchoEarlier
			}
		}
		return cupitest.NoFault
	}}
	server.AddUsers(5)
	web := httptest.NewServer(server)
	defer web.Close()
	client, err := cupi.New(cupi.Config{Server: web.URL, User: account, Password: password, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	templates, err := client.Do(context.Background(), cupi.List(cupi.UserTemplates, cupi.Query{}, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Do(context.Background(), cupi.Update(cupi.UserTemplates, templates.Page.Items[0]["ObjectId"], cupi.Object{"Alias": template}))
	if err != nil {
		t.Fatal(err)
	}
	forbidden := map[string]bool{account: true, password: true, template: true, strings.TrimPrefix(web.URL, "http://"): true, "127.0.0.1": true, "localhost": true}
	for path, fields := range server.Snapshot() {
		if strings.HasPrefix(path, "users/") && strings.HasPrefix(fields["Alias"], "user0") {
			for _, name := range []string{"Alias", "FirstName", "LastName", "DisplayName", "DtmfAccessId", "ObjectId", "EmailAddress"} {
				forbidden[fields[name]] = true
			}
		}
	}
	delete(forbidden, "")
	if len(forbidden) < 20 {
		t.Fatalf("only %v are looked for", forbidden)
	}
	p, err := prepare(Options{Simulator: simulated(t, cupi.JSON)})
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Client: client, Template: template, Path: filepath.Join(t.TempDir(), "probe.json"), Doubt: time.Hour, pause: func(time.Duration) {}}
	result, err := p.beside(context.Background(), o)
	if err != nil || !result.Written || len(result.Tries) < 200 {
		t.Fatalf("%v: %d tries", err, len(result.Tries))
	}
	forbidden[p.values["pin"]], forbidden[p.values["password"]] = true, true
	text, err := os.ReadFile(o.Path)
	if err != nil {
		t.Fatal(err)
	}
	for one := range forbidden {
		for _, spelled := range spellings(one) {
			if len(spelled) > 2 && strings.Contains(string(text), spelled) {
				t.Errorf("%q is in the file, as %q", one, spelled)
			}
		}
	}
	if about, err := os.Stat(o.Path); err != nil || about.Mode().Perm() != 0o600 {
		t.Errorf("%v: %v", about.Mode(), err)
	}
	if !strings.Contains(string(text), p.values["alias"]) || !strings.Contains(string(text), "templateAlias="+usualTemplate) {
		t.Error("what the probe made up, or the template, does not stand there as it is")
	}
	file, err := os.Open(o.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, exchanges, err := trace.Read(file); err != nil || len(exchanges) < 200 {
		t.Errorf("%v: %d exchanges", err, len(exchanges))
	}
}
