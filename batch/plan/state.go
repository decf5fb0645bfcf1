package plan

import (
	"maps"
	"slices"
	"time"

	"cucbulk/batch/model"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// State is the server as it will be when a row's turn comes: the directory, and
// what the rows before will have done to the aliases and keys that more than one row
// names.
type State struct {
	snapshot  *Snapshot
	checked   *Checked
	expected  map[string][]standing             // by matchKey, whom it will find
	earlier   map[string]map[string]cupi.Object // by folded alias and step, what rows before set
	bound     map[string]string                 // by matchKey, the ObjectId that an earlier start of the run left there; "": it left nobody
	referring map[string]string                 // see referring
	began     time.Time                         // of a resume, when the run first began, by the server's clock; zero if that is not known
	account   string                            // that the run signs in with
	told      int                               // conflicts for which the other user is looked up, see differentUsers
}

// standing is a user as it will be. One that a row of the file makes has no ObjectId
// before that row has ended.
type standing struct {
	cupi.Object
	maker int // the row that makes it; 0: it is there
}

// is reports whether two are one user.
func (s standing) is(other standing) bool {
	id := s.Object["ObjectId"]
	return s.maker == other.maker && id == other.Object["ObjectId"] && (s.maker != 0 || id != "")
}

func newWorld(d *Snapshot, c *Checked, account string) *State {
	return &State{account: account, snapshot: d, checked: c, expected: map[string][]standing{}, earlier: map[string]map[string]cupi.Object{}, bound: map[string]string{}, referring: referring()}
}

// find gives the users that a row will find by a key.
func (w *State) find(key model.UserKey) []standing {
	if users, changed := w.expected[model.MatchKey(key.Column, key.Value)]; changed {
		return users
	}
	var users []standing
	for _, user := range w.snapshot.find(key.Column, key.Value) {
		users = append(users, standing{Object: user})
	}
	return users
}

// userWith gives the one of some users that has an ObjectId, nil if none has.
func userWith(objectID string, users []standing) cupi.Object {
	for _, user := range users {
		if model.Same("ObjectId", user.Object["ObjectId"], objectID) {
			return user.Object
		}
	}
	return nil
}

// keyOf is by what a row finds its user.
func keyOf(record validate.Record) model.UserKey {
	return model.UserKey{Column: record.Key, Value: record.KeyValue}
}

// stand lets a key find a user, as it is now, beside the others that it finds.
func (w *State) stand(key model.UserKey, user standing) {
	w.leave(key, user)
	name := model.MatchKey(key.Column, key.Value)
	w.expected[name] = append(w.expected[name], user)
}

// leave lets a key find a user no longer.
func (w *State) leave(key model.UserKey, user standing) {
	name := model.MatchKey(key.Column, key.Value)
	others := slices.Clone(w.find(key))
	w.expected[name] = slices.DeleteFunc(others, user.is)
	delete(w.bound, name)
}

// forget lets a key find no user of an alias: one whom an earlier start of a row may
// have made is the one that the row makes.
func (w *State) forget(key model.UserKey, alias string) {
	if key.Value != "" {
		w.expected[model.MatchKey(key.Column, key.Value)] = slices.DeleteFunc(slices.Clone(w.find(key)), func(user standing) bool { return model.Fold(w.snapshot.About.Name(user.Object)) == model.Fold(alias) })
	}
}

// expect notes what a plan will do to its alias and its key, where other rows name
// them too.
func (w *State) expect(p Plan) {
	if !w.checked.sharesKeys(p.Record) && w.checked.RowsNaming(p.Alias) < 2 {
		return
	}
	alias, key := p.About.Key(p.Alias), w.checked.keyGiven(p.Record)
	user := standing{Object: cupi.Object{}, maker: p.maker}
	maps.Copy(user.Object, p.Target)
	switch p.Operation {
	case validate.Delete:
		w.leave(alias, user)
		if key.Value != "" {
			w.leave(key, user)
		}
		delete(w.earlier, model.Fold(p.Alias))
		return
	case validate.Create, validate.ImportLDAP:
		if len(w.find(alias)) > 0 && !p.begun {
			return // a later row frees the alias first
		}
		user = w.newUser(p)
		w.forget(alias, p.Alias)
		w.forget(key, p.Alias)
	}
	set := map[string]cupi.Object{}
	for step, fields := range w.earlier[model.Fold(p.Alias)] {
		set[step] = maps.Clone(fields)
	}
	maps.Copy(user.Object, p.User())
	for _, step := range p.Steps {
		kind := step.Kind
		if model.KindOf(kind).AfterImport {
			kind = p.About.Main.Name
		}
		if set[kind] == nil {
			set[kind] = cupi.Object{}
		}
		maps.Copy(set[kind], step.Wanted)
	}
	if key.Value != "" {
		w.stand(key, user)
	}
	if p.Record.NewAlias != "" {
		w.leave(alias, user)
		delete(w.earlier, model.Fold(p.Alias))
		alias.Value = p.Record.NewAlias
		if holders := w.find(alias); len(holders) > 0 && !holders[0].is(user) {
			return // a later row frees the alias first, and is about its present user
		}
	}
	w.stand(alias, user)
	w.earlier[model.Fold(alias.Value)] = set
}

// newUser is the user that a plan makes, as far as its template tells.
func (w *State) newUser(p Plan) standing {
	template := w.snapshot.Template[model.Fold(p.Template)]
	user := standing{Object: cupi.Object{p.About.Collection.NameField: p.Alias, "PartitionObjectId": template["PartitionObjectId"]}, maker: p.Row}
	if id := p.Before.Created(); id != "" {
		user.maker, user.Object["ObjectId"] = 0, id
	}
	return user
}
