package cupi

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Each answer of a hostile server is refused for a reason that names the bound.
func TestHostileAnswersAreRefused(t *testing.T) {
	t.Parallel()
	repeated := func(before, text string, times int, after string) string {
		return before + strings.Repeat(text, times) + after
	}
	for _, test := range []struct{ name, body, want string }{
		{"wrappers in wrappers", repeated("", `{"Users":`, 100_000, ""), "more than 64 deep"},
		{"arrays in a field", repeated(`{"User":{"a":`, `[`, 100_000, ""), "more than 64 deep"},
		{"objects in a field", repeated(`{"User":{"a":`, `{"a":`, 100_000, ""), "more than 64 deep"},
		{"a wrapper in the wrapper", `{"Users":{"Users":{"User":{"Alias":"a"}}}}`, `"Users" where User was expected`},
		{"XML in XML", repeated(`<Users>`, `<a>`, 100_000, ""), "more than 64 deep"},
		{"XML in a field", repeated(`<Users><User><a>`, `<a>`, 100_000, ""), "more than 64 deep"},
		{"many elements", repeated(`{"@total":"1","User":[{}`, `,{}`, 100_000, `]}`), "more than 20000 elements"},
		{"many XML elements", repeated(`<Users total="1">`, `<User/>`, 100_000, `</Users>`), "more than 20000 elements"},
		{"many fields", repeated(`{"@total":"1","User":{"a":"b"`, `,"c":"d"`, 2000, `}}`), "more than 1000 fields"},
		{"many fields beside the list", repeated(`{"a":"b"`, `,"c":"d"`, 2000, `}`), "more than 1000 fields"},
		{"many XML fields", repeated(`<Users total="1"><User>`, `<a/>`, 2000, `</User></Users>`), "more than 1000 fields"},
		{"fat elements", repeated(`{"@total":"1","User":[{}`, `,{"a":"`+strings.Repeat("x", 10_000)+`"}`, 3000, `]}`), "16 MiB of fields"},
		{"a long value", repeated(`{"User":{"a":"`, `x`, 5<<20, `"}}`), "a value of more than 4 MiB"},
		{"a long name", repeated(`{"User":{"`, `x`, 5<<20, `":"a"}}`), "a value of more than 4 MiB"},
		{"a long XML value", repeated(`<Users><User><a>`, `x`, 5<<20, `</a></User></Users>`), "a value of more than 4 MiB"},
		{"a long XML value in pieces", repeated(`<Users><User><a>`, `xxxxxxxx<!-- -->`, 1<<20, `</a></User></Users>`), "a value of more than 4 MiB"},
		{"many attributes", repeated(`<Users`, ` a="b"`, 1<<20, `><User/></Users>`), "a value of more than 4 MiB"},
		{"a total that is no number of anything", `{"@total":"4611686018427387904"}`, "more than 500000 elements"},
		{"a total that no integer holds", `{"@total":"46116860184273879040"}`, "more than 500000 elements"},
		{"a total below any", `{"@total":"-46116860184273879040"}`, "no count"},
		{"a total with a fraction", `{"@total":1.5}`, "no count"},
		{"a total that is an object", `{"@total":{"a":1}}`, "no count"},
		{"an XML total", `<Users total="4611686018427387904"/>`, "more than 500000 elements"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			page, err := decodePage("", []byte(test.body), "Users", "User")
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %d elements of %d and error %.200v, want an error with %q", len(page.Items), page.Total, err, test.want)
			}
		})
	}
}

