package plan

import (
	"context"

	"cucbulk/batch/model"
	"cucbulk/batch/send"
)

// listNeeds are the distribution lists of which rows must know who is in them. Each is read once a run, for all rows.
type listNeeds struct {
	named map[string]bool // ObjectIds
	all   bool            // a row hands over places in lists
}

// add notes the lists of which a plan must know.
func (n *listNeeds) add(p Plan) {
	for _, step := range p.Steps {
		switch {
		case step.Kind == p.About.SuccessorLists:
			n.all = true
		case step.Kind.Shape == model.Memberships && !p.Operation.MakesUsers():
			for _, item := range step.Kind.Items(step.Wanted) {
				n.named[item["DistributionListObjectId"]] = true
			}
		}
	}
}

// learnLists asks which distribution lists there are.
func (d *knownParts) learnLists(ctx context.Context, session *send.Session) error {
	e := &send.Requester{Session: session, Beyond: true}
	defer d.paid(e)
	return d.Memberships.Learn(ctx, e, d.About.AreLists())
}
