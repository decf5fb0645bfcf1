package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"cucbulk/cupi"
)

// The limits from which these checks warn.
const (
	maxClockGap     = time.Minute
	certificateSoon = 30 * 24 * time.Hour
)

// connect checks that the server can be reached, and that it is the right one.
func (d *doctor) connect(ctx context.Context) *cupi.Client {
	client, err := cupi.New(d.Config)
	if err != nil {
		d.fail("connection", err.Error(), "mend the address, the account or the flag that it names")
		return nil
	}
	if strings.HasPrefix(client.Server(), "http://") {
		d.ok("connection", "%s, plain http, which stays on this computer", client.Server())
		return client
	}
	began := time.Now()
	certificate, err := cupi.ExamineCertificate(ctx, d.Config)
	if err != nil {
		d.fail("connection", err.Error(), mendConnection)
		return nil
	}
	d.ok("connection", "%s speaks TLS, after %s", client.Server(), rounded(time.Since(began)))
	if !d.certificate(certificate) {
		return nil
	}
	return client
}

// certificate reports whether the server's identity is proven.
func (d *doctor) certificate(found cupi.Certificate) bool {
	names := slices.Clone(found.Leaf.DNSNames)
	for _, address := range found.Leaf.IPAddresses {
		names = append(names, address.String())
	}
	about := "for " + strings.Join(names, ", ")
	if len(names) == 0 {
		about = "names its host only as CN " + found.Leaf.Subject.CommonName
	}
	about += ", until " + found.Leaf.NotAfter.Format(time.DateOnly)
	left := time.Until(found.Leaf.NotAfter)
	switch {
	case found.Problem != nil && d.Config.Pin != "":
		d.fail("certificate", found.Problem.Error(), "if the server has a new key, ask its administrator, then give the "+
			"new --tls-pin; if not, somebody stands between")
		return false
	case found.Problem != nil:
		d.fail("certificate", about+": "+found.Problem.Error(),
			"give the certificate of its authority with --ca-file, or compare this pin with what the server's "+
				"administrator sees, and give --tls-pin "+found.Pin)
		return false
	case d.Config.Pin != "" && left < 0:
		d.warn("certificate", "the pinned key, and the certificate has expired: "+about,
			"renew it on the server; a pin holds as long as the key stays")
	case left < certificateSoon:
		d.warn("certificate", "it is trusted, and expires soon: "+about, "renew it on the server before the next run needs it")
	case d.Config.Pin != "":
		d.ok("certificate", "the pinned key; %s", about)
	default:
		d.ok("certificate", "trusted, %s", about)
	}
	return true
}

// signIn makes the first request, alone, and compares the clocks by its answer.
func (d *doctor) signIn(ctx context.Context, client *cupi.Client) bool {
	began := time.Now() // it is the first request, which waits for no rate
	answer, err := d.ask(ctx, client, cupi.OneUser())
	took := d.took
	if err != nil {
		d.fail("sign-in", err.Error(), mendSignIn(err))
		return false
	}
	about := fmt.Sprintf("as %s, who sees %d users", d.Config.User, answer.Page.Total)
	if version, err := d.ask(ctx, client, cupi.GetVersion()); err == nil && version.Object["version"] != "" {
		about += " of release " + version.Object["version"]
	}
	d.ok("sign-in", "%s", about)
	d.clock(answer.Date, began.Add(took/2))
	return true
}

// mendConnection is what to do when nothing that speaks CUPI is found at an address.
const mendConnection = "check the name, the port (443 or 8443) and the firewall between"

func mendSignIn(err error) string {
	var failure *cupi.Error
	if !errors.As(err, &failure) {
		return "type the command again"
	}
	switch {
	case failure.Kind == cupi.KindSignIn:
		return "check the account and its password, and on the server that the account is not locked and needs no new password"
	case failure.Status == http.StatusForbidden:
		return "give the account the role User Administrator on the server"
	case failure.Status == http.StatusServiceUnavailable:
		return "the server is too busy for a first request: look again in a quiet hour"
	case failure.Kind == cupi.KindRedirect, failure.Kind == cupi.KindWebPage, failure.Status == http.StatusNotFound:
		return "give the address of Unity Connection's publisher itself: something else answers at this one"
	case failure.Kind == cupi.KindNetwork && failure.Sent == cupi.NotSent:
		return mendConnection
	case failure.Kind == cupi.KindTimeout:
		return "look at the network between, or give a longer --timeout"
	}
	return "ask the server's administrator; its log has the request"
}

func (d *doctor) clock(server, here time.Time) {
	if server.IsZero() {
		d.warn("clock", "the server does not tell its time", "look at its clock yourself: it dates what a run creates")
		return
	}
	gap := server.Sub(here).Abs().Round(time.Second)
	if gap <= maxClockGap {
		d.ok("clock", "%s from the server's", gap)
		return
	}
	side := "behind"
	if server.Before(here) {
		side = "ahead of"
	}
	d.warn("clock", fmt.Sprintf("this computer is %s %s the server", gap, side),
		"set both by NTP: --window and --not-after go by this computer, what the server dates by its own")
}
