package batch

import (
	"context"
	"sync"

	"cucbulk/cupi"
)

// shared is what the rows of a rollback need in common, each read once. Workers
// share them.
type shared struct {
	mutex     sync.Mutex
	templates map[string]cupi.Object // by folded alias; nil: the server does not tell
	stores    map[string]string      // mailbox stores: folded name -> ObjectId; nil: not read yet
}

// template gives all that a template gives to new users, nil if the server does
// not tell.
func (s *shared) template(ctx context.Context, engine *engine, alias string) (cupi.Object, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if template, known := s.templates[fold(alias)]; known {
		return template, nil
	}
	if s.templates == nil {
		s.templates = map[string]cupi.Object{}
	}
	asking := &errand{engine: engine}
	found, _, err := asking.all(ctx, cupi.UserTemplates, cupi.Query{Column: "Alias", Op: cupi.Is, Value: alias})
	if err != nil {
		return nil, err
	}
	var whole cupi.Object
	for _, entry := range found {
		if !same("Alias", entry["Alias"], alias) {
			continue
		}
		answer, told, err := asking.tell(ctx, cupi.GetUserTemplate(entry["ObjectId"]))
		if err != nil {
			return nil, err
		}
		if told {
			whole = answer.Object
		}
	}
	s.templates[fold(alias)] = whole
	return whole, nil
}

// store gives the id of a mailbox store by its name, "" if there is none.
func (s *shared) store(ctx context.Context, engine *engine, name string) (string, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.stores == nil {
		found, _, err := (&errand{engine: engine}).all(ctx, cupi.MailboxStores, cupi.Query{})
		if err != nil {
			return "", err
		}
		s.stores = map[string]string{}
		for _, store := range found {
			s.stores[fold(store["DisplayName"])] = store["ObjectId"]
		}
	}
	return s.stores[fold(name)], nil
}
