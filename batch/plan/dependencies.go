package plan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// Users to whom something refers are not deleted: a server refuses that without a word of
// what refers to them, or deletes them and leaves a greeting or a key that leads nowhere.

// learnDependencies asks what refers to users: one list for the whole file. A server that
// does not tell is told of, and its rows go on.
func (d *Snapshot) learnDependencies(ctx context.Context, session *send.Session) error {
	d.dependencies = map[string][]string{}
	all, err := d.pages(ctx, session, cupi.SubscriberDependencies, cupi.Query{})
	var refusal *send.Failure
	if errors.As(err, &refusal) {
		d.noteUnchecked("what refers to the users that are deleted: " + refusal.Untold() + ", and may refuse to delete a user to whom something does")
		return nil
	}
	for _, dependency := range all {
		id := model.Fold(dependency["SubscriberObjectId"])
		if id == "" || id == model.Fold(dependency["DependentEntityObjectId"]) { // what is the user's own goes too
			continue
		}
		if text := describeDependency(dependency); !slices.Contains(d.dependencies[id], text) {
			d.dependencies[id] = append(d.dependencies[id], text)
		}
	}
	return err
}

// checkDependencies finds what refers to a user that a row deletes.
func (d *Snapshot) checkDependencies(p *Plan) verdict {
	found := d.dependencies[model.Fold(p.Target["ObjectId"])]
	if len(found) == 0 {
		return verdict{}
	}
	return Invalid(codes.Referenced, "the server has what refers to this user: %s; let it refer to somebody else in Cisco Unity Connection Administration, or take the row out", strings.Join(found, "; "))
}

// describeDependency tells people whose the reference is, and where it is.
func describeDependency(of cupi.Object) string {
	return fmt.Sprintf("%s %q (%s)", cmp.Or(of["DependentEntityOwnerType"], "object"),
		cmp.Or(of["DependentEntityOwner"], of["DependentEntityObjectId"]), placeOfDependency(of["DependencyType"]))
}

// placeOfDependency says it in the words of the administration pages. The vendor's page and
// its answers spell greetings in two ways.
func placeOfDependency(dependency string) string {
	if key, is := strings.CutPrefix(dependency, "TT"); is {
		return "caller input key " + key
	}
	if greeting, is := strings.CutPrefix(dependency, "Greeting"); is && greeting != "" {
		return "after the greeting " + greeting
	}
	if greeting, is := strings.CutSuffix(dependency, " Greeting"); is && greeting != "After" {
		return "after the greeting " + greeting
	}
	switch dependency {
	case "Recipient":
		return "recipient of its messages"
	case "AfterMessage":
		return "after the message"
	case "After Greeting":
		return "after a greeting"
	case "UserExit", "Exit":
		return "exit"
	case "":
		return "the server does not say where"
	}
	return dependency
}
