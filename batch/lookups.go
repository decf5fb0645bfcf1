package batch

import (
	"context"
	"sync"

	"cucbulk/cupi"
)

// lookups are what the rows of a rollback need in common, each read once. Workers
// share them.
type lookups struct {
	mutex     sync.Mutex
	templates map[string]cupi.Object // by folded alias; nil: the server does not tell
	stores    map[string]string      // mailbox stores: folded name -> ObjectId; nil: not read yet
}

// template gives all that a template gives to new users, nil if the server does
// not tell.
func (l *lookups) template(ctx context.Context, e *errand, alias string) (cupi.Object, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if template, known := l.templates[fold(alias)]; known {
		return template, nil
	}
	if l.templates == nil {
		l.templates = map[string]cupi.Object{}
	}
	shared := &errand{engine: e.engine}
	found, _, err := shared.all(ctx, cupi.UserTemplates, cupi.Query{Column: "Alias", Op: cupi.Is, Value: alias})
	if err != nil {
		return nil, err
	}
	var whole cupi.Object
	for _, entry := range found {
		if !same("Alias", entry["Alias"], alias) {
			continue
		}
		answer, told, err := shared.tell(ctx, cupi.GetUserTemplate(entry["ObjectId"]))
		if err != nil {
			return nil, err
		}
		if told {
			whole = answer.Object
		}
	}
	l.templates[fold(alias)] = whole
	return whole, nil
}

// store gives the id of a mailbox store by its name, "" if there is none.
func (l *lookups) store(ctx context.Context, e *errand, name string) (string, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.stores == nil {
		found, _, err := (&errand{engine: e.engine}).all(ctx, cupi.MailboxStores, cupi.Query{})
		if err != nil {
			return "", err
		}
		l.stores = map[string]string{}
		for _, store := range found {
			l.stores[fold(store["DisplayName"])] = store["ObjectId"]
		}
	}
	return l.stores[fold(name)], nil
}
