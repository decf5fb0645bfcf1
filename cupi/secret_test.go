package cupi

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// What is no secret stays, and what is one goes, however it is spelled.
func TestSecretsAreTakenOutOfTexts(t *testing.T) {
	t.Parallel()
	s := newSecrets()
	for _, secret := range []string{"739164", "4711", "correct-horse", `a"b<c`, "two  words", "p+q%41", `odd"1\/2+ü%w&`} {
		s.add(secret)
	}
	for text, want := range map[string]string{
		"nothing":                                "nothing",
		"":                                       "",
		`{"Credentials":"739164"}`:               `{"Credentials":"…"}`,
		"PIN 4711, extension 47110":              "PIN …, extension 47110",
		"4711":                                   "…",
		"id 1c4711aa-0000":                       "id 1c…aa-0000",
		"extension 14711 and 4711.":              "extension 14711 and ….",
		"x739164y 00739164":                      "x…y 00…",
		"CORRECT-HORSE":                          "…",
		"%37%33%39164 &#55;39164":                "… …",
		"&#x37;39164":                            "…",
		`\u0037\x339164`:                         "…",
		"a&quot;b&lt;c":                          "…",
		`a\"b\u003cc`:                            "…",
		`a\\\"b<c`:                               "…",
		"a%2522b%253cc":                          "…",
		"two words":                              "…",
		"two%20%20words two++words":              "… …",
		"p%2Bq%2541 p+q%41":                      "… …",
		"739164739164":                           "…",
		"739164 739164":                          "… …",
		"caf\xff 739164 é739164é":                "caf\xff … é…é",
		hex.EncodeToString([]byte("PIN=739164")): "…",
		"(" + base64.StdEncoding.EncodeToString([]byte("admin:correct-horse")): "(…",
		base64.URLEncoding.EncodeToString([]byte(`{"a":"\u0037\u00339164"}`)):  "…",
		url.QueryEscape(base64.StdEncoding.EncodeToString([]byte("4711"))):     "…",
		`odd&quot;1\/2+ü%w&amp; odd\"1\\/2+\u00fc%w&`:                          "… …",
		`odd%221\/2+%c3%bc%w&amp; ` + `odd\&quot;1\\/2+&uuml;%w&amp;amp;`:      "… …",
		"PIN 73\u200b91\x0064":                            "PIN …",
		"370033003900310036003400":                        "…",
		"MAA3ADMAOQAxADYANAA=":                            "…",
		"42a9ab40-490d-4819-9bfb-8ddce4f430ff is no user": "42a9ab40-490d-4819-9bfb-8ddce4f430ff is no user",
		"Invalid extension 4712; DtmfAccessId 73916":      "Invalid extension 4712; DtmfAccessId 73916",
	} {
		if got := s.clean(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// A server may repeat what an earlier request sent, and what another process did.
func TestServerThatRepeatsEarlierSecrets(t *testing.T) {
	t.Parallel()
	client, _ := setup(t, reply(400, "application/json", `{"errors":{"code":"A","message":"as for {\"Credentials\":\"739164\"} and 28461937: not s3cret!"}}`))
	put := func(pin string) string {
		return failure(t, client, context.Background(), Request{Method: "PUT", Path: "/vmrest/users/1/credential/pin", Root: "Credential", Fields: Object{"Credentials": pin}}).Error()
	}
	put("739164")
	client.Hide("28461937")
	for range 2 {
		got := put("1")
		if strings.Contains(got, "739164") || strings.Contains(got, "28461937") || strings.Contains(got, "s3cret") || strings.Count(got, "…") != 3 {
			t.Errorf("got %s", got)
		}
	}
}

func BenchmarkClean(b *testing.B) {
	s := newSecrets()
	for i := range 100_000 {
		s.add(fmt.Sprint(1000+i, i%7))
	}
	s.add("correct-horse-battery")
	text := strings.Repeat("The extension x is in use by another object of this server; ", 30)
	for b.Loop() {
		s.clean(text)
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a%37&#3;\\u00", "7")
	f.Add("NzM5MTY0", "739164")
	f.Add("\xff\xfe+ +", "+")
	f.Fuzz(func(t *testing.T, text, secret string) {
		s := newSecrets()
		s.add(secret)
		s.clean(text)
		form := strings.Trim(string(plainly(asItIs(secret)).form), " ")
		if got := s.clean("(" + secret + ")"); form != "" && len(secret) > shortest && strings.Contains(got, secret) {
			t.Errorf("%q is still in %q", secret, got)
		}
	})
}
