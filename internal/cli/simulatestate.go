package cli

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cucbulk/cupi/cupitest"
)

// load fills a simulator from the state file, and reports whether it was there.
func (o simulateOptions) load(simulator *cupitest.Server) (bool, error) {
	if o.state == "" {
		return false, nil
	}
	file, err := os.Open(o.state)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("--state: %w", err)
	}
	defer file.Close()
	if err := simulator.Load(file); err != nil {
		return false, fmt.Errorf("--state %s: %w", o.state, err)
	}
	return true, nil
}

// save puts a simulator's state into the state file, whole or not at all.
func (o simulateOptions) save(simulator *cupitest.Server) error {
	if o.state == "" {
		return nil
	}
	file, err := os.CreateTemp(filepath.Dir(o.state), "."+filepath.Base(o.state)+".*")
	if err != nil {
		return fmt.Errorf("--state: %w", err)
	}
	err = errors.Join(simulator.Save(file), file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), o.state)
	}
	if err != nil {
		return fmt.Errorf("--state %s was not saved: %w", o.state, errors.Join(err, os.Remove(file.Name())))
	}
	return nil
}

// certificateLife is how long the simulator's certificate is valid.
const certificateLife = 30 * 24 * time.Hour

// makeCertificate makes a certificate that signs itself, and the pin of its key.
func makeCertificate(host string, now time.Time) (tls.Certificate, string, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, "", fmt.Errorf("the certificate can't be made: %w", err)
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "cucbulk simulator"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateLife),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, DNSNames: []string{"localhost"},
	}
	if address := net.ParseIP(host); address != nil {
		template.IPAddresses = []net.IP{address}
	} else if host != "" {
		template.DNSNames = append(template.DNSNames, host)
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, "", fmt.Errorf("the certificate can't be made: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, "", fmt.Errorf("the certificate can't be made: %w", err)
	}
	sum := sha256.Sum256(certificate.RawSubjectPublicKeyInfo)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, "sha256//" + base64.StdEncoding.EncodeToString(sum[:]), nil
}

// sortedKeys are the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
