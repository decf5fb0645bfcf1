package plan

import (
	"context"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// What a template gives to each new one, and a row names whole, the run finds at the new one and takes away where the row
// does not name it. The forecast goes by what the template has.

// givenParts are of which templates, by folded alias, it must be known what they give of a kind.
type givenParts map[string]map[*model.StepKind]bool

// add notes what a plan must know.
func (n givenParts) add(p Plan) {
	for _, step := range p.Steps {
		if step.Kind.FromTemplate == nil || !p.Operation.MakesUsers() || p.Before.Created() != "" {
			continue
		}
		template := model.Fold(p.Template)
		if n[template] == nil {
			n[template] = map[*model.StepKind]bool{}
		}
		n[template][step.Kind] = true
	}
}

// learnGiven reads what templates give that is not known yet. It reports whether it asked. What a server does not tell is none.
func (d *Snapshot) learnGiven(ctx context.Context, session *send.Session, parts givenParts) (asked bool, err error) {
	e := &send.Requester{Session: session, Optional: true}
	defer d.paid(e)
	for template, kinds := range parts {
		id := d.Template[template]["ObjectId"]
		for kind := range kinds {
			if id == "" {
				continue
			}
			from := kind.FromTemplate(id)
			if _, known := d.given[from.Path]; known {
				continue
			}
			members, _, err := e.AllIfSupported(ctx, from)
			if err != nil {
				return true, err
			}
			if asked = true; d.given == nil {
				d.given = map[string][]cupi.Object{}
			}
			d.given[from.Path] = members
		}
	}
	return asked, nil
}

// Given are the members that the template of a plan gives a new one.
func (d *Snapshot) Given(p Plan, kind *model.StepKind) []cupi.Object {
	id := d.Template[model.Fold(p.Template)]["ObjectId"]
	if kind.FromTemplate == nil || !p.Operation.MakesUsers() || id == "" {
		return nil
	}
	return d.given[kind.FromTemplate(id).Path]
}

// changesOfSet is how many requests give a new one the members of a set that a step names, and take those away that its
// template gives besides.
func (d *Snapshot) changesOfSet(p Plan, step model.Step) (requests int) {
	items, given := step.Kind.Items(step.Wanted), d.Given(p, step.Kind)
	for _, item := range items {
		if !slices.ContainsFunc(given, func(one cupi.Object) bool { return model.Agrees(one, item) }) {
			requests++
		}
	}
	for _, one := range given {
		if !slices.ContainsFunc(items, func(item cupi.Object) bool { return model.Agrees(one, item) }) {
			requests++
		}
	}
	return requests
}
