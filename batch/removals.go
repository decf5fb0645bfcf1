package batch

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// Removal is something that a row takes away: a part of a user, or the user.
type Removal struct {
	Step   string      `json:"step"`
	What   string      `json:"what"`             // "the alternate extension 4711"
	Fields cupi.Object `json:"fields,omitempty"` // what is lost of it, but for secrets
}

// removes notes what a change takes away.
func (p *Preview) removes(c send.Change) {
	p.Removed = append(p.Removed, Removal{c.Step, model.KindOf(c.Step).Describe(c.Gone), withoutSecrets(c.Gone)})
}

// removesUser notes a user that a row deletes, as the snapshot shows it, and what is known
// to go with it.
func (p *Preview) removesUser(about *model.Object, user cupi.Object, also map[string][]cupi.Object) {
	p.Removed = append(p.Removed, Removal{about.Main.Name, "the " + about.One() + " " + plan.Describe(user), withoutSecrets(user)})
	for _, kind := range append(about.Restorable(), about.FullyRestorable()...) {
		if kind.Returns == model.ReturnsFully && (kind.HangsOn != "" || !kind.Added()) { // what every user has
			continue
		}
		for _, member := range also[kind.Name] {
			p.Removed = append(p.Removed, Removal{kind.Name, kind.Describe(member), withoutSecrets(member)})
		}
	}
}

// fieldsShown are the fields of a change that say something to people: not whose the thing is,
// which for a user that is not there yet is not known, but in which list the user gets.
func fieldsShown(d *plan.Snapshot, c send.Change) cupi.Object {
	kind, shown := model.KindOf(c.Step), maps.Clone(c.Shown())
	delete(shown, kind.Of)
	maps.Copy(shown, model.Lost(c.Before, c.Request.Fields))
	if kind.Shape == model.Memberships {
		path := strings.Split(c.Request.Path, "/")
		id := path[len(path)-2]
		shown["DistributionList"] = id
		if alias, known := d.Lists.ByID(cupi.DistributionLists.Name)[model.Fold(id)]; known {
			shown["DistributionList"] = alias
		}
	}
	return shown
}

// withoutSecrets leaves out of an object what no report may show, and what is empty.
func withoutSecrets(object cupi.Object) cupi.Object {
	shown := cupi.Object{}
	for name, value := range object {
		if value != "" && !model.Secret(name) {
			shown[name] = value
		}
	}
	return shown
}

// KindsOf is what people call the parts of users that a step is about, many of them.
func KindsOf(step string) string {
	kind := model.KindOf(step)
	switch {
	case kind.Main:
		return kind.About.Many()
	case kind.Many != "":
		return kind.Many
	}
	return cmp.Or(kind.One, kind.Name) + "s"
}

// lostWithUsers says what does not come back of users who are deleted.
func lostWithUsers(about *model.Object, preImage string) string {
	also := map[string][]cupi.Object{}
	var recorded []*model.StepKind
	if preImage != send.PreImageUser {
		recorded = about.Restorable()
	}
	if preImage == send.PreImageFull {
		recorded = append(recorded, about.FullyRestorable()...)
	}
	for _, kind := range recorded {
		also[kind.Name] = []cupi.Object{}
	}
	return record.LostWithTheUser(record.Intent{Step: about.Main.Name, Also: also}, "do not come back")
}

// lost says what no rollback brings back of what a plan does in these steps.
func lost(p plan.Plan, steps []string, removed []Removal, preImage string) []string {
	var lost []string
	if p.Operation == validate.Delete {
		return []string{lostWithUsers(p.About, preImage)}
	}
	if p.Operation.MakesUsers() && p.Before.Created() == "" {
		return nil
	}
	for _, step := range p.Steps {
		if !slices.Contains(steps, step.Kind) {
			continue
		}
		if kind := model.KindOf(step.Kind); kind.WriteOnly != "" && step.Wanted[kind.WriteOnly] != "" && p.SendsCredentials() {
			lost = append(lost, "the former "+kind.Credential+" does not come back: no server shows it")
		}
		for _, name := range model.KindOf(step.Kind).Stays {
			if step.Wanted[name] != "" {
				lost = append(lost, model.ToldField(step.Kind, name)+" can't be emptied again, where it was empty: a rollback puts the rest back")
			}
		}
		if step.Wanted["Inactive"] == "false" && p.Target["Inactive"] == "true" {
			lost = append(lost, "Inactive can't go back to true")
		}
	}
	for _, removal := range removed {
		switch kind := model.KindOf(removal.Step); {
		case kind.About.HasDependents(kind):
			lost = append(lost, "who is in "+removal.What+" does not come back")
		case kind.WriteOnly != "":
			lost = append(lost, "the password of "+removal.What+" does not come back: no server shows it")
		}
	}
	return lost
}
