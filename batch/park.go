package batch

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cucbulk/cupi"
)

// stepPark is the step that moves a user to a temporary extension, when rows of a
// file swap their extensions or hand them round in a circle.
const stepPark = "park"

// The form of a temporary extension.
const (
	temporaryPrefix = "99999"
	temporaryDigits = 20
)

// park does that step for a row, and tells the row's own plan what came of it: its job goes
// on with the row, and ends it.
func (e *engine) park(ctx, starting context.Context, plan *Plan, directory *directory, stand *stand) outcome {
	stand.goOn()
	defer stand.rest()
	if plan.before.parked() { // by an earlier start of the run
		return outcome{result: e.rowWork(starting, *plan, directory, stand).cutOff(), open: true}
	}
	r := e.rowWork(starting, *plan, directory, stand)
	err := r.begin(ctx)
	if err == nil && !r.past.parked() {
		err = r.do(ctx, plan.Steps[0])
	}
	*plan = r.sofar()
	o := outcome{result: r.cutOff(), open: true, again: errors.Is(err, errNotBegun)}
	if err != nil && !o.again && !errors.As(err, &plan.unmoved) {
		o.stop = asStop(err)
	}
	return o
}

// park lets a row move its user to a temporary extension first.
func (p *Plan) park(temporary string) {
	p.Steps = slices.Insert(slices.Clone(p.Steps), 0, Step{stepPark, cupi.Object{"DtmfAccessId": temporary}})
}

// imagineParked lets the user show its temporary extension to what is foretold of the other
// steps.
func (r *rowWork) imagineParked(extension cupi.Object) {
	for _, user := range []*cupi.Object{&r.target, &r.present} {
		if *user != nil {
			*user = maps.Clone(*user)
			maps.Copy(*user, extension)
		}
	}
}

// parked reports whether this run moved the user to a temporary extension.
func (p past) parked() bool {
	return slices.ContainsFunc(p.made, func(c doneChange) bool { return c.Step == stepPark && !c.earlier })
}

// temporary says that the user was left with a temporary extension, or may have been where
// a request in doubt takes it away again; "" if it was not.
func (p past) temporary() string {
	extension, before := p.leftWith()
	switch {
	case extension == "":
		return ""
	case p.open != nil && p.open.movesExtension():
		return fmt.Sprintf("the user may still have the temporary extension %s, in place of %s", extension, before)
	}
	return fmt.Sprintf("the user has the temporary extension %s, in place of %s", extension, before)
}

// leftWith gives the temporary extension with which the changes that were made left the
// user, and the one from before; "" if they left none.
func (p past) leftWith() (extension, before string) {
	for _, c := range p.made {
		switch {
		case c.Step == stepPark && !c.earlier:
			extension, before = c.intent.Fields["DtmfAccessId"], c.intent.Before["DtmfAccessId"]
		case c.movesExtension():
			extension, before = "", ""
		}
	}
	return extension, before
}

// movesExtension reports whether the change writes the user's own extension.
func (c doneChange) movesExtension() bool {
	_, wrote := c.intent.Fields["DtmfAccessId"]
	return wrote && kindOf(c.Step).shape == wholeUser
}

// backTo says of a rollback's row that its user has the temporary extension of the run again,
// "" if it has not.
func (p past) backTo() string {
	text := ""
	for _, c := range p.made {
		extension, wrote := c.intent.Fields["DtmfAccessId"]
		if wrote && kindOf(c.Step).shape == wholeUser {
			text = ""
			if len(extension) == temporaryDigits && strings.HasPrefix(extension, temporaryPrefix) {
				text = "the user has the temporary extension " + extension
			}
		}
	}
	return text
}

// temporaryExtension is an extension that nobody has, for a user with this ObjectId: 20
// digits, of which 15 are as good as drawn at random. A dry run shows the one that the
// run gives.
func temporaryExtension(objectID string) string {
	sum := sha256.Sum256([]byte(objectID))
	return fmt.Sprintf(temporaryPrefix+"%015d", binary.BigEndian.Uint64(sum[:])%1_000_000_000_000_000)
}
