package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var someFlags = []string{"server", "user", "workers", "set", "max-deletes", "password-file", "profile"}

func TestAFileOfFlags(t *testing.T) {
	t.Parallel()
	config, err := parseConfig("c.yaml", []byte(`# for both
user: bulkadmin
workers: 03
set: [City=Paris, "Country=FR"]
profile: lab
profiles:
  production: {server: cuc1, max-deletes: 25}
  lab:
    server: lab.example.com
`), someFlags)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]setting{"user": {[]string{"bulkadmin"}, 2}, "workers": {[]string{"03"}, 3}, "set": {[]string{"City=Paris", "Country=FR"}, 4}, "profile": {[]string{"lab"}, 5}}
	if diff := cmp.Diff(want, config.settings, cmp.AllowUnexported(setting{})); diff != "" {
		t.Error(diff)
	}
	lab, err := config.profile("lab")
	if diff := cmp.Diff(map[string]setting{"server": {[]string{"lab.example.com"}, 9}}, lab, cmp.AllowUnexported(setting{})); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if _, err := config.profile("labb"); err == nil || !strings.Contains(err.Error(), "it has production, lab") {
		t.Errorf("got %v", err)
	}
}

func TestAWrongFileOfFlags(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want string }{
		{"user: a\nworker: 3\n", "c.yaml:2: there is no flag worker; did you mean workers?"},
		{"profiles:\n  lab:\n    max-delete: 3\n", "c.yaml:3: there is no flag max-delete; did you mean max-deletes?"},
		{"\npassword: hunter2\n", "c.yaml:2: a password does not belong in this file: put it into a file of its own that only you can read and name that with password-file, or set CUCBULK_PASSWORD"},
		{"profiles:\n  lab: {Password: hunter2}\n", "c.yaml:2: a password does not belong in this file: put it into a file of its own that only you can read and name that with password-file, or set CUCBULK_PASSWORD"},
		{"server: https://admin:hunter2@cuc1\n", "c.yaml:1: the server's address holds a user name or a password: give them separately"},
		{"user: a\nuser: b\n", "c.yaml:2: user stands on line 1 too: keep one of the two"},
		{"user: a\n--user: b\n", "c.yaml:2: --user stands on line 1 too: keep one of the two"},
		{"user: a\n---\nuser: b\n", "c.yaml:2: a second document begins here, and only one is read: take the line --- out, or make two files"},
		{"---\nuser: a\n---\n", "c.yaml:3: a second document begins here, and only one is read: take the line --- out, or make two files"},
		{"user: a\n---\nuser: \"b\n", "c.yaml: line 3: found unexpected end of stream"},
		{"user:\n", "c.yaml:1: there is no value: write one, or take the line out"},
		{"user: [a, [b]]\n", "c.yaml:1: here belongs a text"},
		{"user: {a: b}\n", "c.yaml:1: here belongs a text, or a list of texts"},
		{"- user\n", "c.yaml:1: here belong flags by their names, such as workers: 3"},
		{"profiles: lab\n", "c.yaml:1: here belong flags by their names, such as workers: 3"},
		{"config: other.yaml\n", "c.yaml:1: one file of flags can't name another"},
		{"profiles:\n  a:\n    profile: b\n", "c.yaml:3: a profile can't name another one"},
		{"user: \"a\n", "c.yaml: line 2: found unexpected end of stream"},
	} {
		_, err := parseConfig("c.yaml", []byte(test.text), someFlags)
		if err == nil || err.Error() != test.want {
			t.Errorf("%q: got %v, want %s", test.text, err, test.want)
		}
	}
}

// FuzzConfig reads any bytes as a file of flags. What it takes are flags.
func FuzzConfig(f *testing.F) {
	for _, seed := range []string{"user: a\nprofiles:\n  lab:\n    server: x\n", "password: hunter2", "a: &x [b]\nuser: *x\n", "user: !!binary aGk=\n", "<<: {user: a}\n", "? [a]\n: b\n", "- 1", "server: https://a:hunter2@b"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		config, err := parseConfig("c.yaml", text, someFlags)
		if err != nil {
			return
		}
		for name, setting := range config.settings {
			if setting.line < 1 || len(setting.values) == 0 || !slices.Contains(someFlags, name) {
				t.Errorf("got %s: %+v", name, setting)
			}
		}
	})
}
