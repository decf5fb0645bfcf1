package batch

import (
	"context"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// shared is what the rows of a rollback need in common, each read once. Workers
// share them.
type shared struct {
	templates flights[string, cupi.Object]         // by folded alias; nil: the server does not tell
	stores    flights[struct{}, map[string]string] // mailbox stores: folded name -> ObjectId
}

// template gives all that a template gives to new users, nil if the server does
// not tell.
func (s *shared) template(ctx context.Context, engine *engine, about *model.Object, alias string) (cupi.Object, error) {
	return s.templates.get(ctx, model.Fold(alias), func() (cupi.Object, error) { return readTemplate(ctx, &errand{engine: engine}, about, alias) })
}

func readTemplate(ctx context.Context, asking *errand, about *model.Object, alias string) (cupi.Object, error) {
	found, _, err := asking.lookUp(ctx, about.Templates, about.Templates.NameField, alias, true)
	if err = unlessUntold(err); err != nil {
		return nil, err
	}
	var whole cupi.Object
	for _, entry := range found {
		answer, told, err := asking.tell(ctx, about.GetTemplate(entry["ObjectId"]))
		if err != nil {
			return nil, err
		}
		if told {
			whole = answer.Object
		}
	}
	return whole, nil
}

// store gives the id of a mailbox store by its name, "" if there is none.
func (s *shared) store(ctx context.Context, engine *engine, name string) (string, error) {
	stores, err := s.stores.get(ctx, struct{}{}, func() (map[string]string, error) {
		found, _, err := (&errand{engine: engine}).all(ctx, cupi.MailboxStores, cupi.Query{})
		stores := map[string]string{}
		for _, store := range found {
			stores[model.Fold(store["DisplayName"])] = store["ObjectId"]
		}
		return stores, err
	})
	return stores[model.Fold(name)], err
}
