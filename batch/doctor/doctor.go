// Package doctor looks at all that a run needs, before the night: the connection and its
// certificate, the account and its roles, the clocks, the node, the template, how fast the
// server answers, other runs, and the disk. It changes nothing. Each check is a finding with
// what to do about it.
package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"cucbulk/batch/lock"
	"cucbulk/cupi"
)

// Level says how a check of [Examine] ended.
type Level string

// The levels: a run would work, it would work but something should be mended, it
// would not work.
const (
	LevelOK   Level = "ok"
	LevelWarn Level = "warn"
	LevelFail Level = "fail"
)

// Finding is what one check found.
type Finding struct {
	Check string `json:"check"`
	Level Level  `json:"level"`
	Found string `json:"found"`
	Mend  string `json:"mend,omitempty"` // what to do about it; empty with LevelOK
}

// Examination says what to look at.
type Examination struct {
	Config   cupi.Config
	Template string  // the template that must be there; empty: any
	Tenant   string  // the tenant to which a run will be narrowed; empty: to none
	Runs     string  // the folder in which runs will leave their folders
	Rate     float64 // requests a second at most; 0: as they come
}

// The limits from which a check warns.
const (
	maxClockGap     = time.Minute
	certificateSoon = 30 * 24 * time.Hour
	evaluationSoon  = 30 // days
	slowAnswer      = 5 * time.Second
	speedRequests   = 5
)

// Examine looks at everything that a run needs, changes nothing on the server, and
// hands each finding to report as it comes. A failed check ends those that build on
// it. It signs in once.
func Examine(ctx context.Context, x Examination, report func(Finding)) {
	d := &doctor{Examination: x, report: report}
	if client := d.connect(ctx); client != nil {
		defer client.Close()
		if d.signIn(ctx, client) {
			d.role(ctx, client)
			d.node(ctx, client)
			d.licences(ctx, client)
			d.network(ctx, client)
			if its, there := d.tenants(ctx, client); there {
				d.templates(ctx, client, its)
			}
			d.speed(ctx, client)
		}
		d.otherRuns(client.Server())
	}
	d.disk()
}

type doctor struct {
	Examination
	report func(Finding)
	took   time.Duration // by the last request; 0: there was none
}

// ask sends the next request, when the rate allows it.
func (d *doctor) ask(ctx context.Context, client *cupi.Client, request cupi.Request) (cupi.Answer, error) {
	if d.took > 0 && d.Rate > 0 {
		select {
		case <-time.After(time.Duration(float64(time.Second) / d.Rate)):
		case <-ctx.Done():
			return cupi.Answer{}, ctx.Err()
		}
	}
	began := time.Now()
	answer, err := client.Do(ctx, request)
	d.took = max(time.Since(began), 1)
	return answer, err
}

func (d *doctor) ok(check, format string, values ...any) {
	d.report(Finding{Check: check, Level: LevelOK, Found: fmt.Sprintf(format, values...)})
}

func (d *doctor) warn(check, found, mend string) {
	d.report(Finding{check, LevelWarn, found, mend})
}

func (d *doctor) fail(check, found, mend string) {
	d.report(Finding{check, LevelFail, found, mend})
}

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

// tenants finds the tenant, with what is its own.
func (d *doctor) tenants(ctx context.Context, client *cupi.Client) (its cupi.Object, there bool) {
	if d.Tenant == "" {
		return nil, true
	}
	queries := append([]cupi.Query{{}}, cupi.Lookups(cupi.Tenants.NameField, d.Tenant)...)
	var names []string
	for _, query := range queries { // a page shows nearly all servers' tenants
		answer, err := d.ask(ctx, client, cupi.List(cupi.Tenants, query, 1, 100))
		if err != nil {
			d.fail("tenant", err.Error(), "give the account a role that may see tenants, or leave --tenant out")
			return nil, false
		}
		for _, tenant := range answer.Page.Items {
			if strings.EqualFold(strings.TrimSpace(tenant["Alias"]), strings.TrimSpace(d.Tenant)) {
				its = tenant
			}
			if query == (cupi.Query{}) {
				names = append(names, tenant["Alias"])
			}
		}
		if its != nil || len(answer.Page.Items) >= answer.Page.Total {
			break
		}
	}
	slices.Sort(names)
	switch {
	case its == nil && len(names) == 0:
		d.fail("tenant", "the server shows no tenants", "leave --tenant out, or give the account a role that may see them")
		return nil, false
	case its == nil:
		d.fail("tenant", fmt.Sprintf("there is no %s", d.Tenant), "give --tenant with one of "+strings.Join(names, ", "))
		return nil, false
	}
	switch answer, err := d.ask(ctx, client, cupi.List(cupi.Users, cupi.OfTenant(cupi.Users, its["ObjectId"]), 1, 1)); {
	case err != nil:
		d.fail("tenant", "its users can't be listed: "+err.Error(), "give the account a role that may see them; the query is one of release 10.5(2) and later")
	case its["PartitionObjectId"] == "":
		d.warn("tenant", its["Alias"]+" shows no partition", "look on the server what is the tenant's: of templates, contacts and call handlers only the partition tells")
	default:
		d.ok("tenant", "%s, with %d users", its["Alias"], answer.Page.Total)
	}
	return its, true
}

