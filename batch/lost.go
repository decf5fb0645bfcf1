package batch

import (
	"cmp"
	"slices"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/validate"
)

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
		if !slices.Contains(steps, step.Name) {
			continue
		}
		if kind := step.Kind; kind.WriteOnly != "" && step.Wanted[kind.WriteOnly] != "" && p.SendsCredentials() {
			lost = append(lost, "the former "+kind.Credential+" does not come back: no server shows it")
		}
		for _, name := range step.Kind.Stays {
			if step.Wanted[name] != "" {
				lost = append(lost, model.ToldField(step.Name, name)+" can't be emptied again, where it was empty: a rollback "+
					"puts the rest back")
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
