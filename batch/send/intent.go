package send

import (
	"context"
	"maps"
	"strings"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
)

// Change is one request that changes something on the server.
type Change struct {
	Step       string
	User       string // ObjectId of the row's user, of a part
	Request    cupi.Request
	Before     cupi.Object              // the pre-image of what it overwrites or removes
	Gone       cupi.Object              // of a DELETE of a part: all that the server shows of it
	Dependents map[string][]cupi.Object // of a DELETE: what goes with it, see [record.Intent]
	More       bool                     // the step has changes after this one
	Place      string                   // of what is somebody else's: what it is, for people
	Among      []cupi.Object            // of a POST: the members that the collection had before, as far as it was read
	Read       bool                     // of a POST: that collection was read
	Fresh      bool                     // the run made the user, who goes with all there is of him
	// absentSince is when what a POST makes was proven not to be there, or a
	// credential was proven not to be changed yet.
	AbsentSince time.Time
	// still is asked when a look has shown that it was not made, with what is there now: an
	// error is why it is not sent again. nil: it is, whatever is there.
	Still func(context.Context, cupi.Object) error
}

// Shown gives the fields as the object shows them: see [record.Intent].
func (c Change) Shown() cupi.Object {
	return record.Intent{Step: c.Step, Method: c.Request.Method, Path: c.Request.Path, Fields: c.Request.Fields}.Shown()
}

// Intent is the record of what is about to be sent for a row, but for its number and that of the attempt.
func (c Change) Intent(row int, alias string) record.Intent {
	intent := record.Intent{Row: row, Step: c.Step, Method: c.Request.Method, Path: c.Request.Path,
		Query: c.Request.Query, Alias: alias, Before: model.ShownFields(c.Before), Also: c.Dependents,
		AbsentSince: c.AbsentSince, More: c.More}
	if model.KindOf(c.Step).Shape != model.WholeUser && !strings.Contains(intent.Path, c.User) {
		intent.User = c.User
	}
	for name := range c.Request.Fields {
		if model.Secret(name) {
			intent.Secret = append(intent.Secret, name)
		}
	}
	if intent.Fields = c.Request.Fields; len(intent.Secret) > 0 {
		intent.Fields = maps.Clone(intent.Fields)
		maps.DeleteFunc(intent.Fields, func(name, _ string) bool { return model.Secret(name) })
	}
	return intent
}

// sending is a change while it is sent, again and again until it is settled.
type sending struct {
	Change
	intent   record.Intent // of the attempt under way
	proof    Proof         // what of a look proves that the change was made
	doubted  bool          // an earlier attempt may have been carried out
	objectID string        // of what a POST made
}

// Proof is what must hold of what a look finds, so that this run can have made it.
type Proof struct {
	Reach   record.Reach  // until when its request can have been carried out
	among   []cupi.Object // members of the collection that were there before
	Anybody bool          // who did it does not matter, because it would be taken back all the same, or never
}
