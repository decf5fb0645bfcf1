package send

import (
	"context"

	"cucbulk/batch/model"
	"cucbulk/cupi"
)

// RollbackCache is what the rows of a rollback need in common, each read once. Workers
// share them.
type RollbackCache struct {
	templates SharedReads[string, cupi.Object]         // by folded alias; nil: the server does not tell
	members   SharedReads[string, []cupi.Object]       // that templates give, by path
	stores    SharedReads[struct{}, map[string]string] // mailbox stores: folded name -> ObjectId
}

// Template gives all that a template gives to new users, nil if the server does
// not tell.
func (s *RollbackCache) Template(ctx context.Context, session *Session, about *model.Object, alias string) (cupi.Object, error) {
	return s.templates.Get(ctx, model.Fold(alias),
		func() (cupi.Object, error) { return readTemplate(ctx, &Requester{Session: session}, about, alias) })
}

// FromTemplate gives a collection that a template gives to new users, nothing if the server does not tell.
func (s *RollbackCache) FromTemplate(ctx context.Context, session *Session, of cupi.Collection) ([]cupi.Object, error) {
	return s.members.Get(ctx, of.Path, func() ([]cupi.Object, error) {
		members, _, err := (&Requester{Session: session}).AllIfSupported(ctx, of)
		return members, err
	})
}

func readTemplate(ctx context.Context, asking *Requester, about *model.Object, alias string) (cupi.Object, error) {
	if about.Templates.Name == "" {
		return nil, nil
	}
	found, _, err := asking.LookUp(ctx, about.Templates, about.Templates.NameField, alias, true)
	if err = unlessUnsupported(err); err != nil {
		return nil, err
	}
	var whole cupi.Object
	for _, entry := range found {
		answer, told, err := asking.ReadIfSupported(ctx, about.GetTemplate(entry["ObjectId"]))
		if err != nil {
			return nil, err
		}
		if told {
			whole = answer.Object
		}
	}
	return whole, nil
}

// Store gives the id of a mailbox store by its name, "" if there is none.
func (s *RollbackCache) Store(ctx context.Context, session *Session, name string) (string, error) {
	stores, err := s.stores.Get(ctx, struct{}{}, func() (map[string]string, error) {
		found, _, err := (&Requester{Session: session}).All(ctx, cupi.MailboxStores, cupi.Query{})
		stores := map[string]string{}
		for _, store := range found {
			stores[model.Fold(store["DisplayName"])] = store["ObjectId"]
		}
		return stores, err
	})
	return stores[model.Fold(name)], err
}
