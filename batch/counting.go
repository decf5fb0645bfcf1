package batch

import (
	"context"
	"maps"

	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/send"
	"cucbulk/cupi"
)

// unknownID stands for the ids of what is not there yet.
const unknownID = "unknown"

// unknownLanguage stands for that of a user who is not there yet.
const unknownLanguage = "0"

// countingReader reads nothing and counts what would be read.
type countingReader struct {
	shows     cupi.Object // of the user
	returning cupi.Object // see [plan.Plan]
	reads     int
	unmade    bool                                                                  // the user is not there yet
	given     func(*model.StepKind) []cupi.Object                                   // by the template of one that is not there yet
	lists     func(ctx context.Context, userID string) ([]cupi.Object, bool, error) // who is in which list; nil: that is not known
	senders   func(ctx context.Context, id string) ([]cupi.Object, []string, error) // what sends messages to one; nil: the same
}

func (c *countingReader) Whole(context.Context, *model.Object, string) (cupi.Object, bool, error) {
	c.reads++
	return c.shows, true, nil
}

func (c *countingReader) Single(context.Context, send.Part) (cupi.Object, bool, error) {
	c.reads++
	return cupi.Object{}, true, nil
}

// Members are none, but for those that every user has, and of those that the server makes with each user
// one.
func (c *countingReader) Members(_ context.Context, p send.Part, _ string) ([]cupi.Object, bool, error) {
	c.reads++
	if p.ServerCreated && p.Collection.Path != p.In(p.Owner()).Path { // of several kinds
		var members []cupi.Object
		for _, name := range p.About.Kinds() {
			if kind := model.KindOf(name); kind.Mixed != nil {
				members = append(members, cupi.Object{"ObjectId": unknownID, "Undeletable": "true",
					"URI": cupi.Get(kind.In(p.Owner()), unknownID).Path})
			}
		}
		return members, true, nil
	}
	if p.Named {
		var members []cupi.Object
		for _, slot := range p.Slots {
			members = append(members, cupi.Object{p.Key: slot})
		}
		return members, true, nil
	}
	if p.FromTemplate != nil && c.given != nil {
		return c.given(p.StepKind), true, nil
	}
	if p.ServerCreated {
		return []cupi.Object{{"ObjectId": unknownID, "Undeletable": "true"}}, true, nil
	}
	return nil, true, nil
}

func (c *countingReader) entry(context.Context, cupi.Object, cupi.Object) (cupi.Object, error) {
	return nil, nil
}

// listHolds is not counted: the members of a list are read once a run.
func (c *countingReader) listHolds(context.Context, string, string) (bool, error) { return false, nil }

// listsOf is not counted either.
func (c *countingReader) listsOf(ctx context.Context, userID string) ([]cupi.Object, bool, error) {
	if c.lists != nil {
		return c.lists(ctx, userID)
	}
	return nil, false, nil
}

// sendersTo is not counted either.
func (c *countingReader) sendersTo(ctx context.Context, id string) ([]cupi.Object, []string, error) {
	if c.senders != nil {
		return c.senders(ctx, id)
	}
	return nil, nil, nil
}

// heldBy is not counted of a list that is there.
func (c *countingReader) heldBy(context.Context, string) (members []cupi.Object, fresh bool, err error) {
	return nil, !c.unmade, nil
}

func (c *countingReader) listed(context.Context, send.Part, []string) ([]cupi.Object, bool, error) {
	return nil, false, nil
}

func (c *countingReader) ownersOf(context.Context, plan.Reference) ([]string, error) { return nil, nil }

func (c *countingReader) refers(context.Context, plan.Reference, string) (bool, error) {
	return false, nil
}

func (c *countingReader) person(_ context.Context, key model.UserKey, _ string) (cupi.Object, error) {
	c.reads++
	person := cupi.Object{"alias": key.Value}
	maps.Copy(person, c.returning)
	return person, nil
}