// A body that broke off is another thing than one that is no document: only the first
// is worth another attempt.
func TestOnlyACutBodyIsCut(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]Kind{
		`{"@total":"2","User":[{"ObjectId":"1"},`:              KindCut,
		`{"@total":"2","User":[{"ObjectId":"1"}`:               KindCut,
		`{"@total":"2","User":[{"Obj`:                          KindCut,
		`<Users total="2"><User><ObjectId>1</ObjectId>`:        KindCut,
		`<Users total="2"><User><Obj`:                          KindCut,
		``:                                                     KindCut,
		`{"@total":"many"}`:                                    KindAnswer,
		`{"@total":"1","User":{"ObjectId":"1""Alias":"a"}}`:    KindAnswer,
		`{"User":[` + strings.Repeat(`{},`, 30_000):            KindAnswer,
		`<Users total="1"><User><ObjectId></User></Users>`:     KindAnswer,
		`{"Cos":{"ObjectId":"1"}}`:                             KindAnswer,
		"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae":     KindAnswer, // gzip, which was not asked for
		strings.Repeat(`{"Users":`, 1<<20):                     KindAnswer,
		`{"User":{"a":"` + strings.Repeat("x", 5<<20) + `"`:    KindAnswer,
		`{"User":[` + strings.Repeat(`{"a":1},`, 3<<20) + `]}`: KindAnswer,
	} {
		client, _ := setup(t, reply(200, "", body))
		if got := failure(t, client, t.Context(), List(Users, Query{}, 1, 100)); got.Kind != want {
			t.Errorf("%.60q: got %s (%v), want %s", body, got.Kind, got, want)
		}
	}
}

// Whatever comes before the body and around it is bounded too.
func TestHostileHeadersAreRefused(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"a long header": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Long", strings.Repeat("x", 1<<20))
		},
		"interim answers without end": func(w http.ResponseWriter, r *http.Request) {
			connection, buffer, _ := http.NewResponseController(w).Hijack()
			defer connection.Close()
			for {
				if _, err := io.WriteString(buffer, "HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n"); err != nil {
					return
				}
			}
		},
	} {
		client, _ := setup(t, handler)
		if got := failure(t, client, t.Context(), GetUser("1")); got.Kind != KindNetwork {
			t.Errorf("%s: got %s: %v", name, got.Kind, got)
		}
	}
	client, _ := setup(t, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			io.WriteString(w, " ")
			http.NewResponseController(w).Flush()
			time.Sleep(time.Millisecond)
		}
	}, func(c *Config) { c.Timeout = 50 * time.Millisecond })
	if got := failure(t, client, t.Context(), GetUser("1")); got.Kind != KindTimeout {
		t.Errorf("a body without end: got %s: %v", got.Kind, got)
	}
}

// Error bodies are read as far as people read them, however they nest.
func TestHostileErrorBodies(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"errors":`, `[`, `<errors>`, `<ErrorDetails><errors><code>a</code></errors>`, `{"errors":[{"code":"a"},`, `<html><!-- `, `<script>`} {
		body := strings.Repeat(text, (8<<20)/len(text))
		client, _ := setup(t, reply(400, "", body))
		got := failure(t, client, t.Context(), GetUser("1"))
		if got.Kind != KindStatus || got.Status != 400 || len(got.Error()) > 4*maxMessage {
			t.Errorf("%q: got %s, %d, and %d bytes", text, got.Kind, got.Status, len(got.Error()))
		}
	}
}

// Several answers as large as the bounds allow, at the same time, in little memory.
// This test does not run beside others, because it measures the whole process.
func TestMemoryOfLargeAnswers(t *testing.T) {
	for _, part := range []string{`{"ObjectId":"x","Alias":"y"},`, `{"a":{"b":[1,2,3,{}]}},`, strings.Repeat(`{"a":"`, 1) + strings.Repeat("x", 3<<20) + `"},`} {
		client, _ := setup(t, func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"@total":"5","User":[`)
			for sent := 0; sent < 40<<20; sent += len(part) {
				if _, err := io.WriteString(w, part); err != nil {
					return
				}
			}
		}, workers(5))
		ended := make(chan bool)
		for range 5 {
			go func() {
				_, err := client.Do(t.Context(), List(Users, Query{}, 1, 100))
				ended <- err != nil
			}()
		}
		most, left := uint64(0), 5
		for left > 0 {
			select {
			case failed := <-ended:
				if left--; !failed {
					t.Error("an answer without end was taken")
				}
			case <-time.After(5 * time.Millisecond):
				var memory runtime.MemStats
				runtime.ReadMemStats(&memory)
				most = max(most, memory.HeapInuse)
			}
		}
		t.Logf("%.20s: %d MiB at most", part, most>>20)
		if most > 200<<20 {
			t.Errorf("%.20s: %d MiB at most, want 200", part, most>>20)
		}
	}
}
