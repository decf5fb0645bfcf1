package batch

import (
	"context"
	"errors"

	"cucbulk/cupi"
)

// learnAlternates asks for the alternate extensions of every user: one request a
// user, so only when the options say so. They are in the way of a row as any other
// extension is.
func (d *directory) learnAlternates(ctx context.Context, engine *engine, workers int) error {
	refused := false
	err := atOnce(workers, func(yield func(func() error) bool) {
		for id := range d.seen {
			if !yield(func() error {
				told, err := d.alternatesOf(ctx, engine, id)
				d.mutex.Lock()
				defer d.mutex.Unlock()
				refused = refused || !told
				return err
			}) {
				return
			}
		}
	})
	if refused {
		d.doubt(uncheckedAlternates + ": the server does not tell them all")
	}
	return err
}

// alternatesOf notes one user's alternate extensions. IdIndex 0 is the user's own
// extension, which the listing has. It reports whether the server told them.
func (d *directory) alternatesOf(ctx context.Context, engine *engine, userID string) (told bool, err error) {
	e := &errand{engine: engine, optional: true}
	answer, found, err := e.read(ctx, cupi.List(cupi.AlternateExtensionsOf(userID), cupi.Query{}, 0, 0))
	var refusal *failure
	if errors.As(err, &refusal) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.requests += e.requests
	for _, alternate := range answer.Page.Items {
		key := extensionKey(alternate["DtmfAccessId"], alternate["PartitionObjectId"])
		if key != "" && alternate["IdIndex"] != "0" {
			d.others[key] = other{userID, "an alternate extension of the user with ObjectId " + userID}
		}
	}
	return found, nil
}
