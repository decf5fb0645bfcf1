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

// How many requests tell how fast the server is, and how long one may take before that is said.
const (
	slowAnswer    = 5 * time.Second
	speedRequests = 5
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
		d.fail("tenant", "its users can't be listed: "+err.Error(),
			"give the account a role that may see them; the query is one of release 10.5(2) and later")
	case its["PartitionObjectId"] == "":
		d.warn("tenant", its["Alias"]+" shows no partition",
			"look on the server what is the tenant's: of templates, contacts and call handlers only the partition tells")
	default:
		d.ok("tenant", "%s, with %d users", its["Alias"], answer.Page.Total)
	}
	return its, true
}

// templates looks for the template, or for any: among those of the tenant, where there is one.
func (d *doctor) templates(ctx context.Context, client *cupi.Client, its cupi.Object) {
	all, err := d.all(ctx, client, cupi.UserTemplates)
	if err != nil {
		d.fail("template", err.Error(), "give the account a role that may read templates: User Administrator")
		return
	}
	var names []string
	found := false
	for _, template := range all {
		if of := template[cupi.TenantField]; its != nil && !strings.EqualFold(of, its["ObjectId"]) &&
			(of != "" || !strings.EqualFold(template["PartitionObjectId"], its["PartitionObjectId"])) {
			continue
		}
		names = append(names, template["Alias"])
		found = found || strings.EqualFold(template["Alias"], d.Template)
	}
	slices.Sort(names)
	switch list := strings.Join(names, ", "); {
	case len(names) == 0 && its != nil:
		d.fail("template", its["Alias"]+" has no user template",
			"make one on the server in the tenant's partition: what it makes is the tenant's")
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
