package plan

import (
	"maps"
	"slices"
	"time"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/validate"
)

// State is the server as it will be when a row's turn comes: the snapshot, and
// what the rows before will have done to the aliases and keys that more than one row
// names.
type State struct {
	snapshot   *Snapshot
	checked    *Checked
	departures *departures
	expected   map[string][]expectedUser // by matchKey, whom it will find
	earlier    map[string]earlierRows    // by folded alias, what rows before do
	// By folded alias, the ObjectId of a user that a row before deletes; "" of one that another row
	// makes.
	deleted         map[string]string
	bound           map[string]string         // by matchKey, the ObjectId that an earlier start of the run left there; "": it left nobody
	referring       map[string]string         // see referring
	began           time.Time                 // of a resume, when the run first began, by the server's clock; zero if that is not known
	known           map[string]bool           // of a resume, the folded ObjectIds that the run knew; nil: see [record.History.Targets]
	account         string                    // that the run signs in with
	joined          map[string][]string       // by folded ObjectId of a list, the lists that rows before put into it
	parted          map[string]map[string]int // and those that rows before take out of it, by their folded ObjectIds
	told            map[int]string            // rows of files that run before, as people call them
	conflictLookups int                       // conflicts for which the other user is looked up, see differentUsers
}

// expectedUser is a user as it will be. One that a row of the file makes has no ObjectId
// before that row has ended.
type expectedUser struct {
	cupi.Object
	maker int // the row that makes it; 0: it is there
}

// same reports whether two are one user.
func (s expectedUser) same(other expectedUser) bool {
	id := s.Object["ObjectId"]
	return s.maker == other.maker && id == other.Object["ObjectId"] && (s.maker != 0 || id != "")
}

func newState(d *Snapshot, c *Checked, leaving *departures, account string) *State {
	return &State{account: account, snapshot: d, checked: c, departures: leaving, referring: referring(d.About),
		expected: map[string][]expectedUser{}, earlier: map[string]earlierRows{}, deleted: map[string]string{},
		bound: map[string]string{}, joined: map[string][]string{}, parted: map[string]map[string]int{}}
}

// find gives the users that a row will find by a key.
func (w *State) find(key model.UserKey) []expectedUser {
	if users, changed := w.expected[model.MatchKey(key.Column, key.Value)]; changed {
		return users
	}
	var users []expectedUser
	for _, user := range w.snapshot.find(key.Column, key.Value) {
		users = append(users, expectedUser{Object: user})
	}
	return users
}

// expectFound lets a key find a user, as it is now, beside the others that it finds.
func (w *State) expectFound(key model.UserKey, user expectedUser) {
	w.expectGone(key, user)
	name := model.MatchKey(key.Column, key.Value)
	w.expected[name] = append(w.expected[name], user)
}

// expectGone lets a key find a user no longer.
func (w *State) expectGone(key model.UserKey, user expectedUser) {
	name := model.MatchKey(key.Column, key.Value)
	others := slices.Clone(w.find(key))
	w.expected[name] = slices.DeleteFunc(others, user.same)
	delete(w.bound, name)
}

// expectNoAlias lets a key find no user of an alias: one whom an earlier start of a row may
// have made is the one that the row makes.
func (w *State) expectNoAlias(key model.UserKey, alias string) {
	if key.Value != "" {
		w.expected[model.MatchKey(key.Column, key.Value)] = slices.DeleteFunc(slices.Clone(w.find(key)), func(user expectedUser) bool {
			return model.Fold(w.snapshot.About.Name(user.Object)) == model.Fold(alias)
		})
	}
}

