package batch

import (
	"maps"

	"cucbulk/cupi"
	"cucbulk/validate"
)

// world is the server as it will be when a row's turn comes: the directory, and
// what the rows before will have done to the aliases that more than one row names.
type world struct {
	directory *directory
	checked   *Checked
	expected  map[string]cupi.Object            // by folded alias; nil: nobody will have it
	earlier   map[string]map[string]cupi.Object // by folded alias and step, what rows before set
	referring map[string]string                 // see referring
	account   string                            // that the run signs in with
}

func newWorld(d *directory, c *Checked, account string) *world {
	return &world{account: account, directory: d, checked: c, expected: map[string]cupi.Object{}, earlier: map[string]map[string]cupi.Object{}, referring: referring()}
}

// find gives the users that a row will find.
func (w *world) find(record validate.Record) []cupi.Object {
	if record.Key == "Alias" {
		if user, changed := w.expected[fold(record.KeyValue)]; changed {
			if user == nil {
				return nil
			}
			return []cupi.Object{user}
		}
	}
	return w.directory.find(record.Key, record.KeyValue)
}

// expect notes what a plan will do to its alias, where other rows name it too.
func (w *world) expect(p Plan) {
	alias := fold(p.Alias)
	if w.checked.rowsNaming(alias) < 2 && w.checked.rowsNaming(p.Record.NewAlias) < 2 {
		return
	}
	switch p.Operation {
	case validate.Delete:
		w.expected[alias] = nil
		delete(w.earlier, alias)
		return
	case validate.Create, validate.ImportLDAP:
		if len(w.find(p.Record)) > 0 {
			return // a later row frees the alias first
		}
	}
	set := map[string]cupi.Object{}
	for step, fields := range w.earlier[alias] {
		set[step] = maps.Clone(fields)
	}
	user := cupi.Object{}
	maps.Copy(user, p.Target)
	if p.Operation.MakesUsers() {
		template := w.directory.template[fold(p.Template)]
		maps.Copy(user, cupi.Object{"Alias": p.Alias, "PartitionObjectId": template["PartitionObjectId"]})
	}
	maps.Copy(user, p.user())
	for _, step := range p.Steps {
		kind := step.Kind
		if kind == stepFields {
			kind = validate.StepUser
		}
		if set[kind] == nil {
			set[kind] = cupi.Object{}
		}
		maps.Copy(set[kind], step.Wanted)
	}
	if p.Record.NewAlias != "" {
		w.expected[alias] = nil
		delete(w.earlier, alias)
		alias = fold(p.Record.NewAlias)
		if holders := w.find(validate.Record{Key: "Alias", KeyValue: alias}); len(holders) > 0 && holders[0]["ObjectId"] != p.Target["ObjectId"] {
			return // a later row frees the alias first, and is about its present user
		}
	}
	w.expected[alias], w.earlier[alias] = user, set
}
