package cupi

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// tlsServer serves a user over TLS and counts the requests that get through. A
// nil certificate is the one of httptest.
func tlsServer(t *testing.T, change func(*tls.Config)) (*httptest.Server, *atomic.Int32) {
	t.Helper()
	var requests atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		if r.ProtoMajor != 1 {
			t.Errorf("got %s, want HTTP/1.1", r.Proto)
		}
		reply(200, "application/json", `{"ObjectId":"1"}`)(w, r)
	}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{}
	if change != nil {
		change(server.TLS)
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server, &requests
}

// nameOnlyInCN makes a certificate as older servers have it.
func nameOnlyInCN(t *testing.T) tls.Certificate {
	t.Helper()
	return certified(t, func(c *x509.Certificate) {})
}

// certified makes a certificate that signs itself.
func certified(t *testing.T, change func(*x509.Certificate)) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	change(template)
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func pemOf(certificate *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw})
}

func TestTrust(t *testing.T) {
	t.Parallel()
	cn := nameOnlyInCN(t)
	onlyCN := func(c *tls.Config) { c.Certificates = []tls.Certificate{cn} }
	elsewhere := certified(t, func(c *x509.Certificate) { c.DNSNames = []string{"cuc2.example.com"} })
	stale := certified(t, func(c *x509.Certificate) {
		c.IPAddresses, c.NotAfter = []net.IP{net.IPv4(127, 0, 0, 1)}, time.Now().Add(-time.Minute)
	})
	ca := func(s *httptest.Server, c *Config) { c.CA = pemOf(s.Certificate()) }
	pin := func(s *httptest.Server, c *Config) { c.Pin = pinOf(s.Certificate()) }
	wrongPin := func(_ *httptest.Server, c *Config) { c.Pin = "sha256//" + strings.Repeat("A", 43) + "=" }
	tests := []struct {
		name   string
		server func(*tls.Config)
		client func(*httptest.Server, *Config)
		want   string // what the error says; "": it works
	}{
		{"a CA that is not known", nil, func(*httptest.Server, *Config) {}, "unknown authority"},
		{"the CA file", nil, ca, ""},
		{"the right pin", nil, pin, ""},
		{"a wrong pin", nil, wrongPin, "not the pinned one"},
		{"a wrong pin with the right CA", nil, func(s *httptest.Server, c *Config) { ca(s, c); wrongPin(s, c) }, "not the pinned one"},
		{"a name only in the CN, with its CA", onlyCN, ca, "certificate"},
		{"of another host, with its CA", func(c *tls.Config) { c.Certificates = []tls.Certificate{elsewhere} }, ca, "certificate"},
		{"out of date, with its CA", func(c *tls.Config) { c.Certificates = []tls.Certificate{stale} }, ca, "expired"},
		{"a name only in the CN, pinned", onlyCN, pin, ""},
		{"a name only in the CN, a wrong pin", onlyCN, wrongPin, "not the pinned one"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server, requests := tlsServer(t, test.server)
			client := connect(t, server.URL, func(c *Config) { test.client(server, c) })
			if test.want == "" {
				mustDo(t, client, GetUser(someID))
				return
			}
			got := failure(t, client, context.Background(), GetUser(someID))
			if got.Kind != KindCertificate || got.Sent != NotSent || !strings.Contains(got.Error(), test.want) || !strings.Contains(got.Error(), "pin") {
				t.Errorf("got %s, %s, %v; want a certificate error with %q", got.Kind, got.Sent, got, test.want)
			}
			if requests.Load() != 0 || client.SignIns() != 0 {
				t.Errorf("got %d requests and %d passwords sent to a server that is not trusted", requests.Load(), client.SignIns())
			}
		})
	}
}

func TestOldTLSIsRefused(t *testing.T) {
	t.Parallel()
	server, _ := tlsServer(t, func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 })
	client := connect(t, server.URL, func(c *Config) { c.CA = pemOf(server.Certificate()) })
	got := failure(t, client, context.Background(), GetUser(someID))
	if got.Kind != KindNetwork || got.Sent != NotSent || !strings.Contains(got.Error(), "version") {
		t.Errorf("got %s, %s, %v; want the protocol version refused", got.Kind, got.Sent, got)
	}
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	cn := nameOnlyInCN(t)
	server, _ := tlsServer(t, func(c *tls.Config) { c.Certificates = []tls.Certificate{cn} })
	pin, certificate, err := Fingerprint(context.Background(), server.URL)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := certificate.Subject.CommonName, "127.0.0.1"; got != want {
		t.Errorf("got the certificate of %q, want %q", got, want)
	}
	mustDo(t, connect(t, server.URL, func(c *Config) { c.Pin = pin }), GetUser(someID))

	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	stopped, stop := context.WithCancel(context.Background())
	stop()
	for name, test := range map[string]struct {
		ctx    context.Context
		server string
		want   string
	}{
		"plain http":      {context.Background(), plain.URL, "use https"},
		"no TLS":          {context.Background(), strings.Replace(plain.URL, "http", "https", 1), "TLS"},
		"no address":      {context.Background(), "", "no server"},
		"a context ended": {stopped, server.URL, "can't be reached"},
	} {
		if _, _, err := Fingerprint(test.ctx, test.server); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want an error with %q", name, err, test.want)
		}
	}
}

func TestNoProxyFromTheEnvironment(t *testing.T) {
	t.Parallel()
	client, err := New(Config{Server: "https://cuc1.example.com", User: "admin", Password: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	if client.transport.Proxy != nil {
		t.Error("requests, and the password with them, would go where HTTPS_PROXY says")
	}
}
