package plan

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"cucbulk/batch/send"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// LookAround asks, once before a run, for what the server can tell besides its users and may matter to
// the plans: how long a PIN must be, where it draws some for users who are there, how it is licensed,
// where rows make users, and who has their names on other clusters of its network. What a server does not
// tell is not checked, and ends nothing.
func (p *Prepared) LookAround(ctx context.Context, report func(validate.Problem)) error {
	p.checkRelease()
	if err := p.settlePINLength(ctx); err != nil {
		return err
	}
	if p.About.Mailbox == nil { // who has none takes no licence, and is not told of by other clusters
		p.Requests = p.Snapshot.requests
		return nil
	}
	if p.newUsers() > 0 {
		e := &send.Requester{Session: p.Session}
		err := p.Surroundings.checkLicences(ctx, e, p.newUsers())
		p.Snapshot.paid(e)
		if err != nil {
			return err
		}
	}
	err := p.checkElsewhere(ctx, p.Input.Placed(p.Header, report))
	p.Requests = p.Snapshot.requests
	return err
}

// CheckSurroundings asks the server whether it is the publisher, how it and the other one are, and what
// roles the account has, and after [Prepared.LookAround] how many licences are in use, for the next
// batch.Forecast. It sends six requests at most, all of them reading; what the server does not tell
// stays unchecked. A run asks for the state itself.
func (p *Prepared) CheckSurroundings(ctx context.Context) {
	e := &send.Requester{Session: p.Session}
	s := &p.Surroundings
	s.Unchecked = nil
	s.checkNode(ctx, e, p.Server.URL)
	s.checkRoles(ctx, e, p.Server.Account, p.Snapshot.ownID)
	if p.About.Mailbox != nil { // who has none takes no licence
		s.countLicences(ctx, e, p.newUsers())
	}
	if p.mayChange {
		p.Requests++ // a run asks for the state too
	}
}

// matchReleases tells from which release on a server finds users by a column.
var matchReleases = []struct {
	column  string
	release []int
	text    string
}{
	{"EmailAddress", []int{11, 5}, "11.5(1)"}, // CUPI User API, Listing the Users
}

// checkRelease warns where the server is of an earlier one.
func (p *Prepared) checkRelease() {
	version := p.Identity.Version
	for _, one := range matchReleases {
		if p.Match != one.column {
			continue
		}
		what := "finding users by --match " + one.column
		switch earlier, known := isBefore(version, one.release); {
		case !known:
			p.Snapshot.noteUnchecked(fmt.Sprintf("whether the server knows %s, which needs release %s: "+
				"it does not say which it is", what, one.text))
		case earlier:
			p.Surroundings.warn(codes.Release, "%s needs release %s, and the server is of release %s", what, one.text, version)
		}
	}
}

// isBefore compares 10.5.2.11900-3 with a release, as far as that goes.
func isBefore(version string, release []int) (before, known bool) {
	parts := strings.Split(version, ".")
	for i, want := range release {
		if i == len(parts) {
			return false, false
		}
		have, err := strconv.Atoi(parts[i])
		if err != nil {
			return false, false
		}
		if have != want {
			return have < want, true
		}
	}
	return false, true
}
