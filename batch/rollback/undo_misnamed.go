package rollback

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// The server may have named another id than that of the user that it made. No answer to the
// run shows that, where nothing else does, and a rollback sees it: what has the id is not
// what the run meant, or nobody has it.

// keepAnother fails with the status kept when a user with the ObjectId that the server
// named has another alias than the run sent, and is not just one that was renamed since.
func (u *undoing) keepAnother(ctx context.Context, user cupi.Object) error {
	proof, sent := send.Proof{Reach: u.change.Life.Reach(u.Doubt)}, u.change.Intent.Shown()
	look := u.LookFor(u.change.Intent, proof)
	why := look.MadeByOthers(user)
	there, err := look.Created(ctx)
	switch {
	case err != nil:
		return err
	case why != "":
	case there.Outcome != send.NotMade && !there.Others:
		why = fmt.Sprintf("%q is there with another ObjectId", sent["Alias"])
	case !renamed(user, sent):
		why = "shows nothing of what the run sent"
	default:
		return nil
	}
	text := fmt.Sprintf("the server said that the run made the user with the ObjectId %s, but that is %s, and %s: so "+
		"it is left alone", user["ObjectId"], plan.Describe(user), why)
	if steps := u.stepsBesides(); steps != "" {
		text += ", with what the run wrote on it (" + steps + ")"
	}
	text += fmt.Sprintf("; look for %q", sent["Alias"])
	if there.Outcome != send.NotMade && there.ObjectID != "" {
		text += fmt.Sprintf(", which has the ObjectId %s", there.ObjectID)
	}
	return &send.Failure{Status: record.Kept, Code: codes.NotMade, Message: text}
}

// renamed reports whether a user is as it was sent but for its alias: the extension tells,
// which no two users share.
func renamed(user, sent cupi.Object) bool {
	rest := model.Only(sent, "DtmfAccessId")
	if len(rest) == 0 {
		rest = maps.Clone(sent)
		delete(rest, "Alias")
	}
	return len(rest) > 0 && model.Agrees(user, rest)
}

// stepsBesides names the other steps that the row did.
func (u *undoing) stepsBesides() string {
	var steps []string
	for _, step := range u.before.Journaled.Done() {
		if step != u.change.Step {
			steps = append(steps, step)
		}
	}
	return strings.Join(steps, ", ")
}

// gone ends the undoing of a user whose id nobody has any more. The server may have named
// another id than that of the user that it made: then that user is still there.
func (u *undoing) gone(ctx context.Context) error {
	if u.own.Sent("DELETE", "/"+u.all.current(u.change.ObjectID)) {
		return nil
	}
	there := send.Reconciliation{Outcome: send.NotMade}
	if !u.all.Passing[model.Fold(u.change.ObjectID)] { // else the run itself deleted it by that id
		var err error
		if there, err = u.LookFor(u.change.Intent, send.Proof{Reach: u.change.Life.Reach(u.Doubt)}).Created(ctx); err != nil {
			return err
		}
	}
	if there.Outcome == send.NotMade || there.Others {
		u.notes = append(u.notes, "it was already gone")
		return nil
	}
	return &send.Failure{Status: record.Uncertain, Code: codes.ExistsUnproven,
		Message: fmt.Sprintf("nobody has the ObjectId %s, which the server named when the run made the user, and a user "+
			"with the alias %q is there (ObjectId %s), who can be the one: it is left alone; look at the server", u.change.ObjectID,
			u.change.Intent.Shown()["Alias"], there.ObjectID)}
}
