package export

import (
	"context"
	"encoding/csv"
	"errors"
	"sync/atomic"

	"cucbulk/batch"
	"cucbulk/batch/model"
	"cucbulk/batch/plan"
	"cucbulk/batch/record"
	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
)

// Exported counts what an export cost.
type Exported struct {
	Users    int `json:"users"`
	Requests int `json:"requests"`
	LeftOut  int `json:"leftOut"` // values that no cell can hold: a run leaves them as they are

	Strangers int `json:"strangers,omitempty"` // members of whom the server does not show who they are: no row has them
	Alike     int `json:"alike,omitempty"`     // rows about members who have one name, without a column that tells them apart
}

// exporter reads those who are exported, and writes what columns show of them.
type exporter struct {
	*send.Session
	about   *model.Object
	server  send.Server
	options Options
	layout  Layout
	seen    map[string]bool              // folded ObjectIds of users that were written
	names   map[string]map[string]string // collection -> folded id -> name
	lists   send.PartLists
	mixed   map[string]bool                            // kinds of parts that are read by a list of several; nil while that is not known
	known   map[string]*batch.Subject                  // by ObjectId, of whom parts were read before
	put     func(context.Context, []cupi.Object) error // takes some of those who are exported
	out     *csv.Writer
	leftOut atomic.Int64

	strangers, alike atomic.Int64 // see [Exported]
	done             Exported
}

func (e *exporter) page(ctx context.Context, number int) (cupi.Answer, error) {
	answer, found, err := (&send.Requester{Session: e.Session}).Read(ctx, e.List(e.about.Collection, e.options.Query, number,
		send.ListingRows))
	if err == nil && !found {
		err = &record.Stop{Exit: record.ExitFailed, Code: codes.NotCUPI, Reason: e.server.URL + " answers, but knows no " +
			e.about.Collection.Path}
	}
	return answer, err
}

// learnNames reads the lists that have the names of ids, each once. An id whose name
// is not told, or is the name of another too, has none.
func (e *exporter) learnNames(ctx context.Context) error {
	d := plan.NewSnapshot(e.about)
	e.names = map[string]map[string]string{}
	if err := d.ReadNames(ctx, e.Session, e.layout.Lists); err != nil {
		return err
	}
	for _, collection := range e.layout.Lists {
		e.names[collection] = d.Lists.ByID(collection)
	}
	return nil
}

// subjectOf is a user with what is known of its parts. Each is asked for once.
func (e *exporter) subjectOf(user cupi.Object) *batch.Subject {
	if known := e.known[user["ObjectId"]]; known != nil {
		return known
	}
	return e.newSubject(user)
}

func (e *exporter) newSubject(user cupi.Object) *batch.Subject {
	return &batch.Subject{Reader: &send.Requester{Session: e.Session}, About: e.about, ObjectID: user["ObjectId"], Target: user}
}

// notShown passes over what the server does not show, or shows more than once.
func notShown(err error) error {
	var refusal *send.Failure
	if errors.As(err, &refusal) {
		return nil
	}
	return err
}
