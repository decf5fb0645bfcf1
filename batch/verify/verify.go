package verify

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"cucbulk/batch"
	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/pool"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// Result is what reading back one row found.
type Result struct {
	Row      int                 `json:"row"`
	Alias    string              `json:"alias"`
	ObjectID string              `json:"objectId"`
	Kept     bool                `json:"kept"`           // the server has all that the row wrote
	Lost     []batch.FieldChange `json:"lost,omitempty"` // Old: what is there; New: what the run wrote
	// What became of a request is not known, so neither is what the object should show.
	Unproven bool   `json:"unproven,omitempty"`
	Message  string `json:"message,omitempty"` // when there is nothing to compare
}

// ReadBack reads back what the rows of a run wrote, and tells field by field what
// the server did not keep: real servers pass over some fields without a word. Of
// rows that wrote one field more than once, the last counts.
func ReadBack(ctx context.Context, server send.Server, history *record.History) (iter.Seq2[Result, error], error) {
	session := send.NewReadingSession(server, history.Header.Options.Tenant)
	snapshot, _, err := plan.Identify(ctx, &send.Requester{Session: session}, model.UserObject, server.URL)
	if err != nil {
		return nil, plan.CouldNotStart(err)
	}
	if err := history.SameServer(snapshot.Identity); err != nil {
		return nil, err
	}
	written, rows, err := record.WrittenBy(history)
	if err != nil {
		return nil, err
	}
	var lists send.SharedReads[string, []cupi.Object]
	return func(yield func(Result, error) bool) {
		for chunk := range slices.Chunk(rows, batch.PreviewsAtOnce) {
			found, err := pool.AllAtOnce(session.Workers, chunk,
				func(path string) (Result, error) { return verify(ctx, session, &lists, written[path]) })
			if err != nil {
				yield(Result{}, err)
				return
			}
			for _, v := range found {
				if !yield(v, nil) {
					return
				}
			}
		}
	}, nil
}

// verify reads one object back. lists are the lists of members that were read, by their paths.
func verify(ctx context.Context, session *send.Session, lists *send.SharedReads[string, []cupi.Object], w record.Wrote) (Result, error) {
	v := Result{Row: w.Row, Alias: w.Alias, ObjectID: w.ObjectID, Unproven: w.Unproven != ""}
	if w.Given != nil {
		return verifyGiven(ctx, session, w)
	}
	if v.Unproven && len(w.Fields) == 0 {
		v.Message = w.Doubt()
		return v, nil
	}
	if w.Fields == nil && model.KindOf(w.Step).OfMember() {
		return verifyLeft(ctx, session, lists, w)
	}
	object, found, err := (&send.Requester{Session: session}).Find(ctx, model.KindOf(w.Step), w.Path)
	switch {
	case err != nil:
		return v, err
	case w.Fields == nil:
		if v.Kept = !found; found {
			v.Message = "it was deleted, and is there"
		}
		return v, nil
	case !found:
		v.Message = "it is no longer there"
		if !model.IsMain(w.Step) {
			v.Message = w.Step + " is no longer there"
		}
		return v, nil
	}
	for _, name := range model.ChangedSince(object, w.Fields) {
		v.Lost = append(v.Lost, batch.FieldChange{Step: w.Step, Field: name, Old: model.Value(object, name), New: w.Fields[name]})
	}
	if about := model.KindOf(w.Step).About; model.IsMain(w.Step) && !session.Tenant.Has(about.Collection, object) {
		v.Lost = append(v.Lost, batch.FieldChange{Step: w.Step, Field: cupi.TenantField, Old: model.Value(object, cupi.TenantField),
			New: session.Tenant.ObjectID})
	}
	switch v.Kept = len(v.Lost) == 0 && !v.Unproven; {
	case v.Unproven:
		v.Message = w.Doubt()
	case !v.Kept:
		v.Message = fmt.Sprintf("%d fields are not as the run wrote them", len(v.Lost))
	case w.Temporary != "":
		v.Message = w.Temporary
	}
	return v, nil
}

// verifyLeft sees that somebody is not in a list, by whatever membership.
func verifyLeft(ctx context.Context, session *send.Session, lists *send.SharedReads[string, []cupi.Object], w record.Wrote) (
	Result, error) {
	v := Result{Row: w.Row, Alias: w.Alias, ObjectID: w.ObjectID}
	path := strings.TrimSuffix(w.Path, "/"+model.LastPart(w.Path))
	members, err := lists.Get(ctx, path, func() ([]cupi.Object, error) {
		list := model.KindOf(w.Step).In("")
		list.Path = path
		items, _, err := (&send.Requester{Session: session}).All(ctx, list, cupi.Query{})
		return items, err
	})
	if err != nil {
		return v, err
	}
	v.Kept = !slices.ContainsFunc(members, func(member cupi.Object) bool {
		return member["ObjectId"] == w.ObjectID || slices.ContainsFunc(model.KindOf(w.Step).CreateFields, func(name string) bool {
			return w.Gone[name] != "" && model.Same(name, member[name], w.Gone[name])
		})
	})
	if !v.Kept {
		v.Message = "it was taken out of the list, and is in it"
	}
	return v, nil
}

// verifyGiven reads back what was left to a user's template.
func verifyGiven(ctx context.Context, session *send.Session, w record.Wrote) (Result, error) {
	v := Result{Row: w.Row, Alias: w.Alias, ObjectID: w.ObjectID}
	subject := batch.Subject{Reader: &send.Requester{Session: session}, About: model.UserObject, ObjectID: w.ObjectID}
	for _, step := range slices.SortedFunc(maps.Keys(w.Given), model.CompareSteps) {
		part, err := subject.Part(ctx, step)
		var failed *send.Failure
		if errors.As(err, &failed) {
			v.Message = failed.Message
			return v, nil
		}
		if err != nil {
			return v, err
		}
		for _, name := range model.ChangedSince(part, w.Given[step]) {
			v.Lost = append(v.Lost, batch.FieldChange{Step: step, Field: name, Old: model.Value(part, name), New: w.Given[step][name]})
		}
	}
	if v.Kept = len(v.Lost) == 0; !v.Kept {
		v.Message = fmt.Sprintf("%d fields are not as the template %q gave them to the first users that the run made, "+
			"so that they were not sent: it was changed meanwhile, or somebody changed this user", len(v.Lost), w.Template)
	}
	return v, nil
}
