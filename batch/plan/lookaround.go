package plan

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"cucbulk/batch/send"
	"cucbulk/batch/site"
	"cucbulk/cupi"
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
		if err := p.checkLicences(ctx); err != nil {
			return err
		}
	}
	err := p.checkElsewhere(ctx, p.Input.Placed(p.Header, report))
	p.Requests = p.Snapshot.requests
	return err
}

// newUsers is how many the plans make.
func (p *Prepared) newUsers() int {
	users := 0
	for operation, rows := range p.Planned {
		if operation.MakesUsers() {
			users += rows
		}
	}
	return users
}

// LicencesForecast is how the server is licensed, and what the file adds to that.
type LicencesForecast struct {
	site.Licences
	Adds int `json:"adds"` // users that a run makes, each of whom takes a licence
}

// checkLicences asks whether the licences of the server are in order. A server that does not say is
// asked by a dry run how many are in use: see countLicences.
func (p *Prepared) checkLicences(ctx context.Context) (err error) {
	e := &send.Requester{Session: p.Session}
	found, untold := site.AskLicenceDetails(askOnce(ctx, e, &err))
	p.Snapshot.requests += e.Requests
	if err != nil || untold != "" {
		return err
	}
	found = found.Cleaned(p.Server.Client.Clean)
	p.Licences = &LicencesForecast{found, p.newUsers()}
	if found.Problem != "" {
		p.warn(codes.Licences, "the licences of the server are not in order, and it may refuse to make users: %s", found.Problem)
	}
	return nil
}

// countLicences finds out how many licences are in use, where that is not known and matters.
func (p *Prepared) countLicences(ctx context.Context, e *send.Requester) {
	if p.newUsers() == 0 || p.About.Mailbox == nil {
		return
	}
	const ordered = ", and whether they are in order"
	if p.Licences == nil {
		var found site.Licences
		var ended error
		if untold := found.AskCounts(askOnce(ctx, e, &ended)); untold != "" {
			p.Unchecked = append(p.Unchecked, uncheckedLicences+ordered+": "+untold)
			return
		}
		p.Licences = &LicencesForecast{found.Cleaned(p.Server.Client.Clean), p.newUsers()}
	}
	unchecked := uncheckedLicences
	if p.Licences.Status == "" {
		unchecked += ordered
	}
	p.Unchecked = append(p.Unchecked, unchecked+": a server tells only how many are in use")
}

// askOnce asks once for what is good to know. ended is why nothing can be asked any more.
func askOnce(ctx context.Context, e *send.Requester, ended *error) func(cupi.Request) (cupi.Answer, error) {
	return func(request cupi.Request) (cupi.Answer, error) {
		answer, problem, err := e.ReadOnce(ctx, request)
		if *ended = err; err == nil && problem != nil {
			err = problem
		}
		return answer, err
	}
}

// warn notes what is no row's fault.
func (p *Prepared) warn(code codes.Code, format string, values ...any) {
	p.Surroundings = append(p.Surroundings, Warning{code, fmt.Sprintf(format, values...)})
}

// released tells from which release on a server can do what is asked for by a column of the file, or by
// the column by which rows find their users.
var released = []struct {
	match   bool
	column  string
	release []int
	text    string
}{
	{true, "EmailAddress", []int{11, 5}, "11.5(1)"}, // CUPI User API, Listing the Users
}

// checkRelease warns where the server is of an earlier one.
func (p *Prepared) checkRelease() {
	version := p.Identity.Version
	for _, one := range released {
		what := "the column " + one.column
		if _, asked := p.Header.Position(one.column); one.match {
			if what = "finding users by --match " + one.column; p.Match != one.column {
				continue
			}
		} else if !asked {
			continue
		}
		switch earlier, known := isBefore(version, one.release); {
		case !known:
			p.Snapshot.noteUnchecked(fmt.Sprintf("whether the server knows %s, which needs release %s: "+
				"it does not say which it is", what, one.text))
		case earlier:
			p.warn(codes.Release, "%s needs release %s, and the server is of release %s", what, one.text, version)
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
