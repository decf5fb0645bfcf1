package plan

import (
	"slices"
	"strings"
	"sync"

	"cucbulk/batch/model"
	"cucbulk/batch/record"
	"cucbulk/cupi"
	"cucbulk/internal/codes"
	"cucbulk/validate"
)

// A row is about one user: the one that its key finds, and no other that it names or
// that is found under its key later.

// severalUsers is the end of a row whose key finds more than one user.
func severalUsers(about *model.Object, record validate.Record, users []cupi.Object) verdict {
	aliases := make([]string, len(users))
	for i, user := range users {
		aliases[i] = about.Name(user)
	}
	return Invalid(codes.SeveralUsers, "%q finds %d %s (%s); name one by its Alias or ObjectId", record.KeyValue,
		len(users), about.Many(), strings.Join(aliases, ", ")).about(record.Key)
}

// differentUsers is the end of a row of which the key finds one user, and the Alias or
// the ObjectId names another; or that is about another user than an earlier start of
// the run left there.
func (w *State) differentUsers(p *Plan) verdict {
	record := p.Record
	id, bound := w.bound[model.MatchKey(record.Key, record.KeyValue)]
	if bound && p.maker == 0 && !model.Same("ObjectId", id, p.Target["ObjectId"]) {
		return otherUser(p.About, record, p.Target)
	}
	if since := w.madeSince(p.Target); !bound && p.maker == 0 && since != "" {
		return Invalid(codes.MadeSince, "the %s %q is that of %s, with the ObjectId %s, %s: nothing is done to that %s; if "+
			"it is meant, run a file of its own", record.Key, record.KeyValue, Describe(p.Target), p.Target["ObjectId"],
			since, p.About.One()).about(record.Key)
	}
	if record.Key != "ObjectId" && record.ObjectId != "" && p.maker == 0 && w.snapshot.has(record.ObjectId) &&
		!model.Same("ObjectId", record.ObjectId, p.Target["ObjectId"]) {
		return differs(p.About, record, p.Target, "ObjectId", record.ObjectId, "another "+p.About.One()+"'s")
	}
	if !p.About.AliasDiffers(record, p.Target) {
		return verdict{}
	}
	others := w.find(p.About.Key(record.Alias))
	if len(others) == 0 && !w.snapshot.listed { // nobody asked for that alias
		holders, known := w.snapshot.ownersOfAlias(record.Alias)
		if !known && w.conflictLookups < conflictsNamed {
			w.conflictLookups++
			p.lookups = append(p.lookups, Lookup{lookupAlias, p.About.Key(record.Alias)})
			return verdict{}
		}
		for _, holder := range holders {
			others = append(others, expectedUser{Object: holder})
		}
	}
	whose := "not that " + p.About.One() + "'s"
	if len(others) > 0 {
		whose = "that of " + Describe(others[0].Object)
	}
	return differs(p.About, record, p.Target, "Alias", record.Alias, whose)
}

// differs is the end of a row whose key finds one user, and that names another.
func differs(about *model.Object, record validate.Record, user cupi.Object, column, value, whose string) verdict {
	advice := "mend the one that is wrong, or leave the " + column + " empty"
	if _, renames := about.Table.Column("NewAlias"); renames && column == "Alias" && record.Operation != validate.Delete {
		advice += "; to rename that " + about.One() + ", use update with the new alias in NewAlias"
	}
	return Invalid(codes.DifferentUsers, "the %s %q is that of %s, and the %s %q is %s: nothing is done to either; %s",
		record.Key, record.KeyValue, Describe(user), column, value, whose, advice).about(column)
}

// otherUser is the end of a row whose key finds somebody else than the user that the
// row is about.
func otherUser(about *model.Object, record validate.Record, user cupi.Object) verdict {
	return Invalid(codes.OtherUser, "the %s %q is now that of %s, with the ObjectId %s, and that is not the %s that "+
		"this row is about, after the rows before it: somebody else made or changed that %[5]s, and nothing is done to "+
		"it; look at it, then name it by its ObjectId if it is meant", record.Key, record.KeyValue, Describe(user),
		user["ObjectId"], about.One()).about(record.Key)
}

// madeSince tells of a user who was made after the run that is resumed began, or may have been; else "".
// Nobody who saw its pre-flight meant that user, whatever its alias is.
func (w *State) madeSince(user cupi.Object) string {
	made, err := cupi.ParseTime(user["CreationTime"])
	switch {
	case err == nil && !w.began.IsZero() && made.After(w.began.Add(record.Slack)):
		return "who was made after this run began, and not by it"
	case err != nil && w.known != nil && !w.known[model.Fold(user["ObjectId"])]:
		return "and by its journal the run did not know that one when it began, so it may be somebody else's"
	}
	return ""
}

// has reports whether some user that was read has an ObjectId.
func (d *Snapshot) has(objectID string) bool {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return d.Seen[objectID] || d.Seen[strings.ToLower(objectID)]
}

// Binding is the end of a late row that may not touch what its key finds now: several
// users, or one that is not the row's own.
func (p Plan) Binding(found []cupi.Object) verdict {
	switch {
	case len(found) > 1:
		return severalUsers(p.About, p.Record, found)
	case len(found) == 0 || p.Record.Operation.MakesUsers():
		return verdict{}
	case p.About.AliasDiffers(p.Record, found[0]):
		return differs(p.About, p.Record, found[0], "Alias", p.Record.Alias, "not that "+p.About.One()+"'s")
	case !model.Same("ObjectId", found[0]["ObjectId"], p.Bound):
		return otherUser(p.About, p.Record, found[0])
	}
	return verdict{}
}

// Makers tells which user a row has made, to the rows after it that are about that
// user. Workers share it.
type Makers struct {
	mutex sync.Mutex
	users map[int]string // row -> ObjectId
}

// Note notes the user that a row has made.
func (m *Makers) Note(result record.Result) {
	if result.Status != record.Created && result.Status != record.Partial || result.ObjectID == "" || !result.Operation.MakesUsers() {
		return
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.users == nil {
		m.users = map[int]string{}
	}
	m.users[result.Row] = result.ObjectID
}

func (m *Makers) of(row int) string {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.users[row]
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

// BindTo says which user a late row is about, once the rows before it have ended.
func (p *Plan) BindTo(made *Makers) {
	if p.maker != 0 {
		p.Bound = made.of(p.maker)
	}
}
