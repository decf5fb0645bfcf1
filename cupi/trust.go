package cupi

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// pinPrefix is how curl and others mark a SHA-256 of a public key.
const pinPrefix = "sha256//"

// PinError is a server whose public key is another than the pinned one.
type PinError struct{ Found string }

func (e *PinError) Error() string {
	return "the server's public key is " + e.Found + ", not the pinned one"
}

// tlsConfig builds the checks of the server's certificate. A pin replaces the
// chain and the host name: many of these servers have a certificate that names
// the host only in its CN, which no verifier accepts any more.
func tlsConfig(caPEM []byte, pin string) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if len(caPEM) > 0 {
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(caPEM) {
			return nil, errors.New("the CA file holds no certificate in PEM form")
		}
	}
	if pin == "" {
		return config, nil
	}
	sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(pin, pinPrefix))
	if !strings.HasPrefix(pin, pinPrefix) || err != nil || len(sum) != sha256.Size {
		return nil, errors.New("the pin is not of the form sha256//BASE64: take it from a fingerprint of the server")
	}
	config.InsecureSkipVerify = true // VerifyConnection decides instead, also when a session is resumed
	config.VerifyConnection = func(state tls.ConnectionState) error {
		if found := pinOf(state.PeerCertificates[0]); found != pin {
			return &PinError{found}
		}
		return nil
	}
	return config, nil
}

// pinOf is the pin of a certificate: it survives a renewal that keeps the key.
func pinOf(certificate *x509.Certificate) string {
	sum := sha256.Sum256(certificate.RawSubjectPublicKeyInfo)
	return pinPrefix + base64.StdEncoding.EncodeToString(sum[:])
}

// isCertificateError tells whether a connection failed because the server's
// identity was not proven.
func isCertificateError(err error) bool {
	var pin *PinError
	var verification *tls.CertificateVerificationError
	return errors.As(err, &pin) || errors.As(err, &verification)
}

// Fingerprint connects to a server without verifying it and returns the pin of
// its public key, for [Config].Pin, and its certificate. The pin is worth what
// the network was worth at that moment: compare it with what the server's
// administrator sees.
func Fingerprint(ctx context.Context, server string) (pin string, cert *x509.Certificate, err error) {
	address, err := parseServer(server)
	if err != nil {
		return "", nil, err
	}
	if address.Scheme != "https" {
		return "", nil, errors.New("a server over plain http has no certificate: use https")
	}
	chain, err := handshake(ctx, address)
	if err != nil {
		return "", nil, err
	}
	return pinOf(chain[0]), chain[0], nil
}

// Certificate is what a server shows for its identity.
type Certificate struct {
	Leaf    *x509.Certificate
	Pin     string // of its public key
	Problem error  // why a client with the same configuration does not trust it; nil if it does
}

// ExamineCertificate connects to a server without signing in, and tells whether the
// configuration trusts it. The error is about the connection.
func ExamineCertificate(ctx context.Context, config Config) (Certificate, error) {
	address, err := parseServer(config.Server)
	if err != nil {
		return Certificate{}, err
	}
	trust, err := tlsConfig(config.CA, config.Pin)
	if err != nil {
		return Certificate{}, err
	}
	chain, err := handshake(ctx, address)
	if err != nil {
		return Certificate{}, err
	}
	found := Certificate{Leaf: chain[0], Pin: pinOf(chain[0])}
	if config.Pin != "" {
		found.Problem = trust.VerifyConnection(tls.ConnectionState{PeerCertificates: chain})
		return found, nil
	}
	between := x509.NewCertPool()
	for _, certificate := range chain[1:] {
		between.AddCert(certificate)
	}
	_, found.Problem = chain[0].Verify(x509.VerifyOptions{DNSName: address.Hostname(), Roots: trust.RootCAs, Intermediates: between})
	return found, nil
}

// handshake connects without verifying, and gives the certificates that the server
// shows. Nothing is sent over the connection.
func handshake(ctx context.Context, server *url.URL) ([]*x509.Certificate, error) {
	port := server.Port()
	if port == "" {
		port = "443"
	}
	var dialer net.Dialer
	raw, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(server.Hostname(), port))
	if err != nil {
		return nil, fmt.Errorf("the server can't be reached: %w", err)
	}
	connection := tls.Client(raw, &tls.Config{MinVersion: tls.VersionTLS12, ServerName: server.Hostname(), InsecureSkipVerify: true})
	defer connection.Close()
	if err := connection.HandshakeContext(ctx); err != nil {
		return nil, fmt.Errorf("the server does not speak TLS 1.2 or newer on this port: %w", err)
	}
	return connection.ConnectionState().PeerCertificates, nil
}
