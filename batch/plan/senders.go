package plan

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cucbulk/batch/send"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// knownSenders are what sends messages to lists or contacts that rows delete.
type knownSenders struct {
	*inquiry
	Senders   send.Senders
	addressed *send.Addressed // nil while nobody asked
}

// learnSenders reads them.
func (d *knownSenders) learnSenders(ctx context.Context, session *send.Session) (err error) {
	e := &send.Requester{Session: session, Optional: true, Beyond: true}
	defer d.paid(e)
	if d.addressed, err = d.Senders.Read(ctx, e, d.About.Senders); err != nil {
		return err
	}
	for _, one := range d.addressed.Untold {
		d.noteUnchecked(fmt.Sprintf("which %s send messages to %s that are deleted: the server does not show it", one, d.About.Many()))
	}
	for _, one := range d.addressed.Left {
		d.noteUnchecked(fmt.Sprintf("which %s of users send messages to %s that are deleted: the server has so many that only "+
			"those of nobody were read (--pre-image full reads all)", one, d.About.Many()))
	}
	return nil
}

// sendersTo are those that send messages to the one that a row deletes.
func (d *knownSenders) sendersTo(p Plan) []cupi.Object {
	if p.Operation != validate.Delete || d.addressed == nil {
		return nil
	}
	return d.addressed.To(p.Target["ObjectId"])
}

// mostSenders is how many of them a warning names.
const mostSenders = 10

// leavesSenders warns of what has no recipient of its messages any more once a row has deleted that one.
func (d *knownSenders) leavesSenders(p Plan) Conflict {
	var names []string
	for _, one := range d.sendersTo(p) {
		names = append(names, d.About.Senders.Describe(one))
	}
	if len(names) == 0 {
		return Conflict{}
	}
	slices.Sort(names)
	if n := len(names) - mostSenders; n > 0 {
		names = append(names[:mostSenders], fmt.Sprintf("%d more", n))
	}
	return Conflict{Row: p.Row, Line: p.Line, Code: codes.RecipientDeleted, warning: true, Message: fmt.Sprintf(
		"this %s gets %s; they have no recipient then, or another one, as the server decides, or it refuses the row; "+
			"a rollback makes this one their recipient again",
		p.About.One(), strings.Join(names, " and "))}
}