// templates looks for the template, or for any: among those of the tenant, where there is one.
func (d *doctor) templates(ctx context.Context, client *cupi.Client, its cupi.Object) {
	answer, err := d.ask(ctx, client, cupi.List(cupi.UserTemplates, cupi.Query{}, 1, 100))
	if err != nil {
		d.fail("template", err.Error(), "give the account a role that may read templates: User Administrator")
		return
	}
	var names []string
	found := false
	for _, template := range answer.Page.Items {
		if of := template[cupi.TenantField]; its != nil && !strings.EqualFold(of, its["ObjectId"]) && (of != "" || !strings.EqualFold(template["PartitionObjectId"], its["PartitionObjectId"])) {
			continue
		}
		names = append(names, template["Alias"])
		found = found || strings.EqualFold(template["Alias"], d.Template)
	}
	slices.Sort(names)
	switch list := strings.Join(names, ", "); {
	case len(names) == 0 && its != nil:
		d.fail("template", its["Alias"]+" has no user template", "make one on the server in the tenant's partition: what it makes is the tenant's")
	case len(names) == 0:
		d.fail("template", "the server shows no user template", "make one on the server, or give the account a role that may read them")
	case d.Template == "":
		d.ok("template", "there are %s", list)
	case !found:
		d.fail("template", fmt.Sprintf("there is no %s", d.Template), "give --template with one of "+list)
	default:
		d.ok("template", "%s is there", d.Template)
	}
}

// speed sends a few requests, one after the other.
func (d *doctor) speed(ctx context.Context, client *cupi.Client) {
	var took []time.Duration
	busy := 0
	for range speedRequests {
		_, err := d.ask(ctx, client, cupi.OneUser())
		var failure *cupi.Error
		switch {
		case errors.As(err, &failure) && failure.Status == http.StatusServiceUnavailable:
			busy++
		case err != nil:
			d.fail("speed", err.Error(), "look at the network between; a run waits for --max-outage and then stops")
			return
		default:
			took = append(took, d.took)
		}
	}
	slices.Sort(took)
	const quiet = "run in a quiet hour (--window), with fewer --workers"
	switch {
	case len(took) == 0:
		d.fail("speed", fmt.Sprintf("the server was too busy for %d requests of %d (503)", busy, speedRequests), quiet)
	case busy > 0:
		d.warn("speed", fmt.Sprintf("the server was too busy for %d requests of %d (503); the others took %s", busy,
			speedRequests, rounded(took[len(took)/2])), quiet)
	case took[len(took)/2] > slowAnswer:
		d.warn("speed", fmt.Sprintf("a request takes %s", rounded(took[len(took)/2])), quiet)
	default:
		d.ok("speed", "%d requests took %s each, at most %s", len(took), rounded(took[len(took)/2]), rounded(took[len(took)-1]))
	}
}

// otherRuns looks whether a run on this computer has the server.
func (d *doctor) otherRuns(server string) {
	taken, err := lock.Take(server, "cucbulk doctor", d.Config.User)
	if err != nil {
		d.warn("other runs", err.Error(), "a run would be refused until then")
		return
	}
	taken.Release()
	d.ok("other runs", "none on this computer has the server")
}

// rounded is a duration as people say it.
func rounded(d time.Duration) time.Duration {
	if d < 10*time.Millisecond {
		return d.Round(100 * time.Microsecond)
	}
	if d < time.Second {
		return d.Round(time.Millisecond)
	}
	return d.Round(100 * time.Millisecond)
}