// expect notes what a plan will do to its alias and its key, where other rows name
// them too.
func (w *State) expect(p Plan) {
	if !w.checked.sharesKeys(p.Record) && w.checked.RowsNaming(p.Alias) < 2 {
		return
	}
	alias, key := p.About.Key(p.Alias), w.checked.keyGiven(p.Record)
	user := expectedUser{Object: cupi.Object{}, maker: p.maker}
	maps.Copy(user.Object, p.Target)
	switch p.Operation {
	case validate.Delete:
		w.expectGone(alias, user)
		if key.Value != "" {
			w.expectGone(key, user)
		}
		delete(w.earlier, model.Fold(p.Alias))
		w.deleted[model.Fold(p.Alias)] = p.Target["ObjectId"]
		return
	case validate.Create, validate.ImportLDAP:
		if len(w.find(alias)) > 0 && !p.begun {
			return // a later row frees the alias first
		}
		user = w.newUser(p)
		w.expectNoAlias(alias, p.Alias)
		w.expectNoAlias(key, p.Alias)
	}
	before, set := w.earlier[model.Fold(p.Alias)], map[string]cupi.Object{}
	for step, fields := range before.Earlier {
		set[step] = maps.Clone(fields)
	}
	maps.Copy(user.Object, p.User())
	for _, step := range p.Steps {
		kind := step.Name
		if model.KindOf(kind).AfterImport {
			kind = p.About.Main.Name
		}
		if set[kind] == nil {
			set[kind] = cupi.Object{}
		}
		for name, value := range step.Wanted {
			if former := set[kind][name]; former != "" && model.KindOf(kind).Shape == model.Memberships {
				value = former + ";" + value
			}
			set[kind][name] = value
		}
	}
	if key.Value != "" {
		w.expectFound(key, user)
	}
	if p.Record.NewAlias != "" {
		w.expectGone(alias, user)
		delete(w.earlier, model.Fold(p.Alias))
		alias.Value = p.Record.NewAlias
		if holders := w.find(alias); len(holders) > 0 && !holders[0].same(user) {
			return // a later row frees the alias first, and is about its present user
		}
	}
	w.expectFound(alias, user)
	w.earlier[model.Fold(alias.Value)] = earlierRows{set, before.Extended || w.snapshot.extends(p)}
}

// newUser is the user that a plan makes, as far as its template tells.
func (w *State) newUser(p Plan) expectedUser {
	template := w.snapshot.Template[model.Fold(p.Template)]
	user := expectedUser{Object: cupi.Object{p.About.Collection.NameField: p.Alias,
		"PartitionObjectId": template["PartitionObjectId"]}, maker: p.Row}
	if id := p.Before.Created(); id != "" {
		if user.maker, user.Object["ObjectId"] = 0, id; w.known != nil {
			w.known[model.Fold(id)] = true
		}
	}
	return user
}

// endedBefore takes a row that has its result in the journal into what later rows find.
func (w *State) endedBefore(own *record.Lookup, record validate.Record) error {
	if !w.checked.sharesKeys(record) {
		return nil
	}
	result, _, err := own.Result(record.Row)
	if err == nil {
		w.recall(record, result)
	}
	return err
}

// recall notes what a row that an earlier start of the run ended did to its alias and
// its key, where other rows name them too: those are about the user that it left there.
func (w *State) recall(entry validate.Record, result record.Result) {
	about := w.snapshot.About
	keys, left := w.keysOf(entry, result.Alias), result.ObjectID
	switch result.Status {
	case record.Created, record.Updated, record.Unchanged, record.Partial:
		if left == "" {
			return
		}
		if renames(entry) && slices.ContainsFunc(result.StepsDone, model.IsMain) {
			w.bound[about.Key(result.Alias).Match()] = ""
			keys[0].Value = entry.NewAlias
		}
	case record.Deleted:
		left = ""
	default:
		if !result.Operation.MakesUsers() || result.Status == record.Invalid || result.Status == record.Skipped {
			return
		}
		left = "" // it was to make the user, and can't be proven to have
	}
	for _, key := range keys {
		w.bound[model.MatchKey(key.Column, key.Value)] = left
	}
}

// meantNew notes that a row was to make its user, and has not: whoever has its alias or its key now
// got it since, and is nobody's whom the rows of this run are about.
func (w *State) meantNew(entry validate.Record) {
	for _, key := range w.keysOf(entry, entry.Alias) {
		w.bound[key.Match()] = ""
	}
}

// keysOf are those by which rows name the user of a row.
func (w *State) keysOf(entry validate.Record, alias string) []model.UserKey {
	keys := []model.UserKey{w.snapshot.About.Key(alias)}
	if key := w.checked.keyGiven(entry); key.Value != "" {
		keys = append(keys, key)
	}
	return keys
}

// keyOf is by what a row finds its user.
func keyOf(record validate.Record) model.UserKey {
	return model.UserKey{Column: record.Key, Value: record.KeyValue}
}
