package cupi_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"cucbulk/cupi"
	"cucbulk/cupi/cupitest"
	"cucbulk/cupi/trace"
)

// spellings are the ways in which a text may stand in a file.
func spellings(text string) map[string]string {
	quoted, _ := json.Marshal(text)
	wide := make([]byte, 0, 2*len(text))
	for _, unit := range utf16.Encode([]rune(text)) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	entities := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")
	return map[string]string{
		"as it is": text, "JSON": strings.Trim(string(quoted), `"`), "XML": entities.Replace(text), "path": url.PathEscape(text), "query": url.QueryEscape(text), "hex": hex.EncodeToString([]byte(text)),
		"base64": base64.RawStdEncoding.EncodeToString([]byte(text)), "base64 for addresses": base64.RawURLEncoding.EncodeToString([]byte(text)), "UTF-16": string(wide),
	}
}

// tellTale holds the trace against everything that must not be in it.
func tellTale(t *testing.T, text string, personal ...string) {
	t.Helper()
	small := strings.ToLower(text)
	for _, value := range personal {
		for way, spelled := range spellings(value) {
			if strings.Contains(small, strings.ToLower(spelled)) {
				at := strings.Index(small, strings.ToLower(spelled))
				t.Errorf("%q is in it, as %s: …%s…", value, way, text[max(0, at-200):min(len(text), at+100)])
			}
		}
	}
}

func TestATraceTellsNothingOfAnybody(t *testing.T) {
	t.Parallel()
	for _, wire := range []cupi.Wire{cupi.JSON, cupi.XML} {
		t.Run(string(wire), func(t *testing.T) {
			t.Parallel()
			server := &cupitest.Server{Username: "bulkadmin", Password: "geheim-Wort-99", Faults: cupitest.Faults{Echo: 0.5, Busy: 0.1}}
			server.AddUsers(7)
			web := httptest.NewServer(server)
			defer web.Close()
			path := filepath.Join(t.TempDir(), "trace.jsonl")
			writer, err := trace.Create(path, "test")
			if err != nil {
				t.Fatal(err)
			}
			client, err := cupi.New(cupi.Config{Server: web.URL, User: "bulkadmin", Password: "geheim-Wort-99", Wire: wire, Trace: writer})
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			try := func(r cupi.Request) cupi.Answer {
				for range 20 {
					if answer, err := client.Do(context.Background(), r); err == nil {
						return answer
					}
				}
				return cupi.Answer{}
			}
			user := cupi.Object{"Alias": "qzimmermann", "DtmfAccessId": "47110", "FirstName": "Quirin", "LastName": `Zimmer<&>"'männ`, "Title": "Kellermeister", "EmailAddress": "quirin@zimt.example", "BillingId": "81942756"}
			made := try(cupi.CreateUser("voicemailusertemplate", "", user))
			if made.ObjectID == "" {
				t.Fatal("the user was not made")
			}
			got := try(cupi.GetUser(made.ObjectID)).Object
			pin := cupi.Request{Method: "PUT", Path: "/vmrest/users/" + made.ObjectID + "/credential/pin", Root: "Credential", Fields: cupi.Object{"Credentials": "81942756"}}
			for range 4 { // whose refusals repeat it
				try(pin)
			}
			try(cupi.List(cupi.Users, cupi.Query{Column: "alias", Op: cupi.Is, Value: "qzimmermann"}, 1, 100))
			try(cupi.List(cupi.Users, cupi.Query{}, 1, 100))
			try(cupi.CreateUser("nosuchtemplate-kx", "", user))
			try(cupi.UpdateUser("99999999-1111-2222-3333-444444444444", cupi.Object{"City": "Zimtstadt"}))
			try(cupi.DeleteUser(made.ObjectID))
			if err := writer.Close(); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			personal := []string{"bulkadmin", "geheim-Wort-99", strings.TrimPrefix(web.URL, "http://"), "127.0.0.1", "nosuchtemplate-kx", "Zimtstadt", "99999999-1111-2222-3333-444444444444"}
			for _, value := range user {
				personal = append(personal, value)
			}
			for name, value := range got {
				if strings.HasSuffix(name, "ObjectId") && value != "" {
					personal = append(personal, value)
				}
			}
			if len(personal) < 20 {
				t.Errorf("only %d values are looked for", len(personal))
			}
			tellTale(t, string(text), personal...)
			_, exchanges, err := trace.Read(bytes.NewReader(text))
			if err != nil || len(exchanges) < 30 {
				t.Fatalf("%d exchanges: %v", len(exchanges), err)
			}
			// Relations stay: who was made is who was read, and who was deleted.
			var address string
			tried := 0
			for _, e := range exchanges {
				switch {
				case e.Method == "POST" && e.Status == 201:
					address = e.Answer.Text()
				case e.Method == "DELETE" && e.Path != address:
					t.Errorf("%s was made and %s deleted", address, e.Path)
				}
				if e.Path == address+"/credential/pin" && strings.Contains(e.Request.Text(), "secret") {
					tried++
				}
			}
			if !strings.HasPrefix(address, "/vmrest/users/user-") || tried < 4 {
				t.Errorf("made %q, %d requests with a PIN", address, tried)
			}
		})
	}
}
